"""The hint on a line: how many more of it would complete a promotion, and what that saves."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.pricing import Hint, Line, Offers, one_more, price
from kiosk.units import LineNo, Minor
from tests.pricing.baskets import MEMBER, baskets, offers
from tests.pricing.shelf import basket_of

TWO_FOR_3 = {"type": "mix_match_fixed", "n": 2, "price": 320, "groups": ["pasta"], "label": "2 for 3.20"}
CASES: list[tuple[str, str, list[dict[str, Any]], dict[str, Any], int, Hint | None]] = [
    ("one more", "pasta", [TWO_FOR_3], {}, 1, Hint("P1", "2 for 3.20", 1, Minor(78))),
    ("two more", "wine", [{"type": "buy_n_pay_m", "n": 3, "m": 2}], {}, 1, Hint("P1", "P1", 2, Minor(1000))),
    ("complete: two more again", "pasta:2", [TWO_FOR_3], {}, 1, None),
    ("one more after a complete one", "pasta:3", [TWO_FOR_3], {}, 1, Hint("P1", "2 for 3.20", 1, Minor(78))),
    ("of this line, not of another", "pasta penne", [TWO_FOR_3], {}, 2, None),
    ("no saving, no hint", "penne", [{**TWO_FOR_3, "price": 298}], {}, 1, None),
    ("no more than the limit", "pasta:3", [{**TWO_FOR_3, "limit": 1}], {}, 1, None),
    ("not for a weight", "apples:500g", [{**TWO_FOR_3, "groups": []}], {}, 1, None),
    ("not for others' offers", "pasta", [{**TWO_FOR_3, "member_only": True}], {}, 1, None),
    ("for a member", "pasta", [{**TWO_FOR_3, "member_only": True}], {"member": True}, 1,
     Hint("P1", "2 for 3.20", 1, Minor(78))),
    ("nothing without a group promotion", "soap", [{"type": "pct_off_items", "pct": "10"}], {}, 1, None),
    ("the slot that is missing", "sauce penne", [{"type": "meal_deal",
     "slots": [["sauce"], ["pasta"], ["pasta"]], "price": 400}], {}, 2, Hint("P1", "P1", 1, Minor(148))),
    ("the qualifier that is missing", "sauce pasta", [{"type": "buy_x_get_y", "x": 2, "buy": ["pasta"],
     "get": ["sauce"], "pct": "100"}], {}, 2, Hint("P1", "P1", 1, Minor(250))),
    ("less what the units save otherwise", "soap", [{"type": "pct_off_items", "pct": "10"},
     {"type": "buy_n_pay_m", "n": 2, "m": 1}], {}, 1, Hint("P2", "P2", 1, Minor(270))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("basket", "promotions", "context", "line", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_hint_for_a_line(
    basket: str, promotions: list[dict[str, Any]], context: dict[str, Any], line: int, expected: Hint | None
) -> None:
    given_basket = basket_of(basket, *promotions, **context)
    assert one_more(given_basket.lines, given_basket.offers, given_basket.context, LineNo(line)) == expected


@settings(deadline=None)
@given(baskets(), offers(), st.sampled_from(["best_for_customer", "priority"]))
def test_the_hint_is_what_pricing_with_the_units_added_saves(
    lines: tuple[Line, ...], offered: Offers, conflict: str
) -> None:
    context = msgspec.structs.replace(MEMBER, conflict=conflict)
    before = price(lines, offered, context)
    for at, line in enumerate(lines):
        hint = one_more(lines, offered, context, line.no)
        if hint is not None:
            more = msgspec.structs.replace(line, qty=line.qty + hint.missing)
            after = price((*lines[:at], more, *lines[at + 1 :]), offered, context)
            assert after.discount - before.discount == hint.saving > 0


def test_no_hint_for_a_line_that_is_not_there_or_does_not_count() -> None:
    basket = basket_of("pasta", TWO_FOR_3)
    voided = [msgspec.structs.replace(line, voided=True) for line in basket.lines]
    assert one_more(basket.lines, basket.offers, basket.context, LineNo(7)) is None
    assert one_more(voided, basket.offers, basket.context, LineNo(1)) is None
