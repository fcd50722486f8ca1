"""The bag at the till: what is sold becomes what the weight check expects, what it decides becomes a question."""

from msgspec.structs import replace

from kiosk.checkout import basket
from kiosk.checkout.effects import Beep, Effect, LearntItem, Light, Note, Remind
from kiosk.checkout.model import Intervention, Item, Line, Sale, Settled, Why
from kiosk.checkout.model import Resolution as Res
from kiosk.checkout.session import Policy, Session
from kiosk.checkout.turn import WEIGHT, raised, rules
from kiosk.units import Grams, ItemId, LineNo, Millis
from kiosk.weight import check as checks
from kiosk.weight.belief import epoch_of
from kiosk.weight.check import Check
from kiosk.weight.decision import Decision, Reason, decide, doubtful, reason
from kiosk.weight.sums import HEAVIEST, Sums

Told = tuple[Sale, tuple[Effect, ...]]

WHY = {
    Reason.UNEXPECTED: Why.WEIGHT_UNEXPECTED,
    Reason.MISMATCH: Why.WEIGHT_MISMATCH,
    Reason.MISSING: Why.WEIGHT_MISSING,
    Reason.REMOVED: Why.WEIGHT_REMOVED,
}


def settled(session: Session, sale: Sale, after: Grams, now: Millis) -> Told:
    """The bag scale has come to rest."""
    sale = replace(sale, bag=checks.settled(sale.bag, after))
    said, sale, effects = _heard(session, sale, now)
    return sale, (*effects, Note("weight_decision", {"decision": said, "grams": after}))


def again(session: Session, sale: Sale, now: Millis) -> Told:
    """What should lie in the bag has changed: is all well?"""
    _, sale, effects = _heard(session, sale, now)
    return sale, effects


def reminded(session: Session, sale: Sale, now: Millis) -> Told:
    """A silent moment is over."""
    sale = replace(sale, bag=checks.reminded(sale.bag))
    _, sale, effects = _heard(session, sale, now, reminder=True)
    return sale, effects


def before_paying(session: Session, sale: Sale, now: Millis) -> tuple[bool, Sale, tuple[Effect, ...]]:
    """Whether all has come together, so that she may pay."""
    bag = replace(sale.bag, paying=True, quiet=checks.SETTLED)
    said, sale, effects = _heard(session, replace(sale, bag=bag), now)
    return said == "ok", sale, effects


def own_bag(session: Session, sale: Sale, now: Millis) -> Told:
    """A bag of her own, announced before or after it lies there."""
    card = sale.bag.card
    sale = replace(sale, bag=checks.says_bag(sale.bag))
    _, sale, effects = _heard(session, sale, now, answer=card, own=True)
    return sale, effects


def answered(session: Session, sale: Sale, answer: str, now: Millis) -> Told:
    """What she says to the card; what is left of the suspicion goes to a colleague."""
    says = {"own_bag": checks.says_bag, "moved": checks.says_moved, "full": checks.says_full}
    sale = replace(sale, bag=replace(says.get(answer, checks.says_fine)(sale.bag), quiet=0))
    _, sale, effects = _heard(session, sale, now, answer=True, own=answer == "own_bag")
    return sale, effects


def colleague(session: Session, sale: Sale, now: Millis) -> Told:
    """None of the answers is hers."""
    return _call(session, replace(sale, bag=replace(sale.bag, card=True)), now)


def stays_out(session: Session, sale: Sale, now: Millis) -> Told:
    """Everything that did not reach the bag stays out of it; a colleague looks if that is small and dear."""
    lines = {sale.bag.units[i].line for i in sale.bag.best.pending}
    if any(doubtful(sale.bag, line) for line in lines):
        return _call(session, sale, now)
    bag = sale.bag
    for line in lines:
        bag = checks.says_left_out(bag, line)
    kept = tuple(replace(line, bagged=line.bagged and line.no not in lines) for line in sale.lines)
    sale = replace(sale, bag=bag, lines=kept)
    sale = replace(sale, bag=checks.believed(sale.bag))
    _, sale, effects = _heard(session, sale, now)
    return sale, effects


def may_stay_out(sale: Sale, line: Line, policy: Policy) -> bool:
    """Whether a shopper may leave that out of the bag alone: always what is heavy, of the rest so many and so dear."""
    if (line.item.grams or 0) >= policy.skip_heavy:
        return True
    out = [each for each in sale.lines if not each.bagged and (each.item.grams or 0) < policy.skip_heavy]
    value = basket.worth(line) + sum(basket.worth(each) for each in out)
    return len(out) < policy.skip_limit and value <= policy.skip_value_limit


