"""Out of service: closed by a colleague, said kindly; what is to be mended stands small for those who mend it."""

from kiosk.checkout.passed import Opened
from kiosk.checkout.session import OutOfService, Panel
from screens.lane import Lane, two_lines
from screens.widgets import Head, Hero, Key, Page, Picture, Slip, Strip

NOT_SET_UP = "setup"
"""The reason why a machine that is no lane yet is out of service."""


def closed(lane: Lane, phase: OutOfService) -> Page:
    words = lane.words
    if phase.reason == NOT_SET_UP:
        return not_set_up(lane)
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


def not_set_up(lane: Lane) -> Page:
    """For whoever mounts the machine: how it becomes a lane. Nobody else sees it."""
    words = lane.words
    lines = two_lines(words("This checkout\nis not set up yet."))
    new = Hero(lines, words("Make a code for it at the store server."), size="closed", strong=True)
    file = Strip("file", "receipt", words("Put enrol.toml on the boot partition and restart."))
    code = Strip("code", "qr", words("Or hold the code before the camera."))
    return lane.page(
        "not_set_up",
        new,
        Slip(strips=(file, code)),
        head=Head(words("Service"), tone="service", icon="settings"),
        foot=(),
    )
