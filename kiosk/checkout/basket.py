"""The basket as a value: lines in, lines out, and the price of the whole after every change."""

from collections.abc import Collection

from msgspec.structs import replace

from kiosk import pricing
from kiosk.checkout.interventions import LOCKS
from kiosk.checkout.model import Intervention, Item, Line, Resolution, Sale, Settled, Why
from kiosk.checkout.session import Policy
from kiosk.pricing import Applied, Offers, Priced
from kiosk.units import LineNo, Millis, Minor
from kiosk.weight import check as checks
from kiosk.weight.account import Setting, Unit
from kiosk.weight.belief import Market, believe, measured

BLUR = Setting().blur


def add(sale: Sale, line: Line) -> Sale:
    """A new line at the end, or one more of the line that already counts this item; it becomes the headline."""
    same = next((old for old in sale.lines if _counts(old, line)), None)
    if same is None:
        new = replace(line, no=sale.next_line)
        lines = (*sale.lines, new)
    else:
        new = replace(same, qty=same.qty + line.qty)
        lines = (*(old for old in sale.lines if old is not same), new)
    sale = replace(
        sale, lines=lines, focus=new.no, next_line=LineNo(sale.next_line + (1 if same is None else 0))
    )
    return expect(sale, new, line.qty)


def _counts(old: Line, new: Line) -> bool:
    plain = old.grams is None and new.grams is None and old.price is None and new.price is None
    same = (old.item.id, old.pack, old.gtin, old.asks) == (new.item.id, new.pack, new.gtin, new.asks)
    return plain and same and not new.pack.serial and old.bagged and new.bagged


def line_of(sale: Sale, no: LineNo | None) -> Line | None:
    return next((line for line in sale.lines if line.no == no), None)


def put(sale: Sale, line: Line) -> Sale:
    """The same basket with the line of that number exchanged."""
    return replace(sale, lines=tuple(line if old.no == line.no else old for old in sale.lines))


def remove(sale: Sale, line: Line, by: str = "") -> Sale:
    """Take a whole line out; what of it lies in the bag should leave the bag."""
    left = tuple(old for old in sale.lines if old.no != line.no)
    removed = (*sale.removed, replace(line, by=by))
    focus = left[-1].no if left else None
    return leave(replace(sale, lines=left, removed=removed, focus=focus), line, line.qty)


def less(sale: Sale, line: Line, pieces: int) -> Sale:
    """Some pieces of a line were never there: nobody took them out."""
    sale = leave(sale, line, pieces)
    if pieces < line.qty:
        return put(sale, replace(line, qty=line.qty - pieces))
    left = tuple(old for old in sale.lines if old.no != line.no)
    return replace(sale, lines=left, focus=left[-1].no if left else None)


def amend(sale: Sale, old: Line, new: Line) -> Sale:
    """More is known of some pieces of a line: it is the new one from now on, or they part from it."""
    alike = any(_counts(line, new) for line in sale.lines if line.no != old.no)
    if new.qty == old.qty and new.grams == old.grams and not alike:
        return replace(put(sale, replace(new, no=old.no)), focus=old.no)
    return add(less(sale, old, new.qty), new)


def restore(sale: Sale) -> Sale:
    """Undo the last removal: the line is back at the end, under its old number."""
    line = sale.removed[-1]
    sale = replace(sale, lines=(*sale.lines, line), removed=sale.removed[:-1], focus=line.no)
    return replace(sale, bag=checks.restored(sale.bag, line.no)) if line.bagged else sale


def stays_out(sale: Sale, line: Line) -> Sale:
    """Skip bagging: the whole line is not looked for in the bag."""
    return put(leave(sale, line, line.qty), replace(line, bagged=False))


def worth(line: Line) -> Minor:
    """What a line costs before anything comes off."""
    if line.price is not None:
        return line.price
    if line.grams is not None and line.item.price_per_kg is not None:
        return pricing.of_weight(line.item.price_per_kg, line.grams)
    return Minor((line.item.price or 0) * line.qty)


# ---- what the bag should weigh


PLATE = 5  # grams, one standard deviation, that bag and produce scale may differ by


def unit_of(line: Line) -> Unit:
    """One piece of a line, or a whole weighed line, as the weight check expects it."""
    item, price = line.item, line.price if line.price is not None else line.item.price
    if line.grams is not None:
        belief = measured(line.grams + line.tare, PLATE)
    else:
        belief = believe(item.grams, item.weighings, price or 0, Market(), BLUR, item.spread)
    return Unit(line.no, item.id, price or 0, belief)


