"""One picture to its codes: every symbology by its name, nothing that the shop does not sell, nothing from nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.camera import missing
from drivers.camera.config import EVERY, LIKELY
from drivers.camera.decode import Decoder
from drivers.camera.reads import Read, as_printed
from kiosk.barcode.digits import check_digit
from tests.drivers.camera.pictures import blurred, counter, laid, noisy, symbol

TEXTS = {
    "EAN-13": ("4006381333931", "]E0", "4006381333931"),
    "UPC-A": ("036000291452", "]E0", "036000291452"),
    "UPC-E": ("01234565", "]E0", "01234565"),
    "EAN-8": ("96385074", "]E4", "96385074"),
    "ITF": ("15400141288763", "]I", "15400141288763"),
    "Code128": ("KIOSK-7", "]C0", "KIOSK-7"),
    "QR": ("HTTPS://ID.GS1.ORG/01/09506000134352", "]Q1", "HTTPS://ID.GS1.ORG/01/09506000134352"),
    "DataMatrix": ("hello", "]d1", "hello"),
    "DataBar": ("0950600013435", "]e0", "0109506000134352"),
    "DataBarLimited": ("0950600013435", "]e0", "0109506000134352"),
}


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder()


@pytest.mark.parametrize("name", TEXTS)
def test_every_symbology_by_its_name(decoder: Decoder, name: str) -> None:
    given, aim, text = TEXTS[name]
    reads = decoder.decode(noisy(laid(counter(), symbol(name, given)), seed=1))
    assert [(read.symbology, read.text) for read in reads] == [(name, text)]
    assert reads[0].aim.startswith(aim)


@pytest.mark.parametrize(
    ("name", "gtin"),
    [("EAN-13", "04006381333931"), ("UPC-A", "00036000291452"), ("UPC-E", "00012345000065")],
)
def test_a_trade_item_has_fourteen_digits(decoder: Decoder, name: str, gtin: str) -> None:
    reads = decoder.decode(laid(counter(), symbol(name, TEXTS[name][0])))
    assert [read.gtin for read in reads] == [gtin]


def test_what_is_no_trade_item_has_no_number(decoder: Decoder) -> None:
    assert [read.gtin for read in decoder.decode(laid(counter(), symbol("Code128", "KIOSK-7")))] == [None]


def test_two_symbols_of_one_pack_are_told_apart(decoder: Decoder) -> None:
    both = laid(counter(), symbol("EAN-13", "4006381333931"), symbol("DataMatrix", "4006381333931", scale=5))
    assert {read.carrier for read in decoder.decode(both)} == {"linear", "matrix"}


def test_a_shop_that_sells_no_upc_e_and_no_itf_reads_none() -> None:
    assert set(EVERY) - set(LIKELY) == {"UPC-E", "ITF"}
    decoder = Decoder(LIKELY)
    for name in ("UPC-E", "ITF"):
        picture = laid(counter(), symbol(name, TEXTS[name][0]))
        assert [read for stage in decoder.stages for read in stage(picture)] == []
    assert Decoder(("QR",)).decode(laid(counter(), symbol("EAN-13", "4006381333931"))) == []


def test_an_empty_counter_bears_no_code(decoder: Decoder) -> None:
    for seed in range(3):
        assert decoder.decode(noisy(counter(), seed, sigma=20)) == []


def test_zbar_reads_without_a_word(decoder: Decoder, capfd: pytest.CaptureFixture[str]) -> None:
    """Its DataBar decoder complains on stderr; nobody asks it for that."""
    if missing.zbar():
        pytest.skip(missing.zbar())
    picture = laid(counter(), symbol("DataBar", "0950600013435"), symbol("UPC-A", "036000291452"))
    reads = decoder.stages[1](blurred(picture, 0.8))
    assert Read("UPC-A", "]E0", "036000291452") in reads
    assert capfd.readouterr() == ("", "")


@given(st.text("0123456789", min_size=11, max_size=11))
@settings(max_examples=25)
def test_any_number_is_read_as_it_was_printed(decoder: Decoder, digits: str) -> None:
    number = f"{digits}{check_digit(digits)}"
    reads = decoder.decode(laid(counter(), symbol("UPC-A", number)))
    assert [(read.text, read.gtin) for read in reads] == [(number, "00" + number)]


def test_thirteen_digits_of_a_upc_are_what_the_pack_bears() -> None:
    assert as_printed("EAN-13", "]E0", "0036000291452") == Read("UPC-A", "]E0", "036000291452")
    assert as_printed("UPC-E", "]E0", "0012345000065") == Read("UPC-E", "]E0", "01234565")
    assert as_printed("EAN-13", "]E0", "4006381333931") == Read("EAN-13", "]E0", "4006381333931")


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (3, 640), (480, 2)])
def test_a_picture_of_any_size_is_no_error(decoder: Decoder, shape: tuple[int, int]) -> None:
    for stage in decoder.stages:
        assert stage(np.zeros(shape, np.uint8)) == []
