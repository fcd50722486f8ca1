"""Negative controls: eight bugs are sown, one at a time, and the proof has to find each of them."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from msgspec.structs import replace

from drivers.terminals.zvt import driver as zvt_driver
from kiosk.checkout import doubt, evidence, giving, paying
from kiosk.checkout.effects import Acknowledge, Deed
from kiosk.checkout.events import PayPressed
from kiosk.checkout.session import Paying, Session
from kiosk.checkout.tenders import begin
from kiosk.checkout.turn import kept
from kiosk.journal import Commit
from kiosk.loop.loop import Loop
from tests.prove.explore import explore
from tests.prove.model import Model
from tests.prove.modelled import World
from tests.prove.plan import Kill, Plan, drawn
from tests.prove.process import WatchedJournal
from tests.prove.random_runs import quiet
from tests.prove.run import play
from tests.prove.situations import SITUATIONS

RUNS = 400


@contextmanager
def patched(*places: tuple[Any, str, Any]) -> Iterator[None]:
    """Those attributes are others for a while."""
    with ExitStack() as stack:
        for place, name, other in places:
            stack.callback(setattr, place, name, getattr(place, name))
            setattr(place, name, other)
        yield


# ---- the bugs


def no_intent_commit() -> list[tuple[Any, str, Any]]:
    """The turn that asks for money is never written."""
    own = WatchedJournal.commit

    def commit(self: WatchedJournal, turn: Commit) -> "Future[None]":
        if any(isinstance(fact, PayPressed) for fact in turn.facts):
            turn = replace(turn, facts=())
        return own(self, turn)

    return [(WatchedJournal, "commit", commit)]


def acknowledged_before_commit() -> list[tuple[Any, str, Any]]:
    """The driver is told to go on before that is on the disk."""
    own = Loop._write

    def write(self: Loop, before: Session, facts: Any, deeds: list[Deed]) -> Any:
        for deed in [deed for deed in deeds if isinstance(deed, Acknowledge)]:
            deeds.remove(deed)
            self._release(deed)
        return own(self, before, facts, deeds)

    return [(Loop, "_write", write)]


def retried_blindly() -> list[tuple[Any, str, Any]]:
    """Nobody knows what became of a payment, and so it is tried once more."""

    def unknown(session: Session, phase: Paying, attempt: Any, now: Any, reason: str = "") -> Any:
        return begin(session, phase.sale, attempt.kind, now)

    return [(paying, "unknown", unknown)]


def not_found_believed_at_once() -> list[tuple[Any, str, Any]]:
    def never_began(attempt: Any, reason: str) -> bool:
        return reason == doubt.NOT_FOUND

    return [(paying, "never_began", never_began), (giving, "never_began", never_began)]


def reversal_forgotten() -> list[tuple[Any, str, Any]]:
    """What has to go back is in the books, and not in the queue."""

    def queued(session: Session, *_: Any, **__: Any) -> Session:
        return kept(session, reversals=session.kept.reversals + 1)

    return [(giving, "queued", queued), (paying, "queued", queued)]


def late_approval_ignored() -> list[tuple[Any, str, Any]]:
    return [(paying, "late", lambda session, id, result, now: (session, ()))]


def any_terminal_matches() -> list[tuple[Any, str, Any]]:
    """An approval is this payment's if the amount is right, whichever terminal says so."""
    own, settled = evidence.proves, zvt_driver.settled

    def proves(attempt: Any, result: Any, policy: Any) -> bool:
        here = attempt.mark.terminal_id if attempt.mark else ""
        return own(attempt, replace(result, terminal_id=here), policy)

    def settles(status: Any, sought: Any, here: str) -> Any:
        return settled(replace(status, terminal_id=sought.mark.terminal_id), sought, here)

    return [(paying, "proves", proves), (zvt_driver, "settled", settles)]


def two_outbox_rows() -> list[tuple[Any, str, Any]]:
    own = WatchedJournal.commit

    def commit(self: WatchedJournal, turn: Commit) -> "Future[None]":
        return own(self, replace(turn, records=turn.records * 2))

    return [(WatchedJournal, "commit", commit)]


def swapped(plan: Plan) -> Plan:
    """The terminal is exchanged while a payment is under way."""
    return replace(plan, terminal="swapped", flow="sale", kills=(), when=("K4", "K4", "K4"))


def killed_in_the_commit(plan: Plan) -> Plan:
    """The process ends while it is being written that a byte may have left."""
    kill = Kill(at="K1", skip=2, power=True, inside=1, away=2.0)
    return replace(plan, kills=(kill,), flow="sale")


def under_way(plan: Plan) -> Plan:
    """The cable holds a request up, and the kiosk starts again meanwhile."""
    kill = Kill(at="K3", skip=0, power=False, inside=0, away=0.3)
    calm = replace(plan, flow="sale", terminal="stays up", disk="none", script=())
    return replace(calm, kills=(kill,), link="drop 1 s", when=("K1", "K12", "K12"))


class Bug(NamedTuple):
    """`situation`: the model's that shows it; `family`: whose random runs do, as they are or as `plan` bends them."""

    name: str
    sown: Callable[[], list[tuple[Any, str, Any]]]
    situation: str = ""
    family: str = ""
    plan: Callable[[Plan], Plan] = lambda plan: plan


BUGS = (
    Bug("no intent commit", no_intent_commit, family="zvt"),
    Bug("acknowledge before commit", acknowledged_before_commit, family="zvt", plan=killed_in_the_commit),
    Bug("blind retry", retried_blindly, "one card", "zvt"),
    Bug("NotFound trusted at once", not_found_believed_at_once, "one card", "nexo", under_way),
    Bug("reversal forgotten", reversal_forgotten, "a tender goes back", "zvt"),
    Bug("late approval ignored", late_approval_ignored, "one card"),
    Bug("wrong-terminal match", any_terminal_matches, family="zvt", plan=swapped),
    Bug("double outbox row", two_outbox_rows, family="zvt"),
)


def found(bug: Bug) -> dict[str, str]:
    """How each of the ways that should find a bug finds it; an empty text where it does not."""
    ways = {}
    with quiet(), patched(*bug.sown()):
        if bug.situation:
            ways["model"] = _in_model(SITUATIONS[bug.situation](World(faults=1, restarts=1, presses=2)))
        if bug.family:
            ways[f"random {bug.family}"] = _in_runs(bug)
    return ways


def _in_model(model: Model) -> str:
    result = explore(model, 40, 20_000)
    if not result.violations:
        return ""
    what, way = min(result.violations, key=lambda each: len(each[1]))
    return f"{what} (after {len(way)} steps: {', '.join(way)})"


def _in_runs(bug: Bug) -> str:
    for number in range(RUNS):
        run = play(bug.plan(drawn(bug.family, f"control {bug.name}", number)))
        if run.violations:
            return f"{run.violations[0]} (run {number + 1})"
    return ""


def prove() -> int:
    """Sow every bug; how many were not found in every way that should find them."""
    missed = 0
    for bug in BUGS:
        for way, what in found(bug).items():
            missed += not what
            print(f"{'found' if what else 'MISSED'}  {bug.name}, {way}: {what}"[:300], flush=True)
    return missed
