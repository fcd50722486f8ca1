"""What GS1 data means at the till: the item, its pack, its measure, or a coupon."""

import subprocess
import sys

import pytest

from kiosk.barcode import (
    COUNTRIES,
    Code,
    GlobalCoupon,
    Measured,
    Pack,
    Product,
    Purchase,
    Reason,
    ShopCodes,
    Unreadable,
    UsCoupon,
    carrier,
    read,
)
from kiosk.barcode.gs1.elements import GS
from kiosk.units import Grams, Gtin, Minor
from tests.conftest import ROOT

SHOP = ShopCodes(measures=COUNTRIES["DE"])
MILK, MILK_14 = Gtin(5901234123457), "05901234123457"
MEAT, MEAT_14 = Gtin(95012345678903), "95012345678903"


def of(**said: str) -> Product:
    return Product(MILK, MILK_14, Pack(**said))


def meat(**measure: int) -> Measured:
    return Measured(MEAT, printed=MEAT_14, **measure)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (f"]C101{MILK_14}", of()),
        (f"]d201{MILK_14}17261231", of(use_by="2026-12-31")),
        (f"]Q301{MILK_14}15270200", of(best_before="2027-02-28")),
        (f"]e001{MILK_14}16261215", of(best_before="2026-12-15")),
        (f"]e001{MILK_14}1527010116261215", of(best_before="2026-12-15")),
        (f"]J101{MILK_14}7003261231{'1800'}", of(use_by="2026-12-31")),
        (f"]d201{MILK_14}10AB/1{GS}21X{GS}17280229", of(batch="AB/1", serial="X", use_by="2028-02-29")),
        (f"]d2{GS}10AB{GS}01{MILK_14}{GS}", of(batch="AB")),
        (f"01{MILK_14}10AB{GS}", of(batch="AB")),
        (f"]X001{MILK_14}", of()),
        (f"]Q1https://shop.example/01/{MILK_14}/10/AB?17=261231&linkType=x", of(batch="AB", use_by="2026-12-31")),
        (f"https://shop.example/gtin/{MILK}/ser/X%2F1", of(serial="X/1")),
        (f"]d1HTTP://A.EXAMPLE/01/{MILK}", of()),
        (f"]E0{MILK}|]e010AB{GS}15261231", Product(MILK, str(MILK), Pack(batch="AB", best_before="2026-12-31"))),
        ("]E496385074|]e021X", Product(Gtin(96385074), "96385074", Pack(serial="X"))),
        (f"]C101{MEAT_14}3103000500", meat(grams=Grams(500))),
        (f"]C101{MEAT_14}3105123456", meat(grams=Grams(1235))),
        (f"]C101{MEAT_14}3100000002", meat(grams=Grams(2000))),
        (f"]C101{MEAT_14}3202000100", meat(grams=Grams(454))),
        (f"]C101{MEAT_14}3201000011", meat(grams=Grams(499))),
        (f"]C101{MEAT_14}3103000500392299{GS}", meat(price=Minor(99))),
        (f"]C101{MEAT_14}310300050039213", meat(price=Minor(30))),
        (f"]C101{MEAT_14}310300050039329780199", meat(price=Minor(199))),
        (f"]C101{MEAT_14}3012", meat(count=12)),
        (f"]C101{MEAT_14}3103000000", Product(MEAT, MEAT_14)),
        (
            f"]d201{MEAT_14}310300050010AB",
            Measured(MEAT, grams=Grams(500), printed=MEAT_14, pack=Pack(batch="AB")),
        ),
        (
            "]e001028111110687081526123110AB",
            Measured(
                Gtin(2811110000006), grams=Grams(6870), printed="02811111068708",
                pack=Pack(batch="AB", best_before="2026-12-31"),
            ),
        ),
        (f"]C12555412345000150{77}", GlobalCoupon("5412345000150", "77")),
        ("]e08112101234561234560123456", UsCoupon("123456", "123456", "123456")),
    ],
)  # fmt: skip
def test_a_scan_is(scan: str, code: Code) -> None:
    assert read(scan, None, SHOP) == code


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        ("]C1", Reason.EMPTY),
        (f"]C101{MILK_14}17261301", Reason.DATE),
        (f"]C101{MILK_14}0459", Reason.UNKNOWN_AI),
        ("]C110AB", Reason.COMPANION_MISSING),
        (f"]C101{MILK_14}375", Reason.EXCLUDED),
        (f"]C101{MEAT_14}392299", Reason.COMPANION_MISSING),
        (f"]C101{MEAT_14}310300050039328400199", Reason.CURRENCY),
        (f"]C101{MEAT_14}310300050039231999", Reason.AMOUNT),
        ("]C100106141412345678908", Reason.NO_ITEM),
        (f"]C100106141412345678908{'02'}{MILK_14}3712", Reason.NO_ITEM),
        ("]C199ABC", Reason.NO_ITEM),
        ("]Q1https://shop.example/menu", Reason.LINK_PATH),
        ("]Q1httpx", Reason.NOT_A_LINK),
        (f"https://shop.example/01/{MILK_14}/21/A/10/B", Reason.LINK_PATH),
        (f"]E0{MILK}|]e0", Reason.EMPTY),
        (f"]E0{MILK}|]e001{MEAT_14}", Reason.REPEATED),
        (f"]E0{MILK}|]e0375", Reason.EXCLUDED),
        ("]E05901234123458|]e010AB", Reason.CHECK_DIGIT),
        ("]e08110012345612345611110", Reason.COUPON),
        ("]C001" + "9" * 20, Reason.CHECK_DIGIT),
    ],
)
def test_a_scan_is_refused(scan: str, reason: Reason) -> None:
    assert read(scan, None, SHOP) == Unreadable(reason)


