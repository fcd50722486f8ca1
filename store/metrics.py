"""The Prometheus text of the lanes' last heartbeats and of the server itself (exposition format 0.0.4)."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

from kiosk.wire import Sample
from store import alarms, handovers, value
from store.lanes import LaneState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ALIVE = 90_000  # milliseconds after its last heartbeat that a lane counts as up

Labels = dict[str, str]


def exposition(lanes: Iterable[LaneState], counts: dict[str, int], now: int) -> str:
    """`counts` are totals of the server itself, by name; `now` in milliseconds since 1970."""
    found: defaultdict[str, list[tuple[Labels, float]]] = defaultdict(list)
    for name, count in counts.items():
        found[name].append(({}, count))
    for lane in lanes:
        labels = {"store": lane.lane.store, "lane": lane.lane.lane}
        for sample in lane_samples(lane, now):
            more = {str(name): value for name, value in sample.labels.items()}
            found[sample.name].append(({**labels, **more}, sample.value))
    lines: list[str] = []
    for name in sorted(found):
        lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
        lines += [f"{name}{_labels(labels)} {_number(value)}" for labels, value in found[name]]
    return "\n".join(lines) + "\n"


def of_value(db: Connection, now: int) -> dict[str, int]:
    """Value that lanes have reserved and not decided, and what did not fit."""
    held = value.held(db, now)
    reserved = [one for one in held if one.state == "reserved"]
    return {
        "sco_value_reserved": len(reserved),
        "sco_value_reserved_minor": sum(one.amount for one in reserved),
        "sco_value_reserved_oldest_seconds": max((one.age for one in reserved), default=0) // 1000,
        "sco_wallets_pending": len(held) - len(reserved),
        "sco_value_conflicts_total": alarms.raised(db, value.CONFLICT),
        "sco_wallet_refunds_total": alarms.raised(db, "wallet_refunded"),
        "sco_refund_conflicts_total": alarms.raised(db, "refund_exceeds"),
        "sco_alarms_total": alarms.raised(db),
        "sco_alarms_open": alarms.still_open(db),
        "sco_handovers_waiting": len(handovers.waiting(db)),
    }


def lane_samples(lane: LaneState, now: int) -> list[Sample]:
    """What is known of a lane: up or not, its age, and what its heartbeat says while it is up."""
    beat = lane.heartbeat
    up = lane.seen is not None and now - lane.seen <= ALIVE
    samples = [Sample("sco_lane_up", int(up)), Sample("sco_lane_wanted_open", int(lane.open))]
    if lane.seen is None or beat is None:
        return samples
    samples.append(Sample("sco_heartbeat_age_seconds", (now - lane.seen) / 1000))
    if up:
        samples.append(Sample("sco_lane_state", 1, {"state": beat.state}))
        samples.append(Sample("sco_catalogue_version", beat.catalogue))
        samples.append(Sample("sco_outbox_depth", beat.queue))
        samples += [
            Sample("sco_device_ready", int(device.health == "ready"), {"device": device.name})
            for device in beat.devices
        ]
        samples += [sample for sample in beat.samples if sample.name not in {s.name for s in samples}]
    return samples


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
