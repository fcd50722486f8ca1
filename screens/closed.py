"""Out of service: closed by a colleague, said kindly; what is to be mended stands small for those who mend it."""

from kiosk.checkout.passed import Opened
from kiosk.checkout.session import OutOfService, Panel
from screens.lane import Lane, two_lines
from screens.widgets import Hero, Key, Page, Picture


def closed(lane: Lane, phase: OutOfService) -> Page:
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
