"""What a pack may not be sold for: its date, a recall, a serial; and what it costs when few days are left."""

from collections.abc import Callable
from typing import get_args

import pytest
from msgspec.structs import replace

from kiosk.barcode import Carrier, Pack
from kiosk.checkout.effects import Beep, LookUp, Report
from kiosk.checkout.events import (
    Approved,
    BagScaleSeen,
    ItemFound,
    LineVoided,
    PayPressed,
    PriceOverridden,
    QuantityChosen,
    Recalled,
    Refused,
    RemovePressed,
    Restarted,
    Scanned,
    UndoPressed,
)
from kiosk.checkout.model import Resolution, Why
from kiosk.checkout.passed import CatalogueSeen
from kiosk.checkout.records import ClosedSale, Technical
from kiosk.checkout.step import step
from kiosk.pricing import Offers, PctOffItems
from kiosk.units import ItemId, LineNo, Minor, Rate
from tests.checkout.fresh import (
    CREAM,
    LATER,
    MEAT,
    SOON,
    TAXES,
    TOMORROW,
    YESTERDAY,
    L,
    M,
    Shop,
    code,
    counted,
    discounts,
    measured,
    opened,
)
from tests.checkout.test_a_sale import pay
from tests.lane import DAY, MILK, POLICY, TIN, WINE, YOGHURT

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


@pytest.mark.parametrize("batch", ["A7", ""])
def test_a_recall_that_comes_takes_what_it_names_out_of_the_basket(batch: str) -> None:
    lane = Shop().play(BagScaleSeen(True)).scan(MILK, M, batch="A7").put(1030)
    lane.scan(TIN).put(470).scan(MILK, M, batch="A8").put(1030)
    assert MILK.gtin is not None
    facts = len(lane.facts)
    lane.play(CatalogueSeen())
    assert counted(lane) == 3 and lane.facts[facts:] == [(lane.now, Recalled(()))]
    lane.recalled.add((MILK.gtin, batch, ""))
    lane.play(CatalogueSeen())
    assert [line.pack.batch for line in lane.sale.lines] == ([""] if not batch else ["", "A8"])
    assert opened(lane) == [Why.ITEM_RECALLED] and lane.sale.removed == ()
    gone = 3 - counted(lane)
    assert len(lane.sale.bag.leaving) == gone, "it should leave the bag"
    assert lane.play(PayPressed()).phase == "Shopping" and Why.WEIGHT_UNEXPECTED in opened(lane)
    assert lane.put(-1030 * gone).play(PayPressed()).phase == "Paying"
    assert lane.play(CatalogueSeen()).phase == "Paying", "what is being paid is not asked about"


def test_a_recall_that_came_while_the_kiosk_was_down_counts_at_once() -> None:
    lane = recalled("A7")
    lane.recalled, names = set(), lane.recalled
    lane.scan(MILK, M, batch="A7").scan(TIN)
    lane.recalled = names
    lane.play(Restarted(POLICY))
    assert [line.item for line in lane.sale.lines] == [TIN] and opened(lane) == [Why.ITEM_RECALLED]


def test_nobody_is_asked_where_no_basket_is() -> None:
    lane = Shop()
    facts = len(lane.facts)
    assert lane.play(CatalogueSeen()).facts[facts:] == []


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
