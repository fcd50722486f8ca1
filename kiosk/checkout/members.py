"""Whose basket it is: a member shows her card early or late, and the whole basket has her prices at once."""

from msgspec.structs import replace

from kiosk.barcode import Member as Card
from kiosk.checkout import basket
from kiosk.checkout.effects import Beep, FindMember
from kiosk.checkout.events import Happened, MemberFound, MemberLeft, Scanned
from kiosk.checkout.model import Member, Sale
from kiosk.checkout.money import OF_MEMBER
from kiosk.checkout.session import Paying, Session, Shopping
from kiosk.checkout.tenders import due
from kiosk.checkout.turn import Step, enter, kept, noticed, panel, priced, rules, same
from kiosk.units import Millis


def members(session: Session, event: Happened, now: Millis) -> Step | None:
    """What makes a basket a member's, or nobody's again; None if the event does not, or there is no basket."""
    phase = session.kept.phase
    if not isinstance(phase, Shopping | Paying) or not isinstance(event, Scanned | MemberFound | MemberLeft):
        return None
    if isinstance(event, Scanned) and not isinstance(event.code, Card):
        return None
    if basket.locked(phase.sale):
        return None
    if isinstance(phase, Paying) and phase.attempt is not None:
        return same(session)
    match event:
        case Scanned():
            return session, (FindMember(),)
        case MemberFound():
            return belongs(session, phase, replace(phase.sale, member=member(event)))
        case MemberLeft() if isinstance(phase, Shopping):
            return priced(panel(session, None), replace(phase.sale, member=None))
        case MemberLeft():
            return same(session)


def member(event: MemberFound) -> Member:
    return Member(
        token=event.token,
        points=event.points,
        credit=event.credit,
        vouchers=event.vouchers,
        tiers=event.tiers,
        spends=event.spends,
    )


def belongs(session: Session, phase: Shopping | Paying, sale: Sale) -> Step:
    """Her prices at once; what was paid already stays paid, and whose it was: so a card may come too late."""
    if isinstance(phase, Shopping):
        session, effects = priced(panel(session, None), sale)
        return session, (Beep("saving"), *effects)
    sale = basket.priced(sale, rules(session))
    calm = (Beep("saving"),)
    spent = any(tender.kind in OF_MEMBER for tender in sale.tenders)
    if (spent and sale.member != phase.sale.member) or (sale.tenders and due(sale) <= 0):
        return noticed(session, "member_late")
    if due(sale) <= 0:
        return enter(session, Shopping(sale)), calm
    return kept(panel(session, None), phase=replace(phase, sale=sale)), calm
