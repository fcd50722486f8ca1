"""The readiness report as data: one check a line, with what was seen, what should be, and what to do."""

from enum import StrEnum

from msgspec import Struct

from kiosk.readiness.faults import Fault
from kiosk.readiness.repair import Step, steps


class State(StrEnum):
    """OK and WARN sell; with a FAULT something of the lane does not work; ABSENT: not there, and nobody wants it."""

    OK = "ok"
    WARN = "warn"
    FAULT = "fault"
    ABSENT = "absent"


WARNINGS = frozenset(
    {
        Fault.PAPER_LOW,
        Fault.SLOW,
        Fault.WORN,
        Fault.HOT,
        Fault.UNDERVOLTAGE,
        Fault.MEMORY,
        Fault.SERVER_AWAY,
        Fault.UNSENT,
        Fault.NOT_CONFIGURED,
    }
)
"""A lane with one of these still sells."""


class Check(Struct, frozen=True, omit_defaults=True):
    """One thing that was looked at. `kind`: device, machine, shop, books, software; `subject`: which one of them.

    `expected` is said where what was `seen` does not tell by itself what is wrong with it.
    """

    kind: str
    subject: str
    state: State
    seen: str = ""
    expected: str = ""
    fault: Fault | None = None
    steps: tuple[Step, ...] = ()


def well(kind: str, subject: str, seen: str) -> Check:
    return Check(kind, subject, State.OK, seen)


def ill(kind: str, subject: str, fault: Fault, seen: str, expected: str = "") -> Check:
    """A check that found a fault; how grave it is, and what helps, follow from the fault."""
    state = State.WARN if fault in WARNINGS else State.FAULT
    return Check(kind, subject, state, seen, expected, fault, steps(subject, fault))


class Report(Struct, frozen=True):
    """All of one lane at one time (`at`: ISO 8601, UTC). No secrets and no personal data are in it."""

    store: str
    lane: str
    version: str
    slot_hash: str
    at: str
    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        return all(check.state is not State.FAULT for check in self.checks)

    def of(self, state: State) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.state is state)
