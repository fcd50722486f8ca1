"""The keypad on a page: which key is in focus, what a press means there, and what is said of it."""

from collections.abc import Callable

from kiosk.checkout.events import Event, HelpPressed
from kiosk.checkout.passed import (
    AudioChosen,
    Closed,
    CurtainPressed,
    Erased,
    Opened,
    Typed,
    VoiceTuned,
    WhyNot,
)
from kiosk.checkout.session import Panel, Paying, Session, Shopping
from kiosk.text import Words
from screens.reading import Heard, paper, sill
from screens.screen import Digit, Pressed, Screen, Why
from screens.speech import typed
from screens.widgets import Finder, Key, Page

BACK = ("back", "cancel", "leave", "end", "other")
"""The keys that lead back from a page, the likeliest first."""
TUNED = {
    "louder": VoiceTuned("volume", 1),
    "quieter": VoiceTuned("volume", -1),
    "faster": VoiceTuned("pace", 1),
    "slower": VoiceTuned("pace", -1),
}
PHONE = {
    "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz",
}  # fmt: skip


class Keypad:
    """One keypad at one screen. `say` speaks at once, or does nothing where nobody listens."""

    def __init__(self, screen: Screen, say: Callable[[str], None], tone: Callable[[], None]) -> None:
        self._screen, self._say, self._tone = screen, say, tone
        self._focus = ""
        self._page = ""
        self._tap: tuple[str, str, int] | None = None

    def shown(self, page: Page, words: Words, speaking: bool) -> None:
        """Another page begins at its first key; on the same page the focus stays where it is."""
        if page.name != self._page:
            self._page, self._tap, self._focus = page.name, None, ""
            first = self._sill(page, words)
            if speaking and first:
                self._focus = first[0].id
            self._screen.focus(self._focus)

    def pressed(self, name: str, session: Session, page: Page, words: Words) -> list[Event]:
        """What follows from a key of the keypad on this page."""
        self._screen.expect()
        if name.isdigit():
            return self._digit(name, session, page, words)
        self._tap = None if name != "right" or self._tap is None else self._tap
        match name:
            case "left" | "right":
                if self._tap is not None:  # the letter is done
                    self._tap = None
                    self._say(typed(words, session.passing.typed))
                    return []
                return self._move(1 if name == "right" else -1, self._sill(page, words), session, words)
            case "up" | "down":
                return self._move(1 if name == "down" else -1, self._paper(page, words), session, words)
            case "ok":
                return self._ok(page, words)
            case "back":
                return self._back(page, session, words)
            case "erase":
                return self._erase(page, session)
            case "help":
                open_ = isinstance(session.kept.phase, Shopping | Paying)
                return [HelpPressed() if open_ else Opened(Panel("help"))]
            case "audio":
                return [AudioChosen(not session.passing.speaking)]
            case "curtain":
                return [CurtainPressed()] if session.passing.speaking else []
            case _:
                return [TUNED[name]] if name in TUNED else []

    # ---- going about

    def _sill(self, page: Page, words: Words) -> list[Heard]:
        """The keys in the order in which they lie on the glass; what found no room there comes last."""
        place = {name: at for at, name in enumerate(self._screen.order())}
        keys = [each for each in sill(words, page) if each.key and each.key.kind != "wait"]
        return sorted(keys, key=lambda each: place.get(each.id, len(place)))

    def _paper(self, page: Page, words: Words) -> list[Heard]:
        return list(paper(words, page))

    def _move(self, by: int, things: list[Heard], session: Session, words: Words) -> list[Event]:
        if not things:
            return []
        ids = [each.id for each in things]
        at = ids.index(self._focus) + by if self._focus in ids else (0 if by > 0 else len(ids) - 1)
        return self._go(things[at % len(things)], session, words)

    def _go(self, there: Heard, session: Session, words: Words) -> list[Event]:
        self._focus = there.id
        self._screen.focus(there.id)
        secret = there.secret and not session.passing.hearing.headset
        self._say(words("Plug in headphones to hear this key.") if secret else there.text)
        return []

    def _ok(self, page: Page, words: Words) -> list[Event]:
        things = (*self._sill(page, words), *self._paper(page, words))
        there = next((each for each in things if each.id == self._focus), things[0] if things else None)
        if there is None or there.key is None:
            self._say(there.text if there else "")
            return []
        return self._press(there.key)

    def _press(self, key: Key) -> list[Event]:
        return self._sent(self._screen.act(key))

    def _sent(self, answer: Pressed) -> list[Event]:
        """A key that is off says why, a secret digit is a tone."""
        match answer:
            case Why(text=why):
                self._say(why)
                return [WhyNot(why)] if why else []
            case Digit():
                self._tone()
                return []
            case None:
                return []
        return [answer]

    def _back(self, page: Page, session: Session, words: Words) -> list[Event]:
        keys = {each.id: each.key for each in sill(words, page)}
        found = next((keys[name] for name in BACK if keys.get(name) is not None), None)
        if found is not None:
            return self._press(found)
        if session.passing.panel is not None:
            return [Closed()]
        self._say(words("This is the first page."))
        return []

    # ---- typing

    def _digit(self, digit: str, session: Session, page: Page, words: Words) -> list[Event]:
        keys = [key for row in page.letters for key in row]
        key = next((key for key in keys if digit in (key.text, key.digit)), None)
        if key is not None:
            return self._press(key)
        if any(isinstance(block, Finder) for block in page.blocks) and digit in PHONE:
            return self._letter(digit, session, keys, words)
        if digit == "0":
            return []
        things = self._sill(page, words)
        return self._go(things[int(digit) - 1], session, words) if int(digit) <= len(things) else []

    def _letter(self, digit: str, session: Session, keys: list[Key], words: Words) -> list[Event]:
        """As on a phone, but only through letters that lead somewhere; another digit, or right, ends the letter."""
        if self._tap is not None and self._tap[0] == digit:
            letters, at = self._tap[1], (self._tap[2] + 1) % len(self._tap[1])
            if len(letters) == 1:
                return self._first(digit, session, keys, words)
            self._tap = (digit, letters, at)
            return [Erased(), Typed(letters[at])]
        return self._first(digit, session, keys, words)

    def _first(self, digit: str, session: Session, keys: list[Key], words: Words) -> list[Event]:
        letters = "".join(key.text for key in keys if not key.off and key.text in groups(keys)[digit])
        if not letters:
            self._tap = None
            self._say(words("Nothing here goes on with that."))
            return []
        self._tap = (digit, letters, 0)
        return [Typed(letters[0])]

    def _erase(self, page: Page, session: Session) -> list[Event]:
        found = next((key for row in page.letters for key in row if key.id == "erase"), None)
        return self._press(found) if found is not None else []


def groups(keys: list[Key]) -> dict[str, str]:
    """Which letters each digit has: those of a phone, or, of another alphabet, eight equal parts in their order."""
    letters = "".join(key.text for key in keys if len(key.text) == 1 and key.text.isalpha())
    if "a" in letters.lower():
        return PHONE
    part = max(1, -(-len(letters) // 8))
    return {digit: letters[at * part : (at + 1) * part] for at, digit in enumerate(PHONE)}
