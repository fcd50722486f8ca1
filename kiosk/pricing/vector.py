"""Baskets as JSON files ("sco-pricing-vector/1"): read one, price it, and say the result in the same words.

Percentages and tax rates are decimal strings there, item ids strings; a ValueError names the key.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from kiosk.pricing.model import Amount, Article, Context, DepositReturn, Line, Offers, Promotion, Tax, Tender
from kiosk.pricing.price import price
from kiosk.pricing.result import Applied, Priced, RefusedCoupon, RefusedLine
from kiosk.units import Grams, ItemId, LineNo, Minor, Rate


class Deposit(msgspec.Struct, frozen=True):
    """A deposit per piece, or a voucher for returned containers."""

    amount: Amount
    tax: str


class Item(msgspec.Struct, frozen=True):
    """An item of the file's catalogue."""

    tax: str
    price: Amount | None = None
    price_per_kg: Amount | None = None
    groups: tuple[str, ...] = ()
    deposit: Deposit | None = None
    discountable: bool = True
    meal_voucher: bool = False


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the file's basket."""

    line: Annotated[LineNo, Meta(ge=0)]
    item: str | None = None
    qty: Annotated[int, Meta(ge=1, le=9999)] = 1
    grams: Annotated[Grams, Meta(ge=0)] | None = None
    price_override: Amount | None = None
    expiry: str | None = None
    voided: bool = False
    deposit_return: Deposit | None = None
    note: str = ""


class Setting(msgspec.Struct, frozen=True):
    """The file's context."""

    now: str
    currency: str = "EUR"
    minor_digits: int = 2
    tax_mode: Literal["inclusive", "exclusive"] = "inclusive"
    member: bool = False
    tiers: tuple[str, ...] = ()
    staff: bool = False
    conflict: Literal["best_for_customer", "priority"] = "best_for_customer"
    tenders: tuple[Tender, ...] = ()


class File(msgspec.Struct, frozen=True):
    """A whole file, but for what is expected."""

    schema: Literal["sco-pricing-vector/1"]
    context: Setting
    tax_rates: dict[str, Annotated[Rate, Meta(ge=0)]]
    items: dict[str, Item]
    basket: tuple[Row, ...]
    promotions: tuple[Promotion, ...] = ()
    coupons: tuple[str, ...] = ()


class Basket(msgspec.Struct, frozen=True):
    """What `price` takes."""

    lines: tuple[Line, ...]
    offers: Offers
    context: Context
    coupons: tuple[str, ...]
    tenders: tuple[Tender, ...]

    def priced(self) -> Priced:
        """The basket's price."""
        return price(self.lines, self.offers, self.context, self.coupons, self.tenders)


def read(data: bytes) -> Basket:
    """Read a file. Raises ValueError naming the key and what was expected there."""
    try:
        raw = msgspec.json.decode(data)
        if not isinstance(raw, dict):
            raise ValueError("expected an object - at `$`")
        items, promotions = raw.get("items"), raw.get("promotions")
        ids = {name: ItemId(at) for at, name in enumerate(items if isinstance(items, dict) else (), start=1)}
        _rates_in(raw)
        for at, promotion in enumerate(promotions if isinstance(promotions, list) else ()):
            _ours(promotion, ids, f"$.promotions[{at}]")
        file = msgspec.convert(raw, File)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    return _basket(file, ids)


def _rates_in(raw: dict[str, Any]) -> None:
    rates = raw.get("tax_rates")
    if isinstance(rates, dict):
        raw["tax_rates"] = {code: rate(value, f"$.tax_rates.{code}") for code, value in rates.items()}


def _ours(promotion: Any, ids: dict[str, ItemId], at: str) -> None:
    """Turn a promotion's words into ours, in place; the decoder names what is not as expected."""
    if not isinstance(promotion, dict):
        return
    promotion.pop("note", None)
    if "name" in promotion:
        promotion.setdefault("label", promotion.pop("name"))
    if "pct" in promotion:
        promotion["pct"] = rate(promotion["pct"], f"{at}.pct")
    tiers = promotion.get("tiers")
    for place, tier in enumerate(tiers if isinstance(tiers, list) else ()):
        if isinstance(tier, dict) and "pct" in tier:
            tier["pct"] = rate(tier["pct"], f"{at}.tiers[{place}].pct")
    for key in ("buy", "get"):
        if isinstance(promotion.get(key), str):
            promotion[key] = [promotion[key]]
    if isinstance(promotion.get("items"), list):
        promotion["items"] = [
            _known(ids, name, f"{at}.items[{place}]") for place, name in enumerate(promotion["items"])
        ]


