"""A checkout that nobody has set up: it says so, and nothing on it can be pressed."""

import pytest

from kiosk.checkout.session import Kept, OutOfService, Policy, Session
from kiosk.text import Words
from kiosk.units import Millis
from screens.closed import UNSET
from screens.view import view
from screens.widgets import Hero


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("This checkout", "is not set up yet.")),
        ("fr", ("Cette caisse n’est", "pas encore prête.")),
        ("de", ("Diese Kasse ist noch", "nicht eingerichtet.")),
    ],
)
def test_a_checkout_that_nobody_has_set_up(language: str, said: tuple[str, str]) -> None:
    session = Session(Kept(phase=OutOfService(UNSET), policy=Policy(lane=""), language=language))
    page = view(session, lambda which: Words(which, "EUR", 2), Millis(0))
    assert isinstance(page.blocks[0], Hero) and page.blocks[0].lines == said
    assert page.foot == page.tools == page.letters == () and page.go is None
