"""What shopper and attendant do when the lane interrupts them: put right, tell the truth, lie, approve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from drivers.simulated.shop.tally import CARD, CHECK, QUEUE, WALK
from kiosk.weight.talk import Key

if TYPE_CHECKING:
    from drivers.simulated.shop.visit import Episode, Visit

ALARMS = frozenset({"ask", "staff", "block"})
LATELY, JUST_NOW = 20.0, 8.0  # seconds that a card is likely to be about something done, or something moved
SETTLES = 2.5  # seconds that people leave the scale to settle before they press anything


class Untold(Struct, frozen=True, eq=False):
    """Something unusual that was done `at` a time and that an honest shopper would own up to with a key."""

    at: float
    key: Key
    line: int | None


def card(visit: Visit, episode: Episode) -> None:
    """A card is read, then answered: by owning up, else by finishing what was begun, and a key if that is not enough.

    A liar who did something wrong presses what may end the alarm, and tries another key on the next card; who did
    it and does not lie puts it right.
    """
    episode.cards += 1
    visit.count.cards += 1
    visit.count.seconds += CARD
    visit.pass_time(visit.rng.uniform(1.5, 3.0))
    if visit.said not in ALARMS:
        return
    lately = [told.key for told in recent(visit)]
    if visit.wrong or visit.midway() or not lately:
        visit.finish_gesture()
        if visit.wrong and not episode.lies:
            put_right(visit)
        visit.pass_time(SETTLES)
    elif lately[-1] == "moved":
        visit.pass_time(SETTLES)
    if visit.said == "ask":
        lies = visit.wrong is not None
        visit.asked = visit.asked or lies
        visit.press(*(_lie(visit) if lies else _truth(visit, visit.paying or episode.cards > 1)))


def attend(visit: Visit, episode: Episode, whole: bool) -> None:
    """An attendant comes, looks, and corrects or approves; a check of the `whole` basket finds everything."""
    rng = visit.rng
    visit.count.staff += 1
    visit.count.staff_honest += not episode.wrong
    visit.count.blocks += whole
    seconds = (CHECK if whole else WALK) + rng.expovariate(1 / QUEUE)
    visit.count.seconds += seconds
    visit.pass_time(seconds)
    visit.staff("open")
    visit.finish_gesture()
    visit.untold.clear()
    finds = rng.random() < visit.rates.corrected or whole
    corrects = visit.wrong is not None and finds
    if corrects:
        put_right(visit)
    visit.pass_time(SETTLES)
    visit.seen = visit.seen or visit.wrong is not None
    visit.staff("corrected" if corrects else "approved")


def put_right(visit: Visit) -> None:
    """The deed is undone: scanned, taken out, put in or rung up as what it is."""
    deed = visit.wrong
    if deed is None:
        return
    one_way = visit.rng.random() < 0.6
    match deed.kind:
        case "short" if one_way and not visit.paid:
            visit.qty(deed.line, deed.qty)
        case "extra" | "one_of_two" | "alone" | "cover" if (
            one_way or deed.thing not in visit.lying
        ) and not visit.paid:
            visit.scan(deed.thing.sku, deed.thing.price)
        case "extra" | "one_of_two" | "alone" | "cover" | "short":
            visit.take((deed.thing,))
        case "swap" | "light" if not visit.paid:
            visit.void(deed.line)
            visit.pass_time(1.0)
            visit.scan(deed.thing.sku, deed.thing.price)
        case "swap" | "light":
            visit.take((deed.thing,))
        case "nothing" if not one_way and not visit.paid:
            visit.void(deed.line)
        case _:
            visit.put((deed.thing,))
    visit.wrong = None
    visit.pass_time(1.0)


def recent(visit: Visit) -> list[Untold]:
    """What a card of now is probably about, the latest last."""
    ages = {"moved": JUST_NOW}
    return [told for told in visit.untold if visit.now - told.at < ages.get(told.key, LATELY)]


def _truth(visit: Visit, anything: bool) -> tuple[Key, int | None]:
    """What an honest shopper presses: about what was just done, or `anything` not told yet; a few are confused."""
    rng = visit.rng
    if rng.random() < visit.rates.confused:
        return rng.choice(("fine", "moved", "help")), None
    open_ones = recent(visit) or [told for told in visit.untold if anything and told.key != "moved"]
    if not open_ones:
        return "fine", None
    visit.untold.remove(open_ones[-1])
    return open_ones[-1].key, open_ones[-1].line


def _lie(visit: Visit) -> tuple[Key, int | None]:
    """What is likeliest to end the alarm: there is too much, or too little, and a liar knows which."""
    deed, rng = visit.wrong, visit.rng
    much: tuple[Key, ...] = ("bag", "moved", "fine")
    little: tuple[Key, ...] = ("skip", "moved", "fine")
    keys = much if deed is None or deed.much else little
    visit.lies += 1
    key = keys[(visit.lies - 1) % 3] if rng.random() < 0.75 else rng.choice(keys)
    if key == "skip" and (not deed or visit.paid):
        key = "moved"
    return key, deed.line if deed and key == "skip" else None
