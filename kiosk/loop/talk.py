"""From what is shown to what is said: the news of each page to the voice, and nothing while audio mode is off."""

from collections.abc import Iterable

from msgspec.structs import replace

from drivers.voices import gain
from kiosk.checkout.session import Hearing, Session
from kiosk.loop.voice import Manner, Voice
from kiosk.text import Words
from screens.reading import sill, whole
from screens.speech import Utterance, cuts, discreet, everything, news, true_of
from screens.widgets import Page


class Talk:
    """One shopper's ear. Every call is of the loop's thread, and returns at once."""

    def __init__(self, voice: Voice, speaker_dba: float) -> None:
        self._voice, self._dba = voice, speaker_dba
        self._page: Page | None = None
        self._hearing = Hearing()
        self._manner: Manner | None = None
        self._direct = ""

    def shown(self, session: Session, page: Page, words: Words) -> None:
        """This is on the glass now."""
        hearing = replace(session.passing.hearing, said="")
        if not session.passing.speaking:
            self._end()
        elif page is not self._page or hearing != self._hearing:
            self._tell(session, page, words, hearing)

    def _end(self) -> None:
        if self._manner is not None:
            self._voice.hush()
        self._page, self._manner, self._hearing = None, None, Hearing()

    def _tell(self, session: Session, page: Page, words: Words, hearing: Hearing) -> None:
        before, was, self._page, self._hearing = self._page, self._hearing, page, hearing
        self._manner = Manner(page.language, hearing.pace, gain(hearing.volume, hearing.headset, self._dba))
        if before is not None and everything(words, before) == everything(words, page) and was == hearing:
            return
        public = {} if hearing.headset else discreet(words, session)
        said = [*tuned(words, was, hearing), *news(words, before, page, hearing.headset)]
        told = any(each.text == self._direct for each in said)
        said = [each for each in said if each.text != self._direct]
        if cuts(words, before, page) and not told:
            self.hush()
        keep = {open_to_all(text, public) for text in true_of(words, page)} | {self._direct}
        self._voice.say(
            (replace(each, text=open_to_all(each.text, public)) for each in said), self._manner, keep
        )
        if before is None or before.name != page.name:
            self._voice.ahead((each.text for each in sill(words, page) if not each.secret), self._manner)

    def say(self, text: str) -> None:
        """Say this instead of whatever is being said."""
        if text and self._manner is not None:
            self._direct = whole(text)
            self._voice.say([Utterance(self._direct)], self._manner)

    def again(self) -> None:
        if self._manner is not None:
            self._voice.again()

    def hush(self) -> None:
        """Somebody acts: silence."""
        if self._manner is not None:
            self._direct = ""
            self._voice.hush()


def tuned(words: Words, was: Hearing, now: Hearing) -> Iterable[Utterance]:
    """What the keypad has changed of the voice itself."""
    if was.volume != now.volume:
        yield Utterance(words("Volume {n}.", n=now.volume))
    if was.pace != now.pace:
        yield Utterance(words("Speed {n}.", n=now.pace))
    if was.curtain != now.curtain:
        yield Utterance(words("The screen is dark.") if now.curtain else words("The screen can be seen."))


def open_to_all(text: str, public: dict[str, str]) -> str:
    """The text with nothing in it that names a person or her card."""
    for private, instead in public.items():
        text = text.replace(private, instead)
    return text
