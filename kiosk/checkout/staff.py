"""A colleague at the lane: she names herself, her PIN is checked elsewhere, and it opens exactly one action."""

from msgspec.structs import replace

from kiosk.checkout import bagging, basket
from kiosk.checkout.effects import Beep, Effect, Light, Note, Remind
from kiosk.checkout.ending import given_up
from kiosk.checkout.events import (
    Approved,
    CountersignDropped,
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
from kiosk.checkout.refunding import confirmed
from kiosk.checkout.session import Countersign, Lockout, Paying, Policy, Refunding, Session, Shopping, Staff
from kiosk.checkout.shelf import ASKED
from kiosk.checkout.shopping import rebalanced
from kiosk.checkout.turn import WEIGHT, Step, booked, kept, panel, passing, rules, same
from kiosk.units import LineNo, Millis, Minor


def accepted(session: Session, event: PinAccepted, now: Millis) -> Step:
    """A colleague is here for one action; or she is the second one, who says yes to another's."""
    others = tuple(lock for lock in session.kept.lockouts if lock.person != event.person)
    session = kept(session, lockouts=others)
    note, wait = Note("staff_in", {"by": event.person}), rules(session).staff_seconds
    staff = Staff(event.person, event.name, Millis(now + wait), event.technician)
    wish = session.kept.countersign
    if wish is not None:
        if wish.by == event.person:
            return passing(panel(session, None), notice="another_colleague"), (note,)
        session, effects = countersigned(panel(kept(session, countersign=None), None), wish, staff, now)
        return session, (note, Remind("staff", 0), *effects)
    session = panel(kept(noticed_by_staff(session, now), staff=staff), None)
    return session, (Remind("staff", wait), note)


def noticed_by_staff(session: Session, now: Millis) -> Session:
    """Whatever is asked stands on her page by now."""
    phase = session.kept.phase
    if not isinstance(phase, Shopping | Paying):
        return session
    return kept(session, phase=replace(phase, sale=basket.seen(phase.sale, now)))


def countersigned(session: Session, wish: Countersign, second: Staff, now: Millis) -> Step:
    """Two names: what one colleague asked for is done with another one's yes."""
    phase = session.kept.phase
    match wish.what:
        case "price" if isinstance(phase, Shopping):
            return priced_anew(session, phase.sale, wish, second, now)
        case "refund" if isinstance(phase, Refunding):
            return confirmed(session, phase, wish.reason, now, second.person)
        case _:
            return same(session)


def refused(session: Session, event: PinRefused, now: Millis) -> Step:
    """A wrong PIN: after the free tries each one doubles the wait, for this person at this lane alone."""
    policy = rules(session)
    failures = next((lock.failures for lock in session.kept.lockouts if lock.person == event.person), 0) + 1
    lock = Lockout(event.person, failures, Millis(now + wait(policy, failures)))
    others = tuple(old for old in session.kept.lockouts if old.person != event.person)
    session = passing(kept(session, lockouts=(*others, lock)), pin_wrong=True, notice="")
    fields: dict[str, str | int] = {"by": event.person, "failures": failures}
    refusal = Note("security.pin_refused", fields)
    if lock.until <= now:
        return session, (refusal,)
    return session, (refusal, Note("security.pin_lockout", {**fields, "what": "pin_lockout"}))


def wait(policy: Policy, failures: int) -> int:
    """Milliseconds to wait after so many wrong PINs in a row."""
    over = failures - policy.free_tries
    return policy.lockout_first * 2 ** min(over, 12) if over >= 0 else 0


def locked(session: Session, person: str, now: Millis) -> Millis:
    """Until when this person may not try, 0 if she may."""
    until = next((lock.until for lock in session.kept.lockouts if lock.person == person), Millis(0))
    return until if until > now else Millis(0)


def ended(session: Session) -> Step:
    """She has done what she came for, or nobody did anything for too long."""
    return panel(kept(session, staff=None, countersign=None), None), (Remind("staff", 0),)


def acts(session: Session, event: Happened, now: Millis) -> Step | None:
    """The one thing that the colleague does; None if the event is no action of hers."""
    staff, phase = session.kept.colleague, session.kept.phase
    if isinstance(event, CountersignDropped):
        return ended(session)
    if not isinstance(event, Approved | Refused | LineVoided | PriceOverridden | SaleCancelled):
        return None
    if staff is None or not isinstance(phase, Shopping | Paying):
        return same(session)
    session, _ = ended(session)
    done: tuple[Effect, ...] = (Remind("staff", 0),)
    match event:
        case Approved(why=why, line=no, reason=reason):
            session, effects = approves(session, phase.sale, Why(why), no, staff, now, reason)
        case Refused(why=why, line=no, reason=reason):
            session, effects = refuses(session, phase.sale, Why(why), no, staff, now, reason)
        case LineVoided(line=no, reason=reason):
            session, effects = voids(session, phase.sale, no, staff, now, reason)
        case PriceOverridden():
            session, effects = overrides(session, phase.sale, event, staff, now)
            done = () if session.kept.countersign else done
        case SaleCancelled(reason=reason):
            return cancels(session, phase, staff, now, reason)
    return session, done + effects


def approves(
    session: Session,
    sale: Sale,
    why: Why,
    no: LineNo | None,
    staff: Staff,
    now: Millis,
    reason: str = "",
    remote: bool = False,
) -> Step:
    question = basket.asked(sale, {why}, no)
    if question is None:
        return same(session)
    sale = basket.settle(sale, {why}, Res.APPROVED, now, staff.person, no, reason=reason, remote=remote)
    line = basket.line_of(sale, question.line)
    if why is Why.AGE_RESTRICTED:
        sale = replace(sale, approved_age=max(sale.approved_age, basket.strictest_age(sale)[0]))
    if why in WEIGHT:
        sale = bagging.approved(sale)
    if why is Why.VOID_LIMIT and line is not None:
        sale = basket.remove(sale, line, staff.person)
    if why is Why.BAG_SKIP_LIMIT and line is not None:
        sale = basket.stays_out(sale, line)
    return changed(session, sale, now, resolution(question.why, "approved", staff))


def refuses(
    session: Session,
    sale: Sale,
    why: Why,
    no: LineNo | None,
    staff: Staff,
    now: Millis,
    reason: str = "",
    remote: bool = False,
) -> Step:
    """No: goods that may not be sold to her leave the basket, other questions are simply closed."""
    question = basket.asked(sale, {why}, no)
    if question is None:
        return same(session)
    if why in ASKED:
        for asked in sale.open:
            line = basket.line_of(sale, asked.line) if asked.why is why and no in (None, asked.line) else None
            sale = sale if line is None else basket.remove(sale, line, staff.person)
    line = basket.line_of(sale, question.line)
    if why is Why.ITEM_QTY_LIMIT and line is not None:
        sale = basket.less(sale, line, line.qty - rules(session).qty_limit)
    sale = basket.settle(sale, {why}, Res.REJECTED, now, staff.person, no, reason=reason, remote=remote)
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


def voids(session: Session, sale: Sale, no: LineNo, staff: Staff, now: Millis, reason: str) -> Step:
    line = basket.line_of(sale, no)
    if line is None or isinstance(session.kept.phase, Paying):
        return same(session)
    sale = basket.remove(sale, line, staff.person)
    if basket.strictest_age(sale)[0] == 0:
        sale = basket.settle(sale, {Why.AGE_RESTRICTED}, Res.REJECTED, now, staff.person)
    worth = basket.worth(line)
    told = booked(session, "line_voided", staff, now, sale=sale.id, line=no, amount=worth, reason=reason)
    return changed(session, sale, now, Beep("removed"), *told)


def overrides(session: Session, sale: Sale, event: PriceOverridden, staff: Staff, now: Millis) -> Step:
    """Another price of each piece: at once, or from the shop's limit on with a second colleague's yes."""
    line = basket.line_of(sale, event.line)
    if line is None or event.price < 0 or isinstance(session.kept.phase, Paying):
        return same(session)
    policy = rules(session)
    until = Millis(now + policy.staff_seconds)
    wish = Countersign("price", staff.person, staff.name, until, event.reason, Minor(event.price), line.no)
    given = abs(basket.worth(line) - event.price * line.qty)
    if policy.override_limit and given >= policy.override_limit:
        return kept(session, countersign=wish), (Remind("staff", policy.staff_seconds),)
    return priced_anew(session, sale, wish, None, now)


def priced_anew(session: Session, sale: Sale, wish: Countersign, second: Staff | None, now: Millis) -> Step:
    """The price that one colleague gives, and where the shop wants that a second one has seen."""
    line = basket.line_of(sale, wish.line)
    if line is None:
        return same(session)
    by = Staff(wish.by, wish.name, wish.until)
    sale = basket.put(sale, replace(line, price=Minor(wish.amount * line.qty), by=wish.by))
    sale = basket.settle(sale, {Why.PRICE_DISPUTE}, Res.APPROVED, now, wish.by, wish.line, reason=wish.reason)
    fields: dict[str, str | int] = {
        "sale": sale.id,
        "line": wish.line,
        "price": wish.amount,
        "was": basket.worth(line),
    }
    asked = wish.by if second else ""
    told = booked(session, "price_override", second or by, now, asked, **fields, reason=wish.reason)
    return changed(session, sale, now, *told)


def cancels(session: Session, phase: Shopping | Paying, staff: Staff, now: Millis, reason: str) -> Step:
    """The whole basket goes, unless money may be on its way."""
    if isinstance(phase, Paying) and phase.attempt is not None:
        return same(session)
    sale = phase.sale
    told = booked(session, "sale_cancelled", staff, now, sale=sale.id, lines=len(sale.lines), reason=reason)
    session, undone = given_up(session, sale, now, staff.person, reason)
    session, effects = idle(session)
    return session, (*told, *undone, *effects)
