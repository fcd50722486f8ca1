"""Baskets set aside: put away under a name, let go to the store server, and taken up again, here or elsewhere, once.

One basket is in one hand. It is this lane's alone until a line in its books has let it go; from then on it is the
server's, which gives it to one lane, for one request of that lane's own. That request is on disk before it is asked,
and open until it is answered, so a lost answer is asked for again and a repeated one means nothing. A basket that has
come into a lane's hand with nobody waiting for it any more is let go again.
"""

from msgspec.structs import replace

from kiosk.barcode import BasketName
from kiosk.checkout import basket as baskets
from kiosk.checkout import expiring, shelf
from kiosk.checkout.effects import (
    AskRecalled,
    Beep,
    DrawName,
    Effect,
    Light,
    Note,
    Remind,
    Report,
    TakeBasket,
    TakeOffers,
)
from kiosk.checkout.ending import let_go
from kiosk.checkout.events import Happened, OffersTaken, Reminded, Scanned
from kiosk.checkout.expiring import FETCH, RELEASE
from kiosk.checkout.finishing import idle, opened
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.checkout.records import HandedOver, Released, Resumed
from kiosk.checkout.session import Finishing, Handover, Idle, Paying, Policy, Session, Shopping
from kiosk.checkout.setaside import Aside, Fetch
from kiosk.checkout.suspending import (
    BasketAnswered,
    BasketUnheard,
    BasketWanted,
    NameDrawn,
    PutAside,
)
from kiosk.checkout.turn import Step, kept, noticed, phase_sale, priced, rules, same
from kiosk.units import Grams, LineNo, Millis
from kiosk.weight import check as checks
from kiosk.weight.check import Check

PATIENCE = 15_000
"""Milliseconds that whoever asked for a basket is believed to stand there still."""
AGAIN = 60_000
LEFT, BY_STAFF, BY_SHOPPER = "left", "staff", "shopper"


def aside(session: Session, event: Happened, now: Millis) -> Step | None:
    """What an event means for baskets set aside; None if it is about something else."""
    match event:
        case PutAside():
            return asked(session)
        case NameDrawn():
            return put_aside(session, event, now)
        case Scanned(code=BasketName(name=key)) | BasketWanted(code=key):
            return wanted(session, key, now)
        case OffersTaken() if session.kept.resuming is not None:
            return resumed(session, session.kept.resuming, event, now)
        case BasketAnswered():
            return answered(session, event, now)
        case BasketUnheard(request=request):
            return unheard(session, request)
        case Reminded(key="release"):
            return released(session, now)
        case Reminded(key="fetch"):
            session, more = expiring.fetching(session, now)
            return session, (*expiring.asked(session.kept.fetches), *more)
        case _:
            return None


# ---- away with it


def may_go(session: Session) -> Sale | None:
    """The basket, if it may be set aside now: something is in it, it is no game, and no money is on its way."""
    match session.kept.phase:
        case Shopping(sale=sale) | Paying(sale=sale, attempt=None) if sale.lines and not sale.training:
            return sale
        case _:
            return None


def asked(session: Session) -> Step:
    if may_go(session) is None:
        return same(session)
    staff = session.kept.staff
    question = DrawName(BY_STAFF if staff else BY_SHOPPER, staff.person if staff else "")
    return kept(session, staff=None), (question, Remind("staff", 0))


def put_aside(session: Session, event: NameDrawn, now: Millis) -> Step:
    """Off the lane and into the books; what was paid of it goes back. Who did it sees its number, nobody else does."""
    sale = may_go(session)
    if sale is None:
        return same(session)
    session, record, effects = let_go(session, sale, event, now)
    session = kept(session, aside=(*session.kept.aside, Aside(record)))
    note = Note("set_aside", {"basket": record.id, "why": event.why, "by": event.by})
    if event.why == LEFT:
        session, calm = idle(session)
        effects = (*effects, *calm)
    return session, (*effects, note, *expiring.soon(session, RELEASE))


def released(session: Session, now: Millis) -> Step:
    """The server is there: from this turn on it alone hands them out."""
    free = [each for each in session.kept.aside if not each.released]
    lines = tuple(Report(Released(each.basket.id, now)) for each in free)
    gone = tuple(replace(each, released=True) if each in free else each for each in session.kept.aside)
    return kept(session, aside=gone), lines


# ---- back with it


def wanted(session: Session, key: str, now: Millis) -> Step:
    """Somebody has its slip or number: from this lane's own hand, else from the server's."""
    match session.kept.phase:
        case Shopping(sale=sale) if sale.lines:
            return noticed(session, "basket_first")
        case Idle() | Finishing() | Handover() | Shopping():
            by = session.kept.staff.person if session.kept.staff else ""
            session, calm = idle(session)
            session, effects = sought(session, key, by, now)
            return session, (*calm, Remind("staff", 0), *effects)
        case _:
            return same(session)


