"""What the cascade reads on 403 real photographs; its times are measured in tests/bench."""

from pathlib import Path

import pytest

from drivers.camera import missing
from drivers.camera.decode import Decoder
from tests.drivers.camera.photographs import Tally, photographs

LEAST = {
    "EAN-13": 72, "EAN-8": 5, "UPC-A": 66, "UPC-E": 36, "EAN-13+addon": 3, "UPC-A+addon": 3, "Code128": 12, "ITF": 19,
    "DataBar": 10, "DataBarLimited": 1, "DataBarExp": 40, "DataBarExpStk": 14, "QR": 45, "DataMatrix": 16, "NEG": 0,
}  # fmt: skip
SECOND_SYMBOL = {
    ("ean-13/ean13-2_14.png", "1920081045006"),  # the price of a Japanese book beside its number
    ("ean-13/ean13-2_23.png", "9784872348880"),
    ("ean-13/ean13-2_28.png", "9784872348880"),
    ("qr/qrcode-2_16.png", "[内側QRコード]\r\n\r\n*ダブルQR*\r\nhttp://d-qr.net/ex/"),
}


MISREAD = {
    (
        "ean-13/ean13-4_06.png",
        "17804419",
    ),  # both beside the right number, from the rows where the digits begin
    ("ean-13/ean13-4_12.png", "5780407014989"),
}


@pytest.fixture(scope="module")
def tally(shared: Path) -> Tally:
    if missing.zbar():
        pytest.skip(missing.zbar())
    decoder, tally = Decoder(), Tally()
    for photograph, grey in photographs(shared):
        tally.add(photograph, decoder.decode(grey))
    return tally


def test_of_ean_and_upc_and_of_all(tally: Tally) -> None:
    assert tally.share(retail=True) >= 85
    assert tally.share() >= 88


def test_no_symbology_is_read_less_than_it_was(tally: Tally) -> None:
    less = {kind: (tally.read[kind], least) for kind, least in LEAST.items() if tally.read[kind] < least}
    assert less == {}


def test_nothing_is_read_where_there_is_nothing(tally: Tally) -> None:
    assert tally.shown["NEG"] == 17
    assert tally.false() == []


def test_wrong_values_are_no_more_than_those_known(tally: Tally) -> None:
    assert set(tally.wrong) - SECOND_SYMBOL <= MISREAD
