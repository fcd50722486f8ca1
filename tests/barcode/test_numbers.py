"""GTIN, UPC and PLU: against the rule, against biip, and against anything at all."""

import biip.gtin
import biip.upc
import pytest
from biip.checksums import gs1_price_weight_check_digit, gs1_standard_check_digit
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcode import BarcodeError, Reason
from kiosk.barcode import gtin as gtins
from kiosk.barcode import plu as plus
from kiosk.barcode import upc as upcs
from kiosk.barcode.digits import check_digit, is_luhn, price_check_digit
from kiosk.units import Gtin

digits = st.text("0123456789", min_size=1, max_size=20)
payloads = st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
numbers = payloads.map(lambda payload: f"{payload}{check_digit(payload)}")
anything = st.text() | st.text("0123456789", max_size=15) | st.text("0१²٣４5", max_size=14)
zeroed_upc_a = st.tuples(
    st.sampled_from("01"), st.text("0123", min_size=5, max_size=5), st.text("00056", min_size=5, max_size=5)
).map("".join)


@given(digits)
def test_the_check_digit_is_biips(payload: str) -> None:
    assert check_digit(payload) == gs1_standard_check_digit(payload)


@given(st.text("0123456789", min_size=4, max_size=5))
def test_the_price_check_digit_is_biips(value: str) -> None:
    assert price_check_digit(value) == gs1_price_weight_check_digit(value)


@given(numbers.filter(lambda number: int(number) > 0))
def test_a_gtin_is_one_number_in_every_length(number: str) -> None:
    gtin, theirs = gtins.parse(number), biip.gtin.Gtin.parse(number)
    natural = gtins.natural_length(gtin)
    assert natural == theirs.format.length
    for length in gtins.LENGTHS:
        if length >= natural:
            assert gtins.parse(gtins.written(gtin, length)) == gtin
        else:
            with pytest.raises(BarcodeError):
                gtins.written(gtin, length)


@given(numbers, st.integers(1, 9))
def test_a_wrong_check_digit_is_refused(number: str, off: int) -> None:
    with pytest.raises(BarcodeError, match="check_digit"):
        gtins.parse(number[:-1] + str((int(number[-1]) + off) % 10))


@given(st.text("0123456789", min_size=6, max_size=6), st.sampled_from("01"))
def test_a_upc_e_expands_as_biips_and_back(body: str, system: str) -> None:
    upc_a = upcs.expand(system + body)
    assert upc_a == biip.upc.Upc.parse(system + body).as_upc_a()
    assert upcs.expand(upcs.compress(upc_a)) == upc_a
    assert upcs.expand(system + body + upc_a[-1]) == upc_a
    if system == "0":
        assert upcs.expand(body) == upc_a


@given(zeroed_upc_a)
def test_a_upc_a_compresses_as_biips(payload: str) -> None:
    upc_a = f"{payload}{check_digit(payload)}"
    try:
        theirs = biip.upc.Upc.parse(upc_a).as_upc_e()
    except biip.EncodeError:
        with pytest.raises(BarcodeError, match="not_shortenable"):
            upcs.compress(upc_a)
    else:
        assert upcs.compress(upc_a) == theirs


@pytest.mark.parametrize(
    ("upc_e", "upc_a"),
    [
        ("04252614", "042100005264"), ("06397126", "063200009716"), ("02345147", "023450000017"),
        ("02345673", "023456000073"), ("08679339", "086700000939"),
    ],
)  # fmt: skip
def test_the_four_ways_to_leave_out_zeros(upc_e: str, upc_a: str) -> None:
    assert (upcs.expand(upc_e), upcs.compress(upc_a)) == (upc_a, upc_e)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("04252615", Reason.CHECK_DIGIT), ("2425261", Reason.NUMBER_SYSTEM), ("42526", Reason.LENGTH),
        ("42526x", Reason.NOT_DIGITS), ("", Reason.NOT_DIGITS),
    ],
)  # fmt: skip
def test_a_wrong_upc_e_says_what_is_wrong(text: str, reason: Reason) -> None:
    with pytest.raises(BarcodeError) as caught:
        upcs.expand(text)
    assert caught.value.reason is reason


def test_only_number_systems_0_and_1_have_a_short_form() -> None:
    with pytest.raises(BarcodeError, match="not_shortenable"):
        upcs.compress(f"21230000045{check_digit('21230000045')}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3000", (3000, False)), ("4999", (4999, False)), ("94011", (4011, True)), ("84999", (84999, False))],
)
def test_a_plu(text: str, expected: tuple[int, bool]) -> None:
    assert plus.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["2999", "5000", "92999", "95000", "82999", "85000", "04011", "401", "994011", ""]
)
def test_no_plu(text: str) -> None:
    with pytest.raises(BarcodeError):
        plus.parse(text)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (96385074, "trade_item"), (20000004, "restricted_company"), (1236, "restricted_company"),
        (2112345678900, "restricted_geographic"), (412345678903, "restricted_company"),
        (212345678905, "restricted_geographic"), (12112345678907, "trade_item"), (9771234567898, "issn"),
        (9813765030011, "coupon_common_currency"), (9901234567899, "coupon"), (5901234123457, "trade_item"),
    ],
)  # fmt: skip
def test_what_a_number_is_for(number: int, expected: str) -> None:
    assert gtins.use(Gtin(number)) == expected


@pytest.mark.parametrize(("number", "valid"), [("4111111111111111", True), ("4111111111111112", False)])
def test_luhn(number: str, valid: bool) -> None:
    assert is_luhn(number) is valid


@given(anything)
def test_whatever_the_text_only_our_own_error_comes_out(text: str) -> None:
    for reader in (
        check_digit,
        price_check_digit,
        is_luhn,
        gtins.parse,
        upcs.expand,
        upcs.compress,
        plus.parse,
    ):
        try:
            reader(text)
        except BarcodeError as error:
            assert error.reason in Reason


@given(st.integers())
def test_whatever_the_number_only_our_own_error_comes_out(number: int) -> None:
    try:
        assert gtins.natural_length(Gtin(number)) in gtins.LENGTHS
        gtins.use(Gtin(number))
    except BarcodeError:
        assert not 0 <= number < 10**14
