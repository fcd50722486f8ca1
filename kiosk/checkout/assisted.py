"""A staffed till: a colleague serves here herself, with her name on everything, until she ends it or has gone.

Her bag is not checked and a shopper's limits do not hold; what the law asks (age, recalls, hours) is asked of her.
"""

from msgspec.structs import replace

from kiosk.checkout import basket
from kiosk.checkout.effects import Effect, Light, Remind
from kiosk.checkout.events import AssistBegun, AssistEnded, Happened, Reminded
from kiosk.checkout.model import Resolution, Sale, Why
from kiosk.checkout.session import Idle, Session, Shopping, Staff
from kiosk.checkout.turn import WEIGHT, Step, booked, kept, panel, rules, same
from kiosk.units import Millis

KEY = "assist"
NOT_HERS = {*WEIGHT, Why.BAG_SKIP_LIMIT, Why.HELP_REQUESTED, Why.HELP_ACCESSIBILITY, Why.IDLE_ABANDONED}
"""Questions that are answered by her being there."""


def assisted(session: Session, event: Happened, now: Millis) -> Step | None:
    """A staffed till begins or ends; None for everything else."""
    match event:
        case AssistBegun():
            return begun(session, now)
        case AssistEnded() | Reminded(key="assist"):
            return over(session, now)
        case _:
            return None


def begun(session: Session, now: Millis) -> Step:
    """At an idle lane or in the middle of a basket: one PIN, and the lane is hers."""
    staff, phase = session.kept.staff, session.kept.phase
    if staff is None or not isinstance(phase, Idle | Shopping):
        return same(session)
    told = booked(session, "assisted_begun", staff, now)
    session = panel(kept(session, staff=None, cashier=staff), None)
    if isinstance(phase, Shopping):
        session = kept(session, phase=Shopping(served(phase.sale, staff, now)))
    return session, (Remind("staff", 0), Light("in_use"), *told)


def served(sale: Sale, staff: Staff, now: Millis) -> Sale:
    """The basket of a shopper whom a colleague serves from here on."""
    sale = basket.settle(sale, NOT_HERS, Resolution.APPROVED, now, staff.person)
    return replace(sale, cashier=staff.name, bag=replace(sale.bag, card=False, quiet=0))


def over(session: Session, now: Millis) -> Step:
    """The lane is the shopper's again; the basket stays, and its bag is not looked at any more."""
    cashier = session.kept.cashier
    if cashier is None:
        return same(session)
    told = booked(session, "assisted_ended", cashier, now)
    calm: tuple[Effect, ...] = ()
    if isinstance(session.kept.phase, Idle):
        calm = (Light("idle"),)
    return panel(kept(session, cashier=None), None), (Remind(KEY, 0), *calm, *told)


def watched(before: Session, done: Step, event: Happened) -> Step:
    """While she serves, everything that happens shows that she is there; when she has gone, nothing waits for her."""
    session, effects = done
    if session.kept.cashier is None:
        gone: tuple[Effect, ...] = (Remind(KEY, 0),) if before.kept.cashier is not None else ()
        return session, (*effects, *gone)
    if isinstance(event, Reminded):
        return done
    return session, (*effects, Remind(KEY, rules(session).assist_after))
