"""Whatever happens, in whatever order: nothing breaks, nothing is lost, and money moves only when it may."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.checkout.effects import Acknowledge, Authorise, Report
from kiosk.checkout.events import (
    AddWeighed,
    Approved,
    BackPressed,
    BagAnswered,
    BagScaleSeen,
    FinishPressed,
    HelpCancelled,
    HelpPressed,
    LeaveOutPressed,
    LineVoided,
    MemberFound,
    NoAnswer,
    OutcomeDecided,
    OwnBagPressed,
    PayPressed,
    PinAccepted,
    PinRefused,
    PriceOverridden,
    Printed,
    PrintFailed,
    QuantityChosen,
    ReadyToSend,
    ReceiptChosen,
    Refused,
    Reminded,
    RemovePressed,
    Restarted,
    ResultReceived,
    SaleCancelled,
    Started,
    TerminalAnswered,
    UndoPressed,
    WeightSettled,
)
from kiosk.checkout.model import Why
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Finishing, Paying, Session, Shopping
from kiosk.checkout.step import step
from kiosk.units import AttemptId, Grams, LineNo, Minor
from tests.lane import ITEMS, POLICY, TOMATOES, Lane

LINES = st.integers(1, 6).map(LineNo)
WHYS = st.sampled_from([why.value for why in Why])
SHOPPER = st.one_of(
    st.builds(QuantityChosen, LINES, st.integers(-1, 120)),
    st.builds(RemovePressed, LINES),
    st.builds(LeaveOutPressed, LINES),
    st.builds(BagAnswered, st.sampled_from(["own_bag", "moved", "not_scanned", "left_out", "colleague"])),
    st.builds(
        Reminded, st.sampled_from(["weigh", "abandon", "suspend", "thanks", "receipt", "ask", "staff", "?"])
    ),
    st.builds(ReceiptChosen, st.sampled_from(["print", "phone", "none"])),
    st.builds(AddWeighed, st.just(TOMATOES), st.integers(1, 3000).map(Grams), st.just(Grams(10))),
    st.builds(BagScaleSeen, st.booleans()),
    st.sampled_from(
        [
            Started(),
            UndoPressed(),
            OwnBagPressed(),
            HelpPressed(),
            HelpCancelled(),
            PayPressed(),
            BackPressed(),
        ]
    ),
    st.sampled_from([FinishPressed(), MemberFound("t"), Restarted(POLICY), PrintFailed("j0-1", "paper_out")]),
)
STAFF = st.one_of(
    st.builds(Approved, WHYS),
    st.builds(Refused, WHYS),
    st.builds(LineVoided, LINES),
    st.builds(PriceOverridden, LINES, st.integers(0, 900).map(Minor), st.just("shelf")),
    st.just(SaleCancelled()),
)


class AnyLane(RuleBasedStateMachine):
    """`charged` is the terminal's own book: what the cards were really charged, by attempt."""

    def __init__(self) -> None:
        super().__init__()
        self.lane = Lane()
        self.charged: dict[AttemptId, int] = {}
        self.asked: set[AttemptId] = set()

    def attempt(self) -> Authorise | None:
        phase = self.lane.session.kept.phase
        if not isinstance(phase, Paying) or phase.attempt is None:
            return None
        return Authorise(phase.attempt.id, phase.attempt.amount, "EUR")

    @rule(item=st.sampled_from(ITEMS))
    def scan(self, item: object) -> None:
        self.lane.scan(item)  # type: ignore[arg-type]

    @rule(grams=st.integers(-3000, 3000).map(lambda grams: grams // 5 * 5))
    def weigh(self, grams: int) -> None:
        level = self.lane.session.kept.level
        self.lane.play(WeightSettled(level, Grams(max(0, level + grams))))

    @rule()
    def bag_what_is_expected(self) -> None:
        phase = self.lane.session.kept.phase
        if isinstance(phase, Shopping) and phase.sale.bag.pending:
            self.lane.put(phase.sale.bag.pending[-1].grams or 100)

    @rule(event=SHOPPER)
    def shopper(self, event: object) -> None:
        self.lane.play(event)  # type: ignore[arg-type]

    @rule(event=STAFF, known=st.booleans())
    def staff(self, event: object, known: bool) -> None:
        before = self.lane.session.kept.phase
        there = known or self.lane.session.kept.staff is not None
        self.lane.play(PinAccepted("17", "Sam") if known else PinRefused("17"), event)  # type: ignore[arg-type]
        if not there:
            assert self.lane.session.kept.phase == before, "a colleague's action without a colleague"

    @precondition(lambda self: self.attempt() is not None)
    @rule(how=st.sampled_from(["approve", "decline", "silence", "wrong", "ready", "result"]))
    def terminal(self, how: str) -> None:
        ask = self.attempt()
        assert ask is not None
        book = PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "T1", receipt_no="8")
        phase = self.lane.session.kept.phase
        assert isinstance(phase, Paying) and phase.attempt is not None
        if phase.attempt.mark is None:
            deeds = self.lane.turn(ReadyToSend(ask.attempt, Mark("T1")))
            if Acknowledge(ask.attempt) not in deeds:
                return
        if how in {"approve", "result"} or ask.attempt in self.charged:
            self.charged[ask.attempt] = ask.amount
            self.lane.play(ResultReceived(ask.attempt, book))
            if how == "approve":
                self.lane.play(TerminalAnswered(ask.attempt, book))
        elif how == "decline":
            self.lane.play(
                TerminalAnswered(ask.attempt, PaymentResult(Outcome.NOT_CHARGED, result_code="05"))
            )
        elif how == "silence":
            self.lane.play(NoAnswer(ask.attempt))
        elif how == "wrong":
            self.lane.play(TerminalAnswered(ask.attempt, PaymentResult(Outcome.APPROVED, Minor(1), "EUR")))

    @precondition(lambda self: self.attempt() is not None)
    @rule()
    def a_colleague_reads_the_terminal(self) -> None:
        ask = self.attempt()
        assert ask is not None
        outcome = Outcome.APPROVED if ask.attempt in self.charged else Outcome.NOT_CHARGED
        self.lane.play(PinAccepted("17", "Sam"), OutcomeDecided(ask.attempt, outcome))

    @rule()
    def printed(self) -> None:
        phase = self.lane.session.kept.phase
        if isinstance(phase, Finishing):
            self.lane.play(Printed(phase.job))

    @invariant()
    def no_goods_without_money_and_no_money_twice(self) -> None:
        closed = [deed.record for deed in self.lane.done(Report) if isinstance(deed.record, ClosedSale)]  # type: ignore[attr-defined]
        for sale in closed:
            assert sum(tender.amount for tender in sale.tenders) == sale.priced.total
            for tender in sale.tenders:
                assert self.charged.get(tender.attempt) == tender.amount
        taken = [tender.attempt for sale in closed for tender in sale.tenders]
        assert len(taken) == len(set(taken)), "one payment in two sales"
        assert [sale.number for sale in closed] == list(range(1, len(closed) + 1))

    @invariant()
    def no_second_attempt_while_one_is_open(self) -> None:
        asks = [deed.attempt for deed in self.lane.done(Authorise)]  # type: ignore[attr-defined]
        assert len(asks) == len(set(asks))
        ended = {id for id, _ in self.lane.session.kept.concluded}
        now = self.attempt()
        assert all(ask in ended or (now is not None and ask == now.attempt) for ask in asks[-20:])

    @invariant()
    def the_bag_accounts_for_every_piece(self) -> None:
        phase = self.lane.session.kept.phase
        if isinstance(phase, Shopping):
            numbers = {line.no for line in phase.sale.lines}
            assert {thing.line for thing in (*phase.sale.bag.pending, *phase.sale.bag.placed)} <= numbers
            assert all(line.qty >= 1 for line in phase.sale.lines)

    def teardown(self) -> None:
        """The journal's promise: the same facts lead to the same session."""
        session = Session()
        for at, fact in self.lane.facts:
            session, _ = step(session, fact, at)
        assert session.kept == self.lane.session.kept


TestAnyLane = AnyLane.TestCase
TestAnyLane.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
