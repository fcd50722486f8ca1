"""The basket under quick hands: what is taken back, what is lost by it, and what a scan goes through."""

import pytest

from kiosk.barcode import Product
from kiosk.checkout.effects import Beep
from kiosk.checkout.events import (
    Fact,
    HelpPressed,
    PayPressed,
    QuantityChosen,
    RemovePressed,
    Scanned,
    UndoPressed,
)
from kiosk.checkout.passed import Faded, Found, LookChosen, Opened, Passed, ScaleRead, Typed, WhyNot
from kiosk.checkout.session import LiveWeight, Panel, Reading
from kiosk.units import Grams, LineNo
from tests.lane import EGGS, MILK, TIN, TOMATOES, YOGHURT, Lane

THREE = Lane().buy(YOGHURT, YOGHURT, YOGHURT, MILK).session


def scan(lane: Lane) -> None:
    assert TIN.gtin is not None
    lane.play(Scanned(Product(TIN.gtin)))


# ---- taken back, and lost


def test_a_promotion_that_goes_with_a_piece_is_said_and_comes_back_with_undo() -> None:
    lane = Lane(THREE)
    assert lane.sale.priced is not None and lane.sale.priced.discount == 199
    lane.play(QuantityChosen(LineNo(1), 2))
    assert lane.session.passing.lost == "Y32" and lane.session.passing.back == (1, 3)
    lane.play(QuantityChosen(LineNo(1), 3))
    assert lane.sale.priced.discount == 199
    assert lane.session.passing.lost == "" and lane.session.passing.back is None


def test_a_promotion_of_the_removed_line_alone_is_no_loss_for_the_others() -> None:
    lane = Lane(THREE).play(RemovePressed(LineNo(1)))
    assert lane.session.passing.undo is not None and lane.session.passing.lost == ""


def test_one_that_other_lines_had_is() -> None:
    other = YOGHURT.__class__(**{name: getattr(YOGHURT, name) for name in YOGHURT.__struct_fields__})
    lane = Lane().buy(other, other)
    lane.play(QuantityChosen(LineNo(1), 1)).buy(YOGHURT, YOGHURT)
    assert lane.sale.priced is not None and lane.sale.priced.discount == 199
    lane.play(QuantityChosen(LineNo(1), 1))
    assert lane.session.passing.lost == "Y32"


def test_the_time_for_undo_ends_by_itself_and_with_the_next_thing() -> None:
    lane = Lane(THREE).play(QuantityChosen(LineNo(2), 4), Faded("undo"))
    assert lane.session.passing.back is None
    lane.play(QuantityChosen(LineNo(2), 3))
    scan(lane)
    assert lane.session.passing.back is None and lane.session.passing.lost == ""
    lane.play(RemovePressed(LineNo(2)), QuantityChosen(LineNo(1), 1))
    assert lane.session.passing.undo is None
    assert lane.session.passing.back == (1, 3)


def test_the_quantity_that_it_has_already_changes_nothing() -> None:
    lane = Lane(THREE)
    before = lane.session.kept
    lane.play(QuantityChosen(LineNo(1), 3))
    assert lane.session.kept is before and lane.session.passing.back is None


def test_more_pieces_than_the_offer_needs_lose_nothing() -> None:
    lane = Lane(THREE).play(QuantityChosen(LineNo(1), 6), QuantityChosen(LineNo(1), 5))
    assert lane.session.passing.lost == ""


# ---- ten yoghurts, and what a scan goes through


def test_ten_of_a_kind_are_ten_pieces_in_one_turn_each() -> None:
    lane = Lane()
    assert YOGHURT.gtin is not None
    for number in range(1, 11):
        deeds = lane.turn(Scanned(Product(YOGHURT.gtin)))
        (line,) = lane.sale.lines
        assert line.qty == number
        assert any(isinstance(deed, Beep) for deed in deeds)
    assert lane.sale.priced is not None and lane.sale.priced.total == 7 * 199


PANELS = (
    "finder", "weigh", "language", "access", "help", "quantity", "remove", "more", "limits", "coupon",
)  # fmt: skip
INTERRUPTED: dict[str, tuple[Fact | Passed, ...]] = {
    **{name: (Opened(Panel(name, item=TOMATOES, line=LineNo(1))),) for name in PANELS},
    "typing": (Opened(Panel("finder")), Typed("to"), Found("to", (TOMATOES,), "m")),
    "undo of a removal": (RemovePressed(LineNo(2)),),
    "undo of a quantity": (QuantityChosen(LineNo(2), 2),),
    "a word why": (WhyNot("Scan a product first."),),
    "more time?": (Faded("idle"),),
    "a container on the scale": (
        Opened(Panel("weigh", item=TOMATOES)),
        ScaleRead("produce", LiveWeight(Reading.MOVING, Grams(0))),
    ),
    "large text": (LookChosen("large"),),
    "help called": (HelpPressed(),),
}


@pytest.mark.parametrize("over", INTERRUPTED)
def test_a_scan_goes_through(over: str) -> None:
    lane = Lane(THREE).play(*INTERRUPTED[over])
    pieces = sum(line.qty for line in lane.sale.lines)
    scan(lane)
    seen = lane.session.passing
    assert sum(line.qty for line in lane.sale.lines) == pieces + 1
    assert lane.sale.focus == lane.sale.lines[-1].no and lane.sale.lines[-1].item == TIN
    assert seen.panel is None and seen.typed == "" and seen.found == () and seen.notice == ""
    assert seen.undo is None and seen.back is None and not seen.more_time


def test_on_the_price_check_a_scan_asks_and_sells_nothing() -> None:
    from kiosk.checkout.hints import meant

    lane = Lane(THREE).play(Opened(Panel("price_check")))
    assert EGGS.gtin is not None
    lane.play(meant(lane.session, Scanned(Product(EGGS.gtin))))
    assert len(lane.sale.lines) == 2 and lane.session.passing.panel is not None


@pytest.mark.parametrize("name", ["staff_number", "staff_pin"])
def test_a_colleagues_own_page_stays_and_the_scan_counts(name: str) -> None:
    lane = Lane(THREE).play(Opened(Panel(name, person="17")))
    scan(lane)
    assert lane.session.passing.panel == Panel(name, person="17")
    assert lane.sale.lines[-1].item == TIN


def test_a_payment_is_not_touched_by_a_scan() -> None:
    lane = Lane(THREE).play(PayPressed())
    assert lane.phase == "Paying"
    kept, passing = lane.session.kept, lane.session.passing
    scan(lane)
    assert lane.phase == "Paying" and lane.session.passing.panel == passing.panel
    assert lane.session.kept.phase.sale.lines == kept.phase.sale.lines  # type: ignore[union-attr]


def test_undo_after_a_removal_is_that_line_again() -> None:
    lane = Lane(THREE).play(RemovePressed(LineNo(1)), UndoPressed())
    assert lane.sale.priced is not None and lane.sale.priced.discount == 199
    assert lane.session.passing.undo is None
