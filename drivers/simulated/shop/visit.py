"""One visit, lived through: the shopper's steps, the scale, the clock, and what each decision makes people do.

An *episode* begins when a decision interrupts (ask, staff, block, or staff called after four ticks at the payment)
and lasts until the check says ok or wait. It is a false alarm if nothing was wrong when it began. A deed that is still
wrong when the shopper leaves is *missed*; it is *undetected* unless an attendant was there while it was wrong and
approved it: no alarm came between the deed and the door, or only cards that were answered with a lie.
"""

from collections import deque
from collections.abc import Callable
from random import Random

from drivers.simulated.shop import people
from drivers.simulated.shop.plan import Deed, Plan, Step
from drivers.simulated.shop.plate import Plate
from drivers.simulated.shop.rates import Rates
from drivers.simulated.shop.stock import Sku, Thing
from drivers.simulated.shop.tally import Count
from kiosk.weight import talk
from kiosk.weight.talk import Event, Key

Decide = Callable[[Event], str]
ALARMS = frozenset({"ask", "staff", "block"})
DECISIONS = ALARMS | {"ok", "wait"}
ROUNDS = 8
CARDS = 3
TICKS_AT_PAY = 4


class NoDecision(ValueError):  # noqa: N818
    """The check answered with something that is no decision."""


class Episode:
    """An alarm, from the first interruption to the ok."""

    def __init__(self, wrong: bool, lies: bool) -> None:
        self.wrong, self.lies, self.cards = wrong, lies, 0


