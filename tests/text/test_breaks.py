"""Where lines end: at spaces and soft hyphens, between the characters of Chinese and Japanese, never before a unit."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.text.breaks import NEVER_FIRST, NEVER_LAST, pieces
from kiosk.text.cells import cells, chunks, clean, fold, mirrored


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("To pay now", ["To ", "pay ", "now"]),
        ("Mindest\u00adhaltbar", ["Mindest\u00ad", "haltbar"]),
        ("Milk 1.5 l here", ["Milk ", "1.5 l ", "here"]),
        ("Молоко 500 г", ["Молоко ", "500 г"]),
        ("زبادي 125 غ", ["زبادي ", "125 غ"]),
        ("4 × 125 g", ["4 ", "× ", "125 g"]),
        ("豆腐です。", ["豆", "腐", "で", "す。"]),
        ("「今日」は9点、", ["「今", "日」", "は", "9点、"]),
        ("トマト", ["ト", "マ", "ト"]),
        ("カード", ["カー", "ド"]),
        ("支付 €12", ["支", "付 ", "€12"]),
        ("请用Visa卡", ["请", "用", "Visa", "卡"]),
    ],
)
def test_what_stays_whole(text: str, whole: list[str]) -> None:
    assert list(pieces(text)) == whole


@given(st.text(alphabet="ab 12 g。、「」豆腐カー\u00ad\u200b"))
def test_nothing_is_lost_and_no_line_begins_or_ends_wrongly(text: str) -> None:
    found = list(pieces(text))
    assert "".join(found) == text
    for before, after in pairwise(found):
        if before[-1] not in " \u00ad\u200b":
            assert after[0] not in NEVER_FIRST and before[-1] not in NEVER_LAST and not before[-1].isdigit()


@given(st.text(alphabet="ab 12 豆腐、חלב\u2068\u2069", max_size=40), st.integers(4, 12))
def test_paper_folds_within_its_columns_and_loses_nothing(text: str, width: int) -> None:
    lines = fold(clean(text), width)
    assert all(cells(line) <= width for line in lines)
    kept = "".join(lines).replace(" ", "")
    drop = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f "))
    assert kept.translate(drop) == text.translate(drop)


def test_a_line_for_readers_from_the_right() -> None:
    line = "Bread               3.45 B"
    assert list(chunks(line)) == [(0, "Bread"), (20, "3.45 B")]
    assert mirrored(line, 26) == "3.45 B               Bread"
    assert mirrored("  3 × 1.89", 26) == "                3 × 1.89"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a \u2068ב\u2069", "a \u2068ב\u2069"),
        ("a \u2068ב", "a ב"),
        ("a\u2069 b\u2068", "a b"),
        ("\u202ea\u00ad\u200f", "a"),
    ],
)
def test_only_closed_isolates_stay_on_paper(text: str, left: str) -> None:
    assert clean(text) == left
