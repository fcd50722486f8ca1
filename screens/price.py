"""A colleague gives a line another price: which line, how much, and why."""

from kiosk.checkout.events import Event, PriceOverridden
from kiosk.checkout.model import Sale
from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Panel, Staff
from kiosk.units import LineNo, Minor
from screens.lane import Lane
from screens.panels import number, pad
from screens.reasons import listed, way_back
from screens.slip import called, line_of, older
from screens.widgets import Hero, Key, Page, Slip


def price(lane: Lane, sale: Sale, staff: Staff) -> Page:
    words, typed = lane.words, lane.session.passing.typed
    head = lane.staff_head(staff.name)
    back = Key(id="back", text=words("Back"), icon="back", sends=way_back(lane))
    if lane.panel.line is None:
        title = Hero(
            (words("Which price changes?"),), words("Touch it on the slip."), size="title", icon="tag"
        )
        return lane.page("price", title, Slip(older(lane, sale, _choose)), head=head, tools=(back,), foot=())
    line = line_of(sale, lane.panel.line)
    if line is None:
        return lane.page(
            "price", Hero((words("The basket is empty"),), size="title"), head=head, tools=(back,), foot=()
        )
    amount = number(typed)
    new = words.money(amount) if amount is not None else ""
    each = line.price if line.price is not None else line.item.price
    old = words("{sum} each", sum=words.money(each)) if each is not None else ""
    title = Hero((called(line.item, words),), old, size="title", amount=new)
    tools = reasons(lane, line.no, amount)
    return lane.page("price", title, head=head, tools=tools, letters=pad(lane), foot=(back,))


def _choose(no: LineNo) -> Event:
    return Opened(Panel("price", line=no))


def reasons(lane: Lane, line: LineNo, amount: int | None) -> tuple[Key, ...]:
    """Why the price changes; choosing one changes it."""
    words = lane.words
    return tuple(
        Key(
            id=f"reason-{code}",
            text=text,
            icon=icon,
            sends=PriceOverridden(line, Minor(amount), code) if amount is not None else None,
            off=amount is None,
            why=words("Type the new price first.") if amount is None else "",
        )
        for code, text, icon in listed(lane, "price")
    )
