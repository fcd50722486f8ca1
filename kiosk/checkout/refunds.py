"""What may be given back for a sale: the price really paid, line by line, piece by piece, tender by tender.

A line's price is its net with its shares of every promotion, its deposit, and where taxes come on top its share of
them. Pieces of a line share it by largest remainder, so that all of them together are exactly what was paid.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from kiosk.checkout.money import Tender, TenderKind
from kiosk.checkout.records import ClosedSale, Refund, RefundedLine
from kiosk.units import AttemptId, LineNo, Minor, share

NEVER = frozenset({TenderKind.TRAINING})


def pieces(sale: ClosedSale, no: LineNo) -> int:
    """How many pieces of a line there are to give back; what was weighed is one."""
    line = next(line for line in sale.lines if line.no == no)
    return 1 if line.grams is not None else line.qty


def paid(sale: ClosedSale) -> dict[LineNo, Minor]:
    """What was really paid for each line, in minor units; together the sale's total and its returned deposits."""
    lines = [line for line in sale.priced.lines if line.net + line.deposit > 0]
    sums = (
        share(sale.priced.total + sale.priced.deposit_returns, [line.net + line.deposit for line in lines])
        if lines
        else []
    )
    return {line.no: amount for line, amount in zip(lines, sums, strict=True)}


def returned(refunds: Iterable[Refund]) -> dict[LineNo, int]:
    """How many pieces of each line were given back already."""
    counts: dict[LineNo, int] = {}
    for refund in refunds:
        for line in refund.lines:
            counts[line.no] = counts.get(line.no, 0) + line.qty
    return counts


def left(sale: ClosedSale, refunds: Iterable[Refund]) -> dict[LineNo, int]:
    """How many pieces of each line may still be given back."""
    gone = returned(refunds)
    return {no: max(0, pieces(sale, no) - gone.get(no, 0)) for no in paid(sale)}


def amount(sale: ClosedSale, refunds: Iterable[Refund], no: LineNo, qty: int) -> Minor:
    """What so many more pieces of a line cost, in minor units."""
    parts = share(paid(sale)[no], [1] * pieces(sale, no))
    gone = returned(refunds).get(no, 0)
    return Minor(sum(parts[gone : gone + qty]))


def lines(
    sale: ClosedSale, refunds: tuple[Refund, ...], chosen: Iterable[tuple[LineNo, int]]
) -> tuple[RefundedLine, ...]:
    """What is chosen as lines of a refund, never more than is left of each."""
    most = left(sale, refunds)
    wanted = ((no, min(qty, most.get(no, 0))) for no, qty in chosen)
    return tuple(RefundedLine(no, qty, amount(sale, refunds, no, qty)) for no, qty in wanted if qty > 0)


def tenders(sale: ClosedSale, refunds: tuple[Refund, ...], sum_: Minor) -> tuple[Tender, ...]:
    """To which tenders so much goes back: the last one first, never more to one than it paid.

    Less than `sum_` where the tenders do not reach (deposits that came back as vouchers), which the caller says.
    """
    gone: dict[AttemptId | None, int] = {}
    for refund in refunds:
        for tender in refund.tenders:
            gone[tender.attempt] = gone.get(tender.attempt, 0) + tender.amount
    parts: list[Tender] = []
    rest: int = sum_
    for tender in reversed(sale.tenders):
        part = min(rest, tender.amount - gone.get(tender.attempt, 0))
        if part > 0 and tender.kind not in NEVER:
            parts.append(replace(tender, amount=Minor(part)))
            rest -= part
    return tuple(parts)


def is_whole(sale: ClosedSale, refunds: tuple[Refund, ...], given: tuple[RefundedLine, ...]) -> bool:
    """Whether a refund takes back the whole sale at once: a void."""
    return not refunds and {line.no: line.qty for line in given} == left(sale, ())
