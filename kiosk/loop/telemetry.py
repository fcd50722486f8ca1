"""What the store server is told about a lane, in the names of the field (sco_…, base units, few labels)."""

import logging
from collections import Counter
from collections.abc import Iterable

from kiosk import wire
from kiosk.checkout.effects import Note
from kiosk.checkout.interventions import KINDS, gravest_first
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver
from kiosk.checkout.session import Idle, OutOfService, Paying, Session, Shopping
from kiosk.loop.loop import Timing
from kiosk.units import Millis

log = logging.getLogger(__name__)

BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0)  # seconds
WAITS = (5, 15, 30, 60, 120, 300, 600)  # seconds that a colleague was waited for
Key = tuple[str, tuple[tuple[str, str], ...]]

COUNTERS = {
    "intervention_raised": ("sco_intervention_raised_total", ("code",)),
    "payment": ("sco_payment_attempts_total", ("result",)),
    "weight_decision": ("sco_weight_decision_total", ("decision",)),
    "security.tamper": ("sco_security_total", ("what",)),
    "offer": ("sco_offer_total", ("result",)),
    "security.pin_lockout": ("sco_security_total", ("what",)),
    "print_failed": ("sco_print_failed_total", ("code",)),
}


class Telemetry:
    """Counts since the process began; nothing in here names a person, a basket or an item."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._counts: Counter[Key] = Counter()

    def note(self, note: Note) -> None:
        log.info("%s %s", note.name, note.fields)
        name, labels = COUNTERS.get(note.name, ("sco_notes_total", ()))
        said = {label: str(note.fields.get(label, "")) for label in labels}
        self._add(name, 1, **said)
        if isinstance(seconds := note.fields.get("seconds"), int):
            self._add(name.replace("_total", "_seconds_total"), seconds, **said)

    def ended(self, basket: ClosedSale | Cancelled | HandedOver) -> None:
        """A basket has ended: what was sold, what was asked, and how long people waited for a colleague."""
        if isinstance(basket, ClosedSale):
            self._add("sco_sales_total")
            self._add("sco_items_sold_total", sum(line.qty for line in basket.lines))
        for settled in basket.settled:
            code, how = settled.intervention.why.value, settled.resolution.value
            self._add("sco_intervention_total", code=code, resolution=how)
            if settled.intervention.asked_staff:
                self._waited(code, settled.at - settled.intervention.raised)

    def _waited(self, code: str, millis: int) -> None:
        """A histogram: every bucket up to the longest counts all that waited no longer."""
        name = "sco_intervention_wait_seconds"
        for bucket in WAITS:
            if millis <= bucket * 1000:
                self._add(f"{name}_bucket", code=code, le=str(bucket))
        self._add(f"{name}_bucket", code=code, le="+Inf")
        self._add(f"{name}_count", code=code)
        self._add(f"{name}_sum", max(0, millis // 1000), code=code)

    def turn(self, timing: Timing) -> None:
        """How long a scan was on its way from the inbox to the glass."""
        if timing.event != "Scanned":
            return
        seconds = timing.shown / 1e9
        for bucket in BUCKETS:
            if seconds <= bucket:
                self._add("sco_scan_to_screen_seconds_bucket", le=str(bucket))
        self._add("sco_scan_to_screen_seconds_bucket", le="+Inf")

    def refused(self, number: int, why: str) -> None:
        log.error("the store server will not take ledger line %d: %s", number, why)
        self._add("sco_outbox_refused_total")

    def _add(self, name: str, amount: int = 1, /, **labels: str) -> None:
        self._counts[name, tuple(sorted(labels.items()))] += amount

    def heartbeat(self, session: Session, since: Millis, now: Millis, queue: int) -> wire.Heartbeat:
        devices = tuple(
            wire.DeviceState(device.name, device.health.value, device.detail[:200])
            for device in session.passing.devices
        )
        return wire.Heartbeat(
            at=now,
            version=self.version,
            state=state(session),
            since=since,
            queue=queue,
            devices=devices,
            samples=tuple(self._samples()),
            asked=asked(session),
        )

    def _samples(self) -> Iterable[wire.Sample]:
        for (name, labels), count in self._counts.items():
            yield wire.Sample(name, float(count), dict(labels))  # type: ignore[arg-type]


def asked(session: Session) -> tuple[wire.Asked, ...]:
    """What colleagues are wanted for at this lane, the gravest first."""
    phase = session.kept.phase
    if not isinstance(phase, Shopping | Paying):
        return ()
    return tuple(
        wire.Asked(each.why.value, KINDS[each.why].severity, each.raised, each.seen is not None)
        for each in gravest_first(phase.sale.open)
        if each.asked_staff
    )


def state(session: Session) -> str:
    """The lane in one word, as the lane monitor shows it."""
    phase = session.kept.phase
    if isinstance(phase, Shopping | Paying) and any(question.asked_staff for question in phase.sale.open):
        return "needs_help"
    match phase:
        case Idle():
            return "idle"
        case Shopping():
            return "shopping"
        case Paying():
            return "paying"
        case OutOfService():
            return "closed"
        case _:
            return "finishing"