def sought(session: Session, key: str, by: str, now: Millis) -> Step:
    if not isinstance(session.kept.phase, Idle):  # the shop has closed the lane meanwhile
        return same(session)
    ours = [each for each in session.kept.aside if not each.released and each.bears(key)]
    if len(ours) == 1:
        return taken(without(session, ours[0].basket), ours[0].basket, by)
    old = next((each for each in session.kept.fetches if each.key == key and not each.over), None)
    if old is None:
        session, fetch = expiring.fetch(session, key, now, by)
    else:
        fetch = replace(old, since=now, by=by)
        session = closed(session, old)
        session = kept(session, fetches=(*session.kept.fetches, fetch))
    return noticed(session, "basket_asked", TakeBasket(fetch.request, key))


def taken(session: Session, record: HandedOver, by: str) -> Step:
    """It is in this lane's hand: with the offers of today it becomes the open basket, in this very turn."""
    return kept(session, resuming=replace(record, by=by)), (TakeOffers(),)


def resumed(session: Session, record: HandedOver, event: OffersTaken, now: Millis) -> Step:
    """The basket as it was, at the prices that were on its lines; nothing of it is in the bag before it is weighed."""
    languages = rules(session).languages
    session, effects = opened(kept(session, resuming=None), event, now)
    if record.language in languages:
        session = kept(session, language=record.language)
    sale = phase_sale(session)
    link = Report(Resumed(record.id, sale.id, now, record.by))
    last = record.lines[-1].no
    sale = replace(
        sale,
        lines=record.lines,
        removed=record.voided,
        next_line=LineNo(max(line.no for line in (*record.lines, *record.voided)) + 1),
        focus=last,
        member=record.member,
        coupons=record.coupons,
        settled=record.settled,
    )
    sale = unpacked(session, sale)
    sale, calls = questions(sale, rules(session), now)
    session, more = priced(session, sale)
    differs = baskets.total(phase_sale(session)) != record.priced.total
    note = "basket_repriced" if differs else "basket_back"
    recalls = AskRecalled(record.lines)
    return noticed(session, note, *effects, link, Beep("done"), *calls, *more, recalls)


def unpacked(session: Session, sale: Sale) -> Sale:
    """All that belongs in the bag is on its way there; what lies on the scale already counts as put down now."""
    bag, level = sale.bag, session.kept.level
    lies = level > bag.setting.light
    sale = replace(sale, bag=Check(bag.setting) if lies else bag)
    for line in sale.lines:
        sale = baskets.expect(sale, line, line.qty)
    return replace(sale, bag=checks.settled(sale.bag, Grams(level))) if lies else sale


def questions(sale: Sale, policy: Policy, now: Millis) -> tuple[Sale, tuple[Effect, ...]]:
    """What a colleague said yes to stays said; how old who stands here is, she has to see for herself."""
    sale, calls = shelf.called(sale, policy, now)
    age, item = baskets.strictest_age(sale)
    if not age:
        return sale, calls
    line = next(line.no for line in sale.lines if line.item is item)
    question = Intervention(Why.AGE_RESTRICTED, now, age=age, line=line, asked_staff=True)
    return baskets.raise_(sale, question), (*calls, Beep("person_called"), Light("help"))


# ---- what the server says


def answered(session: Session, event: BasketAnswered, now: Millis) -> Step:
    fetch = next((each for each in session.kept.fetches if each.request == event.request), None)
    if fetch is None:  # answered before
        return same(session)
    session = closed(session, fetch)
    waits = isinstance(session.kept.phase, Idle) and now - fetch.since <= PATIENCE and not fetch.over
    if event.answer == "yours" and event.basket is not None:
        session = without(session, event.basket)
        if fetch.over:
            return session, (expiring.cancelled(event.basket, now),)
        if waits:
            return taken(session, event.basket, fetch.by)
        session = kept(session, aside=(*session.kept.aside, Aside(event.basket)))
        return session, expiring.soon(session, RELEASE)
    if event.answer == "taken":
        left = tuple(each for each in session.kept.aside if each.basket.name != fetch.key)
        session = kept(session, aside=left)
    if not waits:
        return same(session)
    where = f"basket_kept:{event.lane}" if event.answer == "kept" else f"basket_{event.answer}"
    return noticed(session, where, Beep("needs_you"))


def unheard(session: Session, request: str) -> Step:
    """The request stays open: it may have been heard. Whoever waits is told; it is asked again by and by."""
    fetch = next((each for each in session.kept.fetches if each.request == request), None)
    if fetch is None:
        return same(session)
    again = Remind(FETCH, AGAIN)
    if fetch.over or not isinstance(session.kept.phase, Idle):
        return session, (again,)
    return noticed(session, "basket_unheard", again)


def closed(session: Session, fetch: Fetch) -> Session:
    return kept(session, fetches=tuple(each for each in session.kept.fetches if each is not fetch))


def without(session: Session, record: HandedOver) -> Session:
    """It is no longer one of those that this lane has set aside."""
    return kept(session, aside=tuple(each for each in session.kept.aside if each.basket.id != record.id))
