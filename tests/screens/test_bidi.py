"""Lines that run from right to left, with numbers and prices that do not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.bidi import visual


def seen(text: str) -> str:
    """What stands on the line from left to right; parts that run from the right are turned round."""
    return "".join(part.text[::-1] if part.right_to_left else part.text for part in visual(text))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("To pay €16.78", "To pay €16.78"),
        ("אבג", "גבא"),
        ("אב 12,50", "12,50 בא"),
        ("אב \u206612,50\u00a0€\u2069", "12,50\u00a0€ בא"),
        ("אב 12:30 גד", "דג 12:30 בא"),
        ("abc אבג def", "abc גבא def"),
        ("אב (abc) גד", "דג (abc) בא"),
        ("3 אב", "בא 3"),
        ("مبلغ 12.5", "12.5 غلبم"),
        ("ابج 4 × 125 غ", "غ 125 × 4 جبا"),
    ],
)
def test_a_line_as_the_standard_orders_it(text: str, line: str) -> None:
    assert seen(text) == line


@given(st.text(alphabet="ab אבجد12.,€ ()-/"))
def test_nothing_is_lost_and_nothing_added(text: str) -> None:
    assert sorted(seen(text).replace("(", ")")) == sorted(text.replace("(", ")"))


@given(st.text(alphabet="abcdefg 12.,€()"))
def test_latin_lines_stay_as_they_are(text: str) -> None:
    assert seen(text) == text
    assert not any(unicodedata.bidirectional(sign) == "R" for sign in seen(text))
