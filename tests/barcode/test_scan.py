"""The front door: what any text from a scanner is taken for."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcode import (
    COUNTRIES,
    Badge,
    Code,
    DepositVoucher,
    EuroCoupon,
    GiftCard,
    Measured,
    Member,
    PaymentCard,
    Produce,
    Product,
    Reason,
    ShopCodes,
    Unreadable,
    read,
    split,
)
from kiosk.barcode.digits import check_digit, is_luhn
from kiosk.units import Grams, Gtin, Minor

SHOP = ShopCodes(
    measures=COUNTRIES["DE"],
    member=("2950*", "LOY-????"),
    badge=("2951*", "STAFF-*"),
    gift_card=("GC*", "6338????????????"),
    deposit_voucher=("99??????????",),
)
MILK = Product(Gtin(5901234123457), "5901234123457")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5901234123457", MILK),
        ("]E05901234123457", MILK),
        ("]C05901234123457", MILK),
        ("]Q15901234123457", MILK),
        ("]X05901234123457", MILK),
        ("]E35901234123457" + "05", MILK),
        ("]E35901234123457" + "12345", MILK),
        ("]E3036000291452" + "05", Product(Gtin(36000291452), "036000291452")),
        ("036000291452", Product(Gtin(36000291452), "036000291452")),
        ("]E00036000291452", Product(Gtin(36000291452), "0036000291452")),
        ("]I115901234123454", Product(Gtin(15901234123454), "15901234123454")),
        ("96385074", Product(Gtin(96385074), "96385074")),
        ("]E496385074", Product(Gtin(96385074), "96385074")),
        ("]E004252614", Product(Gtin(42100005264), "04252614")),
        ("]E0425261", Product(Gtin(42100005264), "425261")),
        ("04252614", Product(Gtin(42100005264), "04252614")),
        ("0425261", Product(Gtin(42100005264), "0425261")),
        ("]E402345673", Product(Gtin(2345673), "02345673")),
        ("]E002345673", Product(Gtin(23456000073), "02345673")),
        ("02345673", Product(Gtin(2345673), "02345673")),
        ("]E02211114002394", Measured(Gtin(2211110000004), price=Minor(239), printed="2211114002394")),
        ("2511119000129", Measured(Gtin(2511110000005), count=12, printed="2511119000129")),
        ("2811111068708", Measured(Gtin(2811110000006), grams=Grams(6870), printed="2811111068708")),
        ("2811110000006", Product(Gtin(2811110000006), "2811110000006")),
        ("4011", Produce(4011, False)),
        ("94011", Produce(4011, True)),
        ("2950123456789", Member()),
        ("]C02950123456789", Member()),
        ("]Q1LOY-1234", Member()),
        ("2951123456789", Badge()),
        ("]C0STAFF-7", Badge()),
        ("GC9876543210987612", GiftCard()),
        ("6338000000000003", GiftCard()),
        ("]C0990000000325", DepositVoucher()),
        ("4111111111111111", PaymentCard()),
        ("]C0378282246310005", PaymentCard()),
        ("%B4111111111111111^DOE/J^30121010000000000?", PaymentCard()),
        (";4111111111111111=30121010000000000?", PaymentCard()),
    ],
)
def test_a_scan_is(text: str, code: Code) -> None:
    assert read(text, None, SHOP) == code
    aim, data = split(text)
    assert read(data, aim, SHOP) == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NOT_DIGITS),
        ("]", Reason.NOT_DIGITS),
        ("]E0", Reason.NOT_DIGITS),
        ("HELLO", Reason.NOT_DIGITS),
        ("5901234123458", Reason.CHECK_DIGIT),
        ("]E05901234123458", Reason.CHECK_DIGIT),
        ("96385075", Reason.CHECK_DIGIT),
        ("04252615", Reason.CHECK_DIGIT),
        ("2211115002393", Reason.PRICE_CHECK_DIGIT),
        ("]E45901234123457", Reason.LENGTH),
        ("]E496385", Reason.LENGTH),
        ("]E04011", Reason.LENGTH),
        ("]E35901234123457", Reason.LENGTH),
        ("]I196385074", Reason.LENGTH),
        ("]C0425261", Reason.LENGTH),
        ("]E0296385074", Reason.LENGTH),
        ("]E025000006", Reason.NUMBER_SYSTEM),
        ("2999", Reason.NOT_A_PLU),
        ("]C1010590123412345", Reason.LENGTH),
        ("4111111111111112", Reason.LENGTH),
    ],
)
def test_a_scan_is_refused(text: str, reason: Reason) -> None:
    assert read(text, None, SHOP) == Unreadable(reason)


retail = st.sampled_from(["]E0", "]I1"]).flatmap(
    lambda aim: st.text("0123456789", min_size=12 + (aim == "]I1"), max_size=12 + (aim == "]I1")).map(
        lambda payload: (aim, f"{payload}{check_digit(payload)}")
    )
)


@given(retail, st.booleans())
def test_a_trade_item_is_never_taken_for_a_payment_card(scan: tuple[str, str], told: bool) -> None:
    aim, number = scan
    assert isinstance(read(number, aim if told else None, ShopCodes()), Product | EuroCoupon)


@given(st.text("0123456789", min_size=14, max_size=18), st.sampled_from([None, "]C0", "]A0", "]Q1", "]X0"]))
def test_no_digit_of_a_payment_card_is_kept(payload: str, aim: str | None) -> None:
    number = next(f"{payload}{last}" for last in range(10) if is_luhn(f"{payload}{last}"))
    assert read(number, aim, SHOP) in (PaymentCard(), Member(), Badge(), GiftCard(), DepositVoucher())


@given(st.text(), st.none() | st.text(max_size=4) | st.sampled_from(["]E0", "]E3", "]E4", "]I1", "]X0"]))
def test_whatever_the_text_there_is_an_answer(text: str, aim: str | None) -> None:
    assert isinstance(read(text, aim, SHOP), Code)


@given(st.from_regex(r"\A(\][A-Za-z][0-9])?[0-9]{0,20}\Z"))
def test_whatever_the_digits_there_is_an_answer(text: str) -> None:
    code = read(text, None, SHOP)
    assert msgspec.json.decode(msgspec.json.encode(code), type=Code) == code
    if isinstance(code, Product | Measured):
        assert code.printed in text
