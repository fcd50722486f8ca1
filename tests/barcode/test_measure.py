"""Labels with a weight, a price or a count in their number."""

from decimal import Decimal

import biip
import biip.gtin
import msgspec
import pytest
from biip.rcn import Rcn
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcode import COUNTRIES, BarcodeError, Measured, MeasurePattern
from kiosk.barcode import gtin as gtins
from kiosk.barcode.digits import check_digit, price_check_digit
from kiosk.barcode.measure import measured
from kiosk.units import Grams, Gtin, Minor


def label(payload: str) -> Gtin:
    return gtins.parse(f"{payload}{check_digit(payload)}")


@given(
    st.sampled_from(sorted(COUNTRIES.keys() - {"US"})),
    st.integers(20, 29),
    st.text("0123456789", min_size=10, max_size=10),
    st.booleans(),
)
def test_every_country_but_the_us_reads_as_biip_does(
    country: str, prefix: int, rest: str, right: bool
) -> None:
    if right and country == "DE":
        rest = f"{rest[:4]}{price_check_digit(rest[5:])}{rest[5:]}"
    if right and country == "GB":
        rest = f"{rest[:5]}{price_check_digit(rest[6:])}{rest[6:]}"
    gtin = label(f"{prefix}{rest}")
    config = biip.ParseConfig(rcn_region=country.lower())
    try:
        theirs = biip.gtin.Gtin.parse(str(gtin), config=config)
    except biip.ParseError:
        with pytest.raises(BarcodeError, match="price_check_digit"):
            measured(gtin, str(gtin), COUNTRIES[country])
        return
    assert isinstance(theirs, Rcn)
    amounts = {"grams": theirs.weight, "price": theirs.price, "count": theirs.count}
    ours = measured(gtin, str(gtin), COUNTRIES[country])
    if ours is None:
        assert not any(amounts.values())
    else:
        assert amounts == {
            "grams": None if ours.grams is None else Decimal(ours.grams) / 1000,
            "price": None if ours.price is None else Decimal(ours.price) / 100,
            "count": ours.count,
        }
        assert gtins.written(ours.item, 13) == theirs.without_variable_measure().as_gtin_13()


def test_a_label_of_number_system_2() -> None:
    payload = f"2{12345}{price_check_digit('0499')}0499"
    read = measured(label(payload), payload, COUNTRIES["US"])
    assert read == Measured(label("21234500000"), price=Minor(499), printed=payload)


def test_the_shops_own_pattern_and_step() -> None:
    pattern = MeasurePattern("2199PPPXVVVVC", "grams", 10)
    assert measured(label("219912370125"), "-", (pattern,)) == Measured(
        label("219912300000"), grams=Grams(1250), printed="-"
    )
    assert measured(label("219812370125"), "-", (pattern,)) is None


def test_a_measure_of_zero_names_the_item_only() -> None:
    assert measured(label("230000010000"), "-", COUNTRIES["SE"]) is None


def test_a_case_of_labels_is_no_label() -> None:
    assert measured(label("1230000011234"), "-", COUNTRIES["SE"]) is None


@pytest.mark.parametrize(
    "digits",
    ["", "22PPPPCVVVVV", "50PPPPCVVVVVC", "4PPPPPCVVVVVC", "22PPPPCVVVVVCC", "22PPPCVVVVVVC", "22PPPPPPPPPPC",
     "22VVVVVPPPPPC", "22PPPPCVVVVVV", "22PPVVPPVVVVC", "22pppPCVVVVVC"],
)  # fmt: skip
def test_a_pattern_that_cannot_be_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match=r"measure pattern|check digit"):
        MeasurePattern(digits, "price")


def test_configuration_names_the_wrong_key() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\[0\]"):
        msgspec.convert([{"digits": "22", "measure": "price"}], tuple[MeasurePattern, ...])
    with pytest.raises(ValueError, match="step"):
        MeasurePattern("22PPPPCVVVVVC", "price", 0)
