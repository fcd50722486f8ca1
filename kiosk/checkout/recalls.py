"""A recall that comes while a basket is open: what it names goes, kindly, before it is paid."""

from kiosk.checkout import basket
from kiosk.checkout.effects import AskRecalled, Effect
from kiosk.checkout.events import Happened, Recalled
from kiosk.checkout.model import Why
from kiosk.checkout.session import Session, Shopping
from kiosk.checkout.shopping import kept_out
from kiosk.checkout.turn import Step, phase_sale, same
from kiosk.units import Millis


def asked_again(session: Session) -> tuple[Effect, ...]:
    """The catalogue is a new one: is anything in the basket recalled by now?"""
    phase = session.kept.phase
    return (AskRecalled(phase.sale.lines),) if isinstance(phase, Shopping) and phase.sale.lines else ()


def recalls(session: Session, event: Happened, now: Millis) -> Step | None:
    """The lines that are recalled by now go; None if the event is about something else."""
    if not isinstance(event, Recalled):
        return None
    if not isinstance(session.kept.phase, Shopping):
        return same(session)
    effects: tuple[Effect, ...] = ()
    for no in event.lines:
        sale = phase_sale(session)
        if (line := basket.line_of(sale, no)) is not None:
            session, more = kept_out(session, sale, line, line, Why.ITEM_RECALLED, now)
            effects += more
    return session, effects
