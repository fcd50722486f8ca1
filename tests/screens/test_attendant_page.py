"""What a colleague finds on her pages."""

import pytest

from kiosk.text import Words
from screens.view import view
from screens.widgets import Hero, Key, Page, Slip
from tests.screens.states import session


def page(state: str) -> Page:
    here, now = session(state)
    return view(here, Words, now)


def keys(here: Page) -> dict[str, Key]:
    strips = [strip for block in here.blocks if isinstance(block, Slip) for strip in block.strips]
    return {
        key.id: key for key in (*here.tools, *here.foot, *(key for strip in strips for key in strip.keys))
    }


def hero(here: Page) -> Hero:
    return next(block for block in here.blocks if isinstance(block, Hero))


def test_beside_a_basket_weighing_stands_where_the_lane_is_closed_without_one() -> None:
    assert [key.id for key in page("staff-much").foot] == ["weigh", "service"]
    assert [key.id for key in page("staff-idle").foot] == ["close_lane", "service"]
    assert [key.id for key in page("staff-closed").foot] == ["open_lane", "service"]


@pytest.mark.parametrize("state", ["staff-much", "staff-payment", "staff-idle", "till-basket"])
def test_tools_fill_their_rows(state: str) -> None:
    assert len(page(state).tools) == 6


def test_a_tag_is_answered_with_what_was_done_to_it() -> None:
    assert "The tag is off" in {key.text for key in keys(page("staff-tag")).values()}


@pytest.mark.parametrize("state", ["second", "second-same"])
def test_a_second_colleague_reads_what_she_says_yes_to(state: str) -> None:
    text = hero(page(state)).text
    assert [part in text for part in ("Côtes du Rhône", "New price: €1.00", "Damaged")] == [True] * 3
    assert ("Another colleague than Sam" in text) is (state == "second-same")


def test_where_nothing_is_sold_nothing_is_to_pay() -> None:
    assert page("reason-close").total is None
    total = page("reason-void").total
    assert total and total.label == "Basket"


def test_the_slip_of_a_basket_set_aside_is_called_so() -> None:
    strips = [
        strip for block in page("staff-set-aside").blocks if isinstance(block, Slip) for strip in block.strips
    ]
    assert strips[0].title.startswith("A basket set aside, ")


def test_what_the_printer_holds_is_not_printed_again_meanwhile() -> None:
    held, free = (
        keys(page(state))["print_again"] for state in ("staff-paper-in-the-printer", "staff-papers")
    )
    assert held.off and held.why == "The printer holds it and goes on as soon as it can."
    assert free.sends is not None
