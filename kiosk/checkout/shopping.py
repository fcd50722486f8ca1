"""Shopping: things come in and go out, the bag is watched, and nobody is stopped from scanning."""

from msgspec.structs import replace

from kiosk.barcode import DepositVoucher, GiftCard, Measured, Pack, Produce, Product
from kiosk.checkout import audit, bagging, basket, shelf, suggesting, weighing
from kiosk.checkout.aside import LEFT, may_go
from kiosk.checkout.coupons import Coupon, id_of, presented, refused
from kiosk.checkout.effects import Beep, DrawName, Effect, Fade, Light, LookUp, LookUpItem, Note, Remind
from kiosk.checkout.ending import finish, given_up
from kiosk.checkout.events import (
    AddWeighed,
    BagAnswered,
    Happened,
    HelpCancelled,
    HelpPressed,
    ItemFound,
    ItemUnknown,
    LeaveOutPressed,
    LineChosen,
    OwnBagPressed,
    PayPressed,
    Picked,
    PriceDisputed,
    QuantityChosen,
    Reminded,
    RemovePressed,
    Scanned,
    UndoPressed,
    WeightSettled,
)
from kiosk.checkout.finishing import idle
from kiosk.checkout.interventions import BLOCKS_PAYING, HELP
from kiosk.checkout.model import Intervention, Item, Line, Sale, Why
from kiosk.checkout.model import Resolution as Res
from kiosk.checkout.paying import first
from kiosk.checkout.session import Panel, Session, Shopping
from kiosk.checkout.suspending import CameBack
from kiosk.checkout.turn import (
    SETTLED,
    WEIGHT,
    Step,
    interrupted,
    kept,
    noticed,
    panel,
    passing,
    phase_sale,
    priced,
    raised,
    rules,
    same,
    unsold,
    with_sale,
)
from kiosk.units import Grams, LineNo, Millis

MOST_OF_ONE = 99
LOCKED_TO = (CameBack, HelpPressed, HelpCancelled, WeightSettled, Reminded)
"""What a basket takes that is kept for whoever left it; a stranger's scan or touch changes nothing in it."""


def shopping(session: Session, phase: Shopping, event: Happened, now: Millis) -> Step:
    sale = phase.sale
    if basket.locked(sale) and not isinstance(event, LOCKED_TO):
        return session, (Beep("needs_you"),)
    match event:
        case Scanned(code=Product() | Measured() | Produce() as code, carrier=carrier, by_camera=by_camera):
            return interrupted(session), (LookUp(code, carrier, by_camera),)
        case Scanned(code=code) if isinstance(code, Coupon):
            return coupon(session, sale, code, now)
        case Scanned(code=GiftCard() | DepositVoucher()):
            return noticed(session, "pay_with_it")
        case ItemFound():
            return found(session, sale, event, now)
        case ItemUnknown(by_camera=True):
            return noticed(session, "unsure", Beep("needs_you"))
        case ItemUnknown():
            return unsold(session, sale, Why.ITEM_NOT_FOUND, now)
        case Picked(item=item):
            return session, (LookUpItem(item),)
        case AddWeighed() if (line := weighing.line(sale, session.kept, event)) is not None:
            session, over = weighing.taken(session)
            session, effects = added(session, basket.add(sale, line), event.item, now)
            return session, (*over, *effects)
        case LineChosen(line=no):
            return priced(session, replace(sale, focus=no))
        case QuantityChosen(line=no, qty=qty):
            return quantity(panel(session, None), sale, no, qty, now)
        case RemovePressed(line=no):
            return removed(panel(session, None), sale, no, now)
        case UndoPressed():
            return undone(session, sale, now)
        case LeaveOutPressed(line=no):
            return left_out(panel(session, None), sale, no, now)
        case OwnBagPressed():
            return own_bag(session, sale, now)
        case BagAnswered(answer=answer):
            return answered(session, sale, answer, now)
        case WeightSettled(after=after):
            return settled(kept(session, level=after), sale, after, now)
        case HelpPressed(accessible=accessible):
            return called_for(
                session, sale, Why.HELP_ACCESSIBILITY if accessible else Why.HELP_REQUESTED, now
            )
        case PriceDisputed(line=no) if basket.line_of(sale, no) is not None:
            return called_for(session, sale, Why.PRICE_DISPUTE, now, no)
        case HelpCancelled():
            sale = basket.settle(sale, HELP, Res.SELF_FIXED, now)
            return with_sale(session, sale, Light("in_use"))
        case PayPressed():
            return pay(session, sale, now)
        case CameBack():
            sale = basket.settle(sale, {Why.IDLE_ABANDONED}, Res.SELF_FIXED, now)
            return with_sale(
                session, sale, Light("help" if any(q.asked_staff for q in sale.open) else "in_use")
            )
        case Reminded(key=key):
            return reminded(session, sale, key, now)
        case _:
            return same(session)


