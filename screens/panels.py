"""Small panels over the basket: how many, remove, coupon or card, what does it cost."""

from kiosk.checkout.events import Event, PriceDisputed, QuantityChosen, RemovePressed
from kiosk.checkout.model import Line, Sale
from kiosk.checkout.passed import Closed, Opened, Typed
from kiosk.checkout.session import Panel
from kiosk.units import LineNo
from screens.lane import Lane
from screens.reasons import way_back
from screens.slip import line_of, older, slip_line
from screens.widgets import Headline, Hero, Key, Page, Slip

MOST = 99


def pad(lane: Lane, tick: Key | None = None) -> tuple[tuple[Key, ...], ...]:
    """Ten digits, a key that takes one back, and a tick where the number is confirmed here."""
    rows = tuple(tuple(digit(each) for each in row) for row in ("123", "456", "789"))
    last = (lane.erase(), digit("0"))
    return (*rows, (*last, tick) if tick else last)


def digit(text: str) -> Key:
    return Key(id=f"type-{text}", text=text, sends=Typed(text))


def number(typed: str) -> int | None:
    """The number that was typed, None for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def quantity(lane: Lane, line: Line, sale: Sale) -> Page:
    """How many of the headline: typed and ticked, or one more, one less."""
    words, want = lane.words, number(lane.session.passing.typed)
    shown = want if want is not None else line.qty
    many = Hero((words("How many?"),), size="ask", amount=f"× {shown}")
    good = want is not None and 1 <= want <= MOST
    tick = Key(
        id="set",
        text="",
        icon="check",
        kind="go",
        off=not good,
        why="" if good else words("Type a number from 1 to {most}.", most=MOST),
        sends=QuantityChosen(line.no, want) if good and want is not None else None,
    )
    return lane.page(
        "quantity",
        many,
        Slip(headline=Headline(slip_line(lane, sale, line, None))),
        tools=quantity_tools(lane, line),
        letters=pad(lane, tick),
        foot=(lane.back(), lane.help_key(), lane.access_key()),
    )


def quantity_tools(lane: Lane, line: Line) -> tuple[Key, ...]:
    words, less, more = lane.words, line.qty > 1, line.qty < MOST
    return (
        Key(
            id="less",
            text=words("1 less"),
            icon="minus",
            off=not less,
            why="" if less else words("To take it out, press Remove."),
            sends=QuantityChosen(line.no, line.qty - 1) if less else None,
        ),
        Key(
            id="one_more",
            text=words("1 more"),
            icon="plus",
            off=not more,
            why="" if more else words("More than {most} is for a colleague.", most=MOST),
            sends=QuantityChosen(line.no, line.qty + 1) if more else None,
        ),
        Key(id="remove", text=words("Remove"), icon="remove", sends=RemovePressed(line.no)),
        Key(id="dispute", text=words("The shelf says less"), icon="tag", sends=PriceDisputed(line.no)),
    )


def remove(lane: Lane, sale: Sale) -> Page:
    """Which line goes: touch it. A colleague whose PIN was accepted voids without a limit."""
    words, staff = lane.words, lane.session.kept.colleague

    def goes(no: LineNo) -> Event:
        return Opened(Panel("reason", line=no, act="void")) if staff else RemovePressed(no)

    paper = Slip(older(lane, sale, goes))
    title = Hero((words("Which one goes?"),), words("Touch it on the slip."), size="title", icon="remove")
    head = lane.staff_head(staff.name) if staff else None
    back = Key(id="back", text=words("Done"), icon="back", sends=Closed())
    if staff:
        back = Key(id="back", text=words("Back"), icon="back", sends=way_back(lane))
    foot = () if staff else None
    return lane.page("remove", title, paper, head=head, tools=(back,), total=lane.total(), foot=foot)


def panel_line(lane: Lane, sale: Sale) -> Line | None:
    """The line that the open panel is about."""
    return line_of(sale, lane.panel.line)
