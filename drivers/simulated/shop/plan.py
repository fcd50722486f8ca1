"""What a shopper means to do at one visit, drawn before anybody decides anything: every check meets the same."""

from collections.abc import Callable
from random import Random
from typing import Literal

from msgspec import Struct

from drivers.simulated.shop.rates import Rates
from drivers.simulated.shop.stock import Sku, Stock, Thing
from kiosk.weight.talk import Key

Do = Literal["scan", "qty", "void", "put", "take", "lift", "bag", "lean", "press", "leave"]


class Deed(Struct, frozen=True, eq=False):
    """What is wrong and is paid for too little: `value` in cents, the thing it is about, its line and true quantity.

    `much`: more lies on the scale than should, not less.
    """

    kind: str
    value: int
    thing: Thing
    line: int = 0
    qty: int = 1
    much: bool = True


class Step(Struct, frozen=True):
    """One thing done, `after` seconds from the one before. Steps of one gesture belong together.

    `deed` begins with this step; `truth` is what an honest shopper would press if a card asked about it.
    """

    gesture: int
    name: str
    after: float
    do: Do
    line: int = 0
    sku: Sku | None = None
    price: int = 0
    qty: int = 1
    things: tuple[Thing, ...] = ()
    grams: float = 0.0
    seconds: float = 0.0
    key: Key = "fine"
    truth: Key | None = None
    deed: Deed | None = None


class Plan(Struct, frozen=True):
    """A visit as it would go if nobody interrupted: before the shopper pays, and after."""

    number: int
    items: int
    steps: tuple[Step, ...]
    after: tuple[Step, ...]
    deed: Deed | None


