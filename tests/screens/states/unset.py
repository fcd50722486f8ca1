"""A checkout that nobody has set up."""

from kiosk.checkout.session import Kept, OutOfService, Policy, Session
from screens.closed import UNSET
from tests.lane import Lane


def unset() -> Lane:
    return Lane(Session(Kept(phase=OutOfService(UNSET), policy=Policy(lane=""))))


BUILD = {"unset": unset}
