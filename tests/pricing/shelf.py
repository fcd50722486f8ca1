"""A shelf of articles in the words of the vector files, to write a rule's example in a line or two."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from kiosk.pricing import vector

Result = dict[str, Any]
Promotion = dict[str, Any]
Cuts = list[dict[str, int]]
Case = tuple[str, str, list[Promotion], dict[str, Any], Cuts]
CouponCase = tuple[str, str, list[Promotion], list[str], Cuts, list[tuple[str, str]]]
TenderCase = tuple[str, str, list[dict[str, Any]], list[tuple[str, int]], int]

ITEMS: dict[str, dict[str, Any]] = {
    "pasta": {"price": 199, "tax": "C", "groups": ["pasta"], "meal_voucher": True},
    "penne": {"price": 149, "tax": "C", "groups": ["pasta"], "meal_voucher": True},
    "sauce": {"price": 250, "tax": "C", "groups": ["sauce"], "meal_voucher": True},
    "pesto": {"price": 399, "tax": "C", "groups": ["sauce"], "meal_voucher": True},
    "wine": {"price": 1000, "tax": "A", "groups": ["wine"]},
    "soap": {"price": 300, "tax": "A", "groups": ["soap"]},
    "apples": {"price_per_kg": 300, "tax": "C", "groups": ["fruit"], "meal_voucher": True},
    "water": {"price": 50, "tax": "C", "groups": ["water"], "deposit": {"amount": 25, "tax": "A"}},
    "stamps": {"price": 500, "tax": "Z", "groups": ["wine"], "discountable": False},
}


def result(
    basket: str | list[dict[str, Any]],
    *promotions: dict[str, Any],
    coupons: list[str] | None = None,
    **context: Any,
) -> Result:
    """The priced basket: "pasta:2 apples:500g" is two pieces and a weighed line; the ids are P1, P2, …"""
    return vector.told(basket_of(basket, *promotions, coupons=coupons, **context).priced())


def basket_of(
    basket: str | list[dict[str, Any]],
    *promotions: dict[str, Any],
    coupons: list[str] | None = None,
    **context: Any,
) -> vector.Basket:
    """The same, not priced yet."""
    rows = [row(at, word) for at, word in enumerate(basket.split(), 1)] if isinstance(basket, str) else basket
    file = {
        "schema": "sco-pricing-vector/1",
        "context": {"now": "2026-05-14T10:30:00+02:00", "tenders": [{"type": "card"}], **context},
        "tax_rates": {"A": "20", "C": "5.5", "Z": "0"},
        "items": ITEMS,
        "promotions": [{"id": f"P{at}", **promotion} for at, promotion in enumerate(promotions, 1)],
        "basket": rows,
        "coupons": coupons or [],
    }
    return vector.read(json.dumps(file).encode())


def row(line: int, word: str) -> dict[str, Any]:
    item, _, much = word.partition(":")
    if much.endswith("g"):
        return {"line": line, "item": item, "grams": int(much[:-1])}
    return {"line": line, "item": item, "qty": int(much or 1)}


def cuts(priced: Result) -> list[dict[str, int]]:
    """Per line, what each promotion takes off."""
    return [{one["promo"]: one["amount"] for one in line["discounts"]} for line in priced["lines"]]


def tenders(priced: Result) -> list[tuple[str, int]]:
    return [(one["type"], one["amount"]) for one in priced["tenders"]]


WINE_3_FOR_2 = {"type": "buy_n_pay_m", "n": 3, "m": 2, "groups": ["wine"]}
HALF = {"type": "pct_off_items", "pct": "50", "groups": ["soap"]}
THRESHOLD = {"type": "basket_threshold", "min": 1000, "amount": 100}
STAFF = {"type": "staff_pct", "pct": "10"}


def table(names: str, cases: Sequence[tuple[Any, ...]]) -> pytest.MarkDecorator:
    """One test for each case; the first word of a case is its name."""
    return pytest.mark.parametrize(names, [case[1:] for case in cases], ids=[case[0] for case in cases])
