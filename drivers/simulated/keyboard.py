"""A keyboard or a wedge scanner: the input records that the kernel would give for what is typed."""

from drivers.scanners.evdev import EV_KEY, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT
from drivers.scanners.layouts import LAYOUTS, Layout
from drivers.simulated.peer import Peer

SHIFT, CTRL, ALT_GR, ENTER = 42, 29, 100, 28
US = LAYOUTS["us"]


def record(kind: int, code: int, value: int) -> bytes:
    return RECORD.pack(0, 0, kind, code, value)


def stroke(key: int, modifier: int | None = None) -> bytes:
    """One key pressed and released, each press and release with its SYN_REPORT."""
    steps = [(key, 1), (key, 0)]
    if modifier is not None:
        steps = [(modifier, 1), *steps, (modifier, 0)]
    return b"".join(record(EV_KEY, code, value) + record(EV_SYN, SYN_REPORT, 0) for code, value in steps)


def strokes(text: str, layout: Layout = US) -> bytes:
    """The records of typing `text`; characters below space are typed with Ctrl. KeyError: no key has it."""
    keys: dict[str, tuple[int, int | None]] = {}
    for level, modifier in ((2, ALT_GR), (1, SHIFT), (0, None)):
        keys |= {chars[level]: (code, modifier) for code, chars in layout.items()}
    named = {char: code for code, chars in US.items() for char in chars[:2]}
    typed = b""
    for char in text:
        if char < " " and char not in "\t\n":
            typed += stroke(named[chr(ord(char) | 0x40).lower()], CTRL)
        else:
            typed += stroke(*keys[char])
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
