"""A keyboard or a wedge scanner: the input records that the kernel would give for what is typed."""

from drivers.scanners.evdev import ALT, ALT_GR, EV_KEY, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT
from drivers.scanners.layouts import DEAD, KEYPAD, LAYOUTS, Name
from drivers.simulated.peer import Peer

SHIFT, CTRL, ENTER, SPACE = 42, 29, 28, 57
US = LAYOUTS["us"]
US_PLACES = {char: code for code, chars in US.items() for char in chars[:2]}


def record(kind: int, code: int, value: int) -> bytes:
    return RECORD.pack(0, 0, kind, code, value)


def stroke(key: int, modifier: int | None = None) -> bytes:
    """One key pressed and released, each press and release with its SYN_REPORT."""
    steps = [(key, 1), (key, 0)]
    if modifier is not None:
        steps = [(modifier, 1), *steps, (modifier, 0)]
    return b"".join(press(code, value) for code, value in steps)


def press(key: int, value: int) -> bytes:
    """One key goes down (1) or up (0)."""
    return record(EV_KEY, key, value) + record(EV_SYN, SYN_REPORT, 0)


def strokes(text: str, layout: Name = "us") -> bytes:
    """The records of typing `text`; an accent that stands alone is followed by a space, and characters below
    space are typed with Ctrl. KeyError: no key has it."""
    keys: dict[str, tuple[int, int]] = {}
    for level in (2, 1, 0):
        keys |= {chars[level]: (code, level) for code, chars in LAYOUTS[layout].items()}
    typed = b""
    for char in text:
        if char < " " and char not in "\t\n":
            typed += stroke(US_PLACES[chr(ord(char) | 0x40).lower()], CTRL)
            continue
        typed += stroke(keys[char][0], (None, SHIFT, ALT_GR)[keys[char][1]])
        if keys[char] in DEAD[layout]:
            typed += stroke(SPACE)
    return typed


def alt_codes(text: str, digits: int = 3) -> bytes:
    """The records of typing `text` by numbers on the keypad while Alt is held down."""
    pads = {char: code for code, char in KEYPAD.items()}
    typed = b""
    for char in text:
        typed += press(ALT, 1)
        typed += b"".join(stroke(pads[digit]) for digit in f"{ord(char):0{digits}}")
        typed += press(ALT, 0)
    return typed


class Keyboard(Peer):
    """Types on command, as a keyboard of that layout."""

    def __init__(self, number: int = 0, layout: Name = "us") -> None:
        self._layout: Name = layout
        super().__init__(number)

    def scan(self, text: str) -> None:
        """As a scanner types: the code and Enter."""
        self.send(strokes(text, self._layout) + stroke(ENTER))

    def drop(self) -> None:
        """The kernel's buffer has run over."""
        self.send(record(EV_SYN, SYN_DROPPED, 0) + record(EV_SYN, SYN_REPORT, 0))

    def received(self, data: bytes) -> None:
        """A keyboard hears nothing."""
