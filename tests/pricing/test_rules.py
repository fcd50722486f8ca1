"""The rules for items and groups that none of the vectors shows, each worked out by hand."""

from typing import Any

from tests.pricing.shelf import (
    HALF,
    STAFF,
    THRESHOLD,
    WINE_3_FOR_2,
    Case,
    Cuts,
    Promotion,
    cuts,
    result,
    row,
    table,
)

B2G1 = {"type": "buy_x_get_y", "x": 2, "buy": ["pasta"], "get": ["sauce"], "pct": "100"}

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
    ("for a tier, a member below it", "wine:3", [{**WINE_3_FOR_2, "tier": "gold"}], {"member": True}, [{}]),
    (
        "for a tier, nobody known",
        "wine:3",
        [{**WINE_3_FOR_2, "tier": "gold"}],
        {"tiers": ("gold",)},
        [{}],
    ),
    (
        "for a tier that was reached",
        "wine:3",
        [{**WINE_3_FOR_2, "tier": "silver"}],
        {"member": True, "tiers": ("silver", "gold")},
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
