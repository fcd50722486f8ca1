"""The customer's best, against trying everything."""

from hypothesis import given, settings

from kiosk.pricing import Line, Offers, price
from tests.pricing.baskets import MEMBER, apart, baskets, offers
from tests.pricing.exhaustive import greatest_saving


@settings(max_examples=400, deadline=None)
@given(baskets(), offers())
def test_no_grouping_saves_more_than_the_best_for_the_customer(
    lines: tuple[Line, ...], offered: Offers
) -> None:
    priced = price(lines, offered, MEMBER)
    assert priced.proven
    assert priced.discount == greatest_saving(apart(lines), offered.promotions)
