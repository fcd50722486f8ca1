"""A colleague at the lane: she names herself, her PIN is checked elsewhere, and it opens exactly one action."""

from msgspec.structs import replace

from kiosk.checkout import bagging, basket
from kiosk.checkout.effects import Beep, Effect, Light, Note, Remind
from kiosk.checkout.ending import given_up
from kiosk.checkout.events import (
    Approved,
    Happened,
    LineVoided,
    PinAccepted,
    PinRefused,
    PriceOverridden,
    Refused,
    SaleCancelled,
)
from kiosk.checkout.finishing import idle
from kiosk.checkout.model import Resolution as Res
from kiosk.checkout.model import Sale, Why
from kiosk.checkout.session import Lockout, Paying, Policy, Session, Shopping, Staff
from kiosk.checkout.shelf import ASKED
from kiosk.checkout.shopping import rebalanced
from kiosk.checkout.turn import WEIGHT, Step, kept, panel, passing, rules, same
from kiosk.units import LineNo, Millis, Minor


def accepted(session: Session, event: PinAccepted, now: Millis) -> Step:
    until = Millis(now + rules(session).staff_seconds)
    others = tuple(lock for lock in session.kept.lockouts if lock.person != event.person)
    staff = Staff(event.person, event.name, until, event.technician)
    session = panel(kept(session, staff=staff, lockouts=others), None)
    return session, (Remind("staff", rules(session).staff_seconds), Note("staff_in", {"by": event.person}))


def refused(session: Session, event: PinRefused, now: Millis) -> Step:
    """A wrong PIN: after the free tries each one doubles the wait, for this person at this lane alone."""
    policy = rules(session)
    failures = next((lock.failures for lock in session.kept.lockouts if lock.person == event.person), 0) + 1
    lock = Lockout(event.person, failures, Millis(now + wait(policy, failures)))
    others = tuple(old for old in session.kept.lockouts if old.person != event.person)
    session = passing(kept(session, lockouts=(*others, lock)), pin_wrong=True, notice="")
    return session, (Note("security.pin_refused", {"by": event.person, "failures": failures}),)


def wait(policy: Policy, failures: int) -> int:
    """Milliseconds to wait after so many wrong PINs in a row."""
    over = failures - policy.free_tries
    return policy.lockout_first * 2 ** min(over, 12) if over >= 0 else 0


def locked(session: Session, person: str, now: Millis) -> Millis:
    """Until when this person may not try, 0 if she may."""
    until = next((lock.until for lock in session.kept.lockouts if lock.person == person), Millis(0))
    return until if until > now else Millis(0)


def ended(session: Session) -> Step:
    return panel(kept(session, staff=None), None), (Remind("staff", 0),)


def acts(session: Session, event: Happened, now: Millis) -> Step | None:
    """The one thing that the colleague does; None if the event is no action of hers."""
    staff, phase = session.kept.staff, session.kept.phase
    if not isinstance(event, Approved | Refused | LineVoided | PriceOverridden | SaleCancelled):
        return None
    if staff is None or not isinstance(phase, Shopping | Paying):
        return same(session)
    session, _ = ended(session)
    done: tuple[Effect, ...] = (Remind("staff", 0),)
    match event:
        case Approved(why=why, line=no):
            session, effects = approves(session, phase.sale, Why(why), no, staff, now)
        case Refused(why=why, line=no):
            session, effects = refuses(session, phase.sale, Why(why), no, staff, now)
        case LineVoided(line=no):
            session, effects = voids(session, phase.sale, no, staff, now)
        case PriceOverridden(line=no, price=price, reason=reason):
            session, effects = overrides(session, phase.sale, no, price, reason, staff)
        case SaleCancelled():
            return cancels(session, phase, staff, now)
    return session, done + effects


def approves(session: Session, sale: Sale, why: Why, no: LineNo | None, staff: Staff, now: Millis) -> Step:
    question = basket.asked(sale, {why}, no)
    if question is None:
        return same(session)
    sale = basket.settle(sale, {why}, Res.APPROVED, now, staff.person, no)
    if why is Why.AGE_RESTRICTED:
        sale = replace(sale, approved_age=max(sale.approved_age, basket.strictest_age(sale)[0]))
    if why in WEIGHT:
        sale = bagging.approved(sale)
    if why is Why.VOID_LIMIT:
        line = basket.line_of(sale, question.line)
        if line is not None:
            sale = basket.remove(sale, line, staff.person)
    return changed(session, sale, now, resolution(question.why, "approved", staff))


def refuses(session: Session, sale: Sale, why: Why, no: LineNo | None, staff: Staff, now: Millis) -> Step:
    """No: goods that may not be sold to her leave the basket, other questions are simply closed."""
    question = basket.asked(sale, {why}, no)
    if question is None:
        return same(session)
    if why in ASKED:
        for asked in sale.open:
            line = basket.line_of(sale, asked.line) if asked.why is why and no in (None, asked.line) else None
            sale = sale if line is None else basket.remove(sale, line, staff.person)
    sale = basket.settle(sale, {why}, Res.REJECTED, now, staff.person, no)
    if why is Why.AGE_RESTRICTED:
        for line in sale.lines:
            if line.item.min_age > sale.approved_age:
                sale = basket.remove(sale, line, staff.person)
    return changed(session, sale, now, resolution(question.why, "rejected", staff))


def resolution(why: Why, how: str, staff: Staff) -> Note:
    return Note("intervention", {"code": why.value, "resolution": how, "by": staff.person})


def changed(session: Session, sale: Sale, now: Millis, *effects: Effect) -> Step:
    """The basket after a colleague's action, in the phase where it was."""
    light = Light("help" if sale.open else "in_use")
    if isinstance(session.kept.phase, Paying):
        return kept(session, phase=replace(session.kept.phase, sale=sale)), (light, *effects)
    session, more = rebalanced(session, sale, now)
    return session, (light, *effects, *more)


def voids(session: Session, sale: Sale, no: LineNo, staff: Staff, now: Millis) -> Step:
    line = basket.line_of(sale, no)
    if line is None or isinstance(session.kept.phase, Paying):
        return same(session)
    sale = basket.remove(sale, line, staff.person)
    if basket.strictest_age(sale)[0] == 0:
        sale = basket.settle(sale, {Why.AGE_RESTRICTED}, Res.REJECTED, now, staff.person)
    note = Note("line_voided", {"line": no, "by": staff.person})
    return changed(session, sale, now, Beep("removed"), note)


def overrides(session: Session, sale: Sale, no: LineNo, price: Minor, reason: str, staff: Staff) -> Step:
    line = basket.line_of(sale, no)
    if line is None or price < 0 or isinstance(session.kept.phase, Paying):
        return same(session)
    sale = basket.put(sale, replace(line, price=Minor(price * line.qty), by=staff.person))
    note = Note("price_override", {"line": no, "price": price, "by": staff.person, "reason": reason})
    return changed(session, sale, Millis(0), note)


def cancels(session: Session, phase: Shopping | Paying, staff: Staff, now: Millis) -> Step:
    """The whole basket goes, unless money may be on its way."""
    if isinstance(phase, Paying) and phase.attempt is not None:
        return same(session)
    sale = phase.sale
    note = Note("sale_cancelled", {"sale": sale.id, "lines": len(sale.lines), "by": staff.person})
    session, undone = given_up(session, sale, now, staff.person)
    session, effects = idle(session)
    return session, (note, *undone, *effects)
