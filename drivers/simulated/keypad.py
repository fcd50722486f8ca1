"""A tactile keypad with a headphone socket: the input records that the kernel would give for them."""

from drivers.keypads import DIGITS, EV_SW, SW_HEADPHONE_INSERT, USUAL
from drivers.scanners.evdev import EV_SYN, SYN_REPORT
from drivers.simulated.keyboard import press, record, stroke
from drivers.simulated.peer import Peer

CODES: dict[str, int] = {name: code for code, name in reversed((USUAL | DIGITS).items())}
"""The first key code of each name."""


def switched(plugged: bool) -> bytes:
    """The socket's switch closes or opens."""
    return record(EV_SW, SW_HEADPHONE_INSERT, int(plugged)) + record(EV_SYN, SYN_REPORT, 0)


class Keypad(Peer):
    """Pressed and plugged on command."""

    def press(self, *names: str) -> None:
        """Each key once, down and up."""
        for name in names:
            self.send(stroke(CODES[name]))

    def hold(self, name: str, repeats: int) -> None:
        """A key is held down, and the kernel repeats it."""
        self.send(press(CODES[name], 1) + press(CODES[name], 2) * repeats + press(CODES[name], 0))

    def plug(self, plugged: bool = True) -> None:
        self.send(switched(plugged))

    def received(self, data: bytes) -> None:
        """A keypad hears nothing."""
