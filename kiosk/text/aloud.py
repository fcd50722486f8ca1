"""Sums, weights and signs as a voice reads them right: "€12.50" as "12 euros 50", "0.655 kg" as "655 grams".

    Aloud(words)("Bananas. 0.655 kg × €1.79/kg")  ->  "Bananas. 655 grams times 1 euro 79 per kilogram"

Babel has the names of currencies and units in every language. It is slow to load: this runs on the voice's thread.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from kiosk.text import MINUS, NBSP, Words
from kiosk.text.bidi import bare

UNITS = {"kg": "mass-kilogram", "g": "mass-gram", "L": "volume-liter", "l": "volume-liter", "ml": "volume-milliliter",
         "mL": "volume-milliliter", "cl": "volume-centiliter"}  # fmt: skip
GAP = f"[ {NBSP}]"


class Aloud:
    """One language's texts, rewritten for a voice."""

    def __init__(self, words: Words) -> None:
        self._words = words
        written = words._pattern
        number = rf"\d[\d{re.escape(written.group)}]*"
        rest = rf"(?:{re.escape(written.decimal)}(\d+))?"
        self._units = UNITS | {words(each): UNITS[each] for each in ("kg", "g", "l", "ml")}
        symbol = "|".join(sorted(map(re.escape, self._units), key=len, reverse=True))
        before, after = re.escape(bare(written.before)), re.escape(bare(written.after))
        self._decimal = re.escape(written.decimal)
        sum_ = rf"{before}({number}){rest}{after}"
        self._rules: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
            (re.compile(rf"{MINUS}(?={before}\d)"), lambda _: f"{words('minus')} "),
            (re.compile(rf"{sum_}/(100{GAP})?({symbol})\b"), self._rate),
            (re.compile(sum_), self._sum),
            (re.compile(rf"(\d+)(?:{self._decimal}(\d+))?{GAP}({symbol})\b"), self._weight),
            (
                re.compile(rf"\b(?:kg|{re.escape(words('kg'))})\b"),
                lambda _: unit(words.language, UNITS["kg"], "1").replace("1", "").strip(),
            ),
            (re.compile(rf"{GAP}?×{GAP}?"), lambda _: f" {words('times')} "),
            (re.compile(r"\b0:(\d\d)\b"), lambda at: words.n("{n} second", "{n} seconds", int(at[1]))),
            (re.compile("[“”„«»\n]"), lambda _: " "),
            (re.compile(" {2,}"), lambda _: " "),
        )

    def __call__(self, text: str) -> str:
        text = bare(text)
        for sought, said in self._rules:
            text = sought.sub(said, text)
        return text.strip()

    def _sum(self, found: re.Match[str]) -> str:
        """Whole units with the currency's name, then the hundredths alone, as people say them."""
        whole, rest = int(re.sub(r"\D", "", found[1])), (found[2] or "").rstrip()
        name = currency(self._words.language, self._words.currency, whole, bool(rest.strip("0")))
        cents = f" {int(rest)}" if rest.strip("0") else ""
        if len(rest) > self._words.exponent:  # a price of 100 g, with one decimal more
            return f"{found[1]}{self._words._pattern.decimal}{rest} {name}"
        return f"{whole} {name}{cents}"

    def _rate(self, found: re.Match[str]) -> str:
        sum_ = self._sum(found)
        if found[3]:
            return f"{sum_}, {unit(self._words.language, 'mass-gram', '100')}"
        return per(self._words.language, sum_, self._units[found[4]]).replace("/", ", ")

    def _weight(self, found: re.Match[str]) -> str:
        whole, rest, name = found[1], found[2] or "", self._units[found[3]]
        if name == UNITS["kg"] and len(rest) == 3 and not int(whole):
            return unit(self._words.language, UNITS["g"], str(int(rest)))
        rest = rest.rstrip("0")
        return unit(self._words.language, name, f"{whole}.{rest}" if rest else whole)


@lru_cache(maxsize=512)
def currency(language: str, code: str, whole: int, more: bool) -> str:
    """euro, euros: as many as the whole units are."""
    from decimal import Decimal

    from babel.numbers import get_currency_name

    count = Decimal(whole or (2 if more else 0))
    return str(get_currency_name(code, count=count, locale=language.replace("-", "_")))


@lru_cache(maxsize=512)
def unit(language: str, name: str, number: str) -> str:
    """655 grams; digits keep the language's decimal sign."""
    from decimal import Decimal

    from babel.units import format_unit

    return str(format_unit(Decimal(number), name, "long", format="0.###", locale=language.replace("-", "_")))


@lru_cache(maxsize=512)
def per(language: str, sum_: str, name: str) -> str:
    """3 euros 49 per kilogram"""
    from babel.units import format_compound_unit

    compound: Any = (
        format_compound_unit  # it takes a number that is in words already, its types do not say so
    )
    return str(compound(sum_, denominator_unit=name, length="long", locale=language.replace("-", "_")))
