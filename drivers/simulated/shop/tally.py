"""What a check did to a simulated shop: counts that add up, and the figures that are told of them."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

COLD, WARM = 500, 2_500
"""The first visits of a shop that knows nothing yet; from which one on it is warm."""
CARD, WALK, QUEUE, CHECK = 6.0, 35.0, 20.0, 90.0
"""Seconds that a card, an attendant's way, the mean wait for one, and a check of the whole basket cost."""

Kind = dict[str, int]
EMPTY = dict.fromkeys(
    ("events", "undetected", "believed", "missed", "value", "undetected_value", "missed_value"), 0
)


class Count(Struct):
    """Of some visits: what an alarm was about is counted in `causes`, deeds by kind in `kinds`."""

    baskets: int = 0
    items: int = 0
    false_alarms: int = 0
    disturbed: int = 0
    alarms: int = 0
    cards: int = 0
    staff: int = 0
    staff_honest: int = 0
    blocks: int = 0
    stuck: int = 0
    seconds: float = 0.0
    causes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def add(self, more: "Count") -> None:
        for name in self.__struct_fields__:
            mine, theirs = getattr(self, name), getattr(more, name)
            if name == "kinds":
                for kind, values in theirs.items():
                    _add(mine.setdefault(kind, dict(EMPTY)), values)
            elif name == "causes":
                _add(mine, theirs)
            else:
                setattr(self, name, mine + theirs)

    def deed(self, kind: str, value: int, missed: bool, seen: bool, asked: bool) -> None:
        """How one wrong thing ended: missed; undetected if no attendant saw it; believed if a lie was the answer."""
        undetected = missed and not seen
        sums = {
            "events": 1,
            "undetected": int(undetected),
            "believed": int(undetected and asked),
            "missed": int(missed),
            "value": value,
            "undetected_value": value * undetected,
            "missed_value": value * missed,
        }
        _add(self.kinds.setdefault(kind, dict(EMPTY)), sums)


def _add(mine: dict[str, int], more: dict[str, int]) -> None:
    for name, value in more.items():
        mine[name] = mine.get(name, 0) + value


class Tally:
    """One check's counts, by how long the shop had been open."""

    def __init__(self) -> None:
        self.parts = {"cold": Count(), "between": Count(), "warm": Count(), "all": Count()}
        self.cpu: list[float] = []

    def add(self, number: int, count: Count) -> None:
        part = "cold" if number <= COLD else "warm" if number > WARM else "between"
        self.parts[part].add(count)
        self.parts["all"].add(count)

    def told(self) -> dict[str, Any]:
        parts = {name: told(count) for name, count in self.parts.items() if count.baskets}
        cpu = sorted(self.cpu)
        return parts | {"cpu_ms": {"p50": _at(cpu, 0.5), "p99": _at(cpu, 0.99), "decisions": len(cpu)}}


def told(count: Count) -> dict[str, Any]:
    """The figures of one part, as rates that are comparable and counts that are exact."""
    deeds = deeds_of(count)
    return {
        "baskets": count.baskets,
        "items": count.items,
        "false_alarms": count.false_alarms,
        "false_alarms_per_100_items": _per(100 * count.false_alarms, count.items),
        "false_alarms_per_100_baskets": _per(100 * count.false_alarms, count.baskets),
        "baskets_with_a_false_alarm": _per(count.disturbed, count.baskets),
        "false_alarms_by_cause": dict(sorted(count.causes.items(), key=lambda cause: -cause[1])),
        "alarms": count.alarms,
        "cards": count.cards,
        "staff_calls": count.staff,
        "staff_calls_honest": count.staff_honest,
        "staff_calls_honest_per_100_baskets": _per(100 * count.staff_honest, count.baskets),
        "blocks": count.blocks,
        "stuck": count.stuck,
        "seconds_lost_per_100_baskets": _per(100 * count.seconds, count.baskets),
        "deeds": deeds
        | {
            "undetected_rate": _per(deeds["undetected"], deeds["events"]),
            "missed_rate": _per(deeds["missed"], deeds["events"]),
            "missed_value_rate": _per(deeds["missed_value"], deeds["value"]),
        },
        "deeds_by_kind": dict(sorted(count.kinds.items())),
    }


def deeds_of(count: Count) -> Kind:
    """The deeds of all kinds together."""
    whole = dict(EMPTY)
    for kind in count.kinds.values():
        _add(whole, kind)
    return whole


def ratios(mine: Tally, base: Tally) -> dict[str, dict[str, float | None]]:
    """Each figure that has a goal, as a ratio to the base's in the same part of the same world."""
    found: dict[str, dict[str, float | None]] = {}
    for name, count in mine.parts.items():
        other = base.parts[name]
        if not count.baskets:
            continue
        ours, theirs = deeds_of(count), deeds_of(other)
        found[name] = {
            "false_alarms": _per(count.false_alarms, other.false_alarms),
            "staff_calls_honest": _per(count.staff_honest, other.staff_honest),
            **{what: _per(ours[what], theirs[what]) for what in ("undetected", "missed", "missed_value")},
            "seconds_lost": _per(count.seconds, other.seconds),
        }
    return found


def merged(tallies: Iterable[Tally]) -> Tally:
    """Several seeds' tallies as one."""
    whole = Tally()
    for tally in tallies:
        for name, count in tally.parts.items():
            whole.parts[name].add(count)
        whole.cpu += tally.cpu
    return whole


def _per(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _at(ordered: list[float], share: float) -> float | None:
    return round(1000 * ordered[int(share * (len(ordered) - 1))], 4) if ordered else None
