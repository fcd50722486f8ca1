"""A colleague gives something back: by its receipt, to the tenders that paid it, at the price really paid."""

from msgspec.structs import replace

from kiosk.barcode import ReceiptCode
from kiosk.checkout import refunds
from kiosk.checkout.effects import AskSale, Beep, Effect, Fade, Light, LookUpSale, Note, Remind, Report
from kiosk.checkout.events import (
    Happened,
    ReceiptNamed,
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    RefundEnded,
    RefundLineChosen,
    Reminded,
    SaleFound,
    SaleNotHere,
    SaleUnknown,
    Scanned,
    WeightSettled,
)
from kiosk.checkout.finishing import idle
from kiosk.checkout.giving import begin_next, queued
from kiosk.checkout.money import AT_SERVER, Tender
from kiosk.checkout.printing import offer
from kiosk.checkout.records import Refund, ValueOrder
from kiosk.checkout.session import Countersign, Kept, Refunding, Session
from kiosk.checkout.turn import Step, enter, kept, passing, rules, same
from kiosk.units import LineNo, Millis, Minor

NOTICE = 6_000


def begun(session: Session) -> Step:
    """A colleague with her PIN, at an idle lane: this is her one action."""
    staff = session.kept.colleague
    if staff is None:
        return same(session)
    session = kept(enter(session, Refunding(staff.person)), staff=None)
    calm = (Remind("staff", 0), Fade("idle", 0), Remind("abandon", rules(session).suspend_after))
    return session, (Light("in_use"), *calm)


def refunding(session: Session, phase: Refunding, event: Happened, now: Millis) -> Step:
    match event:
        case Scanned(code=ReceiptCode(number=number)) | ReceiptNamed(number=number) if phase.done is None:
            return sought(session, number)
        case SaleUnknown(number=number):
            return session, (LookUpSale(number),)
        case SaleFound(sale=sale, refunds=made) if phase.done is None and not sale.training:
            return passing(
                kept(session, phase=replace(phase, sale=sale, made=made, chosen=())), notice=""
            ), ()
        case SaleFound() | SaleNotHere():
            return passing(session, notice="refund.unknown"), (Fade("notice", NOTICE),)
        case RefundLineChosen(line=no, qty=qty) if phase.sale is not None and phase.done is None:
            return kept(session, phase=replace(phase, chosen=chosen(phase, no, qty))), ()
        case RefundAllChosen() if phase.sale is not None and phase.done is None:
            most = refunds.left(phase.sale, phase.made)
            all_ = tuple((no, qty) for no, qty in most.items() if qty)
            return kept(session, phase=replace(phase, chosen=all_)), ()
        case RefundConfirmed(reason=reason) if phase.sale is not None and phase.done is None:
            return confirmed(session, phase, reason, now)
        case RefundEnded() | Reminded(key="abandon"):
            return idle(session)
        case WeightSettled(after=after):
            return kept(session, level=after), ()
        case RefundBegun() | _:
            return same(session)


def sought(session: Session, number: str) -> Step:
    """The server knows what other lanes gave back of it, and lets one lane at a time; else our own ledger has to do."""
    if session.passing.server:
        return passing(session, notice="refund.asking"), (AskSale(number),)
    return session, (LookUpSale(number),)


def chosen(phase: Refunding, no: LineNo, qty: int) -> tuple[tuple[LineNo, int], ...]:
    """The list with so many pieces of that line, no more than are left of it."""
    assert phase.sale is not None
    most = refunds.left(phase.sale, phase.made).get(no, 0)
    others = tuple(each for each in phase.chosen if each[0] != no)
    return (*others, (no, min(qty, most))) if qty > 0 and most else others


def confirmed(session: Session, phase: Refunding, reason: str, now: Millis, second: str = "") -> Step:
    """One commit: the refund in the books, its reversals in the queue, what the server holds credited again.

    From the shop's limit on, first a `second` colleague has to say yes.
    """
    sale, policy = phase.sale, rules(session)
    assert sale is not None
    lines = refunds.lines(sale, phase.made, phase.chosen)
    sum_ = Minor(sum(line.amount for line in lines))
    tenders = refunds.tenders(sale, phase.made, sum_)
    if sum_ <= 0 or sum(tender.amount for tender in tenders) != sum_:
        return passing(session, notice="refund.not_possible"), (Fade("notice", NOTICE),)
    if policy.refund_limit and sum_ >= policy.refund_limit and not second:
        until = Millis(now + policy.staff_seconds)
        wish = Countersign("refund", phase.by, phase.by, until, reason, sum_)
        return kept(session, countersign=wish), (Remind("staff", policy.staff_seconds),)
    number = session.kept.numbers + 1
    record = Refund(
        id=f"{policy.journal}-refund-{number}",
        number=number,
        original=sale,
        ended=now,
        version=policy.version,
        language=sale.language,
        lines=lines,
        amount=sum_,
        tenders=tenders,
        by=phase.by,
        reason=reason,
        whole=refunds.is_whole(sale, phase.made, lines),
        second=second,
    )
    session = kept(session, numbers=number, phase=replace(phase, done=record))
    session, effects = paid_back(session, record, now)
    note = Note("refund", {"amount": sum_, "by": second or phase.by, "asked": phase.by, "reason": reason})
    session, paper = offer(session, record, now)
    return session, (Report(record), *effects, *paper, Beep("done"), note)


def paid_back(session: Session, record: Refund, now: Millis) -> Step:
    effects: tuple[Effect, ...] = ()
    for tender in record.tenders:
        if tender.attempt is None:
            continue
        if tender.kind in AT_SERVER:
            effects += (Report(ValueOrder(tender.attempt, "credit", tender.kind, tender.amount, record.id)),)
        elif tender.result is not None:
            out = paid_out(record, tender, session.kept)
            session = queued(session, tender.attempt, tender.amount, tender.result, now, tender.kind, out)
    session, more = begin_next(session)
    return session, effects + more


def paid_out(record: Refund, tender: Tender, kept: Kept) -> bool:
    """Whether the terminal has to pay out, for which it may need the card again.

    Less than the whole tender goes back; it was paid at another lane's terminal, or on a day that is closed there; or
    it has no receipt number: what is cancelled by its amount alone may be another shopper's payment of as much.
    """
    sale, policy = record.original, kept.policy
    first = next(each for each in sale.tenders if each.attempt == tender.attempt)
    here = (sale.store, sale.lane) == (policy.store, policy.lane) and sale.number > kept.days_closed
    named = tender.result is not None and bool(tender.result.receipt_no)
    return tender.amount < first.amount or not here or not named
