"""The rules for coupons, staff, thresholds, loyalty and tenders that none of the vectors shows, each by hand."""

from typing import Any

from tests.pricing.shelf import (
    HALF,
    STAFF,
    THRESHOLD,
    WINE_3_FOR_2,
    Case,
    CouponCase,
    Cuts,
    Promotion,
    TenderCase,
    cuts,
    result,
    row,
    table,
)

POINTS = {"type": "loyalty_points", "per": 100, "points": 2}
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
