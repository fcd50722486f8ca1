"""What a symbol says of the very pack in the hand: was it read already, and may it be sold?

A linear and a matrix symbol of one number, read within PAIR of each other, are two sides of one pack, whichever came
first; each read makes one pair at most, with the side of its own serial or else the oldest. Two reads of one serial
are one pack at any time. The same kind of symbol read twice is two packs: ten equal yoghurts are ten.
"""

from msgspec import Struct
from msgspec.structs import replace

from kiosk.barcode import Measured, Pack, Product
from kiosk.checkout import basket
from kiosk.checkout.effects import Beep, Effect, Light, Report
from kiosk.checkout.events import Barred, ItemFound
from kiosk.checkout.model import Intervention, Line, Read, Resolution, Sale, Why
from kiosk.checkout.records import Technical
from kiosk.checkout.restrictions import is_closed, rule
from kiosk.checkout.session import Policy
from kiosk.checkout.turn import raised
from kiosk.units import Gtin, LineNo, Millis

PAIR = 1_000  # ms
REFUSED = {Why.ITEM_RECALLED, Why.ITEM_EXPIRED, Why.SALE_RESTRICTED}
ASKED = {Why.ITEM_BEST_BEFORE, Why.ITEM_DATE_UNSURE, Why.ITEM_SOLD_BEFORE, Why.ITEM_SECURITY_TAG}
OF_A_LINE = ASKED | {Why.ITEM_QTY_LIMIT}


class Met(Struct, frozen=True):
    """What a read comes to: `line` is all that is known of the pack by now, `old` where it stands in the basket.

    `pair`: it is the other side of a pack; of one that is not sold, if there is no `old`. `named`: its serial was here.
    """

    line: Line
    old: Line | None = None
    pair: bool = False
    named: bool = False


def line_of(event: ItemFound) -> Line:
    """One read as a line of its own. A thing that has its own price costs that, whatever the symbol says."""
    item, code = event.item, event.code
    if isinstance(code, Measured):
        price = code.price if item.price is None else None
        line = Line(LineNo(0), item, code.count or 1, code.grams, price=price, printed=code.printed)
    else:
        line = Line(LineNo(0), item, printed=code.printed if isinstance(code, Product) else "")
    if not isinstance(code, Product | Measured) or code.pack == Pack():
        return line
    return replace(line, pack=code.pack, gtin=number(event))


def number(event: ItemFound) -> Gtin | None:
    """The trade item's number in the symbol."""
    match event.code:
        case Product(gtin=gtin) | Measured(item=gtin):
            return gtin
        case _:
            return None


def meet(sale: Sale, event: ItemFound, now: Millis) -> tuple[Sale, Met]:
    """Is this the other side of a pack, or a serial that is here? The basket without what was then counted twice."""
    new = line_of(event)
    twin = named(sale, new)
    halves = [read for read in sale.reads if _pairs(sale, read, new, event, now)]
    half = next((read for read in halves if twin is not None and read.line == twin.no), None)
    half = half or next(iter(halves), None)
    if half is None:
        return sale, Met(new) if twin is None else Met(_together(twin, new, 1), twin, named=True)
    sale = replace(sale, reads=tuple(read for read in sale.reads if read is not half))
    other = basket.line_of(sale, half.line)
    if twin is not None and (other is None or other.no != twin.no):
        sale = sale if other is None else basket.less(sale, other, half.qty)
        return sale, Met(_together(twin, new, 1), twin, pair=True, named=True)
    if other is None:
        return sale, Met(new, pair=True)
    return sale, Met(_together(other, new, half.qty), other, pair=True)


def named(sale: Sale, new: Line) -> Line | None:
    """The line of the basket with this serial of this number."""
    if not new.pack.serial:
        return None
    key = (new.gtin, new.pack.serial)
    return next((line for line in sale.lines if (line.gtin, line.pack.serial) == key), None)


def _pairs(sale: Sale, read: Read, new: Line, event: ItemFound, now: Millis) -> bool:
    two = {read.carrier, event.carrier} == {"linear", "matrix"} and read.gtin == number(event)
    if not two or not 0 <= now - read.at <= PAIR:
        return False
    old = basket.line_of(sale, read.line)
    return read.line is None or (old is not None and _agree(old, new, read.qty))


def _agree(old: Line, new: Line, qty: int) -> bool:
    """Whether both may speak of one thing: neither contradicts the other."""
    says = [(getattr(old.pack, name), getattr(new.pack, name)) for name in Pack.__struct_fields__]
    counts = qty == new.qty and old.qty >= qty
    return counts and all(
        not one or not other or one == other
        for one, other in (*says, (old.grams, new.grams), (old.price, new.price))
    )


def _together(old: Line, new: Line, qty: int) -> Line:
    """What both reads say; who measured first is believed."""
    both = {name: getattr(old.pack, name) or getattr(new.pack, name) for name in Pack.__struct_fields__}
    measured = old.grams is not None or old.price is not None
    line = old if measured else replace(old, grams=new.grams, price=new.price)
    return replace(line, qty=qty, pack=Pack(**both), gtin=old.gtin or new.gtin)


