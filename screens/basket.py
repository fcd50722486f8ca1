"""The basket: empty, growing, after a removal, with a question about the bag, and when nobody moves."""

from msgspec.structs import replace

from kiosk.checkout.aside import may_go
from kiosk.checkout.basket import locked
from kiosk.checkout.events import (
    HelpPressed,
    LeaveOutPressed,
    LineChosen,
    OwnBagPressed,
    PayPressed,
    QuantityChosen,
    RemovePressed,
    UndoPressed,
)
from kiosk.checkout.model import Line, Sale, Why
from kiosk.checkout.passed import MoreTime, Opened
from kiosk.checkout.session import Panel, Reading
from kiosk.checkout.suspending import CameBack, PutAside
from kiosk.pricing import of_weight
from kiosk.text import Words
from kiosk.units import LineNo
from screens.info import price
from screens.lane import Lane, slip, two_lines
from screens.notices import notice
from screens.questions import answers, holding, question, strips
from screens.slip import called, focus, older, slip_line, whole
from screens.start import limit_strips
from screens.ways import otherwise
from screens.widgets import Headline, Hero, Key, Page, Picture, Slip, Strip


def empty(lane: Lane) -> Page:
    """Scan your first product."""
    words = lane.words
    first = Hero(
        two_lines(words("Scan your\nfirst product")),
        words("Hold the barcode to the glass,\nthen put it in the bag.")
        if lane.policy.bag_scale
        else words("Hold the barcode to the glass."),
        size="title",
    )
    news = (*device_strips(lane), *notice(lane), *(strips(lane, lane.sale) if lane.sale else ()))
    if lane.policy.bag_scale and not news:
        text = words("Then press “My own bag”. You can do it later, too.")
        news = (Strip("own_bag", "bag", words("Your own bag? Put it down first."), text),)
    picture = Picture("first_product")
    return lane.page(
        "empty", first, picture, *slip(news), tools=tools(lane, None), total=lane.total(), go=pay(lane, None)
    )


def basket(lane: Lane, sale: Sale) -> Page:
    """The slip with its newest line big, tools that act on it, the total, and Pay."""
    passing = lane.session.passing
    if locked(sale):
        return whose(lane, sale)
    if passing.more_time:
        return more_time(lane, sale)
    if passing.undo is not None:
        return removed(lane, sale, passing.undo)
    if not sale.lines:
        return empty(lane)
    asked = question(sale)
    news = (*strips(lane, sale), *device_strips(lane), *notice(lane))
    if asked is None and passing.back is not None:
        return changed(lane, sale, news, *passing.back)
    news = news or offer(lane)
    if asked is None:
        return sale_page(lane, sale, "basket", Slip(*whole(lane, sale), news), tools(lane, sale))
    paper = Slip(older(lane, sale, LineChosen), None, news)
    return sale_page(lane, sale, "check_bag", paper, answers(lane, asked))


def offer(lane: Lane) -> tuple[Strip, ...]:
    """The one thing that is suggested: a sentence, what it costs and where it stands. No key of its own."""
    words, offered = lane.words, lane.session.passing.offer
    if offered is None:
        return ()
    said = offered.text.get(words.language) or words("Many take this home, too.")
    what = [called(offered.item, words), price(lane, offered.item)]
    if offered.place and not lane.large:
        what.append(offered.place)
    return (Strip("offer", "tag", said, ", ".join(what)),)


def sale_page(
    lane: Lane, sale: Sale, name: str, paper: Slip, keys: tuple[Key, ...], go: Key | None = None
) -> Page:
    return lane.page(
        name, paper, head=lane.member_head(), tools=keys, total=lane.total(), go=go or pay(lane, sale)
    )


def removed(lane: Lane, sale: Sale, line: Line) -> Page:
    """The line that has just gone, struck out, with a way back."""
    words = lane.words
    struck = replace(slip_line(lane, sale, line, None), struck=True, marker="", price=worth(lane, line))
    struck = replace(struck, id="removed", text=words("Removed:\n{name}", name=struck.text), under="", was="")
    out = words("Please take it out of the bag.") if line.bagged and lane.policy.bag_scale else ""
    says = "\n".join(filter(None, (out, without(lane))))
    paper = Slip(
        older(lane, sale, LineChosen),
        Headline(struck, says=says, bar_ms=lane.time(lane.policy.undo)),
        strips(lane, sale),
    )
    find = tools(lane, sale)[0]
    undo = Key(id="undo", text=words("Undo"), icon="undo", kind="answer", sends=UndoPressed())
    more = Key(id="remove_more", text=words("Remove more"), icon="remove", sends=Opened(Panel("remove")))
    if lane.large:
        return sale_page(lane, sale, "removed", paper, (undo, find))
    own = (own_bag(lane, words("My own bag")),) if lane.policy.bag_scale else ()
    return sale_page(lane, sale, "removed", paper, (undo, find, more, *own))


