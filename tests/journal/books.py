"""A small ledger with a line of every kind that matters, for the tests of its proof."""

from pathlib import Path

from msgspec.structs import replace

from kiosk.checkout.effects import Report
from kiosk.checkout.money import Tender, TenderKind
from kiosk.checkout.records import (
    Cancelled,
    ClosedSale,
    DayEnded,
    Duplicate,
    Record,
    Refund,
    RefundedLine,
    Technical,
    ValueOrder,
)
from kiosk.journal import Journal
from kiosk.units import AttemptId, LineNo, Millis, Minor, SaleId
from tests.checkout.test_a_sale import pay
from tests.lane import MILK, Lane, item

BEGAN = Millis(1_790_000_000_000)
MINUTES = 60_000
CANDLES = item(8, "Candles", 250, tax="N")


def sold(number: int = 1, **more: object) -> ClosedSale:
    """A sale of two lines at two VAT rates, with this number."""
    lane = pay(Lane(items=(MILK, CANDLES)).buy(MILK, MILK, CANDLES))
    record = next(deed.record for deed in lane.done(Report) if isinstance(deed.record, ClosedSale))  # type: ignore[attr-defined]
    assert isinstance(record, ClosedSale)
    return replace(record, id=SaleId(f"j0-{number}"), number=number, **more)


def given_back(sale: ClosedSale, number: int) -> Refund:
    """One of the two milks."""
    milk = LineNo(1)
    amount = Minor(125)
    return Refund(
        id=f"j0-refund-{number}",
        number=number,
        original=sale,
        ended=BEGAN,
        version="test",
        language="en",
        lines=(RefundedLine(milk, 1, amount),),
        amount=amount,
        tenders=(Tender(TenderKind.CARD, amount),),
        by="17",
        reason="damaged",
    )


def records() -> tuple[Record, ...]:
    sale = sold()
    return (
        Technical("start", BEGAN, {"version": "test"}),
        sale,
        given_back(sale, 2),
        Cancelled(SaleId("j0-2"), BEGAN, sale.lines, Minor(790), "17"),
        ValueOrder(AttemptId("a"), "commit", TenderKind.GIFT_CARD, Minor(500)),
        Duplicate(sale.id, 1, BEGAN, "asked", "17"),
        sold(3, training=True),
        DayEnded("2026-09-29", BEGAN, "17"),
        sold(4),
        DayEnded("2026-09-30", BEGAN),
    )


def ledger(path: Path, *more: Record) -> Path:
    """A closed journal file: the records a minute apart, an anchor after the first sale and at the end."""
    journal = Journal(path)
    at = BEGAN
    for record in (*records(), *more):
        at = Millis(at + MINUTES)
        journal.note(at, record).result()
        if isinstance(record, Refund):
            journal.anchor(Millis(at + 1), due=False)
    journal.anchor(Millis(at + MINUTES), due=False)
    journal.close()
    return path
