"""Whatever happens, in whatever order: nothing breaks, nothing is lost, and money moves only when it may."""

from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from msgspec.structs import replace

from kiosk.barcode import Carrier, DepositVoucher, GiftCard, Product, UsCoupon
from kiosk.checkout.basket import locked
from kiosk.checkout.effects import LookUp
from kiosk.checkout.events import (
    AddWeighed,
    Approved,
    AssistBegun,
    AssistEnded,
    AuditBegun,
    AuditCounted,
    AuditEnded,
    AuditSolved,
    BackPressed,
    BagAnswered,
    BagScaleSeen,
    CountersignDropped,
    DayClosed,
    FinishPressed,
    HelpCancelled,
    HelpPressed,
    ItemFound,
    LeaveOutPressed,
    LineVoided,
    MemberFound,
    MemberLeft,
    OwnBagPressed,
    PayPressed,
    PinAccepted,
    PinRefused,
    PriceDisputed,
    PriceOverridden,
    PrintFailed,
    QuantityChosen,
    ReceiptChosen,
    Refused,
    Reminded,
    RemovePressed,
    Restarted,
    SaleCancelled,
    Scanned,
    Started,
    TenderChosen,
    UndoPressed,
    WeightSettled,
)
from kiosk.checkout.interventions import BLOCKS_PAYING, KINDS
from kiosk.checkout.model import Item, Sale, Why
from kiosk.checkout.money import TenderKind
from kiosk.checkout.passed import CatalogueSeen
from kiosk.checkout.session import Paying, Shopping
from kiosk.checkout.shelf import ASKED
from kiosk.checkout.step import step
from kiosk.units import Grams, Gtin, LineNo, Minor
from tests.checkout.test_any_money import SHOP, AnyMoney
from tests.lane import DAY, ITEMS, TIN, TOMATOES

DAYS = ["2026-11-20", DAY, "2026-11-22"]
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
    st.builds(ReceiptChosen, st.sampled_from(["print", "phone", "none", "email"])),
    st.builds(AddWeighed, st.just(TOMATOES), st.integers(1, 3000).map(Grams), st.just(Grams(10))),
    st.builds(BagScaleSeen, st.booleans()),
    st.builds(PriceDisputed, LINES),
    st.builds(Scanned, st.builds(UsCoupon, st.just("0614141"), st.just("222222"))),
    st.builds(TenderChosen, st.sampled_from([*TenderKind, "handover"])),
    st.sampled_from([Scanned(GiftCard()), Scanned(DepositVoucher()), DayClosed()]),
    st.sampled_from(
        [
            Started(),
            UndoPressed(),
            OwnBagPressed(),
            HelpPressed(),
            HelpPressed(accessible=True),
            HelpCancelled(),
            PayPressed(),
            BackPressed(),
        ]
    ),
    st.sampled_from([FinishPressed(), MemberFound("t"), Restarted(SHOP), PrintFailed("j0-1#0", "paper_out")]),
    st.sampled_from(
        [MemberLeft(), MemberFound("u", credit=Minor(150), vouchers=(Minor(100), Minor(500)), spends=True)]
    ),
)
CARRIERS = st.sampled_from(get_args(Carrier))
PACKS = st.fixed_dictionaries(
    {},
    optional={
        "batch": st.sampled_from("AB"),
        "serial": st.sampled_from("12"),
        "use_by": st.sampled_from(DAYS),
        "best_before": st.sampled_from(DAYS),
    },
)
STAFF = st.one_of(
    st.builds(Approved, WHYS),
    st.builds(Refused, WHYS),
    st.builds(LineVoided, LINES),
    st.builds(PriceOverridden, LINES, st.integers(0, 900).map(Minor), st.just("shelf")),
    st.just(SaleCancelled()),
    st.sampled_from([AssistBegun(), AssistEnded(), AuditBegun("asked"), AuditEnded(), CountersignDropped()]),
    st.builds(AuditCounted, LINES),
    st.builds(AuditSolved, st.one_of(st.none(), LINES)),
)


