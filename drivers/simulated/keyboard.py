"""A keyboard or a wedge scanner: the input records that the kernel would give for what is typed."""

from drivers.scanners.evdev import EV_KEY, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT, US
from drivers.simulated.peer import Peer

SHIFT, CTRL, ENTER = 42, 29, 28
KEYS = {shifted: (code, True) for code, (_, shifted) in US.items()} | {
    plain: (code, False) for code, (plain, _) in US.items()
}


def record(kind: int, code: int, value: int) -> bytes:
    return RECORD.pack(0, 0, kind, code, value)


def stroke(key: int, modifier: int | None = None) -> bytes:
    """One key pressed and released, each press and release with its SYN_REPORT."""
    steps = [(key, 1), (key, 0)]
    if modifier is not None:
        steps = [(modifier, 1), *steps, (modifier, 0)]
    return b"".join(record(EV_KEY, code, value) + record(EV_SYN, SYN_REPORT, 0) for code, value in steps)


def strokes(text: str) -> bytes:
    """The records of typing `text` on a US keyboard; characters below space are typed with Ctrl."""
    typed = b""
    for char in text:
        if char < " " and char not in "\t\n":
            typed += stroke(KEYS[chr(ord(char) | 0x40).lower()][0], CTRL)
        else:
            key, shifted = KEYS[char]
            typed += stroke(key, SHIFT if shifted else None)
    return typed


class Keyboard(Peer):
    """Types on command."""

    def scan(self, text: str) -> None:
        """As a scanner types: the code and Enter."""
        self.send(strokes(text) + stroke(ENTER))

    def drop(self) -> None:
        """The kernel's buffer has run over."""
        self.send(record(EV_SYN, SYN_DROPPED, 0) + record(EV_SYN, SYN_REPORT, 0))

    def received(self, data: bytes) -> None:
        """A keyboard hears nothing."""
