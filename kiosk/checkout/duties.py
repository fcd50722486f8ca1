"""What a colleague does with a PIN at a lane where no basket is open, and the cases about money she clears anywhere."""

from kiosk.checkout import day
from kiosk.checkout.events import CaseCleared, DayClosed, Happened, RefundBegun, TrainingChosen
from kiosk.checkout.refunding import begun
from kiosk.checkout.session import Idle, Session, Staff
from kiosk.checkout.staff import ended
from kiosk.checkout.turn import Step, booked, kept, same
from kiosk.units import AttemptId, Millis


def duties(session: Session, event: Happened, now: Millis) -> Step | None:
    """One PIN, one duty; None if the event is none."""
    if not isinstance(event, CaseCleared | DayClosed | RefundBegun | TrainingChosen):
        return None
    staff = session.kept.colleague
    if staff is None:
        return same(session)
    if isinstance(event, CaseCleared):
        return clears(session, event.id, staff, now)
    if not isinstance(session.kept.phase, Idle):
        return same(session)
    match event:
        case RefundBegun() if session.kept.training:  # what was sold for money is not played with
            return same(session)
        case RefundBegun():
            return begun(session)
        case DayClosed():
            session, effects = day.end(session, now, staff.person)
            session, more = ended(session)
            return session, (*more, *effects)
        case TrainingChosen(on=on, reason=reason):
            session, effects = ended(kept(session, training=on))
            return session, (*effects, *booked(session, "training", staff, now, on=int(on), reason=reason))


def clears(session: Session, id: AttemptId, staff: Staff, now: Millis) -> Step:
    """She has seen to it: it is off the list, and her name is on record."""
    case = next((case for case in session.kept.cases if case.id == id), None)
    if case is None:
        return same(session)
    left = tuple(other for other in session.kept.cases if other is not case)
    session, effects = ended(kept(session, cases=left))
    told = booked(session, "case_cleared", staff, now, case=id, why=case.why.value, amount=case.amount)
    return session, (*effects, *told)
