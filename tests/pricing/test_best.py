"""The customer's best against trying everything, priority against the rules read literally."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kiosk.pricing import (
    Article,
    BasketThreshold,
    BuyNPayM,
    Card,
    Cash,
    Context,
    CouponBasket,
    CouponItem,
    Line,
    LoyaltyPoints,
    MealVoucher,
    MixMatchFixed,
    Offers,
    PctOffItems,
    Promotion,
    StaffPct,
    price,
    sweep,
)
from kiosk.units import ItemId, LineNo, Minor, Rate
from tests.bench.shop import Shop, Tangle
from tests.pricing.baskets import (
    GROUPS,
    MEMBER,
    TAXES,
    apart,
    articles,
    baskets,
    group_promotions,
    item_promotions,
    offers,
)
from tests.pricing.exhaustive import greatest_saving
from tests.pricing.literal import literal_discounts

PRIORITY = msgspec.structs.replace(MEMBER, conflict="priority")


@settings(max_examples=300, deadline=None)
@given(baskets(), offers())
def test_no_grouping_saves_more_than_the_best_for_the_customer(
    lines: tuple[Line, ...], offered: Offers
) -> None:
    priced = price(lines, offered, MEMBER)
    assert priced.proven
    assert priced.discount == greatest_saving(apart(lines), offered.promotions)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=baskets(), offered=offers())
def test_a_search_bounded_from_the_first_unit_on_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, lines: tuple[Line, ...], offered: Offers
) -> None:
    monkeypatch.setattr(sweep, "MANY", 0)
    assert price(lines, offered, MEMBER).discount == greatest_saving(apart(lines), offered.promotions)


@settings(deadline=None)
@given(baskets(), offers())
def test_priority_is_the_rules_read_literally(lines: tuple[Line, ...], offered: Offers) -> None:
    priced = price(lines, offered, PRIORITY)
    expected = literal_discounts(lines, offered.promotions)
    assert [{one.promotion: one.amount for one in line.discounts} for line in priced.lines] == expected


@settings(deadline=None)
@given(baskets(), offers(), st.permutations(range(5)))
def test_no_order_of_priorities_is_better_than_the_best(
    lines: tuple[Line, ...], offered: Offers, ranks: list[int]
) -> None:
    ranked = zip(offered.promotions, ranks, strict=False)
    reordered = tuple(msgspec.structs.replace(promotion, priority=rank) for promotion, rank in ranked)
    by_priority = price(lines, Offers(promotions=reordered, taxes=TAXES), PRIORITY)
    assert price(lines, offered, MEMBER).goods_net <= by_priority.goods_net


@settings(deadline=None)
@given(baskets(), st.one_of(group_promotions(1), item_promotions(1)))
def test_a_promotion_alone_is_laid_out_by_its_own_rule(lines: tuple[Line, ...], promotion: object) -> None:
    offered = msgspec.convert({"promotions": [promotion], "taxes": TAXES}, Offers)
    best, ranked = price(lines, offered, MEMBER), price(lines, offered, PRIORITY)
    assume(best.discount == ranked.discount)
    assert best.lines == ranked.lines


@settings(deadline=None)
@given(baskets(), group_promotions(1), st.sampled_from(GROUPS))
def test_a_promotion_that_cannot_save_changes_nothing(
    lines: tuple[Line, ...], promotion: Promotion, group: str
) -> None:
    useless = MixMatchFixed(id="G0", n=1, price=Minor(10**6), groups=(group,))
    alone = price(lines, Offers(promotions=(promotion,), taxes=TAXES), MEMBER)
    assume(alone.discount == price(lines, Offers(promotions=(promotion,), taxes=TAXES), PRIORITY).discount)
    assert price(lines, Offers(promotions=(promotion, useless), taxes=TAXES), MEMBER).lines == alone.lines


@pytest.mark.parametrize("odd", range(4))
def test_an_idle_promotion_does_not_change_which_of_equal_units_is_free(odd: int) -> None:
    plain = Article(id=ItemId(1), price=Minor(100), tax="A", groups=("jam",))
    other = Article(id=ItemId(2), price=Minor(100), tax="A", groups=("jam", "fig"))
    dear = Article(id=ItemId(3), price=Minor(500), tax="A", groups=("jam", "dear"))
    lines = [Line(no=LineNo(at), article=other if at == odd else plain) for at in range(4)]
    promotions = (
        BuyNPayM(id="JAM", n=3, m=2, groups=("jam",)),
        PctOffItems(id="DEAR", pct=Rate(300_000), groups=("dear",), priority=1),
        MixMatchFixed(id="FIG", n=1, price=Minor(999), groups=("fig",)),
    )
    offered = Offers(promotions=promotions, taxes=TAXES)
    assert [line.net for line in price(lines, offered, MEMBER).lines] == [100, 100, 0, 100]
    with_dear = price([*lines, Line(no=LineNo(9), article=dear)], offered, MEMBER)
    assert [line.net for line in with_dear.lines] == [100, 100, 0, 100, 350]


@settings(deadline=None)
@given(baskets(), offers(), st.data())
def test_the_order_of_scanning_does_not_change_the_total(
    lines: tuple[Line, ...], offered: Offers, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(lines))
    renumbered = [msgspec.structs.replace(line, no=LineNo(at)) for at, line in enumerate(shuffled, 1)]
    assert price(renumbered, offered, MEMBER).total == price(lines, offered, MEMBER).total
    assert price(shuffled, offered, MEMBER).promotions == price(lines, offered, MEMBER).promotions


@settings(deadline=None)
@given(baskets(), offers(), articles(99))
def test_one_item_more_never_costs_more_than_its_price(
    lines: tuple[Line, ...], offered: Offers, article: object
) -> None:
    more = msgspec.convert({"no": 99, "article": article, "grams": 500}, Line)
    before, after = price(lines, offered, MEMBER), price((*lines, more), offered, MEMBER)
    assert after.goods_net - before.goods_net <= after.lines[-1].gross


LATER = (
    CouponItem(id="CI", amount=Minor(60), max_per_basket=2),
    CouponBasket(id="CB", pct=Rate(123_456)),
    StaffPct(id="ST", pct=Rate(77_700), exclude_promoted=True),
    BasketThreshold(id="T1", min=Minor(200), amount=Minor(50), repeat=True),
    BasketThreshold(id="T2", min=Minor(300), pct=Rate(900_000), groups=("a",)),
    LoyaltyPoints(id="LP", per=Minor(100), points=1),
)


@settings(deadline=None)
@given(baskets(), offers(), st.booleans(), st.sampled_from(["inclusive", "exclusive"]), st.integers(1, 10))
def test_whatever_the_offers_the_sums_agree(
    lines: tuple[Line, ...], offered: Offers, staff: bool, tax_mode: str, rounding: int
) -> None:
    offered = Offers(promotions=(*offered.promotions, *LATER), taxes=TAXES)
    context = msgspec.convert(
        {"today": "2026-05-14", "member": True, "staff": staff, "tax_mode": tax_mode}, Context
    )
    tenders = (MealVoucher(balance=Minor(100)), Cash(rounding=rounding), Card())
    priced = price(lines, offered, context, ["CI", "CB", "CI", "CB", "CI"], tenders)
    assert sum(tax.gross for tax in priced.taxes) == priced.total
    assert all(tax.net + tax.vat == tax.gross for tax in priced.taxes)
    assert sum(paid.amount for paid in priced.tenders) == priced.total + priced.rounding
    assert priced.due == 0
    assert sum(line.net for line in priced.lines) == priced.goods_net == priced.gross - priced.discount
    assert all(
        line.gross - sum(one.amount for one in line.discounts) == line.net >= 0 for line in priced.lines
    )
    assert sum(one.amount for one in priced.promotions) == priced.discount
    if tax_mode == "inclusive":
        assert priced.goods_net + priced.deposits - priced.deposit_returns == priced.total
    assert price(lines, offered, context, ["CI", "CB", "CI", "CB", "CI"], tenders) == priced


@given(offers())
def test_nothing_costs_nothing(offered: Offers) -> None:
    assert price((), offered, MEMBER).total == 0


def test_shop_like_baskets_are_always_proven() -> None:
    for seed in range(3):
        shop = Shop(200, seed)
        assert all(price(shop.basket(100), shop.offers, MEMBER).proven for _ in range(5))


def test_out_of_nodes_the_answer_says_so_and_is_not_below_priority() -> None:
    shop = Tangle(20, seed=50)
    basket = shop.basket(50)
    priced = price(basket, shop.offers, MEMBER)
    assert not priced.proven
    assert priced.discount >= price(basket, shop.offers, PRIORITY).discount


def test_the_answer_does_not_depend_on_the_hash_seed() -> None:
    code = (
        "from kiosk.pricing import price; from tests.bench.shop import MEMBER, Tangle\n"
        "shop = Tangle(12, seed=3); print(price(shop.basket(20), shop.offers, MEMBER))"
    )
    root = Path(__file__).parents[2]
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
