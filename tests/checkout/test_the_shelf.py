"""What a symbol says of its pack: two sides of one, serials, dates, recalls, markdowns."""

from collections.abc import Callable
from typing import get_args

import pytest
from msgspec.structs import replace

from kiosk.barcode import Carrier, Measured, Pack, Product
from kiosk.checkout.effects import Beep, LookUp, Report
from kiosk.checkout.events import (
    Approved,
    ItemFound,
    LineVoided,
    OffersTaken,
    PayPressed,
    PinAccepted,
    PriceOverridden,
    QuantityChosen,
    Refused,
    RemovePressed,
    Restarted,
    Scanned,
    UndoPressed,
)
from kiosk.checkout.model import Item, Resolution, Why
from kiosk.checkout.records import ClosedSale, Technical
from kiosk.checkout.session import Policy, Session
from kiosk.checkout.step import step
from kiosk.pricing import ExpiryMarkdown, Offers, PctOffItems, Tax, Tier
from kiosk.units import Grams, ItemId, LineNo, Minor, Rate
from tests.checkout.test_a_sale import pay
from tests.lane import DAY, MILK, POLICY, TIN, WINE, YOGHURT, Lane, item

L: Carrier = "linear"
M: Carrier = "matrix"
MEAT = item(8, "Minced beef", None, price_per_kg=Minor(1190), grams=None)
CREAM = item(9, "Cream 250 g", 199, groups=("fresh",))
TOMORROW, YESTERDAY, LATER = "2026-11-22", "2026-11-20", "2026-12-24"
TAXES = (Tax(code="R", rate=Rate(55_000)), Tax(code="N", rate=Rate(200_000)))
SOON = ExpiryMarkdown(
    id="SOON",
    label="Short date",
    tiers=(Tier(0, Rate(500_000)), Tier(2, Rate(300_000))),
    groups=("fresh",),
)


class Shop(Lane):
    """A lane with fresh goods, and markdowns by days left."""

    offers = Offers(version="2", promotions=(SOON,), taxes=TAXES)

    def __init__(self, policy: Policy = POLICY) -> None:
        super().__init__(items=(MILK, YOGHURT, WINE, TIN, MEAT, CREAM))
        self.play(Restarted(policy))

    def answer(self, question: object) -> object:  # type: ignore[override]
        answer = super().answer(question)
        return replace(answer, offers=self.offers) if isinstance(answer, OffersTaken) else answer

    def staff(self, *events: object) -> "Shop":
        return self.play(PinAccepted("17", "Sam"), *events)  # type: ignore[arg-type]


def code(of: Item, **pack: str) -> Product:
    assert of.gtin is not None
    return Product(of.gtin, pack=Pack(**pack))


def counted(lane: Lane) -> int:
    return sum(line.qty for line in lane.sale.lines)


def opened(lane: Lane) -> list[Why]:
    return [question.why for question in lane.sale.open]


# ---- two reads, one pack

S1, S2 = {"serial": "S1"}, {"serial": "S2"}
TABLE: list[tuple[str, list[tuple[Carrier, int, dict[str, str]]], int]] = [
    ("linear, then matrix", [(L, 0, {}), (M, 400, {})], 1),
    ("matrix, then linear", [(M, 0, {}), (L, 400, {})], 1),
    ("at the very end of the second", [(L, 0, {}), (M, 1000, {})], 1),
    ("just after it", [(L, 0, {}), (M, 1001, {})], 2),
    ("linear twice", [(L, 0, {}), (L, 100, {})], 2),
    ("matrix twice", [(M, 0, {}), (M, 100, {})], 2),
    ("a scanner that does not tell", [("", 0, {}), ("", 100, {})], 2),
    ("one of two tells", [("", 0, {}), (M, 100, {})], 2),
    ("two packs, L M L", [(L, 0, {}), (M, 200, {}), (L, 200, {})], 2),
    ("two packs, L M L M", [(L, 0, {}), (M, 200, {}), (L, 200, {}), (M, 200, {})], 2),
    ("two packs, L L M M", [(L, 0, {}), (L, 200, {}), (M, 200, {}), (M, 200, {})], 2),
    ("two packs, L M M L", [(L, 0, {}), (M, 200, {}), (M, 200, {}), (L, 200, {})], 2),
    ("the oldest first: both in time", [(L, 0, {}), (L, 500, {}), (M, 400, {}), (M, 500, {})], 2),
    ("ten equal ones", [(M, 50, {})] * 10, 10),
    ("a serial twice at once", [(M, 0, S1), (M, 100, S1)], 1),
    ("a serial again much later", [(M, 0, S1), (M, 60_000, S1)], 1),
    ("two serials", [(M, 0, S1), (M, 100, S2)], 2),
    ("two serials by two kinds", [(L, 0, S1), (M, 100, S2)], 2),
    ("the serial on both sides", [(L, 0, S1), (M, 100, S1)], 1),
    ("two batches by two kinds", [(L, 0, {"batch": "A"}), (M, 100, {"batch": "B"})], 2),
    ("two dates by two kinds", [(L, 0, {"use_by": TOMORROW}), (M, 100, {"use_by": LATER})], 2),
    ("one that was here shows both sides, L first", [(M, 0, S1), (L, 9000, {}), (M, 300, S1)], 1),
    ("one that was here shows both sides, M first", [(M, 0, S1), (M, 9000, S1), (L, 300, {})], 1),
    ("and the next one is another", [(M, 0, S1), (M, 9000, S1), (L, 300, {}), (L, 300, {})], 2),
    ("its own other side before another's", [(L, 0, S1), (L, 100, {}), (L, 100, S1), (M, 100, S1)], 2),
    ("another kind after the pair", [(L, 0, {}), (M, 300, S1), (M, 300, S1), (L, 5000, {})], 2),
]