def changed(lane: Lane, sale: Sale, news: tuple[Strip, ...], no: LineNo, before: int) -> Page:
    """A line of another quantity now, with a way back."""
    words, lines = lane.words, whole(lane, sale)
    says = words("Quantity changed")
    strip = Strip("changed", "quantity", says, without(lane), bar_ms=lane.time(lane.policy.undo))
    first, *rest = tools(lane, sale)
    text = words("Undo")
    undo = Key(id="undo", text=text, icon="undo", kind="answer", sends=QuantityChosen(no, before))
    keys = (undo, first) if lane.large else (undo, first, *rest[:2])
    return sale_page(lane, sale, "changed", Slip(*lines, (*news, strip)), keys)


def without(lane: Lane) -> str:
    """What the last change has cost: a promotion that no longer applies."""
    lost, words = lane.session.passing.lost, lane.words
    return words("Without it, {offer} no longer applies.", offer=lane.label(lost, lost)) if lost else ""


def worth(lane: Lane, line: Line) -> str:
    """What a removed line had cost before promotions."""
    item, each = line.item, line.price if line.price is not None else line.item.price
    if line.grams is not None and line.price is None and item.price_per_kg is not None:
        return lane.words.money(of_weight(item.price_per_kg, line.grams))
    return lane.words.money(each * line.qty) if each is not None else ""


def more_time(lane: Lane, sale: Sale) -> Page:
    """Nobody has moved for a while: more time, the basket for later, or a colleague. What is left is told in words,
    too, so that a voice can say it."""
    words, left = lane.words, lane.session.passing.left // 1000
    ask = Strip(
        "more_time",
        "clock",
        words("Do you need more time?"),
        words("We keep your basket for you."),
        bar_ms=lane.time(lane.policy.idle_countdown),
        count=words.n("{n} second left", "{n} seconds left", left) if left else "",
    )
    paper = Slip(older(lane, sale, LineChosen), None, (*strips(lane, sale), ask))
    call = Key(
        id="call",
        text=words("A colleague, please"),
        icon="person",
        kind="answer",
        sends=HelpPressed(lane.easier),
    )
    later = (put_aside(lane),) if may_go(lane.session) else ()
    go = Key(id="more_time", text=words("More time"), kind="go", icon="plus", sends=MoreTime())
    return sale_page(lane, sale, "more_time", paper, (*later, call), go)


def put_aside(lane: Lane) -> Key:
    words = lane.words
    note = "" if lane.large else words("A code brings it back")
    text = words("For later") if lane.large else words("Put it aside for later")
    return Key(id="put_aside", text=text, icon="suspend", kind="answer", note=note, sends=PutAside())


def whose(lane: Lane, sale: Sale) -> Page:
    """Nobody has moved for long: whoever comes says first whether this is hers. The basket is kept either way."""
    words = lane.words
    ask = Strip(
        "whose",
        "basket",
        words("Is this your basket?"),
        words("A colleague has a look. Your basket is kept."),
        tone="person",
    )
    paper = Slip(older(lane, sale, lambda no: None), None, (*strips(lane, sale), ask))
    other = Key(
        id="put_aside",
        text=words("It is not mine"),
        icon="suspend",
        kind="answer",
        note="" if lane.large else words("We put it aside for its owner"),
        sends=PutAside(),
    )
    go = Key(id="came_back", text=words("Go on"), kind="go", icon="forward", sends=CameBack())
    return sale_page(lane, sale, "whose", paper, (other,), go)


def device_strips(lane: Lane) -> tuple[Strip, ...]:
    """Of the limits, those that matter while scanning."""
    here = {"limit-scanner", "limit-terminal", "limit-storage"}
    limits = tuple(strip for strip in limit_strips(lane) if strip.id in here)
    return (overload(lane), *limits) if overloaded(lane) else limits


def overloaded(lane: Lane) -> bool:
    """More lies on the bag scale than it can weigh: nothing can be paid before something is taken off."""
    watched = lane.policy.bag_scale and lane.session.kept.bag_watch and not lane.away("bag")
    return watched and lane.session.passing.bag.reading is Reading.OVERLOADED


