"""The basket as it is printed on the slip: older lines, the headline, and the strips under it."""

from collections.abc import Callable

from kiosk.checkout.events import Event, LineChosen
from kiosk.checkout.model import Item, Line, Sale
from kiosk.pricing import PricedLine
from kiosk.pricing.rules import days_left
from kiosk.text import Words
from kiosk.text.bidi import base_of, isolated
from kiosk.units import LineNo, UnitPrice
from screens.lane import Lane
from screens.widgets import Headline, SlipLine

MOST_BOXES = 6
FEW_DAYS = 3
TIMES = " × "


def focus(sale: Sale) -> Line | None:
    """The line that Quantity and Remove act on: the one that was touched, else the newest."""
    chosen = next((line for line in sale.lines if line.no == sale.focus), None)
    return chosen or (sale.lines[-1] if sale.lines else None)


def line_of(sale: Sale, no: LineNo | None) -> Line | None:
    """The line with that number, else the focus."""
    return next((line for line in sale.lines if line.no == no), None) or focus(sale)


def older(
    lane: Lane, sale: Sale, touch: Callable[[LineNo], Event | None], *, without: Line | None = None
) -> tuple[SlipLine, ...]:
    return tuple(slip_line(lane, sale, line, touch(line.no)) for line in sale.lines if line != without)


def headline(lane: Lane, sale: Sale) -> Headline | None:
    """The focus line, big, with what one more of it would save (said to nobody who waits for help)."""
    line, hint, words = focus(sale), sale.hint, lane.words
    if line is None:
        return None
    slip = slip_line(lane, sale, line, None)
    if hint is None or sale.open:
        return Headline(slip)
    offer = lane.label(hint.promotion, hint.label)
    more = words.n("{n} more: {offer}", "{n} more: {offer}", hint.missing, offer=offer)
    boxes = (line.qty, line.qty + hint.missing)
    saving = words("and {sum} saved", sum=words.money(hint.saving))
    return Headline(slip, (more, saving), boxes if boxes[1] <= MOST_BOXES else (0, 0))


def whole(lane: Lane, sale: Sale) -> tuple[tuple[SlipLine, ...], Headline | None]:
    """Older lines that can be touched, and the headline."""
    return older(lane, sale, LineChosen, without=focus(sale)), headline(lane, sale)


def slip_line(lane: Lane, sale: Sale, line: Line, touch: Event | None) -> SlipLine:
    words, item = lane.words, line.item
    priced = priced_line(sale, line.no)
    discounts = priced.discounts if priced else ()
    return SlipLine(
        id=f"line-{line.no}",
        text=called(item, words),
        under=under(words, line, priced, lane.policy.unit_price, sale.date),
        price=words.money(priced.net) if priced else "",
        was=words.money(priced.gross) if priced and discounts else "",
        marker=words.line(
            *(words.line(lane.label(d.promotion, d.label), words.money(-d.amount), by=" ") for d in discounts)
        ),
        symbol=item.symbol,
        department=item.department,
        touch=touch,
    )


def priced_line(sale: Sale, no: LineNo) -> PricedLine | None:
    return next((each for each in sale.priced.lines if each.no == no), None) if sale.priced else None


def under(words: Words, line: Line, priced: PricedLine | None, unit: UnitPrice, today: str) -> str:
    """How the price came about: weight or number times unit price, or the price of a kilogram or litre."""
    item, parts = line.item, []
    if line.grams is not None and item.price_per_kg is not None:
        price = words.per_weight(item.price_per_kg, unit)
        parts.append(words.line(words.weight(line.grams), price, by=TIMES))
    elif line.qty > 1:
        parts.append(times(words, line, priced))
    elif item.per_unit is not None and line.price is None:
        parts.append(words.per_unit(*item.per_unit))
    if priced and priced.deposit:
        parts.append(words("plus {sum} deposit", sum=words.money(priced.deposit)))
    if last := line.pack.use_by or line.pack.best_before:
        parts += days(words, days_left(last, today))
    if not line.bagged:
        parts.append(words("stays out of the bag"))
    return words.line(*parts)


def days(words: Words, left: int) -> list[str]:
    """How many days a pack is good for, where they are few."""
    if left > FEW_DAYS:
        return []
    if left < 0:
        return [words("best before is past")]
    return [words.n("{n} more day good", "{n} more days good", left) if left else words("last day today")]


def times(words: Words, line: Line, priced: PricedLine | None) -> str:
    each = line.price if line.price is not None else line.item.price
    if each is None and priced is not None and priced.gross % line.qty == 0:
        each = type(priced.gross)(priced.gross // line.qty)
    return words.line(str(line.qty), words.money(each), by=TIMES) if each is not None else f"{line.qty} ×"


def called(item: Item, words: Words) -> str:
    """The item's name in the language; its printed content follows where the name has none."""
    name = item.called(words.language)
    if not item.content or item.content in name:
        return name
    return f"{name} {isolated(item.content, base_of(name) == 1)}"
