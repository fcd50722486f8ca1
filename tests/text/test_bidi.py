"""The order of signs on a line: as the standard's own cases have it, and as another implementation does."""

import unicodedata
from pathlib import Path

import pytest
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.text.bidi import UNSEEN, bare, base_of, carried, cut, isolated, ordered, visual
from kiosk.text.levels import levels

CASES = Path("/usr/share/unicode/BidiCharacterTest.txt")
ALPHABET = "ab Z אבגד ابجد 0123456789٠١٢ .,:/+-%€₪$\u00a0\u2212×\u0301\u200e\u200f"
BRACKETS, ISOLATES = "()[]", "\u2066\u2067\u2068\u2069"
EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e"


def texts(more: str = "") -> st.SearchStrategy[str]:
    """Not with both: for brackets after an isolate the oracle overlooks what stands before it (rule N0)."""
    both = (ALPHABET + BRACKETS + more, ALPHABET + ISOLATES + more)
    return st.sampled_from(both).flatmap(lambda alphabet: st.text(alphabet=alphabet, max_size=40))


def seen(text: str, base: int | None = None) -> str:
    """What stands on the line from left to right; parts that run from the right are turned round."""
    return "".join(part.text[::-1] if part.right_to_left else part.text for part in visual(text, base))


def theirs(text: str, base: str | None = None) -> str:
    """The order of another implementation, without the marks that are not drawn."""
    return "".join(get_display(text, base_dir=base)).translate(UNSEEN)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("To pay €16.78", "To pay €16.78"),
        ("אבג", "גבא"),
        ("אב 12,50", "12,50 בא"),
        ("אב \u206612,50\u00a0€\u2069", "12,50\u00a0€ בא"),
        ("אב 12:30 גד", "דג 12:30 בא"),
        ("abc אבג def", "abc גבא def"),
        ("אב (abc) גד", "דג )abc( בא"),
        ("3 אב", "בא 3"),
        ("مبلغ 12.5", "12.5 غلبم"),
        ("ابج 4 × 125 غ", "غ 125 × 4 جبا"),
        ("\u206812,50\u00a0€\u2069 שולם", "םלוש 12,50\u00a0€"),
        ("(אב) 1", "1 )בא("),
        ("Zא\u20660\u2069[0]", "Z]0[0א"),
    ],
)
def test_a_line_as_the_standard_orders_it(text: str, line: str) -> None:
    assert seen(text) == line


@settings(max_examples=500)
@given(texts())
def test_another_implementation_orders_it_alike(text: str) -> None:
    assert seen(text) == theirs(text)


@settings(max_examples=300)
@given(texts(EMBEDDINGS), st.sampled_from([0, 1]))
def test_with_embeddings_and_overrides_too(text: str, base: int) -> None:
    text += "x"  # the oracle does not give the blanks at a line's end back to the line (rule L1) when embeddings do
    assert seen(text, base) == theirs(text, "LR"[base])


def test_the_standards_own_cases() -> None:
    if not CASES.exists():
        pytest.skip("needs the Debian package unicode-data")
    wrong, number = [], 0
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        codes, given_, base, wanted, order = line.split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        number += 1
        if number % 7:
            continue
        ours = base_of(text) if given_ == "2" else int(given_)
        told = [-1 if level == "x" else int(level) for level in wanted.split()]
        if (ours, levels(text, ours)) != (int(base), told) or [at for at, _ in ordered(text, ours)] != [
            int(at) for at in order.split()
        ]:
            wrong.append(line)
    assert number > 90_000 and wrong == []


@given(st.text(alphabet=ALPHABET + BRACKETS + ISOLATES, max_size=40))
def test_nothing_is_lost_and_nothing_added(text: str) -> None:
    assert sorted(seen(text)) == sorted(bare(text))


@given(st.text(alphabet="abcdefg 12.,€()"))
def test_latin_lines_stay_as_they_are(text: str) -> None:
    assert seen(text) == text


@given(
    st.text(alphabet="אבגد ab", max_size=12),
    st.text(alphabet="0123456789.,€- ab(גا)", min_size=1, max_size=12).map(str.strip),
)
def test_an_isolated_value_is_drawn_as_it_is_alone(sentence: str, value: str) -> None:
    """But for a blank at the very end of a line, which is the line's (rule L1)."""
    line = seen(f"{sentence}{isolated(value, True)}{sentence}")
    assert seen(value) in line


@given(st.lists(st.text(alphabet="אבa1 €,.\u2066\u2069", min_size=1, max_size=8), min_size=1, max_size=5))
def test_a_broken_line_keeps_its_direction_and_its_isolates(lines: list[str]) -> None:
    made = carried(lines)
    assert [bare(line) for line in made] == [bare(line) for line in lines]
    if any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in "".join(lines)):
        assert {base_of(line) for line in made} == {base_of("".join(lines))}


def test_letters_join_over_a_cut() -> None:
    assert cut("حليب", 1, 3) == ("ح\u200d", "\u200dلي\u200d", "\u200dب")
    assert cut("Milk", 1, 3) == ("M", "il", "k")
    assert "".join(cut("חלב", 0, 2)) == "חלב"