class Visit:
    """Plays `plan` against `decide`. `start` is the shop's clock at the door, in seconds.

    `lying` is what lies on the scale; `wrong` the deed while it is not put right; `lies` how many were told;
    `asked` that a card was answered with one, `seen` that an attendant approved what was wrong; `untold` is what an
    honest shopper would press if asked.
    """

    def __init__(self, plan: Plan, rates: Rates, seed: str, start: float, decide: Decide) -> None:
        self.plan, self.rates, self._start, self._decide = plan, rates, start, decide
        self.rng = Random(f"{seed}/{plan.number}/people")
        self.plate = Plate(rates, Random(f"{seed}/{plan.number}/scale"))
        self.count = Count(baskets=1, items=plan.items)
        self.now = 0.0
        self.said = "ok"
        self.steps: deque[Step] = deque(plan.steps)
        self.lying: list[Thing] = []
        self.lies = 0
        self.wrong: Deed | None = None
        self.asked = self.seen = self.paid = False
        self.untold: list[people.Untold] = []
        self._bags = 0.0
        self._lines: dict[int, int] = {}
        self._last = 0
        self._busy = self.paying = False
        self._tick: float | None = None
        self._gesture, self._moving, self._touched = 0, 0, "plain"
        self._began: Deed | None = None

    def run(self) -> Count:
        """Everything from the door to the door."""
        self.send(talk.BasketStart(self.plan.number, t=self._t()))
        self._steps()
        self._pay()
        self.paid = True
        self.send(talk.Paid(t=self._t()))
        self.steps = deque(self.plan.after)
        self._touched = "paid"
        self._steps()
        self.pass_time(4.0)
        self.send(talk.BasketEnd(self.plan.number, t=self._t()))
        self.count.disturbed = int(self.count.false_alarms > 0)
        if self._began:
            missed = self.wrong is not None
            self.count.deed(self._began.kind, self._began.value, missed, self.seen, self.asked)
        return self.count

    # What happens is told; what is decided is heard.

    def send(self, event: Event) -> str:
        """Tell it; an alarm is lived through before this returns what was decided at first."""
        said = self._decide(event)
        if said not in DECISIONS:
            raise NoDecision(f"{said!r} for {event}: expected one of {', '.join(sorted(DECISIONS))}")
        self.said = said
        if not self._busy:
            self._heed()
        return said

    def pass_time(self, seconds: float) -> None:
        """The clock goes on; the scale settles and the check is reminded of what it waits for."""
        until = self.now + seconds
        while True:
            reminded = None if self._busy or self.paying else self._tick
            stop = until if reminded is None else min(until, reminded)
            settled = self.plate.until(stop)
            if settled:
                self.now, grams = settled
                left = until - self.now
                self.send(talk.Settled(grams, t=self._t()))
            elif stop < until:
                self.now = stop
                left = until - self.now
                if self.send(talk.Tick(t=self._t())) == "wait":
                    self._tick = self.now + 3.0
            else:
                self.now = until
                return
            until = self.now + left

    def _heed(self) -> None:
        if self.said in ALARMS:
            self._tick = None
            self._alarm()
        if self.said != "wait":
            self._tick = None
        elif self._tick is None or self.rates.tick_again:
            self._tick = self.now + 2.0

    def _alarm(self) -> None:
        self._busy = True
        episode = Episode(self.wrong is not None, self.rng.random() < self.rates.lies)
        self.count.alarms += 1
        if not episode.wrong:
            self.count.false_alarms += 1
            cause = self._cause()
            self.count.causes[cause] = self.count.causes.get(cause, 0) + 1
        for _ in range(ROUNDS):
            if self.said == "ask" and episode.cards < CARDS:
                people.card(self, episode)
            elif self.said in ALARMS:
                people.attend(self, episode, whole=self.said == "block")
            else:
                break
        else:
            self.count.stuck += 1
            self.said = "ok"
        self._busy = False

    def _cause(self) -> str:
        for told in reversed(people.recent(self)):
            if told.key != "moved":
                return told.key
        return f"{self._touched}, at pay" if self.paying else self._touched

    def _pay(self) -> None:
        self.pass_time(self.rates.pace * (3.0 + self.rng.expovariate(0.5)))
        self.paying = True
        for refused in range(ROUNDS):
            said = self.send(talk.Pay(t=self._t()))
            if said == "ok":
                break
            if said == "wait":
                self._wait()
            elif refused >= CARDS:
                self._call()
        else:
            self.count.stuck += 1
        self.paying = False
        self._tick = None
        self.pass_time(8.0)

    def _wait(self) -> None:
        """Standing at the payment, with nothing said, until the check makes up its mind or an attendant is called."""
        for _ in range(TICKS_AT_PAY):
            self.pass_time(1.0)
            self.count.seconds += 1.0
            if self.said == "ok" or self.send(talk.Tick(t=self._t())) != "wait":
                return
        self._call()

    def _call(self) -> None:
        """The shopper calls an attendant, tired of being refused."""
        self.said = "staff"
        self._heed()

    # What the shopper does.

    def _steps(self) -> None:
        while self.steps:
            self.pass_time(self.steps[0].after)
            if self.steps:  # an alarm may have made the shopper finish them
                self.do(self.steps.popleft())

    def midway(self) -> bool:
        """Whether a gesture that has already moved something on the scale is unfinished."""
        return bool(self.steps) and self.steps[0].gesture == self._gesture == self._moving

    def finish_gesture(self) -> None:
        """What was begun is brought to its end at once: scanned, put down, put back."""
        while self.steps and self.steps[0].gesture == self._gesture:
            self.pass_time(min(0.8, self.steps[0].after))
            self.do(self.steps.popleft())

    def do(self, step: Step) -> None:
        self._gesture = step.gesture
        if step.deed:
            self.wrong = self._began = step.deed
        if step.truth:
            self.untold.append(people.Untold(self.now, step.truth, step.line or None))
        match step.do:
            case "scan" if step.sku:
                self.scan(step.sku, step.price, step.line, step.qty)
            case "qty":
                self.qty(step.line, step.qty)
            case "void":
                self.void(step.line)
            case "press":
                self.press(step.key, step.line)
            case "leave":
                pass
            case _:
                self._moving, self._touched = step.gesture, step.name
                self._move(step)

    def _move(self, step: Step) -> None:
        match step.do:
            case "put":
                self.put(step.things)
            case "take":
                self.take(step.things)
            case "bag":
                self._bags += step.grams
                self.plate.put(self.now, step.grams)
            case "lift":
                self.take(tuple(self.lying))
                self.plate.put(self.now, -self._bags)
                self._bags = 0.0
            case "lean":
                self.plate.lean(self.now, step.grams, step.seconds)

    def scan(self, sku: Sku, price: int, planned: int = 0, qty: int = 1) -> None:
        self._last += 1
        self._lines[planned] = self._last
        self.send(talk.Scan(self._last, sku.name, qty, price, t=self._t()))

    def qty(self, planned: int, qty: int) -> None:
        self.send(talk.Qty(self._lines[planned], qty, t=self._t()))

    def void(self, planned: int) -> None:
        self.send(talk.Void(self._lines[planned], t=self._t()))

    def press(self, key: Key, planned: int | None = None) -> None:
        line = self._lines.get(planned) if planned else None
        self.send(talk.Press(key, line if key == "skip" else None, t=self._t()))

    def staff(self, verdict: talk.Verdict) -> None:
        self.send(talk.Staff(verdict, t=self._t()))

    def put(self, things: tuple[Thing, ...]) -> None:
        self.lying += things
        self.plate.put(self.now, sum(thing.mass for thing in things))

    def take(self, things: tuple[Thing, ...]) -> None:
        there = [thing for thing in things if thing in self.lying]
        for thing in there:
            self.lying.remove(thing)
        self.plate.put(self.now, -sum(thing.mass for thing in there))

    def _t(self) -> float:
        return round(self._start + self.now, 2)