def expect(sale: Sale, line: Line, pieces: int) -> Sale:
    """Some more pieces of a line should reach the bag; what already lies there unexplained may be them."""
    if not line.bagged:
        return sale
    return replace(sale, bag=checks.scanned(sale.bag, *[unit_of(line)] * pieces))


def leave(sale: Sale, line: Line, pieces: int) -> Sale:
    """Some pieces of a line are no longer sold: those still on their way are forgotten, the rest must leave."""
    return replace(sale, bag=checks.voided(sale.bag, line.no, pieces))


# ---- prices


def priced(sale: Sale, policy: Policy) -> Sale:
    """The sale with its prices worked out afresh: a pure function of lines, member and offers."""
    context = pricing.Context(
        today=sale.date,
        member=sale.member is not None,
        tiers=sale.member.tiers if sale.member else (),
        conflict=policy.conflict,
        tax_mode=policy.tax_mode,
        currency=policy.currency,
        exponent=policy.exponent,
    )
    lines = tuple(_priceable(line, sale.date) for line in sale.lines)
    result = pricing.price(lines, sale.offers, context, sale.coupons)
    focus = line_of(sale, sale.focus)
    hint = None
    if focus is not None and focus.grams is None:
        hint = pricing.one_more(lines, sale.offers, context, focus.no)
    return replace(sale, priced=result, hint=hint)


def _priceable(line: Line, date: str) -> pricing.Line:
    return pricing.Line(
        no=line.no,
        article=line.item,
        qty=line.qty,
        grams=line.grams,
        price_override=line.price,
        expiry=_last_day(line, date),
    )


def _last_day(line: Line, date: str) -> str | None:
    """The day that a markdown counts down to, if today is known; when a best-before day is past, no day is left."""
    last = line.pack.use_by or line.pack.best_before
    return max(last, date) if last and date else None


def in_language(result: Priced, offers: Offers, language: str) -> Priced:
    """The same prices with every promotion called as the shop calls it in that language."""

    def called(applied: tuple[Applied, ...]) -> tuple[Applied, ...]:
        return tuple(replace(one, label=pricing.words(offers, one.promotion, language)) for one in applied)

    lines = tuple(replace(line, discounts=called(line.discounts)) for line in result.lines)
    return replace(result, lines=lines, promotions=called(result.promotions))


def total(sale: Sale) -> Minor:
    return sale.priced.total if sale.priced else Minor(0)


def saved(result: Priced | None) -> Minor:
    return result.discount if result else Minor(0)


def lost(before: Sale, after: Sale, gone: LineNo | None = None) -> str:
    """The promotion that no line has any more; that of the line that has gone alone is not lost by the others."""
    has = {one.promotion for one in after.priced.promotions} if after.priced else set()
    lines = before.priced.lines if before.priced else ()
    had = (one.promotion for line in lines if line.no != gone for one in line.discounts)
    return next((promotion for promotion in had if promotion not in has), "")


# ---- open questions


def raise_(sale: Sale, question: Intervention) -> Sale:
    """One more open question; the same question about the same line is asked once."""
    if any(old.why == question.why and old.line == question.line for old in sale.open):
        return sale
    return replace(sale, open=(*sale.open, question))


def settle(
    sale: Sale,
    whys: Collection[Why],
    resolution: Resolution,
    now: Millis,
    by: str = "",
    line: LineNo | None = None,
    *,
    reason: str = "",
    remote: bool = False,
) -> Sale:
    """Close the questions of these kinds; with a line, those about it alone."""
    done = [question for question in sale.open if question.why in whys and line in (None, question.line)]
    if not done:
        return sale
    return replace(
        sale,
        open=tuple(question for question in sale.open if question not in done),
        settled=sale.settled
        + tuple(Settled(question, resolution, now, by, reason, remote) for question in done),
    )


def seen(sale: Sale, now: Millis) -> Sale:
    """A colleague has all open questions on her page."""
    fresh = any(question.seen is None for question in sale.open)
    marked = tuple(question if question.seen else replace(question, seen=now) for question in sale.open)
    return replace(sale, open=marked) if fresh else sale


def asked(sale: Sale, whys: Collection[Why], line: LineNo | None = None) -> Intervention | None:
    of = (question for question in sale.open if question.why in whys and line in (None, question.line))
    return next(of, None)


def locked(sale: Sale) -> bool:
    """Nobody has moved for so long that a colleague was called: whose basket this is has to be said first."""
    return asked(sale, LOCKS) is not None


def strictest_age(sale: Sale) -> tuple[int, Item | None]:
    """The highest age that an unapproved line of the basket asks for, and its item."""
    items = [line.item for line in sale.lines if line.item.min_age > sale.approved_age]
    item = max(items, key=lambda item: item.min_age, default=None)
    return (item.min_age if item else 0), item
