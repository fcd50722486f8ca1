"""Weighing for sale: what the produce scale says, what may be sold of it, and for how much.

One weight, one sale: the scale is seen at zero before each weighing. What the bag scale says is not heard here.
"""

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.effects import Effect, Remind
from kiosk.checkout.events import AddWeighed
from kiosk.checkout.model import Item, Line, Sale
from kiosk.checkout.session import Health, Kept, LiveWeight, Passing, Reading, Session
from kiosk.checkout.turn import Step, kept, panel, passing
from kiosk.pricing import of_weight
from kiosk.units import Grams, LineNo, Minor

# ---- what stands on the scale


class Plate(Struct, frozen=True):
    """What is written on a scale: the least it may weigh, and up to what each of its intervals holds, in grams."""

    least: Grams
    ranges: tuple[tuple[Grams, Grams], ...]

    @property
    def most(self) -> Grams:
        return self.ranges[-1][0]

    def interval(self, gross: int) -> Grams:
        return next((e for most, e in self.ranges if gross <= most), self.ranges[-1][1])

    def tare(self, tare: int, gross: int) -> Grams:
        """A tare in the interval of the weight it is taken from, rounded up: in the shopper's favour."""
        e = self.interval(gross)
        return Grams(-(-tare // e) * e)


_SAID = re.compile(r"\b(Max|Min|e)\s*=?\s*([\d.,/]+)\s*(kg|g)\b")


@lru_cache(maxsize=4)
def plate(text: str) -> Plate | None:
    """ "Max 6/15 kg  Min 40 g  e = 2/5 g  Class III" as numbers; None if it does not say Max and e in whole grams.

    Without Min it is 20 e (OIML R 76, class III).
    """
    said = {name: _grams(numbers, unit) for name, numbers, unit in _SAID.findall(text)}
    most, e, least = said.get("Max", ()), said.get("e", ()), said.get("Min")
    if not e or len(most) != len(e) or 0 in e or list(most) != sorted(set(most)):
        return None
    if least is not None and len(least) != 1:
        return None
    return Plate(Grams(least[0] if least else 20 * e[0]), tuple(zip(most, e, strict=True)))


def _grams(numbers: str, unit: str) -> tuple[Grams, ...]:
    """ "6/15" kg is (6000, 15000); nothing where a number is no whole number of grams."""
    found = []
    for number in numbers.split("/"):
        whole, _, rest = number.replace(",", ".").partition(".")
        places = 3 if unit == "kg" else 0
        if not whole.isdecimal() or (rest and not rest.isdecimal()) or len(rest) > places:
            return ()
        found.append(Grams(int(whole + rest.ljust(places, "0"))))
    return tuple(found)


# ---- what lies on it


class State(StrEnum):
    """Why there is a price, or why there is none: each is said and drawn in its own way."""

    READY = "ready"
    ZERO = "zero"
    MOVING = "moving"
    BELOW_ZERO = "below_zero"
    OVERLOADED = "overloaded"
    STALE = "stale"
    ABSENT = "absent"
    TOO_LIGHT = "too_light"
    NOT_EMPTIED = "not_emptied"
    UNFIT = "unfit"


class Load(Struct, frozen=True):
    """What is on the produce scale now: `gross` is None where it says no weight, `price` unless all may be sold."""

    state: State
    gross: Grams | None
    tare: Grams
    price: Minor | None = None

    @property
    def net(self) -> Grams | None:
        return None if self.gross is None else Grams(self.gross - self.tare)


def load(session: Session, item: Item) -> Load:
    """The reading with all that follows from it, for an item with its tare or that of the pressed container."""
    live, here = reading(session), plate(session.kept.policy.produce_plate)
    gross = live.grams if live.reading in (Reading.WEIGHT, Reading.ZERO) else None
    tare = max(item.tare, pressed(session))
    if here is None:
        return Load(State.UNFIT, None, tare)
    tare = here.tare(tare, gross or 0)
    if gross is None or live.reading is Reading.ZERO:
        return Load(State(live.reading.value), gross, tare)
    state = judged(here, gross, tare, session.passing.zeroed)
    if state in (State.BELOW_ZERO, State.OVERLOADED, State.UNFIT):
        return Load(state, None, tare)
    if state is not State.READY or item.price_per_kg is None:
        return Load(state, gross, tare)
    return Load(state, gross, tare, of_weight(item.price_per_kg, gross - tare))


def reading(session: Session) -> LiveWeight:
    """What the produce scale reads; a scale that does not work is absent, whatever it read last."""
    known = next((each for each in session.passing.devices if each.name == "produce"), None)
    return LiveWeight() if known is not None and known.health is not Health.READY else session.passing.produce


def judged(here: Plate, gross: Grams, tare: Grams, zeroed: bool) -> State:
    """What a stable weight is good for."""
    if not 0 <= gross <= here.most:
        return State.BELOW_ZERO if gross < 0 else State.OVERLOADED
    if gross % here.interval(gross):
        return State.UNFIT
    if not zeroed:
        return State.NOT_EMPTIED
    return State.READY if gross - tare >= here.least else State.TOO_LIGHT


def read(seen: Passing, live: LiveWeight) -> Passing:
    """A new reading. A zero counts until it is used up, or until nobody knows any more that it was one."""
    match live.reading:
        case Reading.ZERO:
            zeroed = True
        case Reading.WEIGHT | Reading.MOVING | Reading.OVERLOADED:
            zeroed = seen.zeroed
        case _:
            zeroed = False
    return replace(seen, produce=live, zeroed=zeroed)


# ---- the container


def pressed(session: Session) -> Grams:
    """The tare of the container that was weighed for this weighing, 0 without one."""
    return session.passing.panel.tare if session.passing.panel else Grams(0)


def most_tare(session: Session) -> Grams:
    """What a container may weigh: for a shopper by the shop's rule, for a colleague whatever the scale can."""
    here, policy = plate(session.kept.policy.produce_plate), session.kept.policy
    return here.most if here is not None and session.kept.colleague is not None else policy.tare_max


def may_tare(session: Session, now: Load) -> bool:
    """A stable weight, from zero, that is more than the tare in use and no more than a container may weigh."""
    stable = now.state in (State.READY, State.TOO_LIGHT)
    return stable and now.gross is not None and now.tare < now.gross <= most_tare(session)


def tared(session: Session) -> Session:
    """Tare was pressed: what lies on the scale is the container; closing the page forgets it."""
    over = session.passing.panel
    if over is None or over.name != "weigh" or over.item is None:
        return session
    now = load(session, over.item)
    if now.gross is None or not may_tare(session, now):
        return session
    return replace(session, passing=replace(session.passing, panel=replace(over, tare=now.gross)))


# ---- taken


def stands(session: Session, event: AddWeighed) -> bool:
    """Whether the scale still says what the page said when Add was pressed. Asked before it is a fact."""
    over = session.passing.panel
    if over is None or over.name != "weigh" or over.item != event.item:
        return False
    now = load(session, event.item)
    return now.price is not None and (now.net, now.tare) == (event.grams, event.tare)


def line(sale: Sale, lane: Kept, event: AddWeighed) -> Line | None:
    """The line of a weighing; None where that scale could not have said so, or the container needs a colleague."""
    policy, by, item = lane.policy, lane.staff.person if lane.staff else "", event.item
    here, gross = plate(policy.produce_plate), event.grams + event.tare
    if here is None or item.price_per_kg is None or all(tax.code != item.tax for tax in sale.offers.taxes):
        return None
    preset = here.tare(item.tare, gross)
    good = judged(here, Grams(gross), event.tare, zeroed=True) is State.READY
    most = here.most if by else max(policy.tare_max, preset)
    if not good or event.tare % here.interval(gross) or not preset <= event.tare <= most:
        return None
    return Line(LineNo(0), item, grams=event.grams, tare=event.tare, by=by)


def taken(session: Session) -> Step:
    """A weight is sold once: the scale is emptied before the next. Where a colleague weighs, it was her one action."""
    over: tuple[Effect, ...] = (Remind("staff", 0),) if session.kept.staff else ()
    return passing(panel(kept(session, staff=None), None), zeroed=False), over