def _known(ids: dict[str, ItemId], name: object, at: str) -> ItemId:
    if not isinstance(name, str) or name not in ids:
        raise ValueError(f"expected the key of an item, not `{name}` - at `{at}`")
    return ids[name]


def rate(value: object, at: str) -> Rate:
    """A percentage as a decimal string ("5.5") or a whole number, exact to the fourth decimal."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", text):
        raise ValueError(
            f'expected a percentage as a decimal string, such as "5.5", not `{value}` - at `{at}`'
        )
    whole, _, part = text.partition(".")
    return Rate(int(whole) * 10_000 + int(part.ljust(4, "0")))


def percentage(value: Rate) -> str:
    """A rate as the shortest decimal string: 55_000 is "5.5"."""
    whole, part = divmod(value, 10_000)
    return f"{whole}.{part:04}".rstrip("0").rstrip(".")


def _day(text: str, at: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise ValueError(f"expected an ISO date, not `{text}` - at `{at}`") from None


def _basket(file: File, ids: dict[str, ItemId]) -> Basket:
    articles = {name: _article(ids[name], item) for name, item in file.items.items()}
    setting = file.context
    numbers = [row.line for row in file.basket]
    twice = next((at for at, number in enumerate(numbers) if number in numbers[:at]), None)
    if twice is not None:
        raise ValueError(
            f"expected another line number than `{numbers[twice]}` - at `$.basket[{twice}].line`"
        )
    context = Context(
        today=_day(setting.now, "$.context.now"),
        member=setting.member,
        tiers=setting.tiers,
        staff=setting.staff,
        conflict=setting.conflict,
        tax_mode=setting.tax_mode,
        currency=setting.currency,
        exponent=setting.minor_digits,
    )
    taxes = tuple(Tax(code, value) for code, value in file.tax_rates.items())
    return Basket(
        lines=tuple(_line(row, articles, f"$.basket[{at}]") for at, row in enumerate(file.basket)),
        offers=Offers(promotions=file.promotions, taxes=taxes),
        context=context,
        coupons=file.coupons,
        tenders=setting.tenders,
    )


def _article(number: ItemId, item: Item) -> Article:
    deposit = item.deposit
    return Article(
        id=number,
        price=item.price,
        price_per_kg=item.price_per_kg,
        tax=item.tax,
        groups=item.groups,
        deposit=deposit.amount if deposit else Minor(0),
        deposit_tax=deposit.tax if deposit else "",
        discountable=item.discountable,
        meal_voucher=item.meal_voucher,
    )


def _line(row: Row, articles: dict[str, Article], at: str) -> Line:
    back = row.deposit_return
    if (row.item is None) == (back is None):
        raise ValueError(f"expected either `item` or `deposit_return` - at `{at}`")
    if row.item is not None and row.item not in articles:
        raise ValueError(f"expected the key of an item, not `{row.item}` - at `{at}.item`")
    return Line(
        no=row.line,
        article=None if row.item is None else articles[row.item],
        qty=row.qty,
        grams=row.grams,
        price_override=row.price_override,
        expiry=None if row.expiry is None else _day(row.expiry, f"{at}.expiry"),
        voided=row.voided,
        deposit_return=None if back is None else DepositReturn(back.amount, back.tax),
    )


def told(priced: Priced) -> dict[str, Any]:
    """A result in the words and the order of the files' `expected`."""
    return {
        "lines": [
            {
                "line": line.no,
                "gross": line.gross,
                "discounts": _amounts(line.discounts),
                "net": line.net,
                "deposit": line.deposit,
            }
            for line in priced.lines
        ],
        "gross": priced.gross,
        "promotions": _amounts(priced.promotions),
        "discount": priced.discount,
        "goods_net": priced.goods_net,
        "deposits": priced.deposits,
        "deposit_returns": priced.deposit_returns,
        "taxes": [
            {
                "tax": tax.code,
                "rate": percentage(tax.rate),
                "gross": tax.gross,
                "net": tax.net,
                "vat": tax.vat,
            }
            for tax in priced.taxes
        ],
        "total": priced.total,
        "loyalty_credit": priced.loyalty_credit,
        "points": priced.points,
        "rounding": priced.rounding,
        "tenders": [{"type": paid.type, "amount": paid.amount} for paid in priced.tenders],
        "rejected": [_refused(refused) for refused in priced.rejected],
    }


def _refused(refused: RefusedLine | RefusedCoupon) -> dict[str, Any]:
    if isinstance(refused, RefusedLine):
        return {"line": refused.line, "reason": refused.reason}
    return {"coupon": refused.coupon, "reason": refused.reason}


def _amounts(applied: tuple[Applied, ...]) -> list[dict[str, Any]]:
    return [{"promo": one.promotion, "amount": one.amount} for one in applied]
