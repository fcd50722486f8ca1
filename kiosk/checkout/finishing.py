"""Before and after: the attract page, the receipt and the thanks, and a lane that is closed."""

from typing import assert_never

from msgspec.structs import replace

from kiosk.barcode import Measured, Member, Produce, Product
from kiosk.checkout.day import turned
from kiosk.checkout.effects import (
    Beep,
    Effect,
    EmailReceipt,
    Fade,
    FindMember,
    Light,
    LookUp,
    Note,
    Remind,
    TakeOffers,
)
from kiosk.checkout.events import (
    EmailTaken,
    FinishPressed,
    Happened,
    HelpCancelled,
    HelpPressed,
    LaneClosed,
    LaneOpened,
    LaneWanted,
    OffersTaken,
    ReceiptChosen,
    Reminded,
    Scanned,
    Started,
    WeightSettled,
)
from kiosk.checkout.jobs import JobState
from kiosk.checkout.model import Sale, Why
from kiosk.checkout.printing import job_of, offer, print_receipt, settled_otherwise
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Finishing, Handover, Idle, OutOfService, Session, Shopping
from kiosk.checkout.turn import Step, booked, enter, kept, panel, passing, raised, rules, same
from kiosk.units import Millis, SaleId
from kiosk.weight.account import Setting
from kiosk.weight.check import Check

SHOP = "shop"
NOTICE = 10_000  # milliseconds that a notice of help stays


def idle(session: Session) -> Step:
    """Back to the attract page, in the shop's first language."""
    session = enter(session, Idle())
    if rules(session).assist == "sale":
        session = kept(session, cashier=None)
    language = rules(session).languages[0]
    calm = replace(session.passing, large=False, contrast=False, low_reach=False, slower=False)
    session = replace(kept(session, language=language, staff=None), passing=calm)
    if session.kept.closing:
        return shut(session)
    return session, (Light("idle"),)


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
    bag = Check(Setting.of(policy.bag_division, policy.own_bag_max), level=session.kept.level)
    id = SaleId(f"{policy.journal}-{count}")
    training, page = session.kept.training, event.receipt
    cashier = session.kept.cashier.name if session.kept.cashier else ""
    sale = Sale(
        id,
        now,
        event.date,
        event.offers,
        bag=bag,
        training=training,
        receipt=page,
        lot=event.lot,
        cashier=cashier,
    )
    session, closing = turned(session, event.date, now)
    session = kept(enter(session, Shopping(sale)), sales=count, offers=event.offers)
    return session, (*closing, Light("in_use"))


def nobody(session: Session, phase: Idle, event: Happened, now: Millis) -> Step:
    """The attract page: the first thing scanned, or Start, opens a basket."""
    match event:
        case Started():
            return session, (TakeOffers(),)
        case LaneClosed(reason=reason):
            return closed(session, reason, now)
        case Reminded(key="abandon"):
            return idle(session)
        case _:
            return next_one(session, event, now)


def next_one(session: Session, event: Happened, now: Millis) -> Step:
    """What means the same wherever no basket is open and the lane serves: whoever comes next begins, or wants help."""
    match event:
        case Scanned() | OffersTaken():
            return first(session, event, now)
        case WeightSettled(after=after):
            return kept(session, level=after), ()
        case HelpPressed(accessible=accessible):
            return called(session, Why.HELP_ACCESSIBILITY if accessible else Why.HELP_REQUESTED)
        case HelpCancelled():
            return session, (Light("idle"),)
        case _:
            return same(session)


def first(session: Session, event: Scanned | OffersTaken, now: Millis) -> Step:
    match event:
        case OffersTaken():
            return opened(session, event, now)
        case Scanned(code=Product() | Measured() | Produce() as code, carrier=carrier, by_camera=by_camera):
            return session, (TakeOffers(), LookUp(code, carrier, by_camera))
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
            return receipt(session, phase, kind, now)
        case EmailTaken(sale=sale, taken=taken) if sale == phase.closed.id and asked_for_email(phase):
            return mailed(session, phase, taken)
        case FinishPressed() | Reminded(key="thanks"):
            return idle(session)
        case Reminded(key="receipt"):
            return (
                same(session)
                if phase.receipt
                else receipt(session, phase, rules(session).receipt_unanswered, now)
            )
        case _:
            return next_one(session, event, now)


