"""The rescan: what to scan again, what is there by now, and each difference with the key that puts it right."""

from kiosk.checkout.audit import count_of, differences
from kiosk.checkout.events import AuditCounted, AuditEnded, AuditSolved
from kiosk.checkout.model import Audit, Line, Sale
from kiosk.units import LineNo
from screens.attendant import staff_key
from screens.lane import Lane
from screens.notices import notice
from screens.slip import called
from screens.widgets import Hero, Key, Page, Slip, Strip

MOST_EXTRA = 2


def rescan(lane: Lane, sale: Sale, audit: Audit) -> Page:
    """The colleague scans, the page ticks off. The shopper stands beside and reads the same."""
    words = lane.words
    text = words("Scan each of these once more, all pieces of it.")
    title = Hero((words("We check together"),), text, size="ask", icon="audit")
    counted = tuple(_counted(lane, sale, audit, no) for no, _ in audit.counts)
    extra = tuple(_extra(lane, line, at) for at, line in enumerate(audit.extra[:MOST_EXTRA]))
    done = not differences(sale, audit) and not audit.extra
    end = Key(
        id="end_audit",
        text=words("All is right") if done else words("End the check"),
        icon="check",
        kind="go" if done else "answer",
        sends=AuditEnded(),
    )
    return lane.page(
        "rescan",
        title,
        Slip(strips=(*counted, *extra, *notice(lane))),
        head=lane.staff_head(audit.name),
        total=lane.total(),
        go=end,
        foot=(),
    )


def _counted(lane: Lane, sale: Sale, audit: Audit, no: LineNo) -> Strip:
    words, ident = lane.words, f"audit-{no}"
    line = next(line for line in sale.lines if line.no == no)
    have, name = count_of(audit, no), called(line.item, words)
    if have == line.qty:
        return Strip(ident, "check", name, words("All there"), tone="done", right=f"{have}/{line.qty}")
    if line.grams is not None:
        there = staff_key(f"there-{no}", words("It is there"), AuditCounted(no))
        text = words("{weight} in the basket", weight=words.weight(line.grams))
        return Strip(ident, "scale", name, text, "person", "", (there,))
    text = words("{have} scanned, {want} in the basket", have=have, want=line.qty)
    if not have:
        return Strip(ident, "scan", name, text, tone="next")
    more = have - line.qty
    put = words("Add {n}", n=more) if more > 0 else words("Take {n} off", n=-more)
    key = staff_key(f"solve-{no}", put, AuditSolved(no), "plus" if more > 0 else "minus")
    return Strip(ident, "scan", name, text, "person", "", (key,))


def _extra(lane: Lane, line: Line, at: int) -> Strip:
    words = lane.words
    key = staff_key(f"extra-{at}", words("Add it"), AuditSolved(extra=at), "plus")
    keys = (key,) if line.item.price is not None else ()
    return Strip(
        f"extra-{at}", "scan", called(line.item, words), words("Not in the basket yet"), "person", "", keys
    )
