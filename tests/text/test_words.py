"""Sentences, money and weight in three languages, exact to the last minor unit."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from kiosk.text import NBSP, Words, catalog, languages, parse

ROOT = Path(__file__).parents[2]
NOON = 1_795_262_400_000  # 2026-11-21 12:00 UTC


@pytest.mark.parametrize(
    "language, written",
    [("en", "€16.78"), ("fr", "16,78 €"), ("de", "16,78 €"), ("en-IE", "€16.78")],
)
def test_money_as_the_language_writes_it(language: str, written: str) -> None:
    assert Words(language).money(1678) == written.replace(" ", NBSP)


@pytest.mark.parametrize(
    "language, currency, exponent, minor, written",
    [
        ("en", "EUR", 2, 5, "€0.05"),
        ("en", "EUR", 2, -199, "−€1.99"),
        ("de", "EUR", 2, -199, "−1,99 €"),
        ("en", "JPY", 0, 1234, "¥1,234"),
        ("en", "KWD", 3, 1234, "KWD 1.234"),
        ("de", "EUR", 2, 123456789, "1.234.567,89 €"),
        ("fr", "EUR", 2, 123456, "1 234,56 €"),
        ("hi", "INR", 2, 1234567890, "₹1,23,45,678.90"),
        ("de-CH", "CHF", 2, 905, "CHF 9.05"),
        ("xx", "EUR", 2, 100, "€1.00"),
    ],
)
def test_any_currency(language: str, currency: str, exponent: int, minor: int, written: str) -> None:
    assert Words(language, currency, exponent).money(minor) == written.replace(" ", NBSP)


@given(st.integers(0, 10**15), st.sampled_from(["en", "fr", "de", "es", "it", "nl", "sv"]))
def test_money_is_what_babel_writes_from_a_decimal(minor: int, language: str) -> None:
    babel = format_currency(Decimal(minor) / 100, "EUR", locale=language)
    assert Words(language).money(minor) == babel.replace("\u202f", NBSP)


def test_weight_unit_price_and_percent() -> None:
    en, fr = Words("en"), Words("fr")
    assert en.weight(645) == f"0.645{NBSP}kg"
    assert fr.weight(-5) == f"−0,005{NBSP}kg"
    assert en.grams(236) == f"236{NBSP}g"
    assert en.per_unit(349, "kg") == "€3.49/kg"
    assert fr.per_unit(349, "kg") == f"3,49{NBSP}€/kg"
    assert (en.percent(55_000), en.percent(200_000), fr.percent(88_750)) == ("5.5%", "20%", f"8,875{NBSP}%")


def test_the_day_and_the_hour() -> None:
    fr = Words("fr")
    assert fr.when(NOON, 60) == "21 nov. 2026, 13:00"
    assert Words("de").when(NOON, 60) == "21.11.2026, 13:00"
    assert fr.clock(NOON, -12 * 60 - 1) == "23:59"
    assert fr.date(NOON, -12 * 60 - 1) == "20 nov. 2026"
    assert [fr.countdown(ms) for ms in (24_000, 23_001, 61_000, -5)] == ["0:24", "0:24", "1:01", "0:00"]


def test_sentences_and_plurals() -> None:
    fr = Words("fr")
    assert fr("You saved {sum}", sum=fr.money(239)) == f"Vous avez économisé 2,39{NBSP}€"
    assert [fr.n("{n} product", "{n} products", n) for n in (0, 1, 2)] == [
        "0 article",
        "1 article",
        "2 articles",
    ]
    assert Words("en").n("{n} product", "{n} products", 0) == "0 products"
    assert fr("A sentence nobody translated") == "A sentence nobody translated"


def test_every_language_names_itself() -> None:
    assert set(languages()) >= {"en", "fr", "de"}
    assert [Words(language).name for language in ("en", "fr", "de")] == ["English", "Français", "Deutsch"]


def test_direction() -> None:
    assert Words("ar-EG").rtl and not Words("de").rtl


def test_a_po_file_with_long_strings_and_escapes() -> None:
    po = 'msgid ""\nmsgstr ""\n"X-Name: T\\n"\n\n#: a.py:3\nmsgid "a \\"b\\""\nmsgstr ""\n"c\\n"\n"d"\n'
    assert parse(po).forms == {'a "b"': ("c\nd",)}


def test_an_unknown_language_is_english() -> None:
    assert catalog("xx").header == catalog("en").header


def test_babel_stays_off_the_start() -> None:
    code = "import sys; from kiosk.text import Words; Words('fr')('Pay'); sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