def stands(sale: Sale, event: ItemFound, met: Met, now: Millis) -> Sale:
    """The basket with that pack, which is now the headline."""
    if met.old is None:
        sale = basket.add(sale, met.line)
    elif met.line == replace(met.old, qty=met.line.qty):
        sale = replace(sale, focus=met.old.no)
    else:
        sale = basket.amend(sale, met.old, met.line)
    return noted(sale, event, met, sale.focus, now)


def noted(sale: Sale, event: ItemFound, met: Met, line: LineNo | None, now: Millis) -> Sale:
    """The basket remembers a read whose other side may still come: it stands on that line, or (None) is not sold."""
    gtin = number(event)
    if not event.carrier or gtin is None or met.pair:
        return sale
    fresh = (read for read in sale.reads if now - read.at <= PAIR and not (met.named and read.line == line))
    return replace(sale, reads=(*fresh, Read(gtin, event.carrier, now, met.line.qty, line)))


def verdict(pack: Pack, barred: Barred, date: str, policy: Policy) -> Why | None:
    """Why a pack is not sold (REFUSED), or what a colleague is asked first (ASKED); a pack without a date says nothing.

    A pack may be sold on its last day. Where today's date is not known (empty), a colleague looks at the pack's.
    """
    if barred == "recalled":
        return Why.ITEM_RECALLED
    if not date and (pack.use_by or (pack.best_before and policy.best_before != "sell")):
        return Why.ITEM_DATE_UNSURE
    if pack.use_by and pack.use_by < date:
        return Why.ITEM_EXPIRED
    if is_late(pack, date) and policy.best_before == "refuse":
        return Why.ITEM_EXPIRED
    if barred == "sold":
        return Why.ITEM_SOLD_BEFORE
    return Why.ITEM_BEST_BEFORE if is_late(pack, date) and policy.best_before == "ask" else None


def is_late(pack: Pack, date: str) -> bool:
    """Whether its best-before day is past."""
    return bool(pack.best_before) and pack.best_before < date


def restricted(sale: Sale, line: Line, policy: Policy, now: Millis) -> bool:
    """Whether goods of that class are not sold at this hour, or no more of them in this basket."""
    one = rule(policy.restricted, line.item.restriction)
    if one is None:
        return False
    others = (each.qty for each in sale.lines if each.item.restriction == one.name and each.no != line.no)
    too_many = one.most > 0 and sum(others) + line.qty > one.most
    return too_many or is_closed(one, now, policy.utc_offset_minutes)


def causes(sale: Sale, policy: Policy) -> list[tuple[Why, LineNo]]:
    """What a colleague has to be asked about which line: its pack, its tag, or how many there are of it."""
    found = []
    for line in sale.lines:
        if line.asks:
            found.append((Why(line.asks), line.no))
        one = rule(policy.restricted, line.item.restriction)
        if one is not None and one.tag:
            found.append((Why.ITEM_SECURITY_TAG, line.no))
        if line.qty > policy.qty_limit and not sale.cashier:
            found.append((Why.ITEM_QTY_LIMIT, line.no))
    return found


def asking(sale: Sale, policy: Policy, now: Millis) -> Sale:
    """Each line's own question is open until a colleague has said yes; it goes with what it was about."""
    due = causes(sale, policy)
    for question in sale.open:
        if question.why in OF_A_LINE and (question.why, question.line) not in due:
            sale = basket.settle(sale, {question.why}, Resolution.SELF_FIXED, now, line=question.line)
    yes = {
        (done.intervention.why, done.intervention.line)
        for done in sale.settled
        if done.resolution is Resolution.APPROVED
    }
    for why, no in due:
        if (why, no) not in yes:
            sale = basket.raise_(sale, Intervention(why, now, line=no, asked_staff=True))
    return sale


def called(sale: Sale, policy: Policy, now: Millis) -> tuple[Sale, tuple[Effect, ...]]:
    """A colleague is called for a line that has a question of its own; nobody any more once it is gone."""
    asked = asking(sale, policy, now)
    calls = tuple(raised(question.why) for question in asked.open if question not in sale.open)
    if calls:
        return asked, (Beep("person_called"), Light("help"), *calls)
    called = any(question.asked_staff for question in asked.open)
    return asked, () if len(asked.open) == len(sale.open) else (Light("help" if called else "in_use"),)


def not_sold(line: Line, why: Why, now: Millis) -> Report:
    """For the books: which pack was kept from being sold, and why."""
    fields = {"code": why.value, "gtin": f"{line.gtin or line.item.gtin or 0:014}"}
    said = {name: value for name in Pack.__struct_fields__ if (value := getattr(line.pack, name))}
    return Report(Technical("not_sold", now, {**fields, **said}))