def overload(lane: Lane) -> Strip:
    words = lane.words
    return Strip(
        "overload", "down", words("Too heavy for the bag scale"), words("Please take something off.")
    )


def tools(lane: Lane, sale: Sale | None) -> tuple[Key, ...]:
    """Six keys, always in the same places; with large text four, the others behind More."""
    words, large = lane.words, lane.large
    find = Key(
        id="find",
        text=words("Find") if large else words("Find a product"),
        icon="find",
        sends=Opened(Panel("finder")),
    )
    if not large:
        return (find, *line_tools(lane, sale)[:2], *bag_tools(lane, sale))
    bag = own_bag(lane, words("Bag"))
    change, _, _ = line_tools(lane, sale, words("Change"))
    more = Key(id="more", text=words("More"), icon="plus", sends=Opened(Panel("more")))
    return (find, *([bag] if lane.policy.bag_scale else []), change, more)


def line_tools(lane: Lane, sale: Sale | None, change: str = "") -> tuple[Key, Key, Key]:
    """Quantity, Remove and Leave out of the bag: for the headline, or not now."""
    words = lane.words
    line = focus(sale) if sale else None
    quantity, remove = change or words("Quantity"), words("Remove")
    leave = words("Leave out of bag")
    if line is None:
        first = words("Scan a product first.")
        return (
            Key(id="quantity", text=quantity, icon="quantity", off=True, why=first),
            Key(id="remove", text=remove, icon="remove", off=True, why=first),
            Key(id="leave_out", text=leave, icon="no_bag", off=True, why=first),
        )
    fixed = words("This one goes by weight.") if line.grams is not None else ""
    fixed = fixed or (words("This one has a price of its own.") if line.price is not None else "")
    return (
        Key(
            id="quantity",
            text=quantity,
            icon="quantity",
            off=bool(fixed),
            why=fixed,
            sends=None if fixed else Opened(Panel("quantity", line=line.no)),
        ),
        Key(id="remove", text=remove, icon="remove", sends=RemovePressed(line.no)),
        Key(
            id="leave_out",
            text=leave,
            icon="no_bag",
            off=not line.bagged,
            why="" if line.bagged else words("This one already stays out of the bag."),
            sends=LeaveOutPressed(line.no) if line.bagged else None,
        ),
    )


def bag_tools(lane: Lane, sale: Sale | None) -> tuple[Key, ...]:
    words = lane.words
    coupon = Key(id="coupon", text=words("Coupon or card"), icon="coupon", sends=Opened(Panel("coupon")))
    if not lane.policy.bag_scale:
        return (coupon,)
    return own_bag(lane, words("My own bag")), coupon, line_tools(lane, sale)[2]


def own_bag(lane: Lane, text: str) -> Key:
    return Key(id="own_bag", text=text, icon="own_bag", sends=OwnBagPressed())


def pay(lane: Lane, sale: Sale | None) -> Key:
    """Pay, or why not yet; dashed where a colleague is next."""
    words = lane.words
    if sale is None or not sale.lines:
        return no_pay(words, words("Scan a product first."))
    held = holding(sale)
    if any(each.why is Why.AGE_RESTRICTED for each in held):
        return Key(id="pay", text=words("Pay opens after\nthe ID check"), kind="wait", icon="person")
    if question(sale) is not None:
        return no_pay(words, words("First, let’s check the bag together."))
    if held:
        text = words("A colleague first") if lane.large else words("Pay opens after\na colleague was here")
        return Key(id="pay", text=text, kind="wait", icon="person")
    if overloaded(lane):
        return no_pay(words, words("Please take something off."))
    if lane.away("storage"):
        return no_pay(words, words("A colleague comes. Your basket is kept."))
    if lane.away("terminal") and not otherwise(lane):
        return no_pay(words, words("The card terminal does not answer. A colleague helps you."))
    return Key(id="pay", text=words("Pay"), kind="go", icon="forward", sends=PayPressed())


def no_pay(words: Words, why: str) -> Key:
    return Key(id="pay", text=words("Pay"), kind="go", icon="forward", off=True, why=why)


def more(lane: Lane) -> Page:
    """With large text: the tools that found no place on the sill."""
    words, sale = lane.words, lane.sale
    coupon = Key(id="coupon", text=words("Coupon or card"), icon="coupon", sends=Opened(Panel("coupon")))
    _, remove, leave = line_tools(lane, sale)
    keys = (remove, *([leave] if lane.policy.bag_scale else []), coupon, lane.back())
    title = Hero((words("What would you like to do?"),), size="title")
    return lane.page("more", title, tools=keys, total=lane.total())
