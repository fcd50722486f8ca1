"""How a basket ends: sold, handed over or set aside, or given up. Each is one commit with all its books."""

from msgspec.structs import replace

from kiosk.checkout import bagging, basket
from kiosk.checkout.effects import Beep, Effect, Fade, HoldScanner, Learnt, Light, Remind, Report
from kiosk.checkout.finishing import thanks
from kiosk.checkout.giving import give_back
from kiosk.checkout.model import Line, Member, Resolution, Sale, Why
from kiosk.checkout.money import AT_SERVER
from kiosk.checkout.printing import offer
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver, ValueOrder
from kiosk.checkout.session import Handover, Session
from kiosk.checkout.shelf import REFUSED
from kiosk.checkout.suspending import NameDrawn
from kiosk.checkout.turn import Step, enter, kept, rules
from kiosk.units import Grams, Millis


def finish(session: Session, sale: Sale, now: Millis) -> Step:
    """The sale is paid: one commit holds tenders, closed sale, ledger, outbox and print job."""
    policy = rules(session)
    sale = unanswered(sale, now)
    priced = sale.priced
    assert priced is not None
    number = session.kept.numbers + 1
    closed = ClosedSale(
        id=sale.id,
        number=number,
        store=policy.store,
        lane=policy.lane,
        currency=policy.currency,
        language=session.kept.language,
        started=sale.started,
        ended=now,
        version=policy.version,
        lines=sold(sale.lines),
        priced=basket.in_language(priced, sale.offers, session.kept.language),
        tenders=sale.tenders,
        member=nameless(sale),
        settled=sale.settled,
        voided=sold(sale.removed),
        training=sale.training,
        receipt=sale.receipt,
        cashier=sale.cashier,
    )
    session = kept(session, numbers=number, level=Grams(round(sale.bag.level)))
    session, effects = thanks(session, closed, now)
    calm = (Beep("done"), Light("idle"), HoldScanner(False), Fade("idle", 0), Remind("abandon", 0))
    taught = () if sale.training else bagging.lessons(sale)
    learnt = (Learnt(taught),) if taught else ()
    return session, (Report(closed), *booked(sale), *learnt, *calm, *effects)


def unanswered(sale: Sale, now: Millis) -> Sale:
    """What is still asked when a basket ends: what she put right herself, and what nobody came for in time."""
    sale = basket.settle(sale, REFUSED | {Why.BAG_SKIP_LIMIT}, Resolution.SELF_FIXED, now)
    return basket.settle(sale, tuple(Why), Resolution.TIMEOUT, now)


def sold(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines as the books keep them: what lanes have weighed of an item is no part of a sale."""
    return tuple(replace(line, item=replace(line.item, weighings=None)) for line in lines)


def nameless(sale: Sale) -> Member | None:
    """The member as the books keep her: a token and the points that she had."""
    return Member(sale.member.token, points=sale.member.points) if sale.member is not None else None


def booked(sale: Sale) -> tuple[Effect, ...]:
    """The server may book for good what it has set aside for this sale."""
    return tuple(
        Report(ValueOrder(tender.attempt, "commit", tender.kind, tender.amount))
        for tender in sale.tenders
        if tender.kind in AT_SERVER and tender.attempt is not None
    )


def hand_over(session: Session, sale: Sale, now: Millis) -> Step:
    """Cash: a staffed till takes the basket over by its number."""
    session, _, effects = let_go(session, sale, None, now)
    return session, effects


def let_go(
    session: Session, sale: Sale, drawn: NameDrawn | None, now: Millis
) -> tuple[Session, HandedOver, tuple[Effect, ...]]:
    """The basket leaves the lane unpaid, under the name that was `drawn` for it if it is set aside; what was paid
    already goes back first."""
    policy = rules(session)
    session, effects = give_back(session, sale.tenders, now)
    priced = sale.priced
    assert priced is not None
    record = HandedOver(
        id=sale.id,
        store=policy.store,
        lane=policy.lane,
        currency=policy.currency,
        language=session.kept.language,
        at=now,
        lines=sold(sale.lines),
        priced=basket.in_language(priced, sale.offers, session.kept.language),
        member=nameless(sale),
        settled=unanswered(sale, now).settled,
    )
    if drawn is not None:
        record = named(record, sale, drawn)
    session = kept(enter(session, Handover(record)), level=Grams(round(sale.bag.level)))
    over = (Fade("idle", 0), Remind("abandon", 0), Remind("ask", 0), Remind("thanks", policy.receipt_wait))
    session, paper = offer(session, record, now)
    calm = (Beep("done"), Light("idle"), HoldScanner(False), *over)
    return session, record, (*effects, Report(record), *paper, *calm)


def named(record: HandedOver, sale: Sale, drawn: NameDrawn) -> HandedOver:
    """With all that whoever takes it up has to know; of a member no more than the token."""
    return replace(
        record,
        member=Member(sale.member.token) if sale.member else None,
        name=drawn.name,
        code=drawn.code,
        why=drawn.why,
        by=drawn.by,
        coupons=sale.coupons,
        settled=sale.settled,
        voided=sold(sale.removed),
    )


def given_up(session: Session, sale: Sale, now: Millis, by: str = "", reason: str = "") -> Step:
    """No sale comes of this basket: its books say so, and whatever was paid goes back."""
    session, effects = give_back(session, sale.tenders, now)
    total, asked = basket.total(sale), unanswered(sale, now).settled
    record = Cancelled(sale.id, now, sold(sale.lines), total, by, sale.training, reason, asked)
    return session, (*effects, Report(record))
