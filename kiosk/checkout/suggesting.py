"""One thing more, once a basket, before it is paid: printed on the slip while nothing else is, and gone by itself.

It asks nothing, so there is nothing to skip: whatever she does next means what it always means. What comes of it is
counted, and in how much time.
"""

from msgspec.structs import replace

from kiosk.checkout.effects import Effect, Fade, FindOffer, Note
from kiosk.checkout.session import Session, Shopping
from kiosk.checkout.suggestion import Offered
from kiosk.checkout.turn import Step, passing, rules, same
from kiosk.units import ItemId, Millis

AFTER, STAYS = 4_000, 20_000  # milliseconds of rest before it comes, and that it stays


def waits(session: Session) -> tuple[Effect, ...]:
    """Something has come into the basket: after a while of rest there may be an offer."""
    return (Fade("offer", AFTER),) if rules(session).offers else ()


def due_now(session: Session) -> Step:
    """Ask for it, where nothing else is said, shown or open, and nobody is on the way."""
    phase, seen = session.kept.phase, session.passing
    if not isinstance(phase, Shopping) or not rules(session).offers or seen.offered == phase.sale.id:
        return same(session)
    busy = seen.panel or seen.notice or seen.undo or seen.more_time or seen.speaking or session.kept.staff
    if busy or phase.sale.open or not phase.sale.lines or phase.sale.training:
        return same(session)
    return session, (FindOffer(tuple(line.item for line in phase.sale.lines)),)


def found(session: Session, offer: Offered | None, now: Millis) -> Step:
    phase = session.kept.phase
    if not isinstance(phase, Shopping):
        return same(session)
    session = passing(session, offered=phase.sale.id)
    if offer is None:
        return same(session)
    shown = Note("offer", {"result": "shown", "seconds": 0})
    return passing(session, offer=replace(offer, shown=now)), (shown, Fade("offer_over", STAYS))


def over(session: Session, now: Millis, item: ItemId | None = None) -> Step:
    """She goes on, with that item if it is one: was it what was offered?"""
    offer = session.passing.offer
    if offer is None:
        return same(session)
    result = "taken" if item == offer.item.id else "left"
    note = Note("offer", {"result": result, "seconds": (now - offer.shown) // 1000})
    return passing(session, offer=None), (note, Fade("offer_over", 0))