def test_a_price_is_taken_in_the_shops_own_currency_and_coins() -> None:
    scan = f"]C101{MEAT_14}3103000500{'39303920250'}"
    assert read(scan, None, ShopCodes(currency="JPY", exponent=0)) == meat(price=Minor(250))
    assert read(scan, None, SHOP) == Unreadable(Reason.CURRENCY)


def test_north_american_coupons_whole() -> None:
    """Two published examples, and every optional field at once."""
    three = "106141410222223100110222" + "1111012310234567" + "211045610456789" + "91201"
    assert read(f"]e08110{three}", None, SHOP) == UsCoupon(
        "0614141", "022222", save=100, rule=1, save_code=1, item=2, multiplies=False,
        purchases=(
            Purchase("0614141", 0, 1, "222"), Purchase("0234567", 0, 1, "123"), Purchase("0456789", 0, 1, "456"),
        ),
    )  # fmt: skip
    assert read("]e0811010614141011111275110111", None, SHOP) == UsCoupon(
        "0614141", "011111", save=75, purchases=(Purchase("0614141", 0, 1, "111"),)
    )
    every = "012345612345611110123101101239326123142601015012345661061414195210"
    assert read(f"]e08110{every}", None, SHOP) == UsCoupon(
        "123456", "123456", serial="123456", save=1, starts="2026-01-01", expires="2026-12-31", retailer="0614141",
        save_code=5, item=2, store_coupon=True,
        purchases=(Purchase("123456", 0, 1, "123"), Purchase("", 0, 1, "123")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("aim", "kind"),
    [
        ("]E0", "linear"), ("]E4", "linear"), ("]C1", "linear"), ("]e0", "linear"), ("]I1", "linear"),
        ("]A0", "linear"),
        ("]d2", "matrix"), ("]Q1", "matrix"), ("]Q3", "matrix"), ("]J1", "matrix"), ("]L2", "matrix"),
        ("]z0", "matrix"),
        ("]X0", ""), ("]", ""), ("", ""), (None, ""), ("]²", ""),
    ],
)  # fmt: skip
def test_what_kind_of_symbol_it_was(aim: str | None, kind: str) -> None:
    assert carrier(aim) == kind


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("0-306-40615-2", 9780306406157), ("0306406152", 9780306406157), ("ISBN 0-8044-2957-X", 9780804429573),
        ("978-0-306-40615-7", 9780306406157), ("ISSN 0317-8471", 9770317847001), ("2434-561X", 9772434561006),
        ("9780306406157", 9780306406157),
    ],
)  # fmt: skip
def test_a_book_is_known_by_the_numbers_printed_in_it(text: str, gtin: int) -> None:
    assert read(text, None, SHOP) == Product(Gtin(gtin), text)


@pytest.mark.parametrize(
    "text",
    [
        "0-306-40615-3",
        "0306406153",
        "ISBN X306406152",
        "0317-8472",
        "590-1234123457",
        "978-0-306-40615-8",
        "X",
        "ISBN",
    ],
)
def test_what_is_no_book(text: str) -> None:
    assert isinstance(read(text, None, SHOP), Unreadable)


def test_a_plain_number_never_waits_for_the_big_table() -> None:
    code = """
import sys
from kiosk.barcode import ShopCodes, read
for text in ("]E05901234123457", "5901234123458", "94011", "]E402345673", "4111111111111111", "HELLO"):
    read(text, None, ShopCodes())
assert not [name for name in sys.modules if name.startswith("kiosk.barcode.gs1")]
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
