"""Before and after: the attract page, the receipt and the thanks, and a lane that is closed."""

from typing import assert_never

from msgspec.structs import replace

from kiosk.barcode import Measured, Member, Produce, Product
from kiosk.checkout.day import turned
from kiosk.checkout.effects import (
    Beep,
    Effect,
    Fade,
    FindMember,
    Light,
    LookUp,
    Note,
    Print,
    Remind,
    TakeOffers,
)
from kiosk.checkout.events import (
    FinishPressed,
    Happened,
    HelpCancelled,
    HelpPressed,
    LaneClosed,
    LaneOpened,
    LaneWanted,
    OffersTaken,
    Printed,
    PrintedAgain,
    PrintFailed,
    ReceiptChosen,
    Reminded,
    Scanned,
    Started,
    WeightSettled,
)
from kiosk.checkout.model import Sale, Why
from kiosk.checkout.session import (
    Finishing,
    Handover,
    Idle,
    OutOfService,
    Session,
    Shopping,
)
from kiosk.checkout.turn import Step, awake, enter, kept, panel, passing, raised, rules, same
from kiosk.units import Millis, SaleId
from kiosk.weight import Bag

SHOP = "shop"
NOTICE = 10_000  # milliseconds that a notice of help stays


def idle(session: Session) -> Step:
    """Back to the attract page, in the shop's first language."""
    session = enter(session, Idle())
    language = rules(session).languages[0]
    calm = replace(session.passing, large=False, contrast=False, low_reach=False)
    session = replace(kept(session, language=language, staff=None), passing=calm)
    over = (
        Fade("idle", 0),
        Remind("abandon", 0),
        Remind("suspend", 0),
        Remind("receipt", 0),
        Remind("thanks", 0),
    )
    if session.kept.closing:
        session, effects = shut(session)
        return session, (*effects, *over)
    return session, (Light("idle"), *over)


def shut(session: Session) -> Step:
    """Closed by the shop from afar, which opens it again the same way; or a colleague does."""
    session = enter(session, OutOfService(session.kept.closing, SHOP))
    return session, (Light("closed"), Note("lane_closed", {"reason": session.kept.closing, "by": SHOP}))


def wanted(session: Session, event: LaneWanted) -> Step:
    """What the shop wants is kept, and done as soon as no basket is open."""
    session = kept(session, closing="" if event.open else event.reason or "closed")
    match session.kept.phase:
        case Idle() if not event.open:
            return shut(session)
        case OutOfService(by=by) if event.open and by == SHOP:
            return idle(session)
        case _:
            return same(session)


def opened(session: Session, event: OffersTaken, now: Millis) -> Step:
    """A basket opens: its number, its day and its offers are fixed until it closes."""
    policy = rules(session)
    count = session.kept.sales + 1
    bag = Bag(level=session.kept.level)
    id = SaleId(f"{policy.journal}-{count}")
    sale = Sale(id, now, event.date, event.offers, bag=bag, training=session.kept.training)
    session, closing = turned(session, event.date, now)
    session = kept(enter(session, Shopping(sale)), sales=count, offers=event.offers)
    return session, (*closing, Light("in_use"), Remind("receipt", 0), Remind("thanks", 0), *awake(policy))


def nobody(session: Session, phase: Idle, event: Happened, now: Millis) -> Step:
    """The attract page: the first thing scanned, or Start, opens a basket."""
    match event:
        case Started():
            return session, (TakeOffers(),)
        case Scanned() | OffersTaken():
            return first(session, event, now)
        case WeightSettled(after=after):
            return kept(session, level=after), ()
        case HelpPressed():
            return called(session)
        case HelpCancelled():
            return session, (Light("idle"),)
        case LaneClosed(reason=reason):
            return closed(session, reason)
        case _:
            return same(session)


def first(session: Session, event: Scanned | OffersTaken, now: Millis) -> Step:
    match event:
        case OffersTaken():
            return opened(session, event, now)
        case Scanned(code=Product() | Measured() | Produce() as code):
            return session, (TakeOffers(), LookUp(code))
        case Scanned(code=Member()):
            return session, (TakeOffers(), FindMember())
        case Scanned():
            return same(session)
        case _:
            assert_never(event)