@pytest.mark.parametrize(("reads", "packs"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_how_many_packs_were_read(reads: list[tuple[Carrier, int, dict[str, str]]], packs: int) -> None:
    lane = Shop()
    for carrier, after, pack in reads:
        lane.scan(YOGHURT, carrier, after, **pack)
    assert counted(lane) == packs
    assert lane.sale.priced is not None and lane.sale.priced.gross == packs * 199
    assert len(lane.sale.bag.pending) == packs


def test_other_goods_in_between_do_not_matter() -> None:
    lane = Shop().scan(MILK, L).scan(TIN, L, 100).scan(MILK, M, 100).scan(TIN, M, 100)
    assert [(line.item, line.qty) for line in lane.sale.lines] == [(MILK, 1), (TIN, 1)]


def test_a_clock_set_back_makes_no_pair() -> None:
    lane = Shop().scan(MILK, L).scan(MILK, M, -5000)
    assert counted(lane) == 2


def test_a_line_that_was_taken_out_meanwhile_is_no_other_side() -> None:
    lane = Shop().scan(MILK, L).play(RemovePressed(LineNo(1)))
    lane.scan(MILK, M, 200)
    assert counted(lane) == 1


def test_what_the_second_side_says_comes_to_the_line_where_it_stands() -> None:
    lane = Shop().scan(MILK, L)
    lane.scan(MILK, M, 300, batch="A7", serial="S1", best_before=LATER)
    (line,) = lane.sale.lines
    assert (line.no, line.qty, line.gtin) == (1, 1, MILK.gtin)
    assert line.pack == Pack("A7", "S1", best_before=LATER)
    lane.scan(MILK, L, 8000).scan(MILK, M, 300, serial="S2")
    assert [line.pack.serial for line in lane.sale.lines] == ["S1", "S2"]


def test_one_of_several_pieces_parts_from_the_others() -> None:
    lane = Shop().scan(MILK, L, 2000).scan(MILK, L, 2000)
    lane.scan(MILK, M, 300, best_before=LATER)
    plain, dated = lane.sale.lines
    assert (plain.qty, plain.pack, dated.qty, dated.pack) == (1, Pack(), 1, Pack(best_before=LATER))
    assert sorted(thing.line for thing in lane.sale.bag.pending) == [plain.no, dated.no]
    lane.scan(MILK, L, 4000).scan(MILK, M, 300, best_before=LATER)
    assert [line.qty for line in lane.sale.lines] == [1, 2], "the second one joins the first of its kind"
    assert sorted(thing.line for thing in lane.sale.bag.pending) == [plain.no, dated.no, dated.no]


def test_a_pair_makes_one_sound_and_says_nothing() -> None:
    lane = Shop().scan(MILK, L)
    assert [deed for deed in lane.scan(MILK, M, 200).deeds if isinstance(deed, Beep)] == [Beep("scan")]
    assert lane.session.passing.notice == ""


def test_a_serial_that_is_here_is_named_kindly_and_costs_nothing() -> None:
    lane = Shop().scan(MILK, M, serial="S1").scan(TIN)
    total = lane.sale.priced
    lane.scan(MILK, M, 5000, serial="S1")
    assert lane.sale.priced == total and lane.session.passing.notice == "read_before"
    assert lane.sale.focus == 1


def test_the_same_serial_of_another_number_is_another_pack() -> None:
    lane = Shop().scan(MILK, M, serial="S1").scan(TIN, M, serial="S1")
    assert counted(lane) == 2


def measured(grams: int | None = None, price: int | None = None, **pack: str) -> Measured:
    assert MEAT.gtin is not None
    weight = None if grams is None else Grams(grams)
    return Measured(MEAT.gtin, weight, None if price is None else Minor(price), pack=Pack(**pack))


def test_a_label_with_its_weight_pairs_with_its_own_other_side_only() -> None:
    lane = Shop().play(Scanned(measured(500), L))
    lane.play(Scanned(measured(500, use_by=TOMORROW), M))
    assert [(line.grams, line.pack.use_by) for line in lane.sale.lines] == [(500, TOMORROW)]
    lane.play(Scanned(measured(620), L))
    assert [line.grams for line in lane.sale.lines] == [500, 620]


def test_a_side_without_the_weight_asks_for_none() -> None:
    lane = Shop().play(Scanned(measured(500), M))
    lane.scan(MEAT, L)
    assert [line.grams for line in lane.sale.lines] == [500] and lane.session.passing.panel is None
    lane = Shop().scan(MEAT, L)
    assert lane.session.passing.panel is not None and lane.session.passing.panel.name == "weigh"
    lane.play(Scanned(measured(500), M))
    assert [line.grams for line in lane.sale.lines] == [500] and lane.session.passing.panel is None


def test_a_replay_comes_to_the_same() -> None:
    lane = Shop().scan(MILK, L).scan(MILK, M, 300, serial="S1", best_before=LATER).scan(CREAM, M, 50)
    lane.scan(CREAM, L, 900).scan(CREAM, M, 80, use_by=YESTERDAY).scan(MILK, M, 10, serial="S1")
    session = Session()
    for now, fact in lane.facts:
        session, _ = step(session, fact, now)
    assert session.kept == lane.session.kept


# ---- dates


@pytest.mark.parametrize("carrier", get_args(Carrier))
def test_a_use_by_day_that_is_past_is_not_sold(carrier: Carrier) -> None:
    lane = Shop().scan(MILK).scan(CREAM, carrier, 3000, use_by=YESTERDAY)
    assert [line.item for line in lane.sale.lines] == [MILK] and opened(lane) == [Why.ITEM_EXPIRED]
    (report,) = lane.done(Report)
    assert isinstance(report, Report) and isinstance(report.record, Technical)
    assert report.record.fields == {
        "code": "item.expired",
        "gtin": f"{CREAM.gtin:014}",
        "use_by": YESTERDAY,
    }
    lane.scan(CREAM, carrier, 3000, use_by=DAY)
    assert counted(lane) == 2, "a fresh one, and it may be sold on its last day"
    assert pay(lane).phase == "Finishing", "nobody has to wait for a colleague"
    closed = lane.session.kept.phase.closed  # type: ignore[union-attr]
    (settled,) = closed.settled
    assert (settled.intervention.why, settled.resolution) == (Why.ITEM_EXPIRED, Resolution.SELF_FIXED)


@pytest.mark.parametrize(("first", "second"), [(L, M), (M, L)])
def test_a_past_pack_is_not_sold_by_its_other_side(first: Carrier, second: Carrier) -> None:
    dates = {L: {}, M: {"use_by": YESTERDAY}}
    lane = Shop().scan(CREAM, first, **dates[first]).scan(CREAM, second, 400, **dates[second])
    assert lane.sale.lines == () and opened(lane) == [Why.ITEM_EXPIRED]
    assert lane.sale.removed == (), "it counts against nobody's removals"
    assert lane.sale.bag.pending == ()
    lane.scan(CREAM, L, 400)
    assert counted(lane) == 1, "another one is another"


def test_who_left_is_no_longer_too_young() -> None:
    lane = Shop().scan(WINE, L)
    assert opened(lane) == [Why.AGE_RESTRICTED]
    lane.scan(WINE, M, 300, use_by=YESTERDAY)
    assert opened(lane) == [Why.ITEM_EXPIRED]


RULES = {"sell": ([], 1), "ask": ([Why.ITEM_BEST_BEFORE], 1), "refuse": ([Why.ITEM_EXPIRED], 0)}


@pytest.mark.parametrize("rule", RULES)
def test_a_best_before_day_that_is_past_goes_by_the_shops_rule(rule: str) -> None:
    lane = Shop(replace(POLICY, best_before=rule)).scan(MILK, M, best_before=YESTERDAY)
    assert (opened(lane), len(lane.sale.lines)) == RULES[rule]
    assert (lane.session.passing.notice == "best_before") == (rule == "sell")
    assert opened(lane.scan(TIN, M, best_before=DAY)) == RULES[rule][0]


def asking() -> Shop:
    return Shop().scan(TIN).scan(MILK, M, best_before=YESTERDAY)


def test_pay_waits_for_the_colleagues_yes() -> None:
    lane = asking().play(PayPressed())
    assert lane.phase == "Shopping"
    lane.staff(Approved(Why.ITEM_BEST_BEFORE, LineNo(2))).play(PayPressed())
    assert lane.phase == "Paying" and lane.sale.settled[0].by == "17"


def test_a_no_takes_it_out_and_nothing_else() -> None:
    lane = asking().scan(YOGHURT, M, best_before=YESTERDAY)
    lane.staff(Refused(Why.ITEM_BEST_BEFORE, LineNo(3)))
    assert [line.item for line in lane.sale.lines] == [TIN, MILK] and opened(lane) == [Why.ITEM_BEST_BEFORE]
    lane.staff(Refused(Why.ITEM_BEST_BEFORE))
    assert [line.item for line in lane.sale.lines] == [TIN] and opened(lane) == []
    assert lane.play(PayPressed()).phase == "Paying"


GOES: list[Callable[[Shop], object]] = [
    lambda lane: lane.play(RemovePressed(LineNo(2))),
    lambda lane: lane.staff(LineVoided(LineNo(2))),
]


@pytest.mark.parametrize("goes", GOES)
def test_the_question_goes_with_its_line_and_comes_back_with_it(goes: Callable[[Shop], object]) -> None:
    lane = asking()
    goes(lane)
    assert opened(lane) == []
    lane.play(UndoPressed())
    assert opened(lane) == [Why.ITEM_BEST_BEFORE]


def test_what_was_approved_stays_approved() -> None:
    lane = asking().staff(Approved(Why.ITEM_BEST_BEFORE))
    lane.play(RemovePressed(LineNo(2)), UndoPressed())
    lane.scan(MILK, M, 5000, best_before=YESTERDAY)
    assert opened(lane) == [] and [line.qty for line in lane.sale.lines] == [1, 2]


def test_more_of_a_dated_pack_are_scanned_not_typed() -> None:
    lane = Shop().scan(CREAM, M, best_before=LATER).scan(CREAM, M, best_before=LATER)
    lane.play(QuantityChosen(LineNo(1), 9))
    assert counted(lane) == 2 and lane.session.passing.notice == "scan_each"
    assert counted(lane.play(QuantityChosen(LineNo(1), 1))) == 1


# ---- recalls


def recalled(*pack: str) -> Shop:
    lane = Shop()
    batch, serial = (*pack, "", "")[:2]
    assert MILK.gtin is not None
    lane.recalled.add((MILK.gtin, batch, serial))
    return lane


def test_a_recalled_batch_is_not_sold_and_its_name_is_on_record() -> None:
    lane = recalled("A7").scan(MILK, M, batch="A7", serial="9").scan(MILK, M, batch="A8").scan(TIN)
    assert [(line.item, line.pack.batch) for line in lane.sale.lines] == [(MILK, "A8"), (TIN, "")]
    assert opened(lane) == [Why.ITEM_RECALLED]
    (report,) = lane.done(Report)
    assert isinstance(report, Report) and isinstance(report.record, Technical)
    assert report.record.name == "not_sold" and report.record.fields["batch"] == "A7"


def test_a_recall_that_the_second_side_brings_takes_the_pack_out() -> None:
    lane = recalled("", "S1").scan(MILK, L).scan(MILK, M, 200, serial="S1")
    assert lane.sale.lines == () and opened(lane) == [Why.ITEM_RECALLED]


def test_a_recall_of_what_is_in_the_basket_counts_when_it_is_read_again() -> None:
    lane = recalled("other").scan(MILK, M, serial="S1", batch="A7")
    assert counted(lane) == 1
    assert MILK.gtin is not None
    lane.recalled.add((MILK.gtin, "A7", ""))
    lane.scan(MILK, M, 9000, serial="S1", batch="A7")
    assert lane.sale.lines == () and opened(lane) == [Why.ITEM_RECALLED]


def test_picked_from_the_finder_it_is_barred_too() -> None:
    lane = Shop().scan(TIN)
    lane.play(ItemFound(None, MILK, barred="recalled"))
    assert [line.item for line in lane.sale.lines] == [TIN] and opened(lane) == [Why.ITEM_RECALLED]


# ---- a serial is sold once


def test_a_serial_that_was_sold_before_waits_for_a_colleague() -> None:
    lane = Shop()
    assert MILK.gtin is not None
    lane.sold.add((MILK.gtin, "S1"))
    lane.scan(MILK, L).scan(MILK, M, 300, serial="S1")
    assert opened(lane) == [Why.ITEM_SOLD_BEFORE] and counted(lane) == 1
    assert lane.play(PayPressed()).phase == "Shopping"
    lane.staff(Refused(Why.ITEM_SOLD_BEFORE, LineNo(1)))
    assert lane.sale.lines == ()


def test_undo_does_not_bring_a_serial_back_that_is_here_again() -> None:
    lane = Shop().scan(TIN).scan(MILK, M, serial="S1").play(RemovePressed(LineNo(2)))
    lane.scan(MILK, M, 5000, serial="S1").play(UndoPressed())
    assert [line.pack.serial for line in lane.sale.lines] == ["", "S1"]


def test_the_closed_sale_says_which_packs_were_sold() -> None:
    lane = pay(Shop().scan(MILK, M, serial="S1", batch="A7").scan(TIN).put(1030).put(470))
    record = next(deed.record for deed in lane.done(Report) if isinstance(deed.record, ClosedSale))  # type: ignore[attr-defined]
    assert [(line.gtin, line.pack) for line in record.lines] == [
        (MILK.gtin, Pack("A7", "S1")),
        (None, Pack()),
    ]


# ---- markdowns by days left


def discounts(lane: Lane) -> list[tuple[int, int, int]]:
    assert lane.sale.priced is not None
    qty = {line.no: line.qty for line in lane.sale.lines}
    return [(qty[line.no], line.gross, line.gross - line.net) for line in lane.sale.priced.lines]


def test_what_has_few_days_left_costs_less() -> None:
    lane = Shop()
    for day in (DAY, TOMORROW, "2026-11-23", "2026-11-24", TOMORROW):
        lane.scan(CREAM, M, 2000, use_by=day)
    lane.scan(CREAM, L, 2000)
    assert discounts(lane) == [(1, 199, 100), (1, 199, 60), (1, 199, 0), (2, 398, 120), (1, 199, 0)]


def test_the_markdown_comes_with_the_second_side_and_is_heard() -> None:
    lane = Shop().scan(CREAM, L)
    assert Beep("saving") in lane.turn(Scanned(code(CREAM, use_by=DAY), M))
    assert discounts(lane) == [(1, 199, 100)]


def test_a_best_before_day_that_is_past_has_no_days_left() -> None:
    lane = Shop(replace(POLICY, best_before="sell")).scan(CREAM, M, best_before=YESTERDAY)
    assert discounts(lane) == [(1, 199, 100)]


def test_a_weighed_label_is_marked_down_and_a_priced_one_is_not_again() -> None:
    class Meat(Shop):
        offers = Offers(version="3", promotions=(replace(SOON, groups=(), items=(MEAT.id,)),), taxes=TAXES)

    lane = Meat().play(Scanned(measured(500, use_by=DAY), M), Scanned(measured(price=400, use_by=DAY), M))
    assert discounts(lane) == [(1, 595, 298), (1, 400, 0)]


def test_two_markdowns_do_not_pile_up() -> None:
    class Both(Shop):
        offers = Offers(
            version="4",
            promotions=(SOON, PctOffItems(id="TEN", pct=Rate(100_000), items=(ItemId(9),))),
            taxes=TAXES,
        )

    lane = Both().scan(CREAM, M, use_by=DAY).scan(CREAM, M, use_by=LATER)
    assert discounts(lane) == [(1, 199, 100), (1, 199, 20)]


def test_a_colleagues_own_price_is_not_marked_down() -> None:
    lane = Shop().scan(CREAM, M, use_by=DAY).staff(PriceOverridden(LineNo(1), Minor(50), "damaged"))
    assert discounts(lane) == [(1, 50, 0)]


def test_the_kind_of_symbol_goes_with_the_question_and_comes_back() -> None:
    lane = Shop()
    _, effects = step(lane.session, Scanned(code(MILK), M), lane.now)
    assert [effect.carrier for effect in effects if isinstance(effect, LookUp)] == [M]
