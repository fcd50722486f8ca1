"""Whatever the text, nothing but our own error comes out of any reader: 20,000 texts, most of them nearly right."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.barcode import COUNTRIES, BarcodeError, Code, Reason, ShopCodes, books, read
from kiosk.barcode.gs1 import companions, elements, link, message, us_coupon, values
from kiosk.barcode.gs1.elements import GS
from kiosk.barcode.gs1.lint import CSET_82
from kiosk.barcode.gs1.lookup import BY_CODE
from tests.conftest import VECTORS

SHOP = ShopCodes(measures=COUNTRIES["DE"], member=("2950*",))
INPUTS = sorted(
    {
        vector["input"]
        for path in (VECTORS / "gs1").glob("*.json")
        for vector in json.loads(path.read_text())["vectors"]
    }
)
AIM = ["", "]C1", "]e0", "]d2", "]Q3", "]Q1", "]J1", "]E0", "]E4", "]X0", "]"]
HALVES = [half for text in INPUTS for half in (text[: len(text) // 2], text[len(text) // 2 :])]
SIGNS = [GS, "(", ")", "\\(", "|]e0", "?99=A", "&98=", "%2F", "%00", "%", "\ud800", "٣", "²", "\0", "é", " "]
PLACES = ["https://a/", "HTTP://", "/01/12312312312333", "/10/", "8110012345612345611110123"]
NUMBERS = ["12312312312333", "05901234123457", "261130", "000500", "0123456", "999999", "00", "0"]
PIECES = [*BY_CODE, *CSET_82, *INPUTS, *HALVES, *SIGNS, *PLACES, *NUMBERS]
texts = st.builds(
    "{}{}".format, st.sampled_from(AIM), st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
)
wild = st.text(st.characters()) | st.text("\x1d()/?&=%+^\\]|09A२²", max_size=30)
READERS = (
    elements.parse, elements.parse_bracketed, link.parse, message.parse, us_coupon.parse_8110, us_coupon.parse_8112,
    books.parse,
)  # fmt: skip


def ask(text: str) -> None:
    for reader in READERS:
        try:
            found = reader(text)
        except BarcodeError as error:
            assert error.reason in Reason
            continue
        if isinstance(found, tuple) and not isinstance(found, message.Message):
            then(found)
    assert isinstance(read(text, None, SHOP), Code)


def then(found: tuple[elements.Element, ...]) -> None:
    """Nor does anything else come out of what is done with elements."""
    for each in found:
        values.amount(each), values.day(each), values.moment(each)
    elements.raw(found)
    for deed in (companions.check, link.write):
        try:
            deed(found)
        except BarcodeError as error:
            assert error.reason in Reason


@settings(max_examples=2_000)
@given(st.lists(texts, min_size=10, max_size=10))
def test_only_our_own_error_comes_out(ten: list[str]) -> None:
    for text in ten:
        ask(text)


@settings(max_examples=1_000)
@given(st.sampled_from(AIM), wild)
def test_nor_from_what_is_nothing_at_all(aim: str, text: str) -> None:
    ask(aim + text)


def test_nor_from_very_long_texts() -> None:
    for seed in (
        "1",
        "01",
        "10A",
        GS,
        "(10)A",
        "(",
        "\\(",
        "https://a/",
        "/01",
        "%41",
        "&99=A",
        "8110" + "9" * 40,
        "\ud800",
    ):
        for aim in AIM:
            ask(aim + seed * 10_000)
            ask(aim + "https://a/01/12312312312333?" + seed * 500)
