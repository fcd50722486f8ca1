"""A kiosk's process that ends at its n-th write, send or sync, the next one on the same files, and then the books."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import msgspec

from drivers.simulated.terminal import Fault, TerminalPeer
from drivers.simulated.terminal_book import Entry, Rule, State
from drivers.simulated.world import Card, World
from kiosk.barcode import Product
from kiosk.checkout.events import (
    BackPressed,
    FinishPressed,
    Happened,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReceiptChosen,
    SaleCancelled,
    Scanned,
    TenderChosen,
)
from kiosk.checkout.money import Outcome
from kiosk.checkout.session import Idle
from kiosk.journal import Journal, replayed
from kiosk.units import AttemptId
from tests.conftest import ROOT
from tests.lane import MILK
from tests.prove.books import is_charge
from tests.prove.real import PEERS
from tests.prove.shop import SANDWICH, shop

PATIENCE = 90.0
TENDERS = {"sale": ["card"], "declined": ["card"]}
SPLIT = ["meal_voucher", "card"]
SCENARIOS = ("sale", "declined", "reversal", "split")


@cache
def killer() -> Path:
    """The library that ends a process, built once."""
    built = shop() / "kill.so"
    source = Path(__file__).with_name("kill.c")
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True)
    return built


def can_kill() -> bool:
    return shutil.which("gcc") is not None


class Moment(NamedTuple):
    """Before or after the so-manieth counted call; 0: never."""

    number: int = 0
    before: bool = False


class Child:
    """One life of the process. `react` is asked for facts whenever what the lane shows has changed."""

    def __init__(self, folder: Path, settings: dict[str, Any], moment: Moment | None) -> None:
        self.folder = folder
        path = folder / "settings.json"
        path.write_text(json.dumps(settings | {"folder": str(folder)}))
        self.armed = folder / "armed"
        self.armed.unlink(missing_ok=True)
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        if moment is not None:
            environment |= {
                "LD_PRELOAD": str(killer()),
                "KILL_FOLDER": str(folder),
                "KILL_ARMED": str(self.armed),
                "KILL_AT": str(moment.number),
                "KILL_LOG": str(folder / "calls"),
            } | ({"KILL_BEFORE": "1"} if moment.before else {})
        with (folder / "stderr").open("a") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.prove.child", str(path)],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._guard = threading.Timer(PATIENCE, self.kill)
        self._guard.start()

    def live(self, react: Callable[[dict[str, Any]], list[Happened] | None]) -> bool:
        """Until `react` says None; False if the process ended before."""
        assert self.process.stdout is not None and self.process.stdin is not None
        last = ""
        for line in self.process.stdout:
            if line == last:
                continue
            last = line
            facts = react(json.loads(line))
            if facts is None:
                return True
            try:
                for fact in facts:
                    self.process.stdin.write(msgspec.json.encode(fact).decode() + "\n")
                self.process.stdin.flush()
            except BrokenPipeError:
                return False
        return False

    def kill(self) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._guard.cancel()
        self.kill()
        if self.process.stdin is not None:
            with suppress(BrokenPipeError):
                self.process.stdin.close()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process.wait()


class Shopper:
    """What is pressed on which page, in one scenario; the same before and after the end of a process."""

    def __init__(self, scenario: str, terminal: TerminalPeer) -> None:
        self.scenario, self.terminal = scenario, terminal
        self.cancels = self.began = False
        self.hold("declines" if scenario == "declined" else "approves")

    def hold(self, bank: str) -> None:
        self.terminal.world.change(card=None)
        self.terminal.world.change(card=Card(last4="4417", bank=bank))  # type: ignore[arg-type]

    def react(self, now: dict[str, Any]) -> list[Happened] | None:
        """What is done on seeing this; None when all is over."""
        if not now["ready"] and not self.began:
            return []
        self.began = True
        if decided := self._colleague(now):
            return decided
        match now["phase"]:
            case "Shopping" if self.cancels:
                return [PinAccepted("17", "Sam"), SaleCancelled()]
            case "Shopping":
                return [PayPressed()]
            case "Paying" if not now["attempt"]:
                return self._choose(now)
            case "Finishing" if not now["receipt"]:
                return [ReceiptChosen("none")]
            case "Finishing":
                return [FinishPressed()]
            case "Idle" if not now["giving"]:
                return None
        return []

    def _choose(self, now: dict[str, Any]) -> list[Happened]:
        if now["giving"]:
            return []
        if self.scenario in TENDERS:
            if now["declined"]:
                self.hold("approves")
            return [PayPressed()]
        if "meal_voucher" not in now["tenders"] and not self.cancels:
            return [TenderChosen("meal_voucher")]
        if self.scenario == "reversal" and (now["declined"] or self.cancels):
            self.cancels = True
            return [BackPressed()]
        if self.scenario == "reversal":
            self.hold("declines")
        return [TenderChosen("card")]

    def _colleague(self, now: dict[str, Any]) -> list[Happened]:
        """Decides what the lane could not find out, by what the terminal's book says."""
        if now["stage"] == "with_staff":
            there = any(is_charge(e) and e.amount == now["amount"] for e in self.terminal.book.entries)
            return self._says(now["attempt"], there)
        for id, stage, amount in now["giving"][:1]:
            if stage == "with_staff":
                there = any(is_charge(e) and e.amount == amount for e in self.terminal.book.entries)
                return self._says(id, not there)
        return []

    def _says(self, attempt: str, yes: bool) -> list[Happened]:
        outcome = Outcome.APPROVED if yes else Outcome.NOT_CHARGED
        return [PinAccepted("17", "Sam"), OutcomeDecided(AttemptId(attempt), outcome)]