def coupon(session: Session, sale: Sale, code: Coupon, now: Millis) -> Step:
    """A coupon counts at once, or says kindly why it does not; it stays, and counts when its item comes.

    A colleague looks at those that are new to the shop's offers, or that only she can take.
    """
    sale, why = presented(sale, code)
    if why in {"coupon_unknown", "coupon_by_hand"}:
        return called_for(session, sale, Why.COUPON_CHECK, now)
    session, effects = priced(interrupted(session), sale)
    if not why and id_of(code) in refused(phase_sale(session)):
        why = "coupon_later"
    if why:
        return noticed(session, why, *effects, Beep("needs_you"))
    return session, (*effects, Beep("saving"))


def found(session: Session, sale: Sale, event: ItemFound, now: Millis) -> Step:
    """One thing more, or another read of one that is here; and may it be sold?"""
    item, policy = event.item, rules(session)
    sale, met = shelf.meet(sale, event, now)
    if met.pair and met.old is None:
        return with_sale(session, sale)
    why = shelf.verdict(met.line.pack, event.barred, sale.date, policy)
    if why not in shelf.REFUSED and shelf.restricted(sale, met.line, policy, now):
        why = Why.SALE_RESTRICTED
    if why in shelf.REFUSED:
        sale = shelf.noted(sale, event, met, None, now)
        return kept_out(session, sale, replace(met.line, gtin=shelf.number(event)), met.old, why, now)
    met = replace(met, line=replace(met.line, asks=why or met.line.asks))
    if met.old is not None:
        return read_again(session, sale, event, met, now)
    measured = met.line.grams is not None or met.line.price is not None
    taxed = any(tax.code == item.tax for tax in sale.offers.taxes)
    if taxed and item.by_weight and not measured:
        return panel(session, Panel("weigh", item=item)), ()
    if not taxed or (item.price is None and not measured):
        return unsold(session, sale, Why.ITEM_PRICE_REQUIRED, now)
    session, effects = added(interrupted(session), shelf.stands(sale, event, met, now), item, now)
    late = shelf.is_late(met.line.pack, sale.date) and policy.best_before == "sell"
    return noticed(session, "best_before", *effects) if late else (session, effects)


def kept_out(session: Session, sale: Sale, pack: Line, old: Line | None, why: Why, now: Millis) -> Step:
    """A pack that is not sold: if it stands on a line already, it goes."""
    effects: tuple[Effect, ...] = ()
    if old is not None:
        session, effects = rebalanced(session, basket.less(sale, old, pack.qty), now)
        sale = phase_sale(session)
    sale = basket.settle(sale, {why}, Res.SELF_FIXED, now)
    session, more = unsold(session, sale, why, now, pack.item.called(session.kept.language))
    return session, (shelf.not_sold(pack, why, now), *effects, *more)


def read_again(session: Session, sale: Sale, event: ItemFound, met: shelf.Met, now: Millis) -> Step:
    """The same pack by its other side, or its serial once more: no new thing, but more may be known of it."""
    before = basket.saved(sale.priced)
    session, effects = rebalanced(interrupted(session), shelf.stands(sale, event, met, now), now)
    if basket.saved(phase_sale(session).priced) > before:
        effects = (Beep("saving"), *effects)
    return noticed(session, "read_before", *effects) if met.named else (session, effects)


def added(session: Session, sale: Sale, item: Item, now: Millis) -> Step:
    saved_before = basket.saved(sale.priced)
    sale, effects = bagging.again(session, sale, now)
    if item.min_age > sale.approved_age:
        question = Intervention(Why.AGE_RESTRICTED, now, age=item.min_age, line=sale.focus, asked_staff=True)
        if basket.asked(sale, {Why.AGE_RESTRICTED}) is None:
            effects += (Beep("person_called"), Light("help"), raised(Why.AGE_RESTRICTED))
            sale = basket.raise_(sale, question)
    sale, asked = shelf.called(bagging.learning(session, sale, item, now), rules(session), now)
    session, offered = suggesting.over(session, now, item.id)
    session, more = priced(passing(session, notice="", **SETTLED), sale)
    now_saved = basket.saved(phase_sale(session).priced)
    beep = Beep("saving" if now_saved > saved_before else "scan")
    return session, (beep, *more, *effects, *asked, *offered, *suggesting.waits(session))


