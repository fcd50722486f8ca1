"""Out of service: closed by a colleague, said kindly; what is to be mended stands small for those who mend it.

A checkout that is new is closed too: nobody has set it up.
"""

from kiosk.checkout.passed import Opened
from kiosk.checkout.session import OutOfService, Panel
from screens.lane import Lane, two_lines
from screens.widgets import Head, Hero, Key, Page, Picture

UNSET = "unset"
"""The reason of a lane without a configuration."""


def closed(lane: Lane, phase: OutOfService) -> Page:
    if phase.reason == UNSET:
        return unset(lane)
    words = lane.words
    lines = two_lines(words("This checkout\ntakes a break."))
    pause = Hero(lines, words("Please use another checkout."), size="closed", strong=True)
    team = Hero((words("Our team knows"),), words("Nothing was charged here."), size="title", icon="pause")
    staff = Key(id="staff", text=words("Staff"), icon="lock", sends=Opened(Panel("staff_number")))
    foot = (staff, lane.language_key(), lane.access_key())
    return lane.page(
        "closed",
        pause,
        Picture("pause", "" if phase.by else phase.reason),
        head=lane.head(lane.clock()),
        progress=team,
        foot=foot,
    )


def unset(lane: Lane) -> Page:
    """No key leads anywhere: there is nobody whom this lane knows, and nothing to choose."""
    words = lane.words
    lines = two_lines(words("This checkout\nis not set up yet."))
    pause = Hero(lines, words("Please use another checkout."), size="closed", strong=True)
    team = Hero(
        (words("For our team"),), words("It starts by itself once it is set up."), size="title", icon="pause"
    )
    return lane.page("unset", pause, Picture("pause"), head=Head("", "", lane.clock()), progress=team, foot=())