def may_stay_out_unasked(session: Session, sale: Sale) -> bool:
    """The same of everything that did not reach the bag."""
    missing = {sale.bag.units[i].line for i in sale.bag.best.pending}
    return all(may_stay_out(sale, line, rules(session)) for line in sale.lines if line.no in missing)


def learning(session: Session, sale: Sale, item: Item, now: Millis) -> Sale:
    """Nobody knows yet what this weighs: the lane learns it by itself, and the shop can see how often that is so."""
    known = item.grams is not None or item.weighings is not None or item.by_weight
    if known or not session.kept.bag_watch or sale.cashier:
        return sale
    told = Settled(Intervention(Why.WEIGHT_UNKNOWN_ITEM, now, line=sale.focus), Res.AUTO, now)
    once = any(
        done.intervention.why is told.intervention.why and done.intervention.line == sale.focus
        for done in sale.settled
    )
    return sale if once else replace(sale, settled=(*sale.settled, told))


def approved(sale: Sale) -> Sale:
    """A colleague has looked: what lies there is right."""
    return replace(sale, bag=checks.approved(sale.bag))


def unsettled(bag: Check) -> bool:
    """Whether the check still wonders, so that it must be reminded when its scale is back."""
    return decide(bag)[0] != "ok"


def lessons(sale: Sale) -> tuple[LearntItem, ...]:
    """What the visit has taught about weights: what was put down alone in a visit in which nothing was wrong."""
    best = sale.bag.best
    if best.wrong or sale.cashier:
        return ()
    found: dict[tuple[ItemId, int], Sums] = {}
    items = {line.no: line.item for line in sale.lines if line.grams is None and not line.item.by_weight}
    for i, grams in best.alone:
        unit = sale.bag.units[i]
        item = items.get(LineNo(unit.line))
        if item is None or i in sale.bag.void or not 0 <= grams <= HEAVIEST:
            continue
        epoch = epoch_of(item.weighings, unit.belief, round(grams), sale.bag.setting.blur)
        one, key = Sums.of(round(grams)), (item.id, epoch)
        found[key] = found[key] + one if key in found else one
    return tuple(LearntItem(item, epoch, s.n, s.sum, s.squares) for (item, epoch), s in found.items())


# ---- from a decision to a question


def _heard(
    session: Session,
    sale: Sale,
    now: Millis,
    *,
    reminder: bool = False,
    answer: bool = False,
    own: bool = False,
) -> tuple[Decision, Sale, tuple[Effect, ...]]:
    """What the check decides now, and what follows from it at the till."""
    if not session.kept.bag_watch or sale.cashier:
        return "ok", sale, ()
    said, bag = decide(sale.bag, reminder=reminder, answer=answer)
    sale = replace(sale, bag=bag)
    match said:
        case "ask":
            return said, *_ask(session, sale, now)
        case "staff" | "block":
            return said, *_call(session, sale, now, own)
        case "wait":
            return said, _closed(sale, now), (Remind("weigh", rules(session).weigh_wait),)
        case _:
            asked = basket.asked(sale, WEIGHT) is not None
            return said, _closed(sale, now), (Light("in_use"),) if asked else ()


def _closed(sale: Sale, now: Millis) -> Sale:
    return basket.settle(sale, WEIGHT, Res.SELF_FIXED, now)


def _ask(session: Session, sale: Sale, now: Millis) -> Told:
    """One card; while it is open it says what is the matter now."""
    why, grams, line = reason(sale.bag)
    old = basket.asked(sale, WEIGHT)
    if old is not None:
        return sale, ()
    question = Intervention(WHY[why], now, grams=Grams(round(grams)), line=_line(line))
    return basket.raise_(sale, question), (Beep("needs_you"), raised(question.why, question.grams))


def _call(session: Session, sale: Sale, now: Millis, own: bool = False) -> Told:
    """A colleague is asked, quietly; scanning goes on. `own`: about a bag of her own that is heavier than such bags."""
    why, grams, line = reason(sale.bag)
    old = basket.asked(sale, WEIGHT)
    if old is not None and old.asked_staff:
        return sale, ()
    question = Intervention(WHY[why], now, grams=Grams(round(grams)), line=_line(line), asked_staff=True)
    if old is not None:
        heavy = old.grams > rules(session).own_bag_max
        bag = own and heavy and old.why is Why.WEIGHT_UNEXPECTED
        question = replace(old, why=Why.BAG_OWN if bag else old.why, asked_staff=True)
        sale = replace(sale, open=tuple(each for each in sale.open if each is not old))
    sale = basket.raise_(sale, question)
    return sale, (Beep("person_called"), Light("help"), raised(question.why, question.grams))


def _line(line: int | None) -> LineNo | None:
    return None if line is None else LineNo(line)
