"""The pure core, model-checked: every order of everything that can happen to one payment, breadth first.

What drives the real `step` is a small model of driver and terminal, with a ledger: orders are taken one by one, a
request may be lost or come late, an answer may be lost, held back or come twice, timers run out in any order, a look-up
finds nothing while a request is on its way, the shopper presses Back or tries again, a truthful colleague decides, and
the process starts again from the facts so far. How often a misfortune strikes is bounded by a budget; all else is not.
"""

from collections.abc import Iterator

from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskTerminal,
    Authorise,
    Deed,
    Print,
    Remind,
    Report,
    Reverse,
)
from kiosk.checkout.events import (
    BackPressed,
    Happened,
    NoAnswer,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    Reminded,
    Restarted,
    ResultReceived,
    TerminalAnswered,
)
from kiosk.checkout.money import IN_DOUBT, Attempt, Outcome, Stage
from kiosk.checkout.records import ClosedSale, Reversal
from kiosk.checkout.session import Paying, Session, Shopping
from kiosk.checkout.step import step
from tests.prove.modelled import (
    CHARGED,
    MARK,
    NO,
    NOT_FOUND,
    NOW,
    OUTLIVES,
    TIMERS,
    UNDONE,
    UNKNOWN,
    Facts,
    Job,
    Next,
    State,
    Violation,
    World,
    attended,
    done,
    replayed,
    under_way,
    yes,
)


