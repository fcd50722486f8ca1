"""What GS1 data means on a till: a trade item with what its pack says, its measure, or a coupon."""

from msgspec.structs import replace

from kiosk.barcode import gtin as gtins
from kiosk.barcode.codes import Code, GlobalCoupon, Measured, Pack, Product
from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.gs1 import companions, dates, message, us_coupon
from kiosk.barcode.gs1.elements import Element
from kiosk.barcode.gs1.values import Amount, amount
from kiosk.barcode.measure import measured
from kiosk.barcode.shop import ShopCodes
from kiosk.units import Grams, Gtin, Minor, half_up

Elements = tuple[Element, ...]

MICROGRAMS = {"310": 1_000_000_000, "320": 453_592_370}
"""Of a kilogram and of a pound."""


def read(scan: str, shop: ShopCodes) -> Code:
    """What a scan with its identifier means, if it is GS1 data. Raises BarcodeError.

    Packs with a Digital Link of the standard's first edition are still about, so its forms are taken here.
    """
    said = message.parse(scan, short_gtins=True, names=True)
    if said.gtin:
        return _with_composite(said, shop)
    if not said.elements:
        raise BarcodeError(Reason.NOT_A_LINK)
    return meaning(said.elements, shop)


def _with_composite(said: message.Message, shop: ShopCodes) -> Product | Measured:
    """A retail number with what the symbol above it says."""
    number = gtins.parse(said.gtin)
    together = (Element("01", gtins.written(number, 14)), *said.elements)
    companions.check(together)
    return _item(together, number, said.gtin, shop)


def meaning(found: Elements, shop: ShopCodes) -> Code:
    """What elements mean that stand on one thing. Raises BarcodeError."""
    companions.check(found)
    values = dict(found)
    if "8110" in values:
        return us_coupon.parse_8110(values["8110"])
    if "8112" in values:
        return us_coupon.parse_8112(values["8112"])
    if "255" in values:
        return GlobalCoupon(values["255"][:13], values["255"][13:])
    if "01" not in values:
        raise BarcodeError(Reason.NO_ITEM)
    return _item(found, Gtin(int(values["01"])), values["01"], shop)


def _item(found: Elements, gtin: Gtin, printed: str, shop: ShopCodes) -> Product | Measured:
    """A price on the pack goes before its weight, and both before a number that carries one itself."""
    item = _measured(found, gtin, printed, shop) or measured(gtin, printed, shop.measures)
    return replace(item or Product(gtin, printed), pack=_pack(dict(found)))


def _measured(found: Elements, gtin: Gtin, printed: str, shop: ShopCodes) -> Measured | None:
    grams, count = 0, 0
    for each in found:
        told, kind = amount(each), each.ai[:3]
        if told is not None and kind in ("392", "393"):
            if price := _price(told, shop):
                return Measured(gtin, price=price, printed=printed)
        elif told is not None and kind in MICROGRAMS:
            grams = grams or half_up(told.units * MICROGRAMS[kind], 10 ** (6 + told.decimals))
        elif each.ai == "30":
            count = int(each.value)
    if grams:
        return Measured(gtin, grams=Grams(grams), printed=printed)
    return Measured(gtin, count=count, printed=printed) if count else None


def _price(told: Amount, shop: ShopCodes) -> Minor:
    """In the shop's smallest coin. CURRENCY for another currency, AMOUNT where that does not come out even."""
    if told.currency not in ("", shop.currency):
        raise BarcodeError(Reason.CURRENCY)
    price, rest = divmod(told.units * 10**shop.exponent, 10**told.decimals)
    if rest:
        raise BarcodeError(Reason.AMOUNT)
    return Minor(price)


def _pack(values: dict[str, str]) -> Pack:
    """Sold must it be by the earlier of sell-by and best-before; of an hour of expiry the day is kept."""
    use_by = min((dates.date(values[ai][:6]) for ai in ("17", "7003") if ai in values), default="")
    best_before = min((dates.date(values[ai]) for ai in ("15", "16") if ai in values), default="")
    return Pack(values.get("10", ""), values.get("21", ""), use_by, best_before)
