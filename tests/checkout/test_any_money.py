"""Money in any order: what terminal and server have booked is sold, in doubt, on its way back, or a case."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from kiosk.barcode import DepositVoucher, GiftCard
from kiosk.checkout.effects import Acknowledge, Authorise, Report
from kiosk.checkout.events import (
    BackPressed,
    FinishPressed,
    NoAnswer,
    OutcomeDecided,
    PayPressed,
    PinAccepted,
    Printed,
    ReadyToSend,
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    RefundEnded,
    Reminded,
    Restarted,
    ResultReceived,
    SaleFound,
    Scanned,
    TenderChosen,
    TerminalAnswered,
    ValueAnswered,
)
from kiosk.checkout.money import (
    AT_SERVER,
    Attempt,
    Ended,
    Mark,
    Outcome,
    PaymentResult,
    Stage,
    TenderKind,
)
from kiosk.checkout.records import ClosedSale, Refund, Reversal, ValueOrder
from kiosk.checkout.session import Finishing, Idle, Kept, Paying, Session, Shopping
from kiosk.checkout.step import step
from kiosk.units import AttemptId, Minor
from tests.lane import ITEMS, MILK, POLICY, TIN, YOGHURT, Lane, item

SHOP = replace(POLICY, tenders=tuple(TenderKind), handover=True)
SANDWICH = item(8, "Sandwich", 450, meal_voucher=True)
WAYS = st.sampled_from(
    [
        PayPressed(),
        PayPressed(),
        *(TenderChosen(kind) for kind in TenderKind),
        TenderChosen("handover"),
        Scanned(GiftCard()),
        Scanned(DepositVoucher()),
    ]
)
AT_TERMINAL = frozenset(TenderKind) - AT_SERVER - {TenderKind.TRAINING}
TIMERS = ("ask", "ask_reversal", "outlived", "reversal_outlived", "wallet")


class AnyMoney(RuleBasedStateMachine):
    """`charged` and `returned` are the terminal's own book, by attempt; `held` is the server's, by attempt."""

    shop = SHOP

    def __init__(self) -> None:
        super().__init__()
        self.lane = Lane(items=(*ITEMS, SANDWICH))
        self.lane.play(Restarted(self.shop))
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

    @precondition(lambda self: isinstance(self.kept.phase, Idle | Shopping | Finishing))
    @rule(thing=st.sampled_from([MILK, YOGHURT, TIN, SANDWICH]))
    def buy(self, thing: Any) -> None:
        self.lane.buy(thing)

    @rule(event=WAYS)
    def pay(self, event: Any) -> None:
        """Somebody who has bought something chooses how to pay."""
        if isinstance(self.kept.phase, Idle | Finishing):
            self.lane.buy(SANDWICH, MILK)
        if isinstance(self.kept.phase, Shopping):
            self.lane.play(PayPressed())
        self.lane.play(event)

    @rule(
        events=st.sampled_from(
            [(BackPressed(),), (Reminded("abandon"), Reminded("suspend")), (FinishPressed(),)]
        )
    )
    def turn_away(self, events: Any) -> None:
        self.lane.play(*events)

    @rule()
    def power_cut(self) -> None:
        self.lane.play(Restarted(self.shop))

    @rule(key=st.sampled_from(TIMERS))
    def time_runs_out(self, key: str) -> None:
        self.lane.play(Reminded(key))

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
            other = replace(yes, amount=ask.amount, terminal_id="T2")
            self.lane.play(TerminalAnswered(ask.id, other))

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

    def given_up(self) -> list[Ended]:
        return [
            each
            for each in self.kept.concluded
            if each.outcome is Outcome.NOT_CHARGED and each.kind in AT_TERMINAL
        ]

    @precondition(lambda self: self.given_up())
    @rule(data=st.data())
    def it_was_done_after_all(self, data: Any) -> None:
        """An attempt that had ended without money is approved, and that is told twice."""
        ended = data.draw(st.sampled_from(self.given_up()))
        book = self.charged if ended.of is None else self.returned
        book[ended.id] = ended.amount
        yes = PaymentResult(Outcome.APPROVED, ended.amount, "EUR", "T1", receipt_no="8")
        self.lane.play(TerminalAnswered(ended.id, yes), TerminalAnswered(ended.id, yes))

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
        for job in self.lane.session.kept.jobs[-1:]:
            self.lane.play(Printed(job.id))

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
    def what_the_day_should_come_to_is_what_is_known(self) -> None:
        """What the terminal has done, less what nobody has heard of yet."""
        phase = self.kept.phase
        unheard = {each.id for each in self.kept.giving_back}
        if isinstance(phase, Paying) and phase.attempt is not None:
            unheard.add(phase.attempt.id)
        known = sum(amount for id, amount in self.charged.items() if id not in unheard)
        back = sum(amount for id, amount in self.returned.items() if id not in unheard)
        assert self.kept.taken == known - back

    @invariant()
    def nothing_is_asked_twice_and_one_thing_at_a_time(self) -> None:
        """I6."""
        asks = [deed.attempt for deed in self.lane.done(Authorise)]  # type: ignore[attr-defined]
        assert len(asks) == len(set(asks))
        phase = self.kept.phase
        paying = isinstance(phase, Paying) and phase.attempt is not None and phase.attempt.kind in AT_TERMINAL
        assert not (paying and any(each.stage is not Stage.INTENT for each in self.kept.giving_back))

    def teardown(self) -> None:
        """The journal's promise: the same facts lead to the same session."""
        session = Session()
        for at, fact in self.lane.facts:
            session, _ = step(session, fact, at)
        assert session.kept == self.lane.session.kept


TestAnyMoney = AnyMoney.TestCase
TestAnyMoney.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