def finishing(session: Session, phase: Finishing, event: Happened, now: Millis) -> Step:
    """Paid: the receipt as the shopper wants it, thanks, and the next shopper may begin at any moment."""
    match event:
        case ReceiptChosen(kind=kind):
            return receipt(session, phase, kind)
        case Printed(job=job) if job == phase.job:
            session = kept(session, phase=replace(phase, printed="printed"))
            return session, (Remind("thanks", rules(session).thank_you),)
        case PrintFailed(job=job, why=why) if job == phase.job:
            session = kept(session, phase=replace(phase, printed=why, receipt="phone"))
            return session, (Beep("needs_you"), Remind("thanks", 0), Note("print_failed", {"why": why}))
        case PrintedAgain() if session.kept.staff is not None:
            return reprint(kept(session, staff=None), phase)
        case FinishPressed() | Reminded(key="thanks"):
            return idle(session)
        case Reminded(key="receipt"):
            return receipt(session, phase, "none") if not phase.receipt else same(session)
        case Scanned() | OffersTaken():
            return first(session, event, now)
        case WeightSettled(after=after):
            return kept(session, level=after), ()
        case HelpPressed():
            return called(session)
        case HelpCancelled():
            return session, (Light("idle"),)
        case _:
            return same(session)


def handed_over(session: Session, phase: Handover, event: Happened, now: Millis) -> Step:
    """Nothing was paid: where to go with the slip, until the next shopper comes."""
    match event:
        case FinishPressed() | Reminded(key="thanks"):
            return idle(session)
        case Scanned() | OffersTaken():
            return first(session, event, now)
        case WeightSettled(after=after):
            return kept(session, level=after), ()
        case HelpPressed():
            return called(session)
        case HelpCancelled():
            return session, (Light("idle"),)
        case _:
            return same(session)


def called(session: Session) -> Step:
    """Help is wanted where no basket is open."""
    session = panel(session, None)
    return passing(session, notice="help_coming"), (
        Beep("person_called"),
        Light("help"),
        Fade("notice", NOTICE),
        raised(Why.HELP_REQUESTED),
    )


def receipt(session: Session, phase: Finishing, kind: str) -> Step:
    if phase.receipt in {"print", kind} and phase.printed == "":
        return same(session)
    thanks: Effect = Remind("thanks", rules(session).thank_you)
    if kind != "print":
        phase = replace(phase, receipt=kind)
        return passing(kept(session, phase=phase), panel=None), (Remind("receipt", 0), thanks)
    phase = replace(phase, receipt="print", job=phase.closed.id, printed="")
    session = kept(session, phase=phase)
    return session, (Remind("receipt", 0), Print(phase.job, phase.closed), thanks)


def reprint(session: Session, phase: Finishing) -> Step:
    """Once more, marked as a duplicate: a colleague asked, or a power cut left the first one in doubt."""
    phase = replace(phase, receipt="print", job=phase.closed.id, printed="")
    session = kept(session, phase=phase)
    note = Note("receipt_duplicate", {"sale": phase.closed.id})
    return session, (Print(phase.job, phase.closed, copy=1), note)


def closed(session: Session, reason: str) -> Step:
    staff = session.kept.staff
    if staff is None:
        return same(session)
    session = kept(enter(session, OutOfService(reason, staff.person)), staff=None)
    return session, (Light("closed"), Note("lane_closed", {"reason": reason, "by": staff.person}))


def out_of_service(session: Session, phase: OutOfService, event: Happened, now: Millis) -> Step:
    """Closed by a colleague: only a colleague opens it again."""
    match event:
        case LaneOpened():
            if session.kept.staff is None:
                return same(session)
            note = Note("lane_opened", {"by": session.kept.staff.person})
            session, effects = idle(kept(session, closing=""))
            return session, (note, *effects)
        case WeightSettled(after=after):
            return kept(session, level=after), ()
        case _:
            return same(session)
