"""Offers come from the store server as JSON; what is wrong with them is named with its place."""

import msgspec
import pytest

from kiosk.pricing import Article, BuyNPayM, Context, Line, MealDeal, Offers, Tax, price, words
from kiosk.units import ItemId, LineNo, Minor, Rate

GOOD = b'{"type": "buy_n_pay_m", "id": "A", "n": 3, "m": 2, "groups": ["jam"], "labels": {"fr": "3 pour 2"}}'


def decoded(*promotions: bytes) -> Offers:
    return msgspec.json.decode(b'{"version": "7", "promotions": [%s]}' % b", ".join(promotions), type=Offers)


def test_offers_survive_the_wire() -> None:
    offers = Offers(
        version="7",
        promotions=(
            BuyNPayM(id="A", n=3, m=2, groups=("jam",), items=(ItemId(5),), labels={"fr": "3 pour 2"}),
            MealDeal(id="B", slots=(("main",), ("snack", "fruit")), price=Minor(550), limit=2),
        ),
        taxes=(Tax("C", Rate(55_000)),),
    )
    assert msgspec.json.decode(msgspec.json.encode(offers), type=Offers) == offers


@pytest.mark.parametrize(
    ("promotion", "message"),
    [
        (b'{"type": "buy_n_pay_m", "id": "B", "m": 2}', "missing required field `n` - at `$.promotions[1]`"),
        (
            b'{"type": "buy_n_pay_m", "id": "B", "n": "3", "m": 2}',
            "Expected `int`, got `str` - at `$.promotions[1].n`",
        ),
        (b'{"type": "buy_n_pay_m", "id": "B", "n": 2, "m": 2}', "`m` must be less than `n`"),
        (b'{"type": "buy_n_pay_m", "id": "B", "n": 3, "m": 2, "limmit": 1}', "unknown field `limmit`"),
        (b'{"type": "buy_one", "id": "B"}', "Invalid value 'buy_one' - at `$.promotions[1].type`"),
        (b'{"type": "pct_off_items", "id": "B", "pct": 1000001}', "<= 1000000 - at `$.promotions[1].pct`"),
        (
            b'{"type": "coupon_item", "id": "B"}',
            "needs exactly one of `amount` and `pct` - at `$.promotions[1]`",
        ),
        (GOOD, "promotion `A` is given twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(promotion: bytes, message: str) -> None:
    with pytest.raises(msgspec.ValidationError) as error:
        decoded(GOOD, promotion)
    assert message in str(error.value)


def test_words_in_a_language() -> None:
    offers = decoded(GOOD)
    assert [words(offers, "A", "fr"), words(offers, "A", "de"), words(offers, "gone", "fr")] == [
        "3 pour 2",
        "A",
        "gone",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (Line(no=LineNo(4), article=Article(id=ItemId(1), tax="A")), "line 4: article 1 has neither a price"),
        (Line(no=LineNo(4), article=Article(id=ItemId(1), tax="X", price=Minor(1))), "line 4: tax code `X`"),
        (
            Line(no=LineNo(4), article=Article(id=ItemId(1), tax="A", price=Minor(1)), qty=0),
            "line 4: the quantity",
        ),
        (
            Line(no=LineNo(4), article=Article(id=ItemId(1), tax="A", price=Minor(-1))),
            "line 4: the price must not",
        ),
        (Line(no=LineNo(4)), "line 4: neither an article nor a deposit return"),
    ],
)
def test_a_line_that_cannot_be_priced_is_named(line: Line, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        price([line], Offers(taxes=(Tax("A", Rate(0)),)), Context(today="2026-05-14"))


def test_line_numbers_are_unique() -> None:
    line = Line(no=LineNo(4), article=Article(id=ItemId(1), tax="A", price=Minor(1)))
    with pytest.raises(ValueError, match="same number"):
        price([line, line], Offers(taxes=(Tax("A", Rate(0)),)), Context(today="2026-05-14"))


def test_an_article_may_carry_more_than_pricing_knows() -> None:
    class Item(Article, frozen=True, kw_only=True):
        name: str

    item = Item(id=ItemId(1), tax="A", price=Minor(120), name="Pear")
    line = Line(no=LineNo(1), article=item)
    assert price([line], Offers(taxes=(Tax("A", Rate(0)),)), Context(today="2026-05-14")).total == 120
