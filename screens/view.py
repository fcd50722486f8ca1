"""Session to Page: the one entry of the screens. Pure, total, and all it shows is in the session."""

from collections.abc import Callable

from kiosk.checkout.basket import locked
from kiosk.checkout.money import TenderKind
from kiosk.checkout.session import (
    Finishing,
    Handover,
    Idle,
    OutOfService,
    Paying,
    Phase,
    Refunding,
    Session,
    Shopping,
)
from kiosk.text import Words
from kiosk.units import Millis
from screens import (
    aside,
    attendant,
    basket,
    closed,
    email,
    finder,
    info,
    member,
    panels,
    payment,
    price,
    reasons,
    receipt,
    refund,
    repair,
    rescan,
    service,
    staff,
    start,
    till,
    ways,
    weigh,
)
from screens.lane import Lane
from screens.paused import READABLE, paused
from screens.widgets import Page

ANYWHERE: dict[str, Callable[[Lane], Page]] = {
    "language": start.language,
    "access": start.access,
    "help": start.helping,
    "limits": start.limits,
    "staff_number": staff.staff_number,
    "staff_pin": staff.staff_pin,
}
TECHNICIAN: dict[str, Callable[[Lane], Page]] = {
    "service": service.service,
    "repair": repair.repair,
    "report": repair.report,
}
"""Panels for whoever mends the lane."""
UNDER_LOCK = {"language", "access", "help", "staff_number", "staff_pin"}
"""Panels that a stranger's basket does not keep from anybody."""
BEFORE_PAYING: dict[str, Callable[[Lane], Page]] = {
    "finder": finder.finder,
    "coupon": member.coupon,
    "phone": member.phone,
    "price_check": info.price_check,
    "more": basket.more,
    "basket_code": aside.number,
}


def view(session: Session, words_for: Callable[[str], Words], now: Millis) -> Page:
    """The page of a session at `now`; a panel that does not fit the phase leaves the phase's own page."""
    lane = Lane(session, words_for, now)
    if lane.away("storage"):
        readable = ANYWHERE[lane.panel.name](lane) if lane.panel.name in READABLE else None
        return paused(lane, readable or phase_page(lane, session.kept.phase))
    if lane.sale and (session.passing.more_time or (locked(lane.sale) and session.kept.staff is None)):
        over = lane.panel.name in UNDER_LOCK and not session.passing.more_time
        return (panel_page(lane) if over else None) or basket.basket(lane, lane.sale)
    return panel_page(lane) or phase_page(lane, session.kept.phase)


def phase_page(lane: Lane, phase: Phase) -> Page:
    cashier = lane.session.kept.cashier
    match phase:
        case Shopping(sale=sale) if sale.audit is not None:
            return rescan.rescan(lane, sale, sale.audit)
        case Idle() | Shopping() if cashier is not None:
            return till.till(lane, lane.sale, cashier)
        case Idle():
            return start.start(lane)
        case Shopping(sale=sale):
            return basket.basket(lane, sale)
        case Paying():
            return payment.payment(lane, phase)
        case Finishing():
            return receipt.finishing(lane, phase)
        case Handover(record=record):
            return aside.put_away(lane, record) if record.name else ways.handed_over(lane, phase)
        case Refunding():
            return refund.refund(lane, phase)
        case OutOfService():
            return closed.closed(lane, phase)


def panel_page(lane: Lane) -> Page | None:
    """The open panel's page, None where it does not fit the phase."""
    phase, name = lane.session.kept.phase, lane.panel.name
    colleague, wish = lane.session.kept.staff, lane.session.kept.countersign
    if wish is not None and name not in {"staff_number", "staff_pin"}:
        return staff.countersign(lane, wish)
    if colleague is not None and not name:
        return attendant.attendant(lane, colleague)
    if name in ANYWHERE:
        return ANYWHERE[name](lane)
    if name in {"staff", "price", "reason", *TECHNICIAN}:
        return staff_page(lane, name)
    if isinstance(phase, Finishing) and name == "email" and lane.policy.email:
        return email.address(lane, phase)
    if isinstance(phase, Paying) and name == "other_ways":
        return ways.others(lane, phase)
    if isinstance(phase, Paying) and name in ways.NUMBERED:
        return ways.number(lane, phase, TenderKind(name))
    if not isinstance(phase, Idle | Shopping):
        return None
    if name in BEFORE_PAYING:
        return BEFORE_PAYING[name](lane)
    if name == "weigh" and lane.panel.item is not None:
        return weigh.weigh(lane, lane.panel.item)
    return line_page(lane, name)


def staff_page(lane: Lane, name: str) -> Page | None:
    """A page that needs an accepted PIN; without one, the way to it."""
    colleague = lane.session.kept.colleague
    if colleague is None:
        return staff.staff_number(lane)
    if name == "reason" and lane.panel.act in reasons.TITLES:
        return reasons.why(lane, colleague)
    if name in TECHNICIAN:
        return TECHNICIAN[name](lane)
    if name == "price" and lane.sale is not None:
        return price.price(lane, lane.sale, colleague)
    return attendant.attendant(lane, colleague) if lane.session.kept.staff is not None else None


def line_page(lane: Lane, name: str) -> Page | None:
    """A panel about the basket's lines."""
    sale = lane.sale
    line = panels.panel_line(lane, sale) if sale else None
    if sale is None or line is None:
        return None
    if name == "quantity":
        return panels.quantity(lane, line, sale)
    return panels.remove(lane, sale) if name == "remove" else None