def quantity(session: Session, sale: Sale, no: LineNo, qty: int, now: Millis) -> Step:
    line = basket.line_of(sale, no)
    if line is None or line.grams is not None or line.price is not None or not 1 <= qty <= MOST_OF_ONE:
        return same(session)
    more = qty - line.qty
    if more > 0 and shelf.restricted(sale, replace(line, qty=qty), rules(session), now):
        return unsold(session, sale, Why.SALE_RESTRICTED, now, line.item.called(session.kept.language))
    if more > 0 and line.pack != Pack():
        return noticed(session, "scan_each")
    if not more:
        return same(session)
    changed, before = replace(line, qty=qty), sale
    sale = replace(basket.put(sale, changed), focus=no)
    sale = basket.expect(sale, changed, more) if more > 0 else basket.leave(sale, changed, -more)
    session, effects = rebalanced(session, sale, now)
    lost = basket.lost(before, phase_sale(session))
    back = None if session.passing.back else (no, line.qty)
    session = passing(session, **SETTLED | {"back": back, "lost": lost})
    return session, (Fade("undo", rules(session).undo), *effects)


def rebalanced(session: Session, sale: Sale, now: Millis) -> Step:
    """What should lie in the bag has changed: judge again what does, then price."""
    if basket.strictest_age(sale)[0] == 0:
        sale = basket.settle(sale, {Why.AGE_RESTRICTED}, Res.SELF_FIXED, now)
    sale, effects = bagging.again(session, sale, now)
    sale, asked = shelf.called(sale, rules(session), now)
    session, more = priced(session, sale)
    return session, more + effects + asked


def removed(session: Session, sale: Sale, no: LineNo, now: Millis) -> Step:
    """The shopper takes a line out, as long as she stays within what the shop leaves to her."""
    line = basket.line_of(sale, no)
    if line is None:
        return same(session)
    policy, cashier = rules(session), session.kept.cashier
    value = basket.worth(line) + sum(basket.worth(old) for old in sale.removed)
    over = len(sale.removed) >= policy.void_limit or value > policy.void_value_limit
    if over and cashier is None:
        question = Intervention(Why.VOID_LIMIT, now, line=no, asked_staff=True)
        session, effects = with_sale(session, basket.raise_(sale, question), Beep("person_called"))
        return session, (*effects, Light("help"), raised(Why.VOID_LIMIT))
    after = basket.remove(sale, line, cashier.person if cashier else "")
    session, effects = rebalanced(session, after, now)
    lost = basket.lost(sale, phase_sale(session), line.no)
    session = passing(session, **SETTLED | {"undo": line, "lost": lost})
    return session, (Beep("removed"), Fade("undo", policy.undo), *effects)


def undone(session: Session, sale: Sale, now: Millis) -> Step:
    if not sale.removed or shelf.named(sale, sale.removed[-1]):
        return same(session)
    last = sale.removed[-1]
    if shelf.restricted(sale, last, rules(session), now):
        return same(session)
    return added(session, basket.restore(sale), last.item, now)


def left_out(session: Session, sale: Sale, no: LineNo, now: Millis) -> Step:
    line = basket.line_of(sale, no)
    if line is None:
        return same(session)
    if not bagging.may_stay_out(sale, line, rules(session)) and session.kept.cashier is None:
        return called_for(session, sale, Why.BAG_SKIP_LIMIT, now, no)
    session, effects = rebalanced(session, basket.stays_out(sale, line), now)
    return session, (*effects, Note("bagging_skipped", {"line": no}))


# ---- the bag


def settled(session: Session, sale: Sale, after: Grams, now: Millis) -> Step:
    sale, effects = bagging.settled(session, sale, after, now)
    session = panel(session, None) if basket.asked(sale, WEIGHT) else session
    return with_sale(session, sale, *effects)


