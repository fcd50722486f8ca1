"""Every rule of tests/vectors/pricing/README.md that none of its baskets shows, each worked out by hand."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.pricing.shelf import cuts, result, row

Promotion = dict[str, Any]
Cuts = list[dict[str, int]]
Case = tuple[str, str, list[Promotion], dict[str, Any], Cuts]
CouponCase = tuple[str, str, list[Promotion], list[str], Cuts, list[tuple[str, str]]]
TenderCase = tuple[str, str, list[dict[str, Any]], list[tuple[str, int]], int]


def table(names: str, cases: Sequence[tuple[Any, ...]]) -> pytest.MarkDecorator:
    """One test for each case; the first word of a case is its name."""
    return pytest.mark.parametrize(names, [case[1:] for case in cases], ids=[case[0] for case in cases])


B2G1 = {"type": "buy_x_get_y", "x": 2, "buy": ["pasta"], "get": ["sauce"], "pct": "100"}
WINE_3_FOR_2 = {"type": "buy_n_pay_m", "n": 3, "m": 2, "groups": ["wine"]}
HALF = {"type": "pct_off_items", "pct": "50", "groups": ["soap"]}
THRESHOLD = {"type": "basket_threshold", "min": 1000, "amount": 100}
STAFF = {"type": "staff_pct", "pct": "10"}
POINTS = {"type": "loyalty_points", "per": 100, "points": 2}

GROUPS: list[Case] = [
    ("two pasta, sauce free", "pasta:2 sauce", [B2G1], {}, [{}, {"P1": 250}]),
    ("the dearest reward first", "pasta:2 sauce pesto", [B2G1], {}, [{}, {}, {"P1": 399}]),
    ("one qualifier is not enough", "pasta sauce", [B2G1], {}, [{}, {}]),
    ("qualifiers are used up", "pasta:3 sauce pesto", [B2G1], {}, [{}, {}, {"P1": 399}]),
    ("and counted again for the next", "pasta:4 sauce pesto", [B2G1], {}, [{}, {"P1": 250}, {"P1": 399}]),
    ("a reward at a percentage", "pasta:2 sauce", [{**B2G1, "pct": "33.3"}], {}, [{}, {"P1": 83}]),
    (
        "qualifiers are the cheapest, so the dear one is left for another promotion",
        "pasta penne:2 sauce",
        [B2G1, {"type": "amount_off_items", "amount": 10, "groups": ["pasta"]}],
        {"conflict": "priority"},
        [{"P2": 10}, {}, {"P1": 250}],
    ),
    (
        "limited rewards",
        "pasta:4 sauce pesto",
        [{**B2G1, "limit": 1}],
        {},
        [{}, {}, {"P1": 399}],
    ),
    ("limited n for m", "wine:6", [{**WINE_3_FOR_2, "limit": 1}], {}, [{"P1": 1000}]),
    (
        "limited nth",
        "wine:6",
        [{"type": "nth_discount", "nth": 2, "pct": "50", "groups": ["wine"], "limit": 2}],
        {},
        [{"P1": 1000}],
    ),
    (
        "limited mix and match takes the dearest group",
        "sauce:2 pesto:2",
        [{"type": "mix_match_fixed", "n": 2, "price": 400, "groups": ["sauce"], "limit": 1}],
        {},
        [{}, {"P1": 398}],
    ),
    (
        "limited meal deal",
        "pasta:2 sauce:2",
        [{"type": "meal_deal", "slots": [["pasta"], ["sauce"]], "price": 300, "limit": 1}],
        {},
        [{"P1": 66}, {"P1": 83}],
    ),
    (
        "a meal deal never makes dearer",
        "penne sauce",
        [{"type": "meal_deal", "slots": [["pasta"], ["sauce"]], "price": 399}],
        {},
        [{}, {}],
    ),
    (
        "a unit that fits two slots fills the one that needs it",
        "pasta sauce",
        [{"type": "meal_deal", "slots": [["pasta", "sauce"], ["pasta"]], "price": 349}],
        {},
        [{"P1": 44}, {"P1": 56}],
    ),
    ("member only, no card", "wine:3", [{**WINE_3_FOR_2, "member_only": True}], {}, [{}]),
    (
        "member only, card",
        "wine:3",
        [{**WINE_3_FOR_2, "member_only": True}],
        {"member": True},
        [{"P1": 1000}],
    ),
    (
        "by priority the units left over are free for the next",
        "wine:4",
        [WINE_3_FOR_2, {"type": "amount_off_items", "amount": 100, "priority": 9, "groups": ["wine"]}],
        {"conflict": "priority"},
        [{"P1": 1000, "P2": 100}],
    ),
    (
        "by priority an item promotion may come before a group",
        "wine:3",
        [{**WINE_3_FOR_2, "priority": 9}, {"type": "amount_off_items", "amount": 1, "groups": ["wine"]}],
        {"conflict": "priority"},
        [{"P2": 3}],
    ),
    (
        "equal priority goes by id",
        "soap:2",
        [{**HALF, "id": "Q"}, {"type": "amount_off_items", "amount": 1, "id": "B"}],
        {"conflict": "priority"},
        [{"B": 2}],
    ),
    (
        "equal units: the lower line takes part first",
        "wine:2 wine:2",
        [WINE_3_FOR_2],
        {},
        [{}, {"P1": 1000}],
    ),
    (
        "best for the customer with two promotions over the same units",
        "wine:5",
        [WINE_3_FOR_2, {"type": "mix_match_fixed", "n": 2, "price": 1100, "groups": ["wine"], "priority": 5}],
        {},
        [{"P1": 1000, "P2": 900}],
    ),
]

ITEMS: list[Case] = [
    ("an amount off is capped", "water", [{"type": "amount_off_items", "amount": 80}], {}, [{"P1": 50}]),
    ("an amount off every piece", "soap:3", [{"type": "amount_off_items", "amount": 80}], {}, [{"P1": 240}]),
    (
        "an amount off a weighed line once",
        "apples:500g",
        [{"type": "amount_off_items", "amount": 80}],
        {},
        [{"P1": 80}],
    ),
    (
        "by item",
        "soap wine",
        [{"type": "pct_off_items", "pct": "10", "items": ["wine"]}],
        {},
        [{}, {"P1": 100}],
    ),
    (
        "no filter is every item",
        "soap wine",
        [{"type": "pct_off_items", "pct": "10"}],
        {},
        [{"P1": 30}, {"P1": 100}],
    ),
    (
        "items and groups: either lets in",
        "soap wine sauce",
        [{"type": "pct_off_items", "pct": "10", "items": ["wine"], "groups": ["soap"]}],
        {},
        [{"P1": 30}, {"P1": 100}, {}],
    ),
    (
        "a member's price per kilogram",
        "apples:1500g",
        [{"type": "loyalty_price", "price_per_kg": 250}],
        {"member": True},
        [{"P1": 75}],
    ),
    (
        "never a dearer member's price",
        "soap",
        [{"type": "loyalty_price", "price": 350}],
        {"member": True},
        [{}],
    ),
    (
        "a member's price per piece is not for a weight",
        "apples:1500g",
        [{"type": "loyalty_price", "price": 10}],
        {"member": True},
        [{}],
    ),
    (
        "a price per kg off is not for pieces",
        "soap",
        [{"type": "weight_per_kg_off", "off_per_kg": 50}],
        {},
        [{}],
    ),
    (
        "per kg off is capped at the line",
        "apples:1000g",
        [{"type": "weight_per_kg_off", "off_per_kg": 999}],
        {},
        [{"P1": 300}],
    ),
    (
        "a tier is per line, not summed",
        "apples:600g apples:600g",
        [{"type": "weight_tier_price", "min_grams": 1000, "price_per_kg": 100}],
        {},
        [{}, {}],
    ),
    (
        "of two item promotions the better",
        "soap",
        [HALF, {"type": "amount_off_items", "amount": 151}],
        {},
        [{"P2": 151}],
    ),
    ("nothing on what may not be discounted", "stamps:3", [WINE_3_FOR_2], {}, [{}]),
]


@table("basket, promotions, context, expected", GROUPS + ITEMS)
def test_items_and_groups(
    basket: str, promotions: list[Promotion], context: dict[str, Any], expected: Cuts
) -> None:
    assert cuts(result(basket, *promotions, **context)) == expected


def test_the_nearest_expiry_tier_counts_in_whatever_order_tiers_are_given() -> None:
    tiers = [{"max_days": 5, "pct": "10"}, {"max_days": 1, "pct": "50"}]
    rows = [{**row(at, "soap"), "expiry": f"2026-05-{day}"} for at, day in enumerate((14, 15, 16, 19, 20), 1)]
    assert cuts(result(rows, {"type": "expiry_markdown", "tiers": tiers})) == [
        {"P1": 150}, {"P1": 150}, {"P1": 30}, {"P1": 30}, {},
    ]  # fmt: skip


def test_a_voided_line_is_as_if_never_scanned() -> None:
    rows = [row(1, "wine:2"), {**row(2, "wine"), "voided": True, "expiry": "2020-01-01"}]
    priced = result(rows, WINE_3_FOR_2)
    assert [line["line"] for line in priced["lines"]] == [1]
    assert (priced["total"], priced["rejected"]) == (2000, [])


def test_a_label_price_takes_an_item_coupon_staff_threshold_and_basket_coupon_but_no_item_promotion() -> None:
    rows = [{**row(1, "soap"), "price_override": 1100}]
    coupon = {"type": "coupon_item", "amount": 100, "groups": ["soap"]}
    basket_coupon = {"type": "coupon_basket", "amount": 30}
    priced = result(
        rows, HALF, coupon, STAFF, {**THRESHOLD, "min": 900}, basket_coupon, coupons=["P2", "P5"], staff=True
    )
    assert cuts(priced) == [{"P2": 100, "P3": 100, "P4": 100, "P5": 30}]
    assert priced["total"] == 1100 - 100 - 100 - 100 - 30


COUPONS: list[CouponCase] = [
    (
        "a percentage of the dearest unit",
        "soap wine",
        [{"type": "coupon_item", "pct": "15"}],
        ["P1"],
        [{}, {"P1": 150}],
        [],
    ),
    (
        "the greatest remaining net, not the greatest price",
        "soap sauce",
        [HALF, {"type": "coupon_item", "amount": 20}],
        ["P2"],
        [{"P1": 150}, {"P2": 20}],
        [],
    ),
    (
        "of equals the lower line",
        "soap soap",
        [{"type": "coupon_item", "amount": 20}],
        ["P1"],
        [{"P1": 20}, {}],
        [],
    ),
    (
        "it may fall on a promoted unit, of which it takes what is left",
        "soap",
        [HALF, {"type": "coupon_item", "amount": 200}],
        ["P2"],
        [{"P1": 150, "P2": 150}],
        [],
    ),
    (
        "twice, each on its own best unit",
        "soap:2",
        [{"type": "coupon_item", "amount": 250, "max_per_basket": 2}],
        ["P1", "P1", "P1"],
        [{"P1": 500}],
        [("P1", "limit")],
    ),
    (
        "no such item",
        "soap",
        [{"type": "coupon_item", "amount": 1, "groups": ["wine"]}],
        ["P1"],
        [{}],
        [("P1", "not_applicable")],
    ),
    (
        "nothing left",
        "water",
        [{"type": "coupon_item", "amount": 50}, {"type": "coupon_item", "amount": 9}],
        ["P1", "P2"],
        [{"P1": 50}],
        [("P2", "not_applicable")],
    ),
    (
        "not discountable",
        "stamps",
        [{"type": "coupon_item", "amount": 1}],
        ["P1"],
        [{}],
        [("P1", "not_applicable")],
    ),
    (
        "members only",
        "soap",
        [{"type": "coupon_item", "amount": 1, "member_only": True}],
        ["P1"],
        [{}],
        [("P1", "not_applicable")],
    ),
    ("unknown", "soap", [], ["XMAS"], [{}], [("XMAS", "not_applicable")]),
    (
        "basket coupon below its minimum",
        "soap",
        [{"type": "coupon_basket", "amount": 50, "min": 301}],
        ["P1"],
        [{}],
        [("P1", "minimum_not_met")],
    ),
    (
        "basket coupon at its minimum",
        "soap",
        [{"type": "coupon_basket", "amount": 50, "min": 300}],
        ["P1"],
        [{"P1": 50}],
        [],
    ),
    (
        "basket coupon once",
        "soap",
        [{"type": "coupon_basket", "amount": 50}],
        ["P1", "P1"],
        [{"P1": 50}],
        [("P1", "limit")],
    ),
    (
        "basket coupon in percent, rounded once",
        "soap sauce water",
        [{"type": "coupon_basket", "pct": "2.5"}],
        ["P1"],
        [{"P1": 8}, {"P1": 6}, {"P1": 1}],
        [],
    ),
    (
        "basket coupon is capped",
        "water",
        [{"type": "coupon_basket", "amount": 500}],
        ["P1"],
        [{"P1": 50}],
        [],
    ),
    (
        "basket coupon without goods for it",
        "stamps",
        [{"type": "coupon_basket", "amount": 50}],
        ["P1"],
        [{}],
        [("P1", "not_applicable")],
    ),
    (
        "basket coupon after the threshold",
        "wine",
        [THRESHOLD, {"type": "coupon_basket", "amount": 50, "min": 1000}],
        ["P2"],
        [{"P1": 100}],
        [("P2", "minimum_not_met")],
    ),
    (
        "refused item coupons before basket coupons",
        "soap",
        [
            {"type": "coupon_basket", "amount": 1, "min": 999},
            {"type": "coupon_item", "amount": 1, "groups": ["wine"]},
        ],
        ["P1", "P2"],
        [{}],
        [("P2", "not_applicable"), ("P1", "minimum_not_met")],
    ),
]


@table("basket, promotions, coupons, expected, refused", COUPONS)
def test_coupons(
    basket: str,
    promotions: list[dict[str, Any]],
    coupons: list[str],
    expected: list[dict[str, int]],
    refused: list[tuple[str, str]],
) -> None:
    priced = result(basket, *promotions, coupons=coupons)
    assert cuts(priced) == expected
    assert [(one["coupon"], one["reason"]) for one in priced["rejected"]] == refused


def test_refused_lines_come_before_refused_coupons() -> None:
    rows = [{**row(1, "wine"), "expiry": "2026-05-13"}, row(2, "soap")]
    assert result(rows, coupons=["X"])["rejected"] == [
        {"line": 1, "reason": "expired"},
        {"coupon": "X", "reason": "not_applicable"},
    ]


BASKETS: list[Case] = [
    ("staff only", "wine", [STAFF], {}, [{}]),
    (
        "staff without the promoted lines",
        "soap wine",
        [HALF, {**STAFF, "exclude_promoted": True}],
        {"staff": True},
        [{"P1": 150}, {"P2": 100}],
    ),
    ("staff with them", "soap wine", [HALF, STAFF], {"staff": True}, [{"P1": 150, "P2": 15}, {"P2": 100}]),
    ("a threshold just met", "wine", [THRESHOLD], {}, [{"P1": 100}]),
    ("a threshold once", "wine:2", [THRESHOLD], {}, [{"P1": 100}]),
    ("a threshold repeated", "wine:2", [{**THRESHOLD, "repeat": True}], {}, [{"P1": 200}]),
    ("a threshold is compared after staff", "wine", [STAFF, THRESHOLD], {"staff": True}, [{"P1": 100}]),
    (
        "a threshold of a department in percent",
        "wine soap",
        [{"type": "basket_threshold", "min": 1000, "pct": "12.5", "groups": ["wine"]}],
        {},
        [{"P1": 125}, {}],
    ),
    (
        "a department below its threshold",
        "wine soap",
        [{"type": "basket_threshold", "min": 301, "pct": "10", "groups": ["soap"]}],
        {},
        [{}, {}],
    ),
    (
        "two thresholds do not take each other away",
        "wine",
        [THRESHOLD, {**THRESHOLD, "amount": 50}],
        {},
        [{"P1": 100, "P2": 50}],
    ),
    (
        "thresholds take no more than there is",
        "wine",
        [{**THRESHOLD, "amount": 800}, {**THRESHOLD, "amount": 300}],
        {},
        [{"P1": 800, "P2": 200}],
    ),
    ("what may not be discounted does not count", "stamps:2 soap", [THRESHOLD], {}, [{}, {}]),
    ("a members' threshold", "wine", [{**THRESHOLD, "member_only": True}], {}, [{}]),
]


@table("basket, promotions, context, expected", BASKETS)
def test_staff_and_thresholds(
    basket: str, promotions: list[Promotion], context: dict[str, Any], expected: Cuts
) -> None:
    assert cuts(result(basket, *promotions, **context)) == expected


def test_loyalty_credit_is_a_percentage_of_goods_and_leaves_the_total() -> None:
    credit = {"type": "loyalty_credit", "pct": "3"}
    priced = result("water:2 soap stamps", credit, POINTS, member=True)
    assert (priced["loyalty_credit"], priced["points"], priced["total"]) == (12, 8, 950)
    assert result("water:2 soap", credit, POINTS)["points"] == 0
    assert result("water:2 soap", credit, POINTS)["loyalty_credit"] == 0


def test_points_are_for_the_net_after_all_discounts_and_for_the_filtered_goods() -> None:
    assert result("wine:3", WINE_3_FOR_2, POINTS, member=True)["points"] == 40
    assert result("wine soap", {**POINTS, "groups": ["soap"]}, member=True)["points"] == 6


VOUCHER = {"type": "meal_voucher", "balance": 900}
TENDERS: list[TenderCase] = [
    (
        "a voucher pays for food only",
        "soap pesto",
        [VOUCHER, {"type": "card"}],
        [("meal_voucher", 399), ("card", 300)],
        0,
    ),
    (
        "up to its cap",
        "pesto",
        [{**VOUCHER, "cap": 250}, {"type": "card"}],
        [("meal_voucher", 250), ("card", 149)],
        0,
    ),
    (
        "up to its balance",
        "pesto",
        [{**VOUCHER, "balance": 9}, {"type": "card"}],
        [("meal_voucher", 9), ("card", 390)],
        0,
    ),
    (
        "two vouchers share the food",
        "soap pesto",
        [{**VOUCHER, "cap": 250}, VOUCHER, {"type": "card"}],
        [("meal_voucher", 250), ("meal_voucher", 149), ("card", 300)],
        0,
    ),
    ("no food, no voucher", "soap", [VOUCHER, {"type": "card"}], [("card", 300)], 0),
    (
        "a gift card, then the card",
        "soap",
        [{"type": "gift_card", "balance": 120}, {"type": "card"}],
        [("gift_card", 120), ("card", 180)],
        0,
    ),
    (
        "a gift card that is enough",
        "soap",
        [{"type": "gift_card", "balance": 1000}, {"type": "card"}],
        [("gift_card", 300)],
        0,
    ),
    (
        "only what is left for cash is rounded",
        "pesto",
        [{"type": "gift_card", "balance": 6}, {"type": "cash", "rounding": 5}],
        [("gift_card", 6), ("cash", 395)],
        2,
    ),
    ("cash half up", "pasta:5", [{"type": "cash", "rounding": 10}], [("cash", 1000)], 5),
    ("cash without rounding", "pesto", [{"type": "cash"}], [("cash", 399)], 0),
    (
        "too little for a coin",
        "pesto",
        [{"type": "gift_card", "balance": 397}, {"type": "cash", "rounding": 5}],
        [("gift_card", 397)],
        -2,
    ),
]


@table("basket, given, expected, rounding", TENDERS)
def test_tenders(
    basket: str, given: list[dict[str, Any]], expected: list[tuple[str, int]], rounding: int
) -> None:
    priced = result(basket, tenders=given)
    assert [(one["type"], one["amount"]) for one in priced["tenders"]] == expected
    assert priced["rounding"] == rounding
    assert sum(amount for _, amount in expected) == priced["total"] + rounding


def test_more_returned_than_bought_is_a_negative_total_without_tenders() -> None:
    rows = [row(1, "water"), {"line": 2, "deposit_return": {"amount": 303, "tax": "A"}}]
    priced = result(rows)
    assert (priced["total"], priced["tenders"], priced["deposit_returns"]) == (50 + 25 - 303, [], 303)
    assert priced["taxes"][0] == {"tax": "A", "rate": "20", "gross": -278, "net": -232, "vat": -46}


def test_a_negative_code_is_taxed_as_its_positive_if_tax_is_added() -> None:
    rows = [{"line": 1, "deposit_return": {"amount": 303, "tax": "C"}}]
    assert result(rows, tax_mode="exclusive")["taxes"] == [
        {"tax": "C", "rate": "5.5", "gross": -320, "net": -303, "vat": -17}
    ]


def test_deposits_are_per_piece_and_taken_off_by_no_promotion() -> None:
    priced = result("water:4", {"type": "pct_off_items", "pct": "100"})
    assert (priced["goods_net"], priced["deposits"], priced["total"]) == (0, 100, 100)
    assert [tax["gross"] for tax in priced["taxes"]] == [100, 0]


def test_an_empty_basket_has_every_key_and_no_amount() -> None:
    priced = result([])
    assert priced["total"] == 0
    assert len(priced) == 14
