"""Receipts on a grid: golden texts, and no price is ever cut, whatever a product is called."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.model import Line
from kiosk.receipt import LineItem, receipt
from kiosk.slips import document
from kiosk.text import Words
from kiosk.text.cells import cells, clean, fold
from kiosk.text.receipt_lines import lines, words_for
from kiosk.units import LineNo
from tests.receipt.sample import BREAD, LINES, SHOP, closed, handed_over, refund, slip

GOLDEN = Path(__file__).parent.parent / "golden" / "receipts"


PAPERS = {
    "everything": lambda language: document(closed(language=language), SHOP, copy=1),
    "training": lambda language: document(closed(LINES[:2], language, training=True), SHOP),
    "refund": lambda language: document(refund(language), SHOP),
    "handover": lambda language: document(handed_over(language), SHOP),
    "card-not-charged": lambda language: document(slip(language), SHOP),
}


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("language", ["en", "fr", "de"])
@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_as_it_is_printed(name, language, columns):
    made = PAPERS[name](language)
    text = "\n".join(lines(made, words_for(made), columns)) + "\n"
    path = GOLDEN / f"{name}-{language}-{columns}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ended", "shown"),
    [(1_792_886_400_000, "Oct 25, 2026, 01:50–02:00"), (1_792_893_600_000, "Oct 25, 2026, 02:50–03:00")],
)
def test_the_clocks_may_change_while_the_kiosk_runs(ended, shown):
    sale = closed(started=ended - 600_000, ended=ended)
    assert any(text.strip() == shown for text in lines(receipt(sale, SHOP), Words("en")))


@given(st.text(max_size=120), st.integers(24, 64), st.integers(1, 9_999_999))
def test_no_name_cuts_a_price_or_leaves_the_paper(name, columns, price):
    item = replace(BREAD, name=name, price=price, groups=())
    document = receipt(closed((Line(LineNo(1), item),)), SHOP)
    words = Words("en", "EUR", 2)
    texts = lines(document, words, columns)
    assert all(cells(text) <= columns for text in texts)
    [sold] = [block for block in document.blocks if isinstance(block, LineItem)]
    assert any(text.endswith(f"{words.decimal(sold.amount, 2)} B") for text in texts)


@given(st.text(max_size=80))
def test_what_is_clean_cannot_command_a_printer_or_turn_the_writing(text):
    cleaned = clean(text)
    assert all(char >= " " and not "\x7f" <= char <= "\x9f" for char in cleaned)
    assert not set(cleaned) & set(
        "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
    )
    assert clean(cleaned) == cleaned


@given(st.text(max_size=80), st.integers(2, 40))
@example("00א", 2)
def test_folding_loses_nothing_but_spaces(text, width):
    """Each line may get a mark that keeps the direction of the whole."""
    parts = fold(clean(text), width)
    assert all(cells(part) <= width for part in parts)
    marks = str.maketrans("", "", "\u200e\u200f")
    assert "".join(parts).translate(marks).replace(" ", "") == clean(text).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "width"),
    [("Brot", 4), ("Crème", 5), ("Cre\u0300me", 5), ("豆腐", 4), ("🍌", 2), ("ﾄｳﾌ", 3), ("한국", 4)],
)
def test_cells(text, width):
    assert cells(text) == width