class Planner:
    """Draws one visit. `bag` is what will lie there, each thing with its line; lines count from 1."""

    def __init__(self, rates: Rates, stock: Stock, rng: Random) -> None:
        self._rates, self._stock, self._rng = rates, stock, rng
        self._steps: list[Step] = []
        self._gesture, self._name, self._line, self._items = 0, "", 0, 0
        self._bag: list[tuple[Thing, int]] = []
        self._load, self._full = 0.0, rng.uniform(*rates.bag_full)
        self._deed: Deed | None = None

    def plan(self, number: int) -> Plan:
        rates, rng = self._rates, self._rng
        count = 1 + int(rng.expovariate(1 / rates.more_items))
        things = [self._stock.piece(self._stock.pick(rng), rng) for _ in range(count)]
        kind = rng.choice(rates.kinds) if rng.random() < rates.dishonest else ""
        wrong = kind if kind != "after" else ""
        at = rng.randrange(count)
        moves = rng.randrange(count) if rng.random() < rates.rearranged else None
        bag_at = 0 if rng.random() < 0.7 else rng.randrange(count)
        bag = self._own_bag()
        heaviest = max(things, key=lambda thing: thing.mass)
        stays = heaviest if rng.random() < rates.trolley and heaviest.mass >= rates.trolley_from else None
        done = 0
        while done < count:
            if bag and done >= bag_at:
                self._put_bag(*bag)
                bag = None
            here = done
            done += self._some(things[done:], wrong if done <= at else "", at - done, stays)
            if moves is not None and here <= moves < done:
                self._rearrange()
        steps = tuple(self._steps)
        after = self._after(kind == "after")
        return Plan(number, self._items, steps, after, self._deed)

    def _some(self, things: list[Thing], kind: str, at: int, stays: Thing | None) -> int:
        """The next one to three things; how many they were. Of the thing `at` there something is wrong, one `stays`."""
        many = 1
        if kind and at == 0:
            self._wrong(kind, things[0])
        elif things[0] is stays:
            self._leave(things[0])
        else:
            free = min(len(things), at if kind else len(things))
            many = self._usual(things[: things.index(stays) if stays in things[:free] else free])
        self._afterwards(many)
        return many

    def _usual(self, things: list[Thing]) -> int:
        rates = self._rates
        ways = {"three": rates.three, "two": rates.two, "crossed": rates.crossed}
        ways |= {"late": rates.late_scan, "quantity": rates.quantity}
        way = self._rng.choices((*ways, "plain"), (*ways.values(), 1 - sum(ways.values())))[0]
        group = things[: {"three": 3, "two": 2, "crossed": 2}.get(way, 1)]
        match way:
            case "crossed" if len(group) > 1:
                self._crossed(*group)
            case "three" | "two" if len(group) > 1:
                self._together(group)
            case "late":
                self._late(group[0])
            case "quantity" if not group[0].sku.loose:
                self._several(group[0])
            case _:
                self._begin("plain")
                self._put(tuple(group), (self._scan(group[0].sku, group[0].price),))
        return len(group)

    # What people do with things.

    def _together(self, group: list[Thing]) -> None:
        self._begin("together")
        lines = tuple(self._scan(thing.sku, thing.price) for thing in group)
        if self._rng.random() < 0.5:
            self._put(tuple(group), lines)
        else:
            for number, (thing, line) in enumerate(zip(group, lines, strict=True)):
                self._put((thing,), (line,), None if number == 0 else self._rng.uniform(0.2, 0.8))

    def _late(self, thing: Thing) -> None:
        self._begin("late")
        self._put((thing,), (self._line + 1,), self._gap(1.5, 2.5))
        self._scan(thing.sku, thing.price, self._gap(0.8, 1.7))

    def _crossed(self, one: Thing, two: Thing) -> None:
        self._begin("crossed")
        lines = self._scan(one.sku, one.price), self._scan(two.sku, two.price)
        self._put((two,), lines[1:])
        self._put((one,), lines[:1], self._gap(1.0, 1.5))

    def _several(self, thing: Thing) -> None:
        rng = self._rng
        self._begin("quantity")
        qty = rng.choices((2, 3, 4, 6), (6, 3, 1, 0.5))[0]
        things = (thing, *(self._stock.piece(thing.sku, rng) for _ in range(qty - 1)))
        whole = rng.random() < 0.2
        line = self._scan(thing.sku, thing.price, qty=qty if whole else 1)
        if not whole:
            self._step("qty", self._gap(0.8, 1.0), line=line, qty=qty)
        self._items += qty - 1
        first = qty if rng.random() < 0.7 else rng.randint(1, qty - 1)
        self._put(things[:first], (line,) * first)
        if first < qty and rng.random() < self._rates.quantity_left:
            self._step("leave", 0.5, line=line, truth="skip")
        elif first < qty:
            self._put(things[first:], (line,) * (qty - first), self._gap(0.8, 1.0))

    def _leave(self, thing: Thing) -> None:
        self._begin("trolley")
        line = self._scan(thing.sku, thing.price)
        if self._rng.random() < self._rates.trolley_told:
            self._step("press", self._gap(0.5, 1.0), line=line, key="skip")
        else:
            self._step("leave", 0.5, line=line, truth="skip")

    def _own_bag(self) -> tuple[float, bool] | None:
        rates, rng = self._rates, self._rng
        which, grams = rng.random(), rng.uniform(*rates.bag)
        if which < rates.own_bag + rates.own_bag_told:
            return grams, which >= rates.own_bag
        return None

    def _put_bag(self, grams: float, told: bool) -> None:
        self._begin("bag")
        if told:
            self._step("press", self._gap(1.0, 2.0), key="bag")
        self._step("bag", self._gap(1.0, 1.0), grams=grams, truth=None if told else "bag")
        self._load += grams

    def _afterwards(self, many: int) -> None:
        """What may follow on things that were just put down: leaning, another mind, a full bag."""
        rates, rng = self._rates, self._rng
        for _ in range(many):
            if rng.random() < rates.lean:
                self._begin("lean")
                grams, seconds = rng.uniform(*rates.lean_grams), rng.uniform(*rates.lean_seconds)
                self._step("lean", self._gap(0.3, 1.5), grams=grams, seconds=seconds, truth="moved")
            if rng.random() < rates.changed_mind:
                self._change_mind()
        if self._load > self._full and self._bag:
            self._begin("bag_full")
            told = rng.random() < rates.bag_full_told
            if told:
                self._step("press", self._gap(1.0, 1.0), key="bag_full")
            self._step("lift", self._gap(1.5, 1.5), truth=None if told else "bag_full")
            self._bag, self._load = [], 0.0

    def _change_mind(self) -> None:
        lines = [line for _, line in self._bag]
        wrong = (0, self._deed.line if self._deed else 0)
        alone = [(thing, line) for thing, line in self._bag if lines.count(line) == 1 and line not in wrong]
        if not alone:
            return
        thing, line = gone = self._rng.choice(alone)
        self._begin("changed_mind")
        steps: list[Callable[[float], None]] = [
            lambda after: self._step("take", after, things=(thing,)),
            lambda after: self._step("void", after, line=line),
        ]
        if self._rng.random() < 0.5:
            steps.reverse()
        for number, step in enumerate(steps):
            step(self._gap(1.5, 1.5) if number == 0 else self._gap(1.0, 2.0))
        self._bag.remove(gone)
        self._load -= thing.mass

    def _rearrange(self) -> None:
        if not self._bag:
            return
        thing, _ = self._rng.choice(self._bag)
        self._begin("rearranged")
        self._step("take", self._gap(1.0, 1.5), things=(thing,), truth="moved")
        self._step("put", self._gap(1.0, 3.0), things=(thing,))

    # What should not be done.

    def _dear(self) -> Thing:
        """Something that is worth a lie: dearer than most, if some tries find it."""
        picks = [self._stock.pick(self._rng) for _ in range(4)]
        return self._stock.piece(max(picks, key=lambda sku: sku.price), self._rng)

    def _wrong(self, kind: str, thing: Thing) -> None:
        self._begin(kind)
        match kind:
            case "swap" | "light":
                dear = self._dear()
                label = self._label(dear) if kind == "swap" else self._rng.choice(self._stock.lightest)
                line = self._scan(label, label.price)
                value, much = max(0, dear.price - label.price), dear.mass > label.mass
                self._put((dear,), (line,), deed=Deed(kind, value, dear, line, much=much))
            case "nothing":
                line = self._scan(thing.sku, thing.price)
                self._deed = Deed(kind, thing.price, thing, line, much=False)
                self._step("leave", 1.0, deed=self._deed)
            case "cover":
                self._put((thing,), (self._scan(thing.sku, thing.price),))
                self._step("press", self._gap(1.0, 2.0), key="bag")
                more = self._dear()
                self._put((more,), (0,), deed=Deed(kind, more.price, more))
            case _:
                self._more(kind, thing)

    def _more(self, kind: str, thing: Thing) -> None:
        """A thing more than was scanned: with it, right after it, or by itself."""
        twin = kind in ("one_of_two", "short")
        more = self._stock.piece(thing.sku, self._rng) if twin else self._dear()
        line = self._scan(thing.sku, thing.price)
        things, qty = [thing], 2
        if kind == "short":
            things, qty = [thing, self._stock.piece(thing.sku, self._rng)], 3
            self._step("qty", self._gap(0.8, 1.0), line=line, qty=2)
            self._items += 1
        lines = (line,) * len(things)
        deed = Deed(kind, more.price, more, line, qty)
        if kind != "alone" and self._rng.random() < 0.6:
            self._put((*things, more), (*lines, 0), deed=deed)
            return
        self._put(tuple(things), lines)
        if kind == "alone":
            self._begin(kind)
        self._put((more,), (0,), self._gap(0.8, 1.5), deed=deed)

    def _label(self, dear: Thing) -> Sku:
        for _ in range(30):
            label = self._stock.pick(self._rng)
            if label.price < 0.7 * dear.price:
                return label
        return min(self._stock.skus, key=lambda sku: sku.price)

    def _after(self, wrong: bool) -> tuple[Step, ...]:
        """Between the payment and the door."""
        rates, rng = self._rates, self._rng
        self._steps = []
        if wrong and self._bag:
            thing, line = rng.choice(self._bag)
            self._begin("after")
            self._deed = Deed("after", thing.price, thing, line, much=False)
            self._step("take", self._gap(2.0, 3.0), things=(thing,), deed=self._deed)
            return tuple(self._steps)
        way = rng.random()
        self._begin("leaving")
        if way < rates.takes_twice and len(self._bag) > 1:
            half = tuple(thing for thing, _ in self._bag[: len(self._bag) // 2])
            self._step("take", self._gap(1.5, 2.0), things=half)
        if way < rates.takes_all:
            self._step("lift", self._gap(1.5, 2.0))
        return tuple(self._steps)

    # How a step is written down.

    def _begin(self, name: str) -> None:
        self._gesture, self._name = self._gesture + 1, name

    def _gap(self, least: float, more: float) -> float:
        return self._rates.pace * (least + self._rng.expovariate(1 / more))

    def _step(self, do: Do, after: float, **rest: object) -> None:
        self._steps.append(Step(self._gesture, self._name, after, do, **rest))  # type: ignore[arg-type]

    def _scan(self, sku: Sku, price: int, after: float | None = None, qty: int = 1) -> int:
        self._line += 1
        self._items += 1
        gap = self._gap(1.5, 2.5) if after is None else after
        self._step("scan", gap, line=self._line, sku=sku, price=price, qty=qty)
        return self._line

    def _put(
        self,
        things: tuple[Thing, ...],
        lines: tuple[int, ...],
        after: float | None = None,
        deed: Deed | None = None,
    ) -> None:
        self._step("put", self._gap(0.8, 0.8) if after is None else after, things=things, deed=deed)
        self._deed = deed or self._deed
        self._bag += zip(things, lines, strict=True)
        self._load += sum(thing.mass for thing in things)
