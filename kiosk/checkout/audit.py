"""A few baskets are scanned again in part: by chance, and rather where the lane itself is unsure. Never by appearance.

The chance is made of what lies in the basket alone; nothing of it knows who the shopper is, what she looks like, or
how she has set the screen. The lot was drawn for the basket before anything was in it, so the draws stay comparable.
Numbers of a million throughout.
"""

from msgspec.structs import replace

from kiosk.barcode import Measured, Produce, Product
from kiosk.checkout import basket, shelf
from kiosk.checkout.effects import Beep, Effect, Light, LookUp, Remind
from kiosk.checkout.events import (
    AddWeighed,
    AuditBegun,
    AuditCounted,
    AuditEnded,
    AuditSolved,
    Happened,
    ItemFound,
    ItemUnknown,
    LeaveOutPressed,
    PayPressed,
    Picked,
    QuantityChosen,
    Reminded,
    RemovePressed,
    Scanned,
    UndoPressed,
    WeightSettled,
)
from kiosk.checkout.interventions import AUDITS
from kiosk.checkout.model import Audit, Intervention, Line, Resolution, Sale, Why
from kiosk.checkout.session import Policy, Session, Shopping, Staff
from kiosk.checkout.turn import (
    Step,
    booked,
    kept,
    noticed,
    panel,
    phase_sale,
    priced,
    rules,
    same,
    with_sale,
)
from kiosk.units import LineNo, Millis, Minor
from kiosk.weight.check import approved
from kiosk.weight.decision import wrong_of_a_million

MILLION = 1_000_000
DEAR = 20_000  # minor units from which a basket's value says no more
VOIDS = 5  # removals from which they say no more
WEIGHTS = {"weight": 40, "voids": 15, "produce": 10, "skipped": 15, "value": 20}  # percent


# ---- which baskets


def score(sale: Sale) -> int:
    """How unsure the lane is of this basket, of a million."""
    lines = len(sale.lines) or 1
    said = {
        "weight": wrong_of_a_million(sale.bag),
        "voids": min(len(sale.removed), VOIDS) * MILLION // VOIDS,
        "produce": sum(line.grams is not None for line in sale.lines) * MILLION // lines,
        "skipped": sum(not line.bagged for line in sale.lines) * MILLION // lines,
        "value": min(max(basket.total(sale), 0), DEAR) * MILLION // DEAR,
    }
    return sum(said[name] * percent for name, percent in WEIGHTS.items()) // 100


def chance(sale: Sale, policy: Policy) -> int:
    """How likely this basket is scanned again, of a million."""
    least, most = policy.audit_least, max(policy.audit_least, policy.audit_most)
    return least + (most - least) * score(sale) // MILLION


def drawn(session: Session, sale: Sale) -> Why | None:
    """Whether this basket is to be scanned again before it is paid, once: purely by chance, or by chance and risk."""
    policy = rules(session)
    if not policy.audit or sale.training or sale.cashier:
        return None
    if any(done.intervention.why in AUDITS for done in sale.settled):
        return None
    if sale.lot < policy.audit_least:
        return Why.AUDIT_RANDOM
    return Why.AUDIT_RISK if sale.lot < chance(sale, policy) else None


# ---- which lines


def chosen(sale: Sale, most: int) -> tuple[LineNo, ...]:
    """The lines of greatest value times uncertainty, in the order of the basket."""
    ranked = sorted(sale.lines, key=lambda line: (-int(basket.worth(line)) * doubt(line), line.no))
    return tuple(sorted(line.no for line in ranked[:most]))


def doubt(line: Line) -> int:
    """How little the lane itself knows of a line: what never lay on its scale, was named by hand, or is many."""
    unknown = line.item.grams is None and line.item.weighings is None
    return 1 + 2 * (not line.bagged) + 2 * (line.grams is not None) + unknown + (line.qty > 1)


# ---- the rescan


def auditing(session: Session, event: Happened, now: Millis) -> Step | None:
    """A rescan begins or is under way: everything else waits for its end. None where there is none."""
    phase, staff = session.kept.phase, session.kept.colleague
    if isinstance(event, AuditBegun):
        if staff is None or not isinstance(phase, Shopping) or not phase.sale.lines or phase.sale.audit:
            return same(session)
        return begun(session, phase.sale, staff, event.reason, now)
    if not isinstance(phase, Shopping) or phase.sale.audit is None:
        return None
    return counting(session, phase.sale, phase.sale.audit, event, now)


def begun(session: Session, sale: Sale, staff: Staff, reason: str, now: Millis) -> Step:
    """The colleague counts. Where nobody asked for it, she says why, and that stands beside her name."""
    if basket.asked(sale, AUDITS) is None:
        sale = basket.raise_(sale, Intervention(Why.AUDIT_RISK, now, asked_staff=True, seen=now))
    lines = chosen(sale, rules(session).audit_items)
    counts = tuple((no, 0) for no in lines)
    sale = replace(sale, audit=Audit(staff.person, staff.name, counts, reason=reason))
    session = panel(kept(session, staff=None), None)
    return with_sale(session, sale, Remind("staff", 0), Light("help"))


