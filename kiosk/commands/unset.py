"""A lane that nobody has set up: there is no configuration yet. It says so on the glass, and waits for one."""

import threading
from pathlib import Path

import pygame

from kiosk import notify
from kiosk.checkout.session import Kept, OutOfService, Policy, Session
from kiosk.loop.clock import system_wall
from kiosk.loop.face import Glass
from screens.closed import UNSET
from screens.screen import Screen
from screens.theme import Panel

LOOK = 0.5  # seconds between looks for the file
PX_PER_MM = 4.0  # of a panel that nobody has measured, about what 15 to 22 inches have
WHY = "not set up"


def panel() -> Panel:
    """The display as it says it is."""
    pygame.display.init()
    wide, high = pygame.display.get_desktop_sizes()[0]
    return Panel(px=(wide, high), mm=(wide / PX_PER_MM, high / PX_PER_MM))


def wait(path: Path, stop: threading.Event) -> None:
    """Until `path` is there, or `stop` is set; systemd's start then is over, and its watchdog is fed."""
    glass = Glass(Screen(panel(), fullscreen=True), "EUR", 2, system_wall)
    glass.show(Session(Kept(phase=OutOfService(UNSET), policy=Policy(lane=""))), 0)
    glass.draw(0)
    glass.flip()
    notify.ready(WHY)
    while not path.exists() and not stop.wait(LOOK):
        glass.touched(0)
        notify.watchdog(WHY)
    glass.close()
