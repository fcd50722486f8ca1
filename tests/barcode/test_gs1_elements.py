"""Element strings and Digital Links: there and back, and the rules that a vector has not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcode import BarcodeError, Reason
from kiosk.barcode.digits import check_digit
from kiosk.barcode.gs1 import companions, dates, elements, link, lint, message, values
from kiosk.barcode.gs1.elements import GS, Element
from kiosk.barcode.gs1.lookup import BY_CODE
from tests.barcode.ais import some_elements


@given(st.lists(some_elements, min_size=1, max_size=6))
def test_what_is_written_is_read_again(found: list[Element]) -> None:
    said = tuple(found)
    assert elements.parse(elements.raw(said)) == said
    brackets = "".join(f"({ai}){value.replace('(', chr(92) + '(')}" for ai, value in said)
    assert elements.parse_bracketed(brackets) == said


@given(st.lists(some_elements, min_size=1, max_size=6), st.integers(0, 3), st.integers(0, 3))
def test_more_separators_than_must_be_change_nothing(found: list[Element], before: int, between: int) -> None:
    text = GS * before + (GS * (between + 1)).join(f"{ai}{value}" for ai, value in found) + GS * between
    assert elements.parse(text) == tuple(found)


@given(st.lists(some_elements, max_size=5), st.text("0123456789", min_size=13, max_size=13))
def test_a_link_says_what_it_was_written_of(found: list[Element], payload: str) -> None:
    key = Element("01", f"{payload}{check_digit(payload)}")
    rest = {each.ai: each for each in found if BY_CODE[each.ai].attribute and not BY_CODE[each.ai].paths}
    said = (key, *(each for each in rest.values() if each.ai != "01"))
    uri = link.write(said, "shop.example", "p/q")
    assert sorted(link.parse(uri)) == sorted(said)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY), (GS, Reason.EMPTY), ("10", Reason.EMPTY), ("0", Reason.UNKNOWN_AI),
        ("04123", Reason.UNKNOWN_AI), ("10ABC DEF", Reason.CHARACTER), ("1017260230", None), ("1726023", Reason.LENGTH),
        ("17260230", Reason.DATE), ("17260200", None),
        ("4326260200", Reason.DATE), ("00" + "1" * 18, Reason.CHECK_DIGIT),
        ("8004ABCD", Reason.COMPANY_PREFIX), ("800412345", None), ("8004123", Reason.COMPANY_PREFIX),
        ("3911999123", None), ("3911000123", Reason.CURRENCY), ("422999", Reason.COUNTRY),
        ("70032602032400", Reason.TIME),
        ("43242602039999", None), ("70032602039999", Reason.TIME), ("10" + "A" * 21, Reason.LENGTH),
        ("10²", Reason.CHARACTER), ("17२६०२०३", Reason.CHARACTER), ("10\ud800", Reason.CHARACTER),
        ("99" + "A" * 9000, Reason.LENGTH), ("4330012345-", None), ("43300123451", Reason.CONTENT),
        ("80142345ABC", Reason.CHECK_DIGIT), ("7041ZZ", None), ("7041000", Reason.CONTENT),
    ],
)  # fmt: skip
def test_a_string_is_read_or_refused_by_its_reason(text: str, reason: Reason | None) -> None:
    if reason is None:
        assert elements.parse(text)
    else:
        with pytest.raises(BarcodeError) as caught:
            elements.parse(text)
        assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("pair", "right"),
    [
        ("1987654Ad4X4bL5ttr2310c2K", True), ("1987654Ad4X4bL5ttr2310cK2", False), ("22", True), ("2", False),
        ("12345678901234567890123NT", True), ("12345_ABCDEFGHIJKLMCP", True), ("1234 NT", False),
    ],
)  # fmt: skip
def test_check_pairs(pair: str, right: bool) -> None:
    assert lint.check_pair(pair) is right


def test_companions_are_asked_for_over_the_whole() -> None:
    for text, reason in (
        ("(10)A", Reason.COMPANION_MISSING), ("(01)09501101530003(10)A", None),
        ("(01)09501101530003(37)5", Reason.EXCLUDED), ("(01)09501101530003(3922)199", Reason.COMPANION_MISSING),
        ("(01)09501101530003(3922)199(30)2", None), ("(01)09501101530003(10)A(10)B", Reason.REPEATED),
        ("(01)09501101530003(3103)000500(3102)000050", Reason.EXCLUDED), ("(99)A", None),
    ):  # fmt: skip
        found = elements.parse_bracketed(text)
        if reason is None:
            companions.check(found)
        else:
            with pytest.raises(BarcodeError) as caught:
                companions.check(found)
            assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("https://a/01/12312312312333/235/X/10/Y", Reason.LINK_PATH),
        ("https://a/01/12312312312333/10/X/10/Y", Reason.LINK_PATH),
        ("https://a/01/12312312312333?21=X", Reason.LINK_PATH),
        ("https://a/01/12312312312333/10/A%00B", Reason.CHARACTER),
        ("https://a/01/12312312312333/10/%E2%82%AC", Reason.CHARACTER),
        ("https://a/01/12312312312334", Reason.CHECK_DIGIT),
        ("https://a?/01/12312312312333", Reason.NOT_A_LINK),
        ("https://a/01/12312312312333é", Reason.NOT_A_LINK),
        ("Https://a/01/12312312312333", Reason.NOT_A_LINK),
        ("https://a/01/12312312312333?99=A&99=A", Reason.REPEATED),
        ("https://a/01/12312312312333?0=A", Reason.UNKNOWN_AI),
    ],
)
def test_a_link_is_refused_by_its_reason(uri: str, reason: Reason) -> None:
    with pytest.raises(BarcodeError) as caught:
        link.parse(uri)
    assert caught.value.reason is reason


def test_a_link_without_a_key_cannot_be_written() -> None:
    with pytest.raises(BarcodeError, match="link_path"):
        link.write((Element("10", "A"),))


def test_a_value_is_escaped_wherever_it_stands() -> None:
    said = link.parse("https://a/01/12312312312333/10/A%2FB?400=1%2B2")
    assert link.write(said) == "https://id.gs1.org/01/12312312312333/10/A%2FB?400=1%2B2"


def test_years_are_near_the_origin_and_need_no_clock() -> None:
    assert [dates.year_of(short) for short in (26, 76, 77, 99, 0)] == [2026, 2076, 1977, 1999, 2000]
    assert dates.date("000200") == "2000-02-29" and dates.date("20000229") == "2000-02-29"
    for wrong in ("", "26", "261301", "260001", "00000101", "2611301", "२६११३०"):
        with pytest.raises(BarcodeError, match="date"):
            dates.date(wrong)


def test_what_values_mean() -> None:
    assert values.amount(Element("3932", "9780199")) == (199, 2, "EUR")
    assert values.amount(Element("3103", "000500")) == (500, 3, "")
    assert values.amount(Element("37", "5")) is None
    assert values.day(Element("7007", "260101260131")) == "2026-01-01"
    assert values.moment(Element("7251", "200001311205")) == "2000-01-31T12:05:00"
    assert (
        values.moment(Element("7007", "260101260131")) == "" == values.moment(Element("4324", "2601019999"))
    )


def test_a_scan_without_a_known_identifier_is_none() -> None:
    for scan in ("", "]", "5901234123457", "]Z9ABC", "]q1ABC"):
        with pytest.raises(BarcodeError, match="symbology"):
            message.parse(scan)
