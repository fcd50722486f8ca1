"""Coupons at the till: the value of the code, on the items of the offer, once, never above the price."""

from msgspec.structs import replace

from kiosk.barcode import EuroCoupon, GlobalCoupon, UsCoupon
from kiosk.checkout.events import OffersTaken, PayPressed, Restarted, Scanned
from kiosk.checkout.model import Why
from kiosk.pricing import CouponItem
from kiosk.units import ItemId, Minor
from tests.lane import DAY, MILK, OFFERS, POLICY, TIN, Lane

OFFER = CouponItem(id="981376503", label="Coupon tomatoes", items=(ItemId(6),), amount=Minor(1))
SHOP = replace(OFFERS, promotions=(*OFFERS.promotions, OFFER))


def lane() -> Lane:
    return Lane().play(Restarted(POLICY), OffersTaken(SHOP, DAY))


def coupon(value: int, promotion: str = "03") -> Scanned:
    return Scanned(EuroCoupon("9813765", promotion, Minor(value), value == 0))


def total(made: Lane) -> int:
    assert made.sale.priced is not None
    return made.sale.priced.total


def test_it_takes_off_what_is_printed_on_it() -> None:
    made = lane().buy(TIN, MILK).play(coupon(30))
    assert total(made) == 95 + 125 - 30


def test_a_free_item_costs_nothing() -> None:
    assert total(lane().buy(TIN, MILK).play(coupon(0))) == 125


def test_never_more_than_the_item_costs() -> None:
    assert total(lane().buy(TIN, MILK).play(coupon(900))) == 125


def test_the_same_coupon_counts_once() -> None:
    made = lane().buy(TIN, TIN).play(coupon(30), coupon(30))
    assert total(made) == 2 * 95 - 30 and made.session.passing.notice == "coupon_used"


def test_before_its_item_it_waits_for_it() -> None:
    made = lane().buy(MILK).play(coupon(30))
    assert total(made) == 125 and made.session.passing.notice == "coupon_later"
    assert total(made.buy(TIN)) == 125 + 95 - 30


def test_a_coupon_of_nobody_here_is_told_kindly() -> None:
    made = lane().buy(TIN).play(coupon(30, "99"))
    assert total(made) == 95 and not made.sale.coupons
    assert [each.why for each in made.sale.open] == [Why.COUPON_CHECK], "a colleague looks at it"


def test_a_coupon_for_colleagues_is_told_kindly_and_changes_nothing() -> None:
    for code in (UsCoupon("0614141", "222222"), GlobalCoupon("5412345000150")):
        made = lane().buy(TIN).play(Scanned(code))
        assert total(made) == 95 and not made.sale.coupons
        assert [each.why for each in made.sale.open] == [Why.COUPON_CHECK]
        assert made.play(PayPressed()).phase == "Paying", "it is no obstacle to paying"
