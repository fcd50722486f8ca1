"""Whatever happens, in whatever order: nothing breaks, nothing is lost, and money moves only when it may."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from kiosk.barcode import DepositVoucher, GiftCard
from kiosk.checkout.effects import Acknowledge, Authorise, Report
from kiosk.checkout.events import (
    AddWeighed,
    Approved,
    BackPressed,
    BagAnswered,
    BagScaleSeen,
    DayClosed,
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
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    RefundEnded,
    Refused,
    Reminded,
    RemovePressed,
    Restarted,
    ResultReceived,
    SaleCancelled,
    SaleFound,
    Scanned,
    Started,
    TenderChosen,
    TerminalAnswered,
    UndoPressed,
    ValueAnswered,
    WeightSettled,
)
from kiosk.checkout.model import Why
from kiosk.checkout.money import (
    AT_SERVER,
    AT_TERMINAL,
    Attempt,
    Mark,
    Outcome,
    PaymentResult,
    Stage,
    TenderKind,
)
from kiosk.checkout.records import ClosedSale, Refund, Reversal, ValueOrder
from kiosk.checkout.session import Finishing, Idle, Kept, Paying, Session, Shopping
from kiosk.checkout.step import step
from kiosk.units import AttemptId, Grams, LineNo, Minor
from tests.lane import ITEMS, POLICY, TOMATOES, Lane

SHOP = replace(POLICY, tenders=tuple(TenderKind), handover=True)
LINES = st.integers(1, 6).map(LineNo)
TIMERS = (
    *("weigh", "abandon", "suspend", "thanks", "receipt", "staff", "?"),
    *("ask", "ask_reversal", "outlived", "reversal_outlived", "wallet"),
)
WHYS = st.sampled_from([why.value for why in Why])
SHOPPER = st.one_of(
    st.builds(QuantityChosen, LINES, st.integers(-1, 120)),
    st.builds(RemovePressed, LINES),
    st.builds(LeaveOutPressed, LINES),
    st.builds(BagAnswered, st.sampled_from(["own_bag", "moved", "not_scanned", "left_out", "colleague"])),
    st.builds(
        Reminded,
        st.sampled_from(
            [
                "weigh",
                "abandon",
                "suspend",
                "thanks",
                "receipt",
                "ask",
                "ask_reversal",
                "outlived",
                "wallet",
                "staff",
                "?",
            ]
        ),
    ),
    st.builds(ReceiptChosen, st.sampled_from(["print", "phone", "none"])),
    st.builds(AddWeighed, st.just(TOMATOES), st.integers(1, 3000).map(Grams), st.just(Grams(10))),
    st.builds(BagScaleSeen, st.booleans()),
    st.builds(TenderChosen, st.sampled_from([*TenderKind, "handover"])),
    st.sampled_from([Scanned(GiftCard()), Scanned(DepositVoucher()), DayClosed()]),
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
    st.sampled_from([FinishPressed(), MemberFound("t"), Restarted(SHOP), PrintFailed("j0-1", "paper_out")]),
)
STAFF = st.one_of(
    st.builds(Approved, WHYS),
    st.builds(Refused, WHYS),
    st.builds(LineVoided, LINES),
    st.builds(PriceOverridden, LINES, st.integers(0, 900).map(Minor), st.just("shelf")),
    st.just(SaleCancelled()),
)


class AnyLane(RuleBasedStateMachine):
    """`charged` and `returned` are the terminal's own book, by attempt; `held` is the server's, by attempt."""

    def __init__(self) -> None:
        super().__init__()
        self.lane = Lane()
        self.lane.play(Restarted(SHOP))
        self.charged: dict[AttemptId, int] = {}
        self.returned: dict[AttemptId, int] = {}
        self.held: dict[AttemptId, int] = {}

    @property
    def kept(self) -> Kept:
        return self.lane.session.kept

    def attempt(self) -> Attempt | None:
        """What the terminal is to do now: a payment, or the first reversal of the queue."""
        phase = self.kept.phase
        if isinstance(phase, Paying) and phase.attempt is not None and phase.attempt.kind in AT_TERMINAL:
            return phase.attempt
        return self.kept.giving_back[0] if self.kept.giving_back else None

    def at_server(self) -> Attempt | None:
        phase = self.kept.phase
        attempt = phase.attempt if isinstance(phase, Paying) else None
        return attempt if attempt is not None and attempt.kind in AT_SERVER else None

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
    @rule(how=st.sampled_from(["yes", "less", "result", "no", "silence", "wrong", "nobody", "not found"]))
    def terminal(self, how: str) -> None:
        """The terminal does what it is asked for once it may, tells of it or not, and remembers."""
        ask = self.attempt()
        assert ask is not None
        if ask.mark is None:
            deeds = self.lane.turn(ReadyToSend(ask.id, Mark("T1")))
            if Acknowledge(ask.id) not in deeds:
                return
        done = self.done(ask)
        if how in {"yes", "less", "result"} and done is None:
            amount = max(1, ask.amount - 40) if how == "less" and ask.of is None else ask.amount
            self.do(ask, amount)
            done = amount
        if done is not None and how in {"no", "not found"}:
            how = "yes"  # it never says no to what it has done
        yes = PaymentResult(Outcome.APPROVED, Minor(done or 0), "EUR", "T1", receipt_no="8")
        if how in {"yes", "less"}:
            self.lane.play(ResultReceived(ask.id, yes), TerminalAnswered(ask.id, yes))
        elif how == "result":
            self.lane.play(ResultReceived(ask.id, yes))
        elif how == "no":
            self.lane.play(TerminalAnswered(ask.id, PaymentResult(Outcome.NOT_CHARGED, result_code="05")))
        elif how == "silence":
            self.lane.play(NoAnswer(ask.id))
        elif how == "not found":
            self.lane.play(TerminalAnswered(ask.id, PaymentResult(Outcome.UNKNOWN, reason="not_found")))
        elif how == "wrong":
            self.lane.play(TerminalAnswered(ask.id, replace(yes, terminal_id="T2")))

    def done(self, ask: Attempt) -> int | None:
        return self.returned.get(ask.id) if ask.of is not None else self.charged.get(ask.id)

    def do(self, ask: Attempt, amount: int) -> None:
        (self.returned if ask.of is not None else self.charged)[ask.id] = amount

    @precondition(lambda self: self.at_server() is not None)
    @rule(how=st.sampled_from(["yes", "less", "no", "silence"]))
    def server(self, how: str) -> None:
        ask = self.at_server()
        assert ask is not None
        if how == "silence":
            self.lane.play(NoAnswer(ask.id))
        elif how == "no" and ask.id not in self.held:
            self.lane.play(ValueAnswered(ask.id, PaymentResult(Outcome.NOT_CHARGED, reason="used")))
        else:
            amount = self.held.setdefault(ask.id, max(1, ask.amount - 40) if how == "less" else ask.amount)
            self.lane.play(ValueAnswered(ask.id, PaymentResult(Outcome.APPROVED, Minor(amount), "EUR")))

    @precondition(lambda self: self.attempt() is not None)
    @rule()
    def a_colleague_reads_the_terminal(self) -> None:
        ask = self.attempt()
        assert ask is not None
        done = self.done(ask)
        if done not in (None, ask.amount):
            return  # she would have to say how much
        outcome = Outcome.NOT_CHARGED if done is None else Outcome.APPROVED
        self.lane.play(PinAccepted("17", "Sam"), OutcomeDecided(ask.id, outcome))

    @rule()
    def refund(self) -> None:
        """The last sale comes back whole, if anything of it is left."""
        sales = [deed.record for deed in self.lane.done(Report) if isinstance(deed.record, ClosedSale)]  # type: ignore[attr-defined]
        made = [deed.record for deed in self.lane.done(Report) if isinstance(deed.record, Refund)]  # type: ignore[attr-defined]
        if not sales or not isinstance(self.kept.phase, Idle):
            return
        before = tuple(refund for refund in made if refund.original.id == sales[-1].id)
        self.lane.play(PinAccepted("17", "Sam"), RefundBegun(), SaleFound(sales[-1], before))
        self.lane.play(RefundAllChosen(), RefundConfirmed("return"), RefundEnded())

    @rule()
    def printed(self) -> None:
        phase = self.lane.session.kept.phase
        if isinstance(phase, Finishing):
            self.lane.play(Printed(phase.job))

    def records(self, kind: type) -> list[Any]:
        return [deed.record for deed in self.lane.done(Report) if isinstance(deed.record, kind)]  # type: ignore[attr-defined]

    @invariant()
    def no_goods_without_money_and_no_money_twice(self) -> None:
        """I1, I3: what left the lane is paid for by what was really taken, once."""
        closed = self.records(ClosedSale)
        for sale in closed:
            assert sum(tender.amount for tender in sale.tenders) == sale.priced.total
            for tender in sale.tenders:
                book = self.held if tender.kind in AT_SERVER else self.charged
                assert book.get(tender.attempt) == tender.amount
        taken = [tender.attempt for sale in closed for tender in sale.tenders]
        assert len(taken) == len(set(taken)), "one payment in two sales"
        numbers = sorted(record.number for record in (*closed, *self.records(Refund)))
        assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def no_charge_without_a_sale(self) -> None:
        """I2, I4: what was charged is sold, in the basket, in doubt, on its way back, or a colleague's case."""
        phase = self.kept.phase
        sold = {tender.attempt for sale in self.records(ClosedSale) for tender in sale.tenders}
        mine = (
            {tender.attempt for tender in phase.sale.tenders}
            if isinstance(phase, Shopping | Paying)
            else set()
        )
        doubt = {phase.attempt.id} if isinstance(phase, Paying) and phase.attempt is not None else set()
        back = {attempt.of for attempt in self.kept.giving_back} | {
            record.of for record in self.records(Reversal)
        }
        cases = {str(case.id).rpartition("-r")[0] or case.id for case in self.kept.cases}
        assert set(self.charged) <= sold | mine | doubt | back | cases
        orders = {record.id for record in self.records(ValueOrder)}
        assert set(self.held) <= mine | doubt | orders

    @invariant()
    def never_more_goes_back_than_was_taken(self) -> None:
        back: dict[AttemptId, int] = {}
        for id, amount in self.returned.items():
            of = AttemptId(str(id).rpartition("-r")[0])
            back[of] = back.get(of, 0) + amount
        assert all(amount <= self.charged[of] for of, amount in back.items())

    @invariant()
    def nothing_is_asked_twice_and_one_thing_at_a_time(self) -> None:
        """I6."""
        asks = [deed.attempt for deed in self.lane.done(Authorise)]  # type: ignore[attr-defined]
        assert len(asks) == len(set(asks))
        phase = self.kept.phase
        paying = isinstance(phase, Paying) and phase.attempt is not None and phase.attempt.kind in AT_TERMINAL
        assert not (paying and any(each.stage is not Stage.INTENT for each in self.kept.giving_back))

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
