"""Two lanes and the real store server, in any order, with lost and late answers and power cuts: one basket, one end.

The lanes are the checkout's own core; what goes between them and the server waits until it is brought, is brought
twice, or never.
"""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace
from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool

from kiosk.barcode import BasketName
from kiosk.checkout.effects import Authorise, Report, TakeBasket
from kiosk.checkout.events import (
    DayClosed,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    Reminded,
    Restarted,
    SaleCancelled,
    Scanned,
    TerminalAnswered,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import LinkSeen
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver, Record, Released, Resumed
from kiosk.checkout.session import Idle, Paying, Session, Shopping
from kiosk.checkout.step import step
from kiosk.checkout.suspending import BasketAnswered, BasketUnheard, BasketWanted, PutAside
from kiosk.units import Millis
from kiosk.wire import TakeBasket as Asked
from store import handovers
from store.basket_table import handovers as table
from store.lanes import Lane as At
from store.tables import metadata
from tests.lane import MILK, POLICY, TIN, Lane

LANES = st.sampled_from([0, 1])


class Post(Lane):
    """A lane whose deeds wait to be brought to the server."""

    def __init__(self, number: str) -> None:
        self.policy = replace(POLICY, lane=number, journal=f"j{number}", store="0001")
        super().__init__(Session())
        self.at = At("0001", number)
        self.outbox: list[Record] = []
        self.questions: list[TakeBasket] = []
        self.play(Restarted(self.policy))

    def turn(self, event):  # type: ignore[no-untyped-def]
        deeds = super().turn(event)
        self.outbox += [deed.record for deed in deeds if isinstance(deed, Report)]
        self.questions += [deed for deed in deeds if isinstance(deed, TakeBasket)]
        return deeds

    def answer(self, question):  # type: ignore[no-untyped-def]
        found = super().answer(question)
        if type(found).__name__ == "NameDrawn":
            name = f"BASKET-{self.at.lane}{self.drawn:A>25}"
            return replace(found, name=name, code=f"{self.drawn % 2:06}")
        return found

    def power_cut(self) -> None:
        """What passes is forgotten, what is kept is worked out again from the facts."""
        session = Session()
        for at, fact in self.facts:
            session, _ = step(session, fact, at)
        self.session = Session(session.kept)
        self.questions = []
        self.play(Restarted(self.policy))


class TwoLanes(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        metadata.create_all(self.engine)
        self.lanes = [Post("1"), Post("2")]
        self.late: list[tuple[Post, TakeBasket]] = []
        self.answers: list[tuple[Post, BasketAnswered]] = []
        self.ledger: list[Record] = []
        self.slips: list[HandedOver] = []

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.all_comes_to_an_end()
            self.engine.dispose()

    # ---- what people do

    @rule(lane=LANES, item=st.sampled_from([MILK, TIN]))
    def scan(self, lane: int, item: object) -> None:
        self.lanes[lane].scan(item)  # type: ignore[arg-type]

    @rule(lane=LANES, free=st.booleans(), told=st.booleans())
    def put_aside(self, lane: int, free: bool, told: bool) -> None:
        """A basket of something is set aside, let go and told to the server, or not yet."""
        post = self.lanes[lane]
        if isinstance(post.session.kept.phase, Idle):
            post.scan(MILK)
        post.play(PinAccepted("17", "Sam"), PutAside(), *([Reminded("release")] if free else []))
        while told and post.outbox:
            self.server_takes(post, post.outbox.pop(0))

    @rule(lane=LANES)
    def walk_away(self, lane: int) -> None:
        for key in ("abandon", "suspend", "thanks", "receipt", "thanks"):
            self.lanes[lane].play(Reminded(key))

    @precondition(lambda self: self.slips)
    @rule(lane=LANES, which=st.integers(0, 2), typed=st.booleans(), heard=st.booleans())
    def show_a_slip(self, lane: int, which: int, typed: bool, heard: bool) -> None:
        """At a lane where nobody is, or where somebody is; the server hears of it at once, or later."""
        slip, post = self.slips[-1 - which % len(self.slips)], self.lanes[lane]
        post.play(Reminded("thanks"), BasketWanted(slip.code) if typed else Scanned(BasketName(slip.name)))
        while heard and post.questions:
            self.server_hears(post, post.questions.pop(0))

    @rule(lane=LANES)
    def pay(self, lane: int) -> None:
        post = self.lanes[lane]
        post.play(PayPressed())
        phase = post.session.kept.phase
        if isinstance(phase, Paying) and phase.attempt is not None:
            ask = post.done(Authorise)[-1]
            assert isinstance(ask, Authorise)
            yes = PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "T1", "7")
            post.play(ReadyToSend(ask.attempt, Mark("T1")), TerminalAnswered(ask.attempt, yes))

    @rule(lane=LANES, what=st.sampled_from([SaleCancelled(), DayClosed()]))
    def colleague(self, lane: int, what: object) -> None:
        self.lanes[lane].play(PinAccepted("17", "Sam"), what)  # type: ignore[arg-type]

    # ---- what the world does

    @rule(lane=LANES, key=st.sampled_from(["release", "fetch", "thanks"]))
    def time(self, lane: int, key: str) -> None:
        self.lanes[lane].play(Reminded(key))

    @rule(lane=LANES, there=st.booleans())
    def the_server_is_seen(self, lane: int, there: bool) -> None:
        self.lanes[lane].play(LinkSeen(there, 0))

    @rule(lane=LANES, seconds=st.sampled_from([1, 60]))
    def wait(self, lane: int, seconds: int) -> None:
        self.lanes[lane].now = Millis(self.lanes[lane].now + 1000 * seconds)

    @rule(lane=LANES, lines=st.sampled_from([1, 9]))
    def bring_lines(self, lane: int, lines: int) -> None:
        post = self.lanes[lane]
        for line in post.outbox[:lines]:
            self.server_takes(post, line)
        del post.outbox[:lines]

    @rule(lane=LANES, again=st.booleans())
    def bring_a_question(self, lane: int, again: bool) -> None:
        """The server hears it, perhaps once more much later."""
        post = self.lanes[lane]
        if post.questions:
            asked = post.questions.pop(0)
            self.server_hears(post, asked)
            self.late += [(post, asked)] if again else []

    @precondition(lambda self: self.late)
    @rule()
    def a_late_copy_arrives(self) -> None:
        self.server_hears(*self.late.pop(0))

    @precondition(lambda self: self.answers)
    @rule(which=st.integers(0, 9), again=st.booleans())
    def bring_an_answer(self, which: int, again: bool) -> None:
        which %= len(self.answers)
        post, answer = self.answers[which] if again else self.answers.pop(which)
        post.play(answer)

    @precondition(lambda self: self.answers)
    @rule()
    def lose_an_answer(self) -> None:
        post, answer = self.answers.pop(0)
        post.play(BasketUnheard(answer.request))

    @rule(lane=LANES)
    def power_cut(self, lane: int) -> None:
        self.lanes[lane].power_cut()

    # ---- the server

    def server_takes(self, post: Post, line: Record) -> None:
        with self.engine.begin() as db:
            match line:
                case HandedOver():
                    handovers.keep(db, post.at, line)
                case Released():
                    handovers.release(db, post.at, line)
                case Resumed():
                    handovers.resume(db, post.at, line, 1)

    def server_hears(self, post: Post, asked: TakeBasket) -> None:
        with self.engine.begin() as db:
            given = handovers.give(db, post.at, Asked(asked.request, asked.key), 1)
        self.answers.append((post, BasketAnswered(given.request, given.answer, given.basket, given.lane)))

    # ---- what must hold

    @invariant()
    def no_basket_is_in_two_hands_and_none_is_paid_twice(self) -> None:
        if hasattr(self, "lanes"):
            twice = {root: n for root, n in self.hands().items() if n > 1}
            assert not twice, twice

    def hands(self) -> Counter[str]:
        """How often each basket is open, kept, paid or cancelled at a lane."""
        records = [deed.record for post in self.lanes for deed in post.done(Report)]  # type: ignore[attr-defined]
        self.slips = [line for line in records if isinstance(line, HandedOver)]
        origin = {line.sale: line.id for line in records if isinstance(line, Resumed)}

        def root(id: str) -> str:
            id = id.removesuffix(".over")
            while id in origin:
                id = origin[id]  # type: ignore[index]
            return id

        hands: Counter[str] = Counter()
        for line in records:
            if isinstance(line, ClosedSale | Cancelled):
                hands[root(line.id)] += 1
        for post in self.lanes:
            phase = post.session.kept.phase
            if isinstance(phase, Shopping | Paying) and phase.sale.lines:
                hands[root(phase.sale.id)] += 1
            for each in post.session.kept.aside:
                hands[root(each.basket.id)] += not each.released
        self.roots = {root(line.id) for line in self.slips}
        self.root = root
        return hands

    def all_comes_to_an_end(self) -> None:
        """Everything is brought in the end, and every basket is somewhere: none was lost."""
        for _ in range(40):
            for post in self.lanes:
                post.play(LinkSeen(True, 0), Reminded("fetch"))
                while post.outbox:
                    self.server_takes(post, post.outbox.pop(0))
                while post.questions:
                    self.server_hears(post, post.questions.pop(0))
            while self.answers:
                post, answer = self.answers.pop()
                post.play(answer)
            if not any(post.outbox or post.questions for post in self.lanes):
                break
        hands = self.hands()
        assert max(hands.values(), default=0) <= 1
        with self.engine.begin() as db:
            free = select(table.c.id).where(table.c.taken.is_(None), ~table.c.kept)
            for id in db.execute(free).scalars():
                hands[self.root(id)] += 1
        assert {root: hands[root] for root in self.roots} == dict.fromkeys(self.roots, 1)


TestTwoLanes = TwoLanes.TestCase
TestTwoLanes.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
