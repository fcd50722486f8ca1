"""What pricing is told: articles, basket lines, promotions, taxes, tenders and the context of a sale."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kiosk.units import HUNDRED_PERCENT, Grams, ItemId, LineNo, Minor, Rate

Amount = Annotated[Minor, Meta(ge=0)]
Percent = Annotated[Rate, Meta(ge=0, le=HUNDRED_PERCENT)]
Count = Annotated[int, Meta(ge=1)]
Group = str


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """What pricing has to know of an item; money in minor units, per piece or per kilogram."""

    id: ItemId
    price: Minor | None = None
    price_per_kg: Minor | None = None
    tax: str
    groups: tuple[Group, ...] = ()
    deposit: Minor = Minor(0)
    deposit_tax: str = ""
    discountable: bool = True
    meal_voucher: bool = False


class DepositReturn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A returned-container voucher: `amount` (positive) is given back under its own tax code."""

    amount: Amount
    tax: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A basket line: an article counted (`qty`), weighed (`grams`) or priced by its label, or a voucher.

    `price_override` is the total read from a price-embedded or markdown label; `expiry` an ISO date from
    the code. A voided line is as if never scanned.
    """

    no: LineNo
    article: Article | None = None
    qty: int = 1
    grams: Grams | None = None
    price_override: Minor | None = None
    expiry: str | None = None
    voided: bool = False
    deposit_return: DepositReturn | None = None


class PromotionBase(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """What every promotion has: an id, the words shown for it, its rank and whom it is for.

    `tier`: only for members who have reached it.
    """

    id: str
    label: str = ""
    labels: dict[str, str] = {}
    priority: int = 0
    member_only: bool = False
    tier: str = ""

    def words(self, language: str) -> str:
        """The label in `language`, else the general one, else the id."""
        return self.labels.get(language) or self.label or self.id


class Filtered(PromotionBase, frozen=True, kw_only=True):
    """A promotion for articles that have any of `groups` or are one of `items`; neither given: for all."""

    groups: tuple[Group, ...] = ()
    items: tuple[ItemId, ...] = ()


def _exactly_one(kind: str, **given: object) -> None:
    if sum(value is not None for value in given.values()) != 1:
        raise ValueError(f"{kind} needs exactly one of {' and '.join(f'`{name}`' for name in given)}")


class LoyaltyPrice(Filtered, frozen=True, kw_only=True, tag="loyalty_price"):
    """A member's price, per piece or per kilogram."""

    price: Amount | None = None
    price_per_kg: Amount | None = None

    def __post_init__(self) -> None:
        _exactly_one("loyalty_price", price=self.price, price_per_kg=self.price_per_kg)


class PctOffItems(Filtered, frozen=True, kw_only=True, tag="pct_off_items"):
    """A percentage off each unit."""

    pct: Percent


class AmountOffItems(Filtered, frozen=True, kw_only=True, tag="amount_off_items"):
    """An amount off each unit, at most its price."""

    amount: Amount


class WeightPerKgOff(Filtered, frozen=True, kw_only=True, tag="weight_per_kg_off"):
    """An amount per kilogram off a weighed line."""

    off_per_kg: Amount