def handed_over(session: Session, phase: Handover, event: Happened, now: Millis) -> Step:
    """Nothing was paid: where to go with the slip, until the next shopper comes."""
    match event:
        case FinishPressed() | Reminded(key="thanks"):
            return idle(session)
        case _:
            return next_one(session, event, now)


def called(session: Session, why: Why) -> Step:
    """Help is wanted where no basket is open."""
    session = panel(session, None)
    return passing(session, notice="help_coming"), (
        Beep("person_called"),
        Light("help"),
        Fade("notice", NOTICE),
        raised(why),
    )


def thanks(session: Session, sale: ClosedSale, now: Millis) -> Step:
    """The sale is closed and on record: its receipt, as the shop has it done, and as long as the shopper wants."""
    policy = rules(session)
    session, effects = offer(session, sale, now)
    job = job_of(session, sale.id)
    chosen = "print" if job and job.rule else "none" if policy.receipt_default == "none" else ""
    session = enter(session, Finishing(sale, chosen))
    wait = Remind("thanks" if chosen else "receipt", policy.receipt_wait)
    return session, (*effects, wait)


def receipt(session: Session, phase: Finishing, kind: str, now: Millis) -> Step:
    """Paper, phone, e-mail or none, as often as she changes her mind; a second paper is a colleague's to give."""
    policy = rules(session)
    job = job_of(session, phase.closed.id)
    if kind not in policy.receipt_choices:
        return same(session)
    if kind == "email":
        return mail(session, phase) if policy.email and not asked_for_email(phase) else same(session)
    if kind == "print" and (job is None or job.state in {JobState.SENT, JobState.HELD, JobState.PRINTED}):
        return same(session)
    if kind == phase.receipt and kind != "print":
        return same(session)
    session = passing(kept(session, phase=replace(phase, receipt=kind)), panel=None)
    calm: tuple[Effect, ...] = (Remind("receipt", 0), Remind("thanks", policy.thank_you))
    if kind != "print":
        return settled_otherwise(session, phase.closed.id), calm
    session, effects = print_receipt(session, phase.closed.id, now)
    return session, (*calm, *effects)


def asked_for_email(phase: Finishing) -> bool:
    """Whether an address is on its way to the server."""
    return phase.receipt == "email" and phase.email == "asked"


def mail(session: Session, phase: Finishing) -> Step:
    """The address stays in its field on the screen, whose page therefore stays, until the server has it."""
    session = kept(session, phase=replace(phase, receipt="email", email="asked"))
    wait = Remind("thanks", rules(session).receipt_wait)
    return session, (Remind("receipt", 0), wait, EmailReceipt(phase.closed.id))


def mailed(session: Session, phase: Finishing, taken: bool) -> Step:
    """The server has the address; or it has not, and the shopper chooses something else."""
    session = passing(session, panel=None)
    if taken:
        session = kept(session, phase=replace(phase, email="taken"))
        return settled_otherwise(session, phase.closed.id), (Remind("thanks", rules(session).thank_you),)
    session = kept(session, phase=replace(phase, receipt="", email="not_taken"))
    return session, (Remind("thanks", 0), Remind("receipt", rules(session).receipt_wait))


def closed(session: Session, reason: str, now: Millis) -> Step:
    staff = session.kept.colleague
    if staff is None:
        return same(session)
    told = booked(session, "lane_closed", staff, now, reason=reason)
    session = kept(enter(session, OutOfService(reason, staff.person)), staff=None, cashier=None)
    return session, (Light("closed"), *told)


def out_of_service(session: Session, phase: OutOfService, event: Happened, now: Millis) -> Step:
    """Closed by a colleague: only a colleague opens it again."""
    match event:
        case LaneOpened():
            staff = session.kept.staff
            if staff is None:
                return same(session)
            told = booked(session, "lane_opened", staff, now)
            session, effects = idle(kept(session, closing=""))
            return session, (*told, *effects)
        case WeightSettled(after=after):
            return kept(session, level=after), ()
        case Reminded(key="abandon"):
            session, _ = idle(session)
            return enter(session, phase), ()
        case _:
            return same(session)
