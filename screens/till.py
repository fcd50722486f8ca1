"""A staffed till: a colleague serves. The slip, what is asked with its answers, and her tools; no card is ever hers."""

from kiosk.checkout.events import AssistEnded, LineChosen, PayPressed
from kiosk.checkout.interventions import BLOCKS_PAYING
from kiosk.checkout.model import Sale
from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Panel, Staff
from screens.attendant import act, requests, tool
from screens.lane import Lane, slip
from screens.notices import notice
from screens.slip import focus, older, whole
from screens.widgets import Block, Hero, Key, Page, Picture, Slip, Strip

OLD_LINES = 3


def till(lane: Lane, sale: Sale | None, cashier: Staff) -> Page:
    words = lane.words
    asked = requests(lane, sale) if sale else ()
    return lane.page(
        "till",
        *paper(lane, sale, (*asked, *notice(lane)), bool(asked)),
        head=lane.staff_head(words("Staffed till: {name}", name=cashier.name), "people"),
        tools=sale_tools(lane, sale),
        total=lane.total(),
        go=pay(lane, sale),
        foot=(lane.language_key(), *leaving(lane)),
    )


def paper(lane: Lane, sale: Sale | None, news: tuple[Strip, ...], asked: bool) -> tuple[Block, ...]:
    """The slip; while something is asked its last lines alone, and before the first product where to begin."""
    words = lane.words
    if sale is None or not sale.lines:
        title = Hero((words("Scan the first product"),), words("Or find it by name."), size="title")
        return title, *(slip(news) or (Picture("first_product"),))
    if asked:
        return (Slip(older(lane, sale, LineChosen)[-OLD_LINES:], None, news),)
    return (Slip(*whole(lane, sale), news),)


def sale_tools(lane: Lane, sale: Sale | None) -> tuple[Key, ...]:
    """Find and weigh, how many, and what else is done to the headline."""
    words = lane.words
    line = focus(sale) if sale else None
    none = words("Scan a product first.")
    fixed = line is not None and (line.grams is not None or line.price is not None)
    many = line is not None and not fixed
    why = words("This one has a price of its own.") if fixed else none
    at = line.no if line else None
    return (
        tool("find", words("Find or weigh"), "find", Opened(Panel("finder"))),
        tool("quantity", words("Quantity"), "quantity", Opened(Panel("quantity", line=at)), many, why),
        tool("void", words("Remove line"), "remove", Opened(Panel("remove")), line is not None, none),
        tool("price", words("Change price"), "tag", Opened(Panel("price")), line is not None, none),
        tool("coupon", words("Coupon or card"), "coupon", Opened(Panel("coupon"))),
        tool("cancel_sale", words("Cancel sale"), "close", act("cancel_sale"), line is not None, none),
    )


def leaving(lane: Lane) -> tuple[Key, ...]:
    words = lane.words
    return (
        Key(id="end_assist", text=words("End staffed till"), icon="lock", sends=AssistEnded()),
        Key(id="service", text=words("Service"), icon="settings", sends=Opened(Panel("service"))),
    )


def pay(lane: Lane, sale: Sale | None) -> Key:
    words = lane.words
    if sale is None or not sale.lines:
        why = words("Scan a product first.")
    elif any(each.why in BLOCKS_PAYING for each in sale.open):
        why = words("Please answer what is asked first.")
    elif lane.away("terminal"):
        why = words("The card terminal does not answer.")
    else:
        return Key(id="pay", text=words("Pay"), kind="go", icon="forward", sends=PayPressed())
    return Key(id="pay", text=words("Pay"), kind="go", icon="forward", off=True, why=why)