def counting(session: Session, sale: Sale, audit: Audit, event: Happened, now: Millis) -> Step | None:
    match event:
        case Scanned(code=Product() | Measured() | Produce() as code, carrier=carrier, by_camera=by_camera):
            return session, (LookUp(code, carrier, by_camera),)
        case ItemFound():
            return counted(session, sale, audit, event)
        case ItemUnknown():
            return noticed(session, "item.not_found", Beep("needs_you"))
        case AuditCounted(line=no):
            return with_audit(session, sale, there(sale, audit, no))
        case AuditSolved(line=no, extra=extra):
            return solved(session, sale, audit, no, extra)
        case AuditEnded():
            return ended(session, sale, audit, now)
        case WeightSettled(after=after):
            sale = replace(sale, bag=replace(sale.bag, level=after))
            return with_sale(kept(session, level=after), sale)
        case Reminded(key="abandon" | "suspend"):
            return None
        case Scanned() | Reminded(key="weigh"):
            return same(session)
        case Picked() | AddWeighed() | QuantityChosen() | RemovePressed() | UndoPressed() | LeaveOutPressed():
            return same(session)
        case PayPressed():
            return same(session)
        case _:
            return None


def with_audit(session: Session, sale: Sale, audit: Audit) -> Step:
    return with_sale(session, replace(sale, audit=audit))


def counted(session: Session, sale: Sale, audit: Audit, event: ItemFound) -> Step:
    """One more of a line that is counted; of another line it is fine; of none it is extra."""
    line = shelf.line_of(event)
    same_item = [old for old in sale.lines if old.item.id == line.item.id]
    due = [old for old in same_item if any(no == old.no for no, _ in audit.counts)]
    if due:
        short = next((old for old in due if count_of(audit, old.no) < old.qty), due[0])
        session, effects = with_audit(session, sale, counts(audit, short.no, line.qty))
    elif same_item:
        session, effects = noticed(session, "audit_there")
    else:
        session, effects = with_audit(session, sale, replace(audit, extra=(*audit.extra, line)))
    return session, (Beep("scan"), *effects)


def count_of(audit: Audit, no: LineNo) -> int:
    return next((count for each, count in audit.counts if each == no), 0)


def counts(audit: Audit, no: LineNo, more: int) -> Audit:
    new = tuple((each, count + more * (each == no)) for each, count in audit.counts)
    return replace(audit, counts=new)


def there(sale: Sale, audit: Audit, no: LineNo) -> Audit:
    """All of a line is there, by the colleague's eye; touched again it is not."""
    line = basket.line_of(sale, no)
    return audit if line is None else counts(audit, no, line.qty - count_of(audit, no))


def differences(sale: Sale, audit: Audit) -> tuple[tuple[Line, int], ...]:
    """The lines of which not as many were counted as the basket has, and how many were."""
    found = ((basket.line_of(sale, no), count) for no, count in audit.counts)
    return tuple((line, count) for line, count in found if line is not None and line.qty != count)


def solved(session: Session, sale: Sale, audit: Audit, no: LineNo | None, extra: int) -> Step:
    """The basket gets what is there: with the shopper beside, and at the price that the shelf says."""
    before = basket.total(sale)
    line = basket.line_of(sale, no)
    if line is not None and count_of(audit, line.no) != line.qty:
        sale = _with_count(sale, line, count_of(audit, line.no))
    elif no is None and extra < len(audit.extra) and audit.extra[extra].item.price is not None:
        sale = basket.add(sale, audit.extra[extra])
        audit = replace(audit, extra=(*audit.extra[:extra], *audit.extra[extra + 1 :]))
    else:
        return same(session)
    sale = basket.priced(sale, rules(session))
    worth = Minor(audit.worth + abs(basket.total(sale) - before))
    audit = replace(audit, solved=audit.solved + 1, worth=worth)
    return priced(session, replace(sale, audit=audit))


def _with_count(sale: Sale, line: Line, count: int) -> Sale:
    if count < line.qty:
        return basket.less(sale, line, line.qty - count)
    changed = replace(line, qty=count)
    return basket.expect(basket.put(sale, changed), changed, count - line.qty)


def ended(session: Session, sale: Sale, audit: Audit, now: Millis) -> Step:
    """Done, with thanks: what was looked at is right, and how it went stands in the books without anybody's name but
    the colleague's."""
    policy = rules(session)
    question = basket.asked(sale, AUDITS)
    left = len(differences(sale, audit)) + len(audit.extra)
    fields: dict[str, str | int] = {
        "sale": sale.id,
        "code": question.why.value if question else "",
        "chance": chance(sale, policy),
        "lines": len(audit.counts),
        "hits": audit.solved + left,
        "left": left,
        "value": audit.worth,
        "reason": audit.reason,
    }
    staff = Staff(audit.by, audit.name, now)
    asked = audit.by if audit.reason else "lane"
    told = booked(session, "audit", staff, now, asked, **fields)
    sale = basket.settle(sale, AUDITS, Resolution.APPROVED, now, audit.by, reason=audit.reason)
    bag = approved(sale.bag, corrected=audit.solved > 0)
    session, effects = priced(session, replace(sale, audit=None, bag=bag))
    calm: tuple[Effect, ...] = (Light("help" if phase_sale(session).open else "in_use"),)
    return session, (Beep("done"), *calm, *told, *effects)