class Doom(NamedTuple):
    """What came of one process that ended, and the next: violations, and which call was the last one."""

    violations: list[str]
    killed: bool
    last: str
    calls: int


def settings_of(family: str, scenario: str, port: str) -> dict[str, Any]:
    return {"family": family, "port": port, "tenders": TENDERS.get(scenario, SPLIT)}


def with_basket(folder: Path, family: str, scenario: str) -> None:
    """Files of a lane whose basket is ready to be paid."""
    folder.mkdir()
    shutil.copy(shop() / "catalogue.db", folder)
    things = [MILK] if scenario in TENDERS else [SANDWICH, MILK]
    wanted = len(things)

    def react(now: dict[str, Any]) -> list[Happened] | None:
        if now["pieces"] == wanted:
            return None
        return [Scanned(Product(thing.gtin)) for thing in things[now["pieces"] :][:1] if thing.gtin]

    with Child(folder, settings_of(family, scenario, "socket://127.0.0.1:1"), None) as child:
        if not child.live(react):
            raise RuntimeError((folder / "stderr").read_text())


def doomed(
    basket: Path,
    folder: Path,
    family: str,
    scenario: str,
    moment: Moment,
    script: dict[int, Fault] | None = None,
    rule: Rule = Rule.KEEPS,
) -> Doom:
    """Pay the basket, with the process ending at that moment; let the next one find out; compare the books."""
    shutil.copytree(basket, folder)
    with PEERS[family](World()) as terminal:
        terminal.script, terminal.book.rule = script or {}, rule
        if family == "caisse":
            terminal.knows_status = True  # type: ignore[attr-defined]
        settings = settings_of(family, scenario, terminal.port)
        shopper = Shopper(scenario, terminal)
        with Child(folder, settings, moment) as child:

            def armed(now: dict[str, Any]) -> list[Happened] | None:
                if now["ready"]:
                    child.armed.touch()
                return shopper.react(now)

            done = child.live(armed)
        said = []
        calls = (folder / "calls").read_text().splitlines() if (folder / "calls").exists() else []
        if not done:
            with Child(folder, settings, None) as child:
                if not child.live(shopper.react):
                    said.append("rest: the next process did not come to an end")
        said += compared(folder, terminal)
    shutil.rmtree(folder)
    last = calls[-1].replace(str(folder), "") if calls else ""
    return Doom(said, not done, last, len(calls))


def compared(folder: Path, terminal: TerminalPeer) -> list[str]:
    """The journal's and the terminal's books side by side; amounts tell which payment is which."""
    said = []
    journal = Journal(folder / "journal.db")
    try:
        session = replayed(journal)
        sales = list(journal.sales())
        broken = journal.broken_chain()
        rows = journal._db.execute("SELECT number FROM ledger").fetchall()
        waiting = journal._db.execute("SELECT number FROM outbox").fetchall()
    finally:
        journal.close()
    sold = Counter(int(tender.amount) for sale in sales for tender in sale.tenders)
    said += unequal(terminal.book.entries, sold, Counter(int(case.amount) for case in session.kept.cases))
    if len(sales) > 1:
        said.append(f"I1: {len(sales)} sales of one basket")
    if not isinstance(session.kept.phase, Idle) or session.kept.giving_back:
        said.append(f"rest: {session.kept.phase} {session.kept.giving_back}")
    if broken is not None or len(rows) != len(waiting):
        said.append(f"I10: chain {broken}, {len(rows)} lines, {len(waiting)} to be reported")
    return said


def unequal(entries: Iterable[Entry], sold: Counter[int], cases: Counter[int]) -> list[str]:
    """What a terminal has charged beside what was sold for it, by amounts; empty where they are the same."""
    charged: Counter[int] = Counter()
    for entry in entries:
        if is_charge(entry):
            charged[entry.amount] += 1
        elif entry.state is State.STORED and (entry.refund or entry.amount < 0):
            charged[abs(entry.amount)] -= 1
    said = []
    if unsold := charged - sold - cases:
        said.append(f"I2: charged and not sold {dict(unsold)}, cases {dict(cases)}")
    if unpaid := sold - charged:
        said.append(f"I3: sold and not charged {dict(unpaid)}")
    return said