class Model:
    """One situation to begin with; `explore` visits all that can come of it."""

    def __init__(self, session: Session, facts: tuple[Happened, ...], budget: World) -> None:
        self.begin = State(session, budget)
        self.facts: Facts | None = None
        for fact in facts:
            self.facts = Facts(fact, self.facts)

    # ---- the core's turn

    def turn(self, state: State, *events: Happened) -> State:
        """Events to their end in the core, what it does put in order; checks what must hold at each deed."""
        session, world = state
        for event in events:
            before = session
            session, effects = step(session, event, NOW)
            for effect in effects:
                world = self.deed(before, session, world, effect)  # type: ignore[arg-type]
        return State(session, world)

    def deed(self, before: Session, session: Session, world: World, deed: Deed) -> World:
        match deed:
            case Authorise() | Reverse():
                for other in under_way(session):
                    if other.id != deed.attempt and other.stage is not Stage.INTENT:
                        raise Violation(f"I6: {deed.attempt} begins while {other.id} is {other.stage}")
                return world._replace(orders=(*world.orders, deed))
            case Acknowledge() | Abort() | AskTerminal():
                return world._replace(orders=(*world.orders, deed))
            case Remind(key=key, after=after) if key in TIMERS:
                return world._replace(timers=world.timers | {key} if after else world.timers - {key})
            case Report(record=ClosedSale() as sale):
                return self.sale(world, sale)
            case Report(record=Reversal(of=of)) if world.of(of) != UNDONE and not attended(session, of):
                raise Violation(f"I4: {of} is booked as given back, and is {world.of(of)}")
            case Print() if isinstance(session.kept.phase, Paying):
                raise Violation("I3: a receipt while paying")
        return world

    def sale(self, world: World, sale: ClosedSale) -> World:
        if sum(tender.amount for tender in sale.tenders) != sale.priced.total:
            raise Violation("I3: a sale that is not paid")
        for tender in sale.tenders:
            assert tender.attempt is not None
            if world.of(tender.attempt) != CHARGED:
                raise Violation(f"I3: sold for {tender.attempt}, which is {world.of(tender.attempt)}")
            if tender.attempt in world.sold:
                raise Violation(f"I2: {tender.attempt} in two sales")
        if world.sold:
            raise Violation("I10: a second sale")
        return world._replace(sold=tuple(str(tender.attempt) for tender in sale.tenders))

    # ---- all that can happen next

    def nexts(self, state: State, facts: Facts | None) -> Iterator[Next]:
        yield from self._heard(state)
        yield from self._driver(state)
        yield from self._terminal(state)
        yield from self._timers(state)
        yield from self._people(state)
        if state.world.restarts:
            yield from self._restart(state, facts)

    def _heard(self, state: State) -> Iterator[Next]:
        world = state.world
        if world.inbox:
            event, rest = world.inbox[0], world.inbox[1:]
            yield "", self.turn(State(state.session, world._replace(inbox=rest)), event), (event,)
            if (bad := world.faulty()) is not None:
                yield "twice", self.turn(State(state.session, bad), event), (event,)
                yield (
                    "held back",
                    State(state.session, bad._replace(inbox=rest, held=(*world.held, event))),
                    (),
                )
        for number, event in enumerate(world.held):
            rest = (*world.held[:number], *world.held[number + 1 :])
            yield "late", self.turn(State(state.session, world._replace(held=rest)), event), (event,)

        for number, event in enumerate(world.words):
            rest = (*world.words[:number], *world.words[number + 1 :])
            yield "of itself", self.turn(State(state.session, world._replace(words=rest)), event), (event,)

    def _driver(self, state: State) -> Iterator[Next]:
        """The driver takes its next order, or goes on with the one that it has begun."""
        session, world = state
        job = world.job
        if job is not None and job.at == "running":
            return
        if job is not None and Acknowledge(job.order.attempt) in world.orders:
            orders = list(world.orders)
            orders.remove(Acknowledge(job.order.attempt))
            world = world._replace(orders=tuple(orders))
            for way in self._sent(world, job) if job.at == "ready" else self._acknowledged(world, job):
                yield f"acknowledged {job.at}", State(session, way), ()
            return
        if job is not None:
            if Abort(job.order.attempt) in world.orders and job.at == "ready":
                gone = tuple(order for order in world.orders if order != Abort(job.order.attempt))
                done = world._replace(job=None, orders=gone).says(TerminalAnswered(job.order.attempt, NO))
                yield "broken off", State(session, done), ()
            if (bad := world.faulty()) is not None:  # the commit took too long
                yield from (("not acknowledged", State(session, way), ()) for way in self._unheard(bad, job))
            return
        if world.orders:
            order, rest = world.orders[0], world._replace(orders=world.orders[1:])
            for way in self._taken(rest, order):
                yield f"takes {type(order).__name__}", State(session, way), ()

    def _taken(self, world: World, order: Deed) -> Iterator[World]:
        match order:
            case Authorise() | Reverse():
                yield world._replace(job=Job(order, "ready")).says(ReadyToSend(order.attempt, MARK))
                if (bad := world.faulty()) is not None:
                    yield bad.says(TerminalAnswered(order.attempt, NO))
            case AskTerminal():
                yield from self._asked(world, order)
            case Abort(attempt=id):
                yield world
                flying = tuple(each for each in world.flying if each.attempt != id)
                if flying != world.flying:
                    yield world._replace(flying=flying)
            case _:
                yield world

    def _asked(self, world: World, ask: AskTerminal) -> Iterator[World]:
        """The terminal's truth, if it has one yet; with a fault nothing, or nothing of use."""
        flies = any(each.attempt == ask.attempt for each in world.flying)
        of = ask.attempt.rpartition("-r")[0] if ask.reverses is not None else ask.attempt
        there = world.of(of) == (UNDONE if ask.reverses is not None else CHARGED)
        if there:
            yield world.says(TerminalAnswered(ask.attempt, yes(ask)))
        else:
            yield world.says(TerminalAnswered(ask.attempt, NOT_FOUND))
            if not flies:
                yield world.says(TerminalAnswered(ask.attempt, NO))
        if (bad := world.faulty()) is not None:
            yield bad.says(NoAnswer(ask.attempt))
            yield bad.says(TerminalAnswered(ask.attempt, UNKNOWN))

    def _sent(self, world: World, job: Job) -> Iterator[World]:
        """The first byte leaves: it arrives, or it is lost for now or for ever, and the driver knows of nothing."""
        yield world._replace(job=Job(job.order, "running"))
        if (bad := world.faulty()) is not None:
            lost = bad._replace(job=None).says(TerminalAnswered(job.order.attempt, UNKNOWN))
            yield lost
            yield lost._replace(flying=(*world.flying, job.order))

    def _acknowledged(self, world: World, job: Job) -> Iterator[World]:
        """The terminal has our word on its result; or it was lost, and the terminal does as its rule says."""
        id = job.order.attempt
        result = yes(job.order)
        yield world._replace(job=None).says(TerminalAnswered(id, result))
        if (bad := world.faulty()) is not None:
            yield from self._unheard(bad, job)

    def _unheard(self, world: World, job: Job) -> Iterator[World]:
        """The terminal waits in vain: what it did stands, or it takes it back by itself."""
        word = NO if job.at == "ready" else UNKNOWN  # without our word nothing is sent
        lost = world._replace(job=None).says(TerminalAnswered(job.order.attempt, word))
        yield lost
        if job.at == "result" and isinstance(job.order, Authorise):
            yield lost.book(job.order.attempt, UNDONE)

    def _terminal(self, state: State) -> Iterator[Next]:
        """The terminal does what it was asked, now or late."""
        session, world = state
        job = world.job
        if job is not None and job.at == "running":
            id = job.order.attempt
            waits = world._replace(job=Job(job.order, "result")).says(ResultReceived(id, yes(job.order)))
            yield "does it", State(session, done(waits, job.order)), ()
            yield "refuses", State(session, world._replace(job=None).says(TerminalAnswered(id, NO))), ()
            if Abort(id) in world.orders:
                gone = tuple(order for order in world.orders if order != Abort(id))
                yield "goes on", State(session, world._replace(orders=gone)), ()
            if (bad := world.faulty()) is not None:
                lost = bad._replace(job=None).says(TerminalAnswered(id, UNKNOWN))
                yield "lost before", State(session, lost), ()
                yield "lost after", State(session, done(lost, job.order)), ()
                if isinstance(
                    job.order, Authorise
                ):  # it says no, and finds out later that the bank has said yes
                    word = TerminalAnswered(id, yes(job.order))
                    wrong = done(bad._replace(job=None), job.order).says(TerminalAnswered(id, NO))
                    yield (
                        "says no, and yes later",
                        State(session, wrong._replace(words=(*world.words, word))),
                        (),
                    )
                yield "lost, goes on", State(session, lost._replace(flying=(*world.flying, job.order))), ()
        for number, order in enumerate(world.flying):
            rest = world._replace(flying=(*world.flying[:number], *world.flying[number + 1 :]))
            yield "arrives late", State(session, done(rest, order)), ()
            yield "is lost for good", State(session, rest), ()

    def _timers(self, state: State) -> Iterator[Next]:
        session, world = state
        for key in sorted(world.timers):
            after = world._replace(timers=world.timers - {key})
            if key in OUTLIVES:  # neither a request nor an answer lives so long
                if world.inbox or world.held:
                    continue
                after = after._replace(flying=())
            yield f"{key} is due", self.turn(State(session, after), Reminded(key)), (Reminded(key),)

    def _people(self, state: State) -> Iterator[Next]:
        session, world = state
        phase = session.kept.phase
        pressed = world._replace(presses=world.presses - 1)
        if world.presses and isinstance(phase, Paying):
            press = BackPressed() if phase.attempt or phase.sale.tenders else PayPressed()
            yield "pressed", self.turn(State(session, pressed), press), (press,)
        if world.presses and isinstance(phase, Shopping):
            yield "pressed", self.turn(State(session, pressed), PayPressed()), (PayPressed(),)
        for attempt in under_way(session):
            if attempt.stage is Stage.WITH_STAFF and world.job is None and not world.flying:
                of = attempt.of or attempt.id
                there = world.of(of) == (UNDONE if attempt.of else CHARGED)
                word = OutcomeDecided(attempt.id, Outcome.APPROVED if there else Outcome.NOT_CHARGED)
                pin = PinAccepted("17", "Sam")
                yield "decided", self.turn(state, pin, word), (pin, word)

    def _restart(self, state: State, facts: Facts | None) -> Iterator[Next]:
        """Everything in memory is gone; the terminal goes on or not; the facts are replayed."""
        session, world = state
        ways = [world]
        if (job := world.job) is not None and job.at != "ready":
            if job.at == "running":
                ways += [done(world, job.order), world._replace(flying=(*world.flying, job.order))]
            elif isinstance(job.order, Authorise):
                ways.append(world.book(job.order.attempt, UNDONE))
        again = replayed(facts)
        policy = session.kept.policy
        for way in ways:
            bare = way._replace(
                orders=(), inbox=(), held=(), job=None, timers=frozenset(), restarts=way.restarts - 1
            )
            yield "starts again", self.turn(State(again, bare), Restarted(policy)), (Restarted(policy),)

    # ---- what must hold

    def check(self, state: State) -> None:
        """The invariants of a state that rests, and that every other one can go on."""
        session, world = state
        kept = session.kept
        attempts = under_way(session)
        busy = world.orders or world.job or world.inbox or world.held or world.flying or world.words
        if busy:
            return
        if attempts:
            self.goes_on(attempts[0], world)
            return
        tenders = {
            str(tender.attempt) for tender in getattr(getattr(kept.phase, "sale", None), "tenders", ())
        }
        cases = {str(case.id).rpartition("-r")[0] or str(case.id) for case in kept.cases}
        cases |= {str(case.id) for case in kept.cases}
        for id, how in world.ledger:
            if how == CHARGED and id not in {*world.sold, *tenders, *cases}:
                raise Violation(f"I2: {id} is charged, and in no sale and no case")
        taken = sum(how == CHARGED and id not in cases for id, how in world.ledger)
        if taken > max(1, len(world.sold), len(tenders)):
            raise Violation(f"I1: charged twice: {world.ledger}")

    def goes_on(self, attempt: Attempt, world: World) -> None:
        """Something will come of an attempt though all is quiet: a timer asks, or a colleague may decide."""
        asks = attempt.of is not None or attempt.stage in IN_DOUBT
        timer = "ask" if attempt.of is None else "ask_reversal"
        if not (asks and timer in world.timers) and attempt.stage is not Stage.WITH_STAFF:
            raise Violation(f"rest: {attempt.id} is {attempt.stage}, and nothing will come of it")
