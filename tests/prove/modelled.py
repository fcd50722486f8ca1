"""The states of the model checker: the core's session, and a small world of driver, line and terminal around it."""

from typing import NamedTuple

from kiosk.checkout.effects import AskTerminal, Authorise, Deed, Reverse
from kiosk.checkout.events import Happened
from kiosk.checkout.money import Attempt, Mark, Outcome, PaymentResult
from kiosk.checkout.session import Session
from kiosk.checkout.step import step
from kiosk.units import AttemptId, Millis, Minor

NOW = Millis(1_790_000_000_000)
HERE = "52500041"
MARK = Mark(HERE, "0007", "000007")
TIMERS = {"ask", "outlived", "ask_reversal", "reversal_outlived", "abandon"}
OUTLIVES = {"outlived", "reversal_outlived"}
NONE, CHARGED, UNDONE = "none", "charged", "given back"


class Job(NamedTuple):
    """An order that the driver has begun: "ready", "running" or "result" (waiting to be acknowledged)."""

    order: Authorise | Reverse
    at: str


class World(NamedTuple):
    """Everything outside the core. `flying` are requests that may yet reach the terminal, `held` answers that are late,
    `words` what the terminal has yet to say of itself.

    `ledger` says of each payment how it stands at the terminal; `faults`, `restarts`, `presses` are what is left of
    the budget.
    """

    orders: tuple[Deed, ...] = ()
    job: Job | None = None
    inbox: tuple[Happened, ...] = ()
    held: tuple[Happened, ...] = ()
    flying: tuple[Authorise | Reverse, ...] = ()
    words: tuple[Happened, ...] = ()
    ledger: tuple[tuple[str, str], ...] = ()
    timers: frozenset[str] = frozenset()
    faults: int = 2
    restarts: int = 1
    presses: int = 2
    sold: tuple[str, ...] = ()

    def of(self, id: str) -> str:
        return dict(self.ledger).get(id, NONE)

    def book(self, id: str, state: str) -> "World":
        return self._replace(ledger=tuple(sorted({**dict(self.ledger), id: state}.items())))

    def says(self, *events: Happened) -> "World":
        return self._replace(inbox=(*self.inbox, *events))

    def faulty(self) -> "World | None":
        return self._replace(faults=self.faults - 1) if self.faults else None


class State(NamedTuple):
    session: Session
    world: World


class Facts(NamedTuple):
    """Facts in order, the newest first: what a restart replays."""

    fact: Happened
    before: "Facts | None"


class Violation(Exception):  # noqa: N818
    """An invariant does not hold, and which."""


Next = tuple[str, State, tuple[Happened, ...] | None]
"""What happened, what came of it, and its facts; None for those that a restart begins anew."""


def yes(order: Authorise | Reverse | AskTerminal, amount: int | None = None) -> PaymentResult:
    amount = order.amount if amount is None else amount
    return PaymentResult(Outcome.APPROVED, Minor(amount), "EUR", HERE, "0008", "000008")


NO = PaymentResult(Outcome.NOT_CHARGED, result_code="05")
UNKNOWN = PaymentResult(Outcome.UNKNOWN)
NOT_FOUND = PaymentResult(Outcome.UNKNOWN, reason="not_found")


def done(world: World, order: Authorise | Reverse) -> World:
    """The terminal has done that."""
    if isinstance(order, Authorise):
        return world.book(order.attempt, CHARGED)
    return world.book(order.of, UNDONE) if world.of(order.of) == CHARGED else world


def under_way(session: Session) -> list[Attempt]:
    attempt = getattr(session.kept.phase, "attempt", None)
    return [*filter(None, [attempt]), *session.kept.giving_back]


def attended(session: Session, of: AttemptId) -> bool:
    """Whether a colleague's word stands behind that."""
    return session.kept.staff is not None


def replayed(facts: Facts | None) -> Session:
    order = []
    while facts is not None:
        order.append(facts.fact)
        facts = facts.before
    session = Session()
    for fact in reversed(order):
        session, _ = step(session, fact, NOW)
    return Session(session.kept)
