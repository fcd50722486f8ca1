"""A trial: several checks in the same simulated shop, each living through every visit on its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from random import Random
from subprocess import PIPE, Popen
from time import thread_time
from types import TracebackType
from typing import IO

import msgspec

from drivers.simulated.shop.fixed import Fixed
from drivers.simulated.shop.plan import Plan, Planner
from drivers.simulated.shop.rates import Rates
from drivers.simulated.shop.stock import Sku, Stock
from drivers.simulated.shop.tally import Count, Tally
from drivers.simulated.shop.visit import Decide, Visit
from kiosk.weight import talk
from kiosk.weight.talk import Event, Name

FIXED: dict[str, Callable[[], Decide]] = {
    "fixed25": lambda: Fixed(25.0, 0.05).decide,
    "fixed50": lambda: Fixed(50.0, 0.10).decide,
    "silent": lambda: lambda event: "ok",
}
"""Checks that need no code of the kiosk: the two baselines, and one that never says anything."""

DOOR = 30.0  # seconds between two visits


class Lane:
    """One check in the shop: it is told the store and each visit, timed, counted and written down if wished.

    `tape` takes every event as a line; `trace` takes, to be read, the visits with a false alarm or a missed deed.
    """

    def __init__(
        self,
        rates: Rates,
        seed: str,
        decide: Decide,
        tape: IO[bytes] | None = None,
        trace: IO[bytes] | None = None,
    ) -> None:
        self.tally = Tally()
        self._rates, self._seed, self._decide, self._tape, self._trace = rates, seed, decide, tape, trace
        self._clock = 0.0
        self._said: list[tuple[Event, str]] = []
        self._skus: dict[Name, Sku] = {}

    def open(self, stock: Stock) -> None:
        items = tuple((sku.name, sku.master, float(sku.price)) for sku in stock.skus)
        self._skus = {sku.name: sku for sku in stock.skus}
        self.ask(talk.Store(talk.Plate(self._rates.division, self._rates.capacity), items))

    def visit(self, plan: Plan) -> None:
        visit = Visit(plan, self._rates, self._seed, self._clock, self.ask)
        self._said.clear()
        count = visit.run()
        self.tally.add(plan.number, count)
        self._clock += visit.now + DOOR
        if self._trace and (count.false_alarms or visit.wrong):
            self._tell(self._trace, plan, count, visit.wrong is not None)

    def ask(self, event: Event) -> str:
        if self._tape:
            self._tape.write(msgspec.json.encode(event) + b"\n")
        began = thread_time()
        said = self._decide(event)
        self.tally.cpu.append(thread_time() - began)
        if self._trace:
            self._said.append((event, said))
        return said

    def _tell(self, trace: IO[bytes], plan: Plan, count: Count, missed: bool) -> None:
        deed = f", {plan.deed.kind} of {plan.deed.thing.mass:.0f} g" if plan.deed else ""
        head = f"# {plan.number}: false alarms {count.causes}{deed}{', missed' if missed else ''}\n"
        trace.write(head.encode())
        for event, said in self._said:
            sku = self._skus[event.item] if isinstance(event, talk.Scan) else None
            true = f"  # {sku.mass:.0f} g, master {sku.master}" if sku else ""
            trace.write(msgspec.json.encode(event) + f" -> {said}{true}\n".encode())


def plans(rates: Rates, seed: str, baskets: int, stock: Stock) -> Iterator[Plan]:
    """The visits of one shop; packs change between them. Draws nothing that a check could move."""
    packs = Random(f"{seed}/packs")
    for number in range(1, baskets + 1):
        if packs.random() < rates.changes:
            stock.change(packs)
        yield Planner(rates, stock, Random(f"{seed}/{number}/plan")).plan(number)


def trial(
    rates: Rates,
    seed: str,
    baskets: int,
    checks: dict[str, Decide],
    tape: IO[bytes] | None = None,
    trace: IO[bytes] | None = None,
) -> dict[str, Tally]:
    """Each check's tally; `tape` and `trace` are of the first one."""
    stock = Stock(rates, Random(f"{seed}/stock"))
    lanes = {
        name: Lane(rates, seed, decide, *((None, None) if number else (tape, trace)))
        for number, (name, decide) in enumerate(checks.items())
    }
    for lane in lanes.values():
        lane.open(stock)
    for plan in plans(rates, seed, baskets, stock):
        for lane in lanes.values():
            lane.visit(plan)
    return {name: lane.tally for name, lane in lanes.items()}


class Answer(msgspec.Struct):
    """One line of a check that is another process."""

    d: str


class Piped(AbstractContextManager["Piped"]):
    """A check behind a pipe: a JSON line out, a line `{"d": ...}` back."""

    def __init__(self, command: list[str]) -> None:
        self._process = Popen(command, stdin=PIPE, stdout=PIPE)

    def decide(self, event: Event) -> str:
        process = self._process
        assert process.stdin and process.stdout
        with suppress(BrokenPipeError):
            process.stdin.write(msgspec.json.encode(event) + b"\n")
            process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise EOFError(f"the check ended with {process.wait()} at {event}")
        return msgspec.json.decode(line, type=Answer).d

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
