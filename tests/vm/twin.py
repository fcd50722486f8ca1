"""The lane's session once more, outside: the same facts through the same core, and what its screen must show."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PIL import Image, ImageChops

from kiosk.checkout.events import Event, Happened, OffersTaken, Restarted, WeightSettled
from kiosk.checkout.session import Kept, Session
from kiosk.checkout.step import step
from kiosk.pricing import Offers
from kiosk.text import Words
from kiosk.units import Grams, Millis
from screens.screen import Screen
from screens.theme import Panel
from screens.view import view

FACTS = msgspec.json.Decoder(tuple[Happened, ...])


class Twin:
    """`take` the turns that the journal has, and `feel` what passes without a trace there; `bag` is what lay on that
    scale when it last settled."""

    def __init__(self, panel: Panel) -> None:
        self.session, self.at = Session(Kept()), Millis(0)
        self.bag = Grams(0)
        self.screen = Screen(panel, reduced=True)
        self._words: dict[str, Words] = {}

    def take(self, at: int, facts: str, offers: Mapping[str, str]) -> None:
        """A turn; `offers` by their version, which a turn only names."""
        self.at = Millis(at)
        for fact in FACTS.decode(facts):
            if isinstance(fact, OffersTaken):
                body = offers.get(fact.offers.version)
                fact = replace(fact, offers=msgspec.json.decode(body, type=Offers)) if body else fact
            if isinstance(fact, Restarted):
                self.session = Session(self.session.kept)
            if isinstance(fact, WeightSettled):
                self.bag = fact.after
            self.session, _ = step(self.session, fact, self.at)

    def feel(self, *events: Event) -> None:
        for event in events:
            self.session, _ = step(self.session, event, self.at)

    def words(self, language: str) -> Words:
        policy = self.session.kept.policy
        if language not in self._words:
            self._words[language] = Words(language, policy.currency, policy.exponent)
        return self._words[language]

    def show(self, at: int | None = None) -> None:
        """Put on this side's screen what the other one must show at that time."""
        self.screen.show(view(self.session, self.words, Millis(at or self.at)), 0)
        self.screen.settle(0)

    def where(self, key: str) -> tuple[int, int]:
        """The middle of a key by its id or text, in pixels. LookupError names the keys there are."""
        self.show()
        frame = self.screen.frame
        parts = [part for part in (frame.parts if frame else ()) if part.key and part.hit]
        for part in parts:
            if part.key and part.hit and key in (part.key.id, part.key.text):
                return round(part.hit.x + part.hit.w / 2), round(part.hit.y + part.hit.h / 2)
        raise LookupError(f"no key {key!r}; there are {[part.key.text for part in parts if part.key]}")

    def picture(self) -> Image.Image:
        return Image.frombytes("RGB", self.screen.panel.px, self.screen.rgb())


def differing(ours: Image.Image, theirs: Path) -> tuple[int, int, int, int] | None:
    """The smallest rectangle outside of which two pictures are alike, pixel by pixel; None: they are the same."""
    with Image.open(theirs) as image:
        box: tuple[int, int, int, int] | None = ImageChops.difference(ours, image.convert("RGB")).getbbox()
    return box
