"""What audio mode says: of a page that appears or changes only the news, and what is in focus; pure."""

from msgspec import Struct

from kiosk.checkout.session import Finishing, Session
from kiosk.text import Words
from screens.reading import Heard, paper, sill
from screens.widgets import Finder, Page, Slip

LEAST_LEFT = 10_000
ANSWERS = ("line:", "now:", "strip-notice")
"""What the paper shows as the answer to an action."""
WARNED = (2, 3)
"""While time runs out it is said again when a half and when two thirds of it are gone."""


class Utterance(Struct, frozen=True):
    """One thing to say in one breath, `after` so many milliseconds at the earliest."""

    text: str
    after: int = 0


def news(words: Words, before: Page | None, page: Page, headset: bool) -> tuple[Utterance, ...]:
    """What stands on the page and did not stand on the one before. The first page of all is told with how to go on."""
    known = {(each.id, each.text) for each in everything(words, before)} if before else set()
    fresh = [each for each in everything(words, page) if each.news and (each.id, each.text) not in known]
    said = [Utterance(each.text) for each in fresh if headset or not each.secret]
    if before is None:
        said.insert(0, Utterance(welcome(words)))
    if before is None or before.name != page.name:
        said += [Utterance(text) for text in ways_on(words, page)]
    return (*said, *warnings(words, page, {each.id for each in fresh}))


def cuts(words: Words, before: Page | None, page: Page) -> bool:
    """Whether somebody has acted: a line came or changed, or her scan is answered. What is being said is over then."""
    return before is not None and not answers(words, page) <= answers(words, before)


def answers(words: Words, page: Page) -> set[str]:
    return {each.text for each in paper(words, page) if each.id.startswith(ANSWERS)}


def true_of(words: Words, page: Page) -> set[str]:
    """Everything that may still be said while this is the page."""
    timed = warnings(words, page, {each.id for each in paper(words, page)})
    told = (each.text for each in everything(words, page))
    return {*told, *(each.text for each in timed), welcome(words), *ways_on(words, page)}


def everything(words: Words, page: Page) -> tuple[Heard, ...]:
    return (*paper(words, page), *sill(words, page))


def welcome(words: Words) -> str:
    return " ".join(
        (
            words("This checkout speaks."),
            words("Left and right go through the keys, up and down through the page."),
            words("OK presses. 0 says it again."),
        )
    )


def ways_on(words: Words, page: Page) -> tuple[str, ...]:
    """What the keypad can do on this page beside its arrows."""
    if any(isinstance(block, Finder) for block in page.blocks):
        return (words("Type with the digits, as on a phone. Up and down go through what was found."),)
    if page.letters:
        return (words("Type with the digits, then press OK."),)
    return ()


def warnings(words: Words, page: Page, names: set[str]) -> tuple[Utterance, ...]:
    """Time that runs out on strips of these names is said more than once: at first, and later with what is left."""
    strips = (strip for block in page.blocks if isinstance(block, Slip) for strip in block.strips)
    said = []
    for strip in strips:
        if strip.bar_ms >= LEAST_LEFT and not strip.count and f"strip-{strip.id}" in names:
            for part in WARNED:
                gone = strip.bar_ms * (part - 1) // part
                left = words.n("{n} second", "{n} seconds", (strip.bar_ms - gone) // 1000)
                said.append(Utterance(f"{left}.", gone))
    return tuple(said)


def typed(words: Words, typed: str) -> str:
    return words("Typed: {text}", text=typed)


def discreet(words: Words, session: Session) -> dict[str, str]:
    """What the loudspeaker says instead of what names a card: text to text."""
    phase, found = session.kept.phase, {}
    sale = phase.closed if isinstance(phase, Finishing) else getattr(phase, "sale", None)
    for tender in getattr(sale, "tenders", ()):
        if tender.result and tender.result.last4:
            found[words("Card ending in {last4}", last4=tender.result.last4)] = words("Paid by card")
    return found