class AnyLane(AnyMoney):
    """The same books, while people do whatever else they do, in a shop that asks often."""

    shop = replace(
        SHOP,
        audit=True,
        audit_least=400_000,
        audit_most=900_000,
        qty_limit=3,
        skip_limit=1,
        override_limit=Minor(400),
    )

    @rule(lot=st.sampled_from([0, 600_000, 1_000_000]))
    def a_lot_is_drawn(self, lot: int) -> None:
        self.lane.lot = lot

    @rule(item=st.sampled_from(ITEMS))
    def scan(self, item: object) -> None:
        self.lane.scan(item)  # type: ignore[arg-type]

    @rule(item=st.sampled_from(ITEMS[:2]), carrier=CARRIERS, after=st.integers(0, 1500), pack=PACKS)
    def read(self, item: Item, carrier: Carrier, after: int, pack: dict[str, str]) -> None:
        self.lane.scan(item, carrier, after, **pack)

    @rule(item=st.sampled_from(ITEMS[:2]), pack=PACKS)
    def the_server_hears_of_a_recall(self, item: Item, pack: dict[str, str]) -> None:
        assert item.gtin is not None
        self.lane.recalled = {(item.gtin, pack.get("batch", ""), pack.get("serial", "-"))}
        self.lane.play(CatalogueSeen())

    @rule(grams=st.integers(-3000, 3000).map(lambda grams: grams // 5 * 5))
    def weigh(self, grams: int) -> None:
        level = self.lane.session.kept.level
        self.lane.play(WeightSettled(level, Grams(max(0, level + grams))))

    @rule()
    def bag_what_is_expected(self) -> None:
        phase = self.lane.session.kept.phase
        if isinstance(phase, Shopping) and phase.sale.bag.pending:
            self.lane.put(round(phase.sale.bag.pending[-1].belief.mean))

    @rule(event=SHOPPER)
    def shopper(self, event: object) -> None:
        self.lane.play(event)  # type: ignore[arg-type]

    @rule(event=STAFF, known=st.booleans())
    def staff(self, event: object, known: bool) -> None:
        before = self.lane.session.kept.phase
        there = known or self.lane.session.kept.colleague is not None
        there = there or getattr(getattr(before, "sale", None), "audit", None) is not None
        self.lane.play(PinAccepted("17", "Sam") if known else PinRefused("17"), event)  # type: ignore[arg-type]
        if not there:
            assert self.lane.session.kept.phase == before, "a colleague's action without a colleague"

    @invariant()
    def the_bag_accounts_for_every_piece(self) -> None:
        phase = self.lane.session.kept.phase
        if isinstance(phase, Shopping):
            numbers = {line.no for line in phase.sale.lines}
            bag = phase.sale.bag
            for account in bag.accounts:
                inside = [lain.unit for lain in account.placed]
                assert len({*inside, *account.pending}) == len(inside) + len(account.pending), "once"
                assert {
                    bag.units[i].line for i in (*inside, *account.pending) if i not in bag.void
                } <= numbers
            assert all(line.qty >= 1 for line in phase.sale.lines)

    @invariant()
    def nothing_that_is_asked_stops_scanning_and_what_blocks_stops_paying(self) -> None:
        phase = self.lane.session.kept.phase
        sale = getattr(phase, "sale", None)
        if not isinstance(sale, Sale):
            return
        blocking = {each.why for each in sale.open} & BLOCKS_PAYING
        assert not isinstance(phase, Paying) or not blocking
        assert all(each.why in KINDS for each in sale.open)
        if isinstance(phase, Shopping) and blocking:
            paid, _ = step(self.lane.session, PayPressed(), self.lane.now)
            assert isinstance(paid.kept.phase, Shopping), f"paid while {blocking}"
        if isinstance(phase, Shopping) and sale.audit is None and not locked(sale):
            code = Product(TIN.gtin or Gtin(0))
            looked, effects = step(self.lane.session, Scanned(code), self.lane.now)
            assert [each for each in effects if isinstance(each, LookUp)] == [LookUp(code)]
            more, _ = step(looked, ItemFound(code, TIN), self.lane.now)
            after = more.kept.phase
            assert isinstance(after, Shopping)
            pieces = sum(line.qty for line in sale.lines)
            assert sum(line.qty for line in after.sale.lines) == pieces + 1, "a scan was lost"

    @invariant()
    def a_serial_is_one_pack_and_no_pack_is_past_its_day(self) -> None:
        sale = getattr(self.lane.session.kept.phase, "sale", None)
        for line in sale.lines if isinstance(sale, Sale) else ():
            others = [each for each in sale.lines if each is not line]
            key = (line.gtin, line.pack.serial)
            assert not line.pack.serial or line.qty == 1
            assert not line.pack.serial or key not in {(each.gtin, each.pack.serial) for each in others}
            assert not line.pack.use_by or line.pack.use_by >= sale.date
            late = line.pack.best_before and line.pack.best_before < sale.date
            assert not late or line.asks == Why.ITEM_BEST_BEFORE
            asked = {(each.why, each.line) for each in sale.open}
            said = {(each.intervention.why, each.intervention.line) for each in sale.settled}
            assert not line.asks or (Why(line.asks), line.no) in asked | said
            assert isinstance(self.lane.session.kept.phase, Shopping) or not asked & {
                (why, line.no) for why in ASKED
            }


TestAnyLane = AnyLane.TestCase
TestAnyLane.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
