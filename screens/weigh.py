"""Weighing loose goods: four values on one paper, and a price only for a weight that may be sold."""

from kiosk.checkout.events import AddWeighed
from kiosk.checkout.model import Item
from kiosk.checkout.passed import Closed, Opened, TarePressed
from kiosk.checkout.session import Panel
from kiosk.checkout.weighing import Load, State, load, may_tare, most_tare, plate, pressed
from kiosk.text import Words
from kiosk.units import Minor, UnitPrice
from screens.lane import Lane
from screens.slip import called
from screens.widgets import Key, Page, Total, Value, Weighing

NOTHING = "–"


def weigh(lane: Lane, item: Item) -> Page:
    words, now = lane.words, load(lane.session, item)
    state, icon, do = says(lane, now)
    zeroed = now.state in (State.READY, State.ZERO)
    large = lane.large
    block = Weighing(
        title=called(item, words),
        text="" if large else words.country(item.origin),
        symbol=item.symbol,
        department=item.department,
        state=state,
        do="" if large and now.price is not None else do,
        state_icon=icon,
        right=words("zero was checked") if zeroed and not large else "",
        values=values(lane, item, now),
        plate=lane.policy.produce_plate,
    )
    tools = (
        Key(id="finder", text=words("Not this one"), icon="find", sends=Opened(Panel("finder"))),
        tare_key(lane, now),
        Key(id="cancel", text=words("Cancel"), icon="close", sends=Closed()),
    )
    return lane.page(
        "weigh", block, tools=tools, total=with_this(lane, now.price), go=add(lane, item, now, do)
    )


def add(lane: Lane, item: Item, now: Load, do: str) -> Key:
    """Adds what the page shows; without a price it says what comes first."""
    text = lane.words("Add")
    if now.price is None or now.net is None:
        return Key(id="add", text=text, icon="plus", kind="go", off=True, why=do)
    return Key(id="add", text=text, icon="plus", kind="go", sends=AddWeighed(item, now.net, now.tare))


def tare_key(lane: Lane, now: Load) -> Key:
    """A container of the shopper's own is weighed first, then this is pressed."""
    words = lane.words
    note = words.weight(now.tare)
    if may_tare(lane.session, now):
        return Key(id="tare", text=words("Tare"), icon="bag", note=note, sends=TarePressed())
    why = words("Put your empty container on the scale first.")
    if now.gross is not None and now.gross > most_tare(lane.session):
        why = words("That is heavy for a container. A colleague helps you: press Help.")
    if pressed(lane.session):
        why = words("Your container is deducted. Now fill it.")
    return Key(id="tare", text=words("Tare"), icon="bag", note=note, off=True, why=why)


def says(lane: Lane, now: Load) -> tuple[str, str, str]:
    """State in a word, its icon, and what to do about it."""
    words, here = lane.words, plate(lane.policy.produce_plate)
    least = words.weight(here.least) if here is not None else NOTHING
    put = words("Put it on the scale.")
    colleague = words("A colleague weighs it for you: press Help.")
    ready = words("Press Add.") if now.price is not None else words("A colleague brings the price.")
    return {
        State.READY: (words("Stable"), "stable", ready),
        State.ZERO: (words("Zero"), "zero", put),
        State.TOO_LIGHT: (
            words("Not enough on the scale"),
            "scale",
            words("At least {weight}, or press Help.", weight=least),
        ),
        State.MOVING: (words("Moving"), "unstable", words("Let it rest for a moment.")),
        State.NOT_EMPTIED: (
            words("Empty the scale first"),
            "up",
            words("Please take everything off, then put this on."),
        ),
        State.BELOW_ZERO: (
            words("Below zero"),
            "minus",
            words("Please empty the scale, or press Help."),
        ),
        State.OVERLOADED: (words("Too heavy"), "down", words("Please take something off.")),
        State.STALE: (words("Waiting for the scale"), "clock", words("One moment, please.")),
        State.ABSENT: (words("The scale does not answer"), "people", colleague),
        State.UNFIT: (words("The scale needs a check"), "info", colleague),
    }[now.state]


def values(lane: Lane, item: Item, now: Load) -> tuple[Value, ...]:
    """Net, tare, unit price and price: what is not known now is a dash, and never what was known before."""
    words, by = lane.words, lane.policy.unit_price
    net = words.decimal(now.net, 3) if now.net is not None else NOTHING
    unit = words.price_of(item.price_per_kg, by) if item.price_per_kg is not None else NOTHING
    price = words.money(now.price) if now.price is not None else NOTHING
    return (
        Value(words("Net weight"), net, words.unit("kg"), dim=now.state is not State.READY),
        Value(tare_name(lane, now), words.decimal(now.tare, 3), words.unit("kg")),
        Value(words("Unit price"), unit, per(words, by)),
        Value(words("Price"), price, dim=now.price is None),
    )


def tare_name(lane: Lane, now: Load) -> str:
    if pressed(lane.session):
        return lane.words("Tare (container)")
    return lane.words("Tare (bag)") if now.tare else lane.words("Tare")


def per(words: Words, unit: UnitPrice) -> str:
    return words("per kg") if unit == "kg" else words("per 100\u00a0g")


def with_this(lane: Lane, price: Minor | None) -> Total | None:
    """The basket's sum, and what this would add before promotions."""
    total = lane.total()
    if price is None:
        return total
    return Total(total.label, total.amount, lane.words("plus {sum} for this", sum=lane.words.money(price)))
