"""Weighing loose goods: four values on one paper, and a price only for a weight that holds."""

from kiosk.checkout.events import AddWeighed
from kiosk.checkout.model import Item
from kiosk.checkout.passed import Closed, Opened
from kiosk.checkout.session import LiveWeight, Panel, Reading
from kiosk.text import Words
from kiosk.units import Grams, Minor, half_up
from screens.lane import Lane
from screens.slip import called
from screens.widgets import Key, Page, Total, Value, Weighing

NOTHING = "–"


def weigh(lane: Lane, item: Item) -> Page:
    words, live = lane.words, live_weight(lane)
    net = Grams(live.grams - item.tare)
    unit = item.price_per_kg
    stable = live.reading is Reading.WEIGHT and net > 0 and unit is not None
    price = Minor(half_up(net * unit, 1000)) if stable and unit is not None else None
    state, icon, do = says(words, live.reading, net)
    block = Weighing(
        title=called(item, words),
        text=words.country(item.origin) if price is not None else do,
        symbol=item.symbol,
        department=item.department,
        state=state,
        state_icon=icon,
        right="",
        values=values(words, item, live, price),
        plate=lane.policy.produce_plate,
    )
    add = Key(
        id="add",
        text=words("Add"),
        icon="plus",
        kind="go",
        off=price is None,
        why="" if price is not None else do,
        sends=AddWeighed(item, net, item.tare) if price is not None else None,
    )
    tools = (
        Key(id="finder", text=words("Not this one"), icon="find", sends=Opened(Panel("finder"))),
        Key(id="cancel", text=words("Cancel"), icon="close", sends=Closed()),
    )
    return lane.page("weigh", block, tools=tools, total=with_this(lane, price), go=add)


def live_weight(lane: Lane) -> LiveWeight:
    """What the produce scale reads; a scale that does not answer is absent, whatever it read last."""
    return LiveWeight() if lane.away("produce") else lane.session.passing.produce


def says(words: Words, reading: Reading, net: int) -> tuple[str, str, str]:
    """State in a word, its icon, and what to do about it."""
    put = words("Put it on the scale.")
    if reading is Reading.WEIGHT and net <= 0:
        return words("Not enough on the scale"), "scale", put
    return {
        Reading.WEIGHT: (words("Stable"), "stable", words("A colleague brings the price.")),
        Reading.ZERO: (words("Zero"), "zero", put),
        Reading.MOVING: (words("Moving"), "scale", words("Let it rest for a moment.")),
        Reading.BELOW_ZERO: (words("Below zero"), "minus", words("Please empty the scale once.")),
        Reading.OVERLOADED: (words("Too heavy"), "down", words("Please take something off.")),
        Reading.STALE: (words("Waiting for the scale"), "clock", words("One moment, please.")),
        Reading.ABSENT: (
            words("The scale does not answer"),
            "people",
            words("A colleague weighs it for you: press Help."),
        ),
    }[reading]


def values(words: Words, item: Item, live: LiveWeight, price: Minor | None) -> tuple[Value, ...]:
    known = live.reading in {Reading.WEIGHT, Reading.ZERO, Reading.MOVING}
    net = words.decimal(live.grams - item.tare, 3) if known else NOTHING
    unit = words.money(item.price_per_kg) if item.price_per_kg is not None else NOTHING
    return (
        Value(words("Net weight"), net, "kg", dim=live.reading is not Reading.WEIGHT),
        Value(words("Tare"), words.decimal(item.tare, 3), "kg"),
        Value(words("Unit price"), unit, words("per kg")),
        Value(words("Price"), words.money(price) if price is not None else NOTHING, dim=price is None),
    )


def with_this(lane: Lane, price: Minor | None) -> Total | None:
    """The basket's sum, and what this would add before promotions."""
    total = lane.total()
    if price is None:
        return total
    return Total(total.label, total.amount, lane.words("plus {sum} for this", sum=lane.words.money(price)))
