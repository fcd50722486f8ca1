"""The fiscal device from the checkout's side: every receipt, refund and broken-off basket is signed after its commit.

Nothing waits for it but paper, which is held until the device has answered or `fiscal_wait` has passed, and then says
that the device is out. What is awaited is kept, and asked for again after a restart; the device gives the same answer
twice.
"""

from msgspec.structs import replace

from kiosk.checkout.effects import Effect, FiscalFinish, FiscalStart, Remind, Report
from kiosk.checkout.events import FiscalDone, Happened, Reminded
from kiosk.checkout.printing import signed
from kiosk.checkout.records import (
    Cancelled,
    ClosedSale,
    FiscalSignature,
    HandedOver,
    Refund,
    Signed,
    Technical,
)
from kiosk.checkout.session import Awaited, Paying, Session, Shopping
from kiosk.checkout.turn import Step, kept, rules
from kiosk.units import Millis, SaleId

KEY = "fiscal "  # the reminder of one record: this and its id


def signing(before: Session, done: Step, now: Millis) -> Step:
    """What else follows from a turn where a fiscal device signs: to be called on every fact's step, last of all.

    A basket that has opened is begun, and what goes to the ledger is to be signed.
    """
    session, effects = done
    if not rules(session).fiscal:
        return done
    more: list[Effect] = []
    opened = _open_sale(session)
    if opened is not None and opened != _open_sale(before):
        more.append(FiscalStart(opened))
    for effect in effects:
        match effect:
            case Report(record=ClosedSale() | Refund() | Cancelled() | HandedOver() as record):
                session = kept(session, fiscal=(*session.kept.fiscal, awaited(record, now)))
                wait = Remind(KEY + record.id, rules(session).fiscal_wait)
                more += [FiscalFinish(record), wait]
    return session, (*effects, *more)


def fiscal(session: Session, event: Happened, now: Millis) -> Step | None:
    """The device's answers, and the end of the wait for one; None if the event is about something else."""
    match event:
        case FiscalDone(id=id, signature=signature):
            waiting = _waiting(session, id)
            return (session, ()) if waiting is None else answered(session, waiting, signature, now)
        case Reminded(key=key) if key.startswith(KEY):
            waiting = _waiting(session, key.removeprefix(KEY))
            return (session, ()) if waiting is None or waiting.overdue else overdue(session, waiting, now)
        case _:
            return None


def restarted(session: Session, now: Millis) -> Step:
    """Ask again for what is still awaited, and begin the basket that is open: the device knows both by their ids."""
    wait = rules(session).fiscal_wait
    effects: list[Effect] = []
    for each in session.kept.fiscal:
        effects.append(FiscalFinish(each.record))
        if not each.overdue:
            effects.append(Remind(KEY + each.record.id, wait))
    sale = _open_sale(session)
    if sale is not None and rules(session).fiscal:
        effects.append(FiscalStart(sale))
    return session, tuple(effects)


def answered(session: Session, waiting: Awaited, signature: FiscalSignature, now: Millis) -> Step:
    """Signed, or the device is out: either goes on the chain, and to the paper that has waited for it."""
    id = waiting.record.id
    others = tuple(each for each in session.kept.fiscal if each.record.id != id)
    since = Millis(0) if signature.serial else signature.outage or now
    session, noted = _outage(kept(session, fiscal=others), since, now)
    session, paper = signed(session, id, signature, now)
    return session, (Report(Signed(id, now, signature)), Remind(KEY + id, 0), *noted, *paper)


def overdue(session: Session, waiting: Awaited, now: Millis) -> Step:
    """No answer in time: the paper goes out and says so. The answer is still awaited, for the books."""
    id = waiting.record.id
    late = replace(waiting, overdue=True)
    fiscal = tuple(late if each.record.id == id else each for each in session.kept.fiscal)
    session, noted = _outage(kept(session, fiscal=fiscal), waiting.since, now)
    session, paper = signed(session, id, FiscalSignature(outage=session.kept.fiscal_out), now)
    return session, (*noted, *paper)


def awaited(record: ClosedSale | Refund | Cancelled | HandedOver, now: Millis) -> Awaited:
    match record:
        case ClosedSale():
            return Awaited(now, sale=record)
        case Refund():
            return Awaited(now, refund=record)
        case Cancelled():
            return Awaited(now, cancelled=record)
        case HandedOver():
            return Awaited(now, handed=record)


def _outage(session: Session, since: Millis, now: Millis) -> Step:
    """Begin and end of an outage are for the tax officer; the end is when something is signed again."""
    out = session.kept.fiscal_out
    if bool(out) == bool(since):
        return session, ()
    name = "fiscal_out" if since else "fiscal_back"
    note = Technical(name, now, {"since": since or out})
    return kept(session, fiscal_out=since), (Report(note),)


def _waiting(session: Session, id: str) -> Awaited | None:
    return next((each for each in session.kept.fiscal if each.record.id == id), None)


def _open_sale(session: Session) -> SaleId | None:
    match session.kept.phase:
        case Shopping(sale=sale) | Paying(sale=sale):
            return sale.id
        case _:
            return None