class WeightTierPrice(Filtered, frozen=True, kw_only=True, tag="weight_tier_price"):
    """Another price per kilogram for a line of at least `min_grams`."""

    min_grams: Annotated[Grams, Meta(ge=0)]
    price_per_kg: Amount


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`pct` off while at most `max_days` are left."""

    max_days: Annotated[int, Meta(ge=0)]
    pct: Percent


class ExpiryMarkdown(Filtered, frozen=True, kw_only=True, tag="expiry_markdown"):
    """A percentage by the days left until the expiry date."""

    tiers: Annotated[tuple[Tier, ...], Meta(min_length=1)]


class BuyNPayM(Filtered, frozen=True, kw_only=True, tag="buy_n_pay_m"):
    """Of every n units the n - m cheapest are free."""

    n: Count
    m: Annotated[int, Meta(ge=0)]
    limit: Count | None = None

    def __post_init__(self) -> None:
        if self.m >= self.n:
            raise ValueError(f"`m` must be less than `n`, not {self.m} of {self.n}")


class NthDiscount(Filtered, frozen=True, kw_only=True, tag="nth_discount"):
    """Of every `nth` units the cheapest has a percentage off."""

    nth: Count
    pct: Percent
    limit: Count | None = None


class MixMatchFixed(Filtered, frozen=True, kw_only=True, tag="mix_match_fixed"):
    """Any n units for one price."""

    n: Count
    price: Amount
    limit: Count | None = None


class MealDeal(PromotionBase, frozen=True, kw_only=True, tag="meal_deal"):
    """One unit for each slot, together for one price; a slot is a list of groups."""

    slots: Annotated[tuple[tuple[Group, ...], ...], Meta(min_length=1)]
    price: Amount
    limit: Count | None = None


class BuyXGetY(PromotionBase, frozen=True, kw_only=True, tag="buy_x_get_y"):
    """With x units of the groups `buy`, one of the groups `get` has a percentage off."""

    x: Count
    buy: Annotated[tuple[Group, ...], Meta(min_length=1)]
    get: Annotated[tuple[Group, ...], Meta(min_length=1)]
    pct: Percent
    limit: Count | None = None


class CouponItem(Filtered, frozen=True, kw_only=True, tag="coupon_item"):
    """A presented coupon for one unit."""

    amount: Amount | None = None
    pct: Percent | None = None
    max_per_basket: Count = 1

    def __post_init__(self) -> None:
        _exactly_one("coupon_item", amount=self.amount, pct=self.pct)


class StaffPct(Filtered, frozen=True, kw_only=True, tag="staff_pct"):
    """A percentage for staff; `exclude_promoted` leaves out lines that already have a discount."""

    pct: Percent
    exclude_promoted: bool = False


class BasketThreshold(Filtered, frozen=True, kw_only=True, tag="basket_threshold"):
    """An amount or a percentage off once the eligible lines reach `min`; `repeat`: for every full `min`."""

    min: Annotated[Minor, Meta(ge=1)]
    amount: Amount | None = None
    pct: Percent | None = None
    repeat: bool = False

    def __post_init__(self) -> None:
        _exactly_one("basket_threshold", amount=self.amount, pct=self.pct)


class CouponBasket(Filtered, frozen=True, kw_only=True, tag="coupon_basket"):
    """A presented coupon for the whole basket, from `min` on."""

    amount: Amount | None = None
    pct: Percent | None = None
    min: Amount = Minor(0)
    max_per_basket: Count = 1

    def __post_init__(self) -> None:
        _exactly_one("coupon_basket", amount=self.amount, pct=self.pct)


class LoyaltyPoints(Filtered, frozen=True, kw_only=True, tag="loyalty_points"):
    """`points` for every full `per` of the eligible net."""

    per: Annotated[Minor, Meta(ge=1)]
    points: Annotated[int, Meta(ge=0)]


class LoyaltyCredit(Filtered, frozen=True, kw_only=True, tag="loyalty_credit"):
    """A percentage of the eligible net, put on the member's card; the total stays."""

    pct: Percent


ItemPromotion = (
    LoyaltyPrice | PctOffItems | AmountOffItems | WeightPerKgOff | WeightTierPrice | ExpiryMarkdown
)
CountedPromotion = BuyNPayM | NthDiscount | MixMatchFixed
GroupPromotion = BuyNPayM | NthDiscount | MixMatchFixed | MealDeal | BuyXGetY
Promotion = (
    LoyaltyPrice
    | PctOffItems
    | AmountOffItems
    | WeightPerKgOff
    | WeightTierPrice
    | ExpiryMarkdown
    | BuyNPayM
    | NthDiscount
    | MixMatchFixed
    | MealDeal
    | BuyXGetY
    | CouponItem
    | StaffPct
    | BasketThreshold
    | CouponBasket
    | LoyaltyPoints
    | LoyaltyCredit
)


class Tax(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tax code and its rate (20 % = 200_000)."""

    code: str
    rate: Annotated[Rate, Meta(ge=0)]


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """The promotions and the tax table that a basket is opened with; `version` names them in the journal."""

    version: str = ""
    promotions: tuple[Promotion, ...] = ()
    taxes: tuple[Tax, ...] = ()

    def __post_init__(self) -> None:
        _no_twins("promotion", [promotion.id for promotion in self.promotions])
        _no_twins("tax", [tax.code for tax in self.taxes])


def _no_twins(what: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} `{name}` is given twice")
        seen.add(name)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for the whole basket; `today` is the shop's local ISO date when it was opened.

    `tiers` are those that the member has reached.
    """

    today: str
    member: bool = False
    tiers: tuple[str, ...] = ()
    staff: bool = False
    conflict: Literal["best_for_customer", "priority"] = "best_for_customer"
    tax_mode: Literal["inclusive", "exclusive"] = "inclusive"
    currency: str = "EUR"
    exponent: int = 2


class MealVoucher(
    msgspec.Struct, frozen=True, tag_field="type", tag="meal_voucher", forbid_unknown_fields=True
):
    """Pays for eligible lines only, at most `cap` a day and never more than its balance."""

    balance: Amount
    cap: Amount | None = None


class GiftCard(msgspec.Struct, frozen=True, tag_field="type", tag="gift_card", forbid_unknown_fields=True):
    """Pays up to its balance."""

    balance: Amount


class Cash(msgspec.Struct, frozen=True, tag_field="type", tag="cash", forbid_unknown_fields=True):
    """Pays the rest, rounded to the nearest `rounding` minor units (the smallest coin)."""

    rounding: Count = 1


class Card(msgspec.Struct, frozen=True, tag_field="type", tag="card", forbid_unknown_fields=True):
    """Pays the rest."""


Tender = MealVoucher | GiftCard | Cash | Card