def bag_scale(session: Session, now: Millis) -> Step:
    """The scale has gone, and what it alone could settle goes with it; or it is back, and may still wonder."""
    phase = session.kept.phase
    if not isinstance(phase, Shopping):
        return same(session)
    if session.kept.bag_watch:
        wonders = bagging.unsettled(phase.sale.bag)
        return session, (Remind("weigh", rules(session).weigh_wait),) if wonders else ()
    sale = basket.settle(phase.sale, WEIGHT, Res.TIMEOUT, now)
    if sale is phase.sale:
        return same(session)
    sale = replace(sale, bag=replace(sale.bag, card=False, quiet=0))
    return with_sale(session, sale, Light("help" if any(q.asked_staff for q in sale.open) else "in_use"))


def own_bag(session: Session, sale: Sale, now: Millis) -> Step:
    """A bag of her own, announced before or after it lies there."""
    sale, effects = bagging.own_bag(session, sale, now)
    session, more = with_sale(passing(session, notice="own_bag"), sale, *effects)
    return session, more


def answered(session: Session, sale: Sale, answer: str, now: Millis) -> Step:
    """What the shopper says about the bag: what it explains is settled, what not goes to a colleague."""
    question = basket.asked(sale, WEIGHT)
    if question is None:
        return same(session)
    if answer == "not_scanned":
        told = replace(question, answer=answer)
        sale = replace(sale, open=tuple(told if old is question else old for old in sale.open))
        return with_sale(session, sale)
    if answer == "colleague":
        sale, effects = bagging.colleague(session, sale, now)
    elif answer == "left_out" and not bagging.may_stay_out_unasked(session, sale):
        sale, effects = bagging.colleague(session, sale, now)
    elif answer == "left_out":
        sale, effects = bagging.stays_out(session, sale, now)
        effects += (Note("bagging_skipped", {"line": question.line or 0}),)
    else:
        sale, effects = bagging.answered(session, sale, answer, now)
    return with_sale(session, sale, *effects)


# ---- help, paying, and going away


def called_for(session: Session, sale: Sale, why: Why, now: Millis, line: LineNo | None = None) -> Step:
    """A colleague is called; scanning goes on."""
    sale = basket.raise_(sale, Intervention(why, now, line=line, asked_staff=True))
    return with_sale(panel(session, None), sale, Beep("person_called"), Light("help"), raised(why))


def pay(session: Session, sale: Sale, now: Millis) -> Step:
    if not sale.lines or basket.asked(sale, BLOCKS_PAYING):
        return same(session)
    session, offered = suggesting.over(session, now)
    session, effects = paid(session, sale, now)
    return session, (*effects, *offered)


def paid(session: Session, sale: Sale, now: Millis) -> Step:
    """On to the money, once the bag has nothing more to say."""
    ready, sale, effects = bagging.before_paying(session, sale, now)
    if not ready:
        return with_sale(panel(session, None), sale, *effects)
    if (why := audit.drawn(session, sale)) is not None:
        return called_for(session, sale, why, now)
    total = basket.total(sale)
    if total < 0:
        return called_for(session, sale, Why.HELP_REQUESTED, now)
    if total == 0:
        return finish(session, sale, now)
    return first(session, sale, now)


def reminded(session: Session, sale: Sale, key: str, now: Millis) -> Step:
    match key:
        case "weigh" if session.kept.bag_watch:
            sale, effects = bagging.reminded(session, sale, now)
            session = panel(session, None) if basket.asked(sale, WEIGHT) else session
            return with_sale(session, sale, *effects)
        case "weigh":
            return bag_scale(session, now)
        case "abandon" if not sale.lines:
            return parked(session, sale, now)
        case "abandon":
            sale = basket.raise_(sale, Intervention(Why.IDLE_ABANDONED, now, asked_staff=True))
            session = panel(session, None)
            return with_sale(session, sale, Beep("person_called"), Light("help"), raised(Why.IDLE_ABANDONED))
        case "suspend" if may_go(session) is not None:
            return session, (DrawName(LEFT),)
        case "suspend":
            return parked(session, sale, now)
        case _:
            return same(session)


def parked(session: Session, sale: Sale, now: Millis) -> Step:
    """Nobody came back to an empty basket, or to one of a training: the lane is free again."""
    note = Note("sale_abandoned", {"sale": sale.id, "lines": len(sale.lines), "total": basket.total(sale)})
    if not sale.lines:
        return idle(session)
    session, undone = given_up(session, sale, now)
    session, effects = idle(session)
    return session, (note, *undone, *effects)
