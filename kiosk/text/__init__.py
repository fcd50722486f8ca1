"""The kiosk's languages: sentences from .po files, money, weight and time as each language writes them.

English is the key: `words("You saved {sum}", sum=words.money(239))`. A number and its unit never part
(no-break spaces). Whatever is put into a sentence is isolated, so that a price in Hebrew reads as a price.
Digits are the Latin ones in every language: those on the goods, the scale and the card terminal. Babel supplies
the number patterns; it is slow to load, so it is asked once per language and currency, at the first sum or by
`Words.warm()`, and not on the way from a scan to the screen.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from kiosk.msg import msg
from kiosk.text.bidi import LRI, PDI, RLI, bare, isolated
from kiosk.text.pseudo import PSEUDO, Stretched
from kiosk.units import UnitPrice

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).parent
NBSP = "\u00a0"
MINUS = "\u2212"
UNITS = (msg("kg"), msg("g"), msg("l"), msg("ml"))
"""What goods are measured in: a translator says how a language writes the symbol, not the word."""
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
DAY = 86_400_000

_ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr)(?:\[\d+\])? ((?:".*"\n?)+)', re.MULTILINE)
_HEADER = r'^"{}: (.*)\\n"$'
_STRING = re.compile(r'^".*"$', re.MULTILINE)


class Catalog(Struct, frozen=True):
    """One .po file: its header fields, the forms of each English sentence, and the rule which one a number takes."""

    header: dict[str, str]
    forms: Mapping[str, tuple[str, ...]]
    rule: str


def parse(po: str) -> Catalog:
    """A catalog from the text of a .po file (the plain subset: no contexts, no fuzzy entries)."""
    forms: dict[str, tuple[str, ...]] = {}
    msgid = ""
    for keyword, strings in _ENTRY.findall("\n".join(ln for ln in po.split("\n") if not ln.startswith("#"))):
        text = "".join(json.loads(string) for string in _STRING.findall(strings))
        if keyword == "msgid":
            msgid = text
            forms[msgid] = ()
        elif keyword == "msgstr":
            forms[msgid] += (text,)
    lines = forms.pop("")[0].splitlines()
    header = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    rule = header.get("Plural-Forms", "nplurals=2; plural=(n != 1);").split("plural=")[-1].rstrip("; ")
    return Catalog(header, forms, rule)


@lru_cache
def plural(rule: str) -> Callable[[int], int]:
    """Which form a number takes, from the C expression of a .po file's header."""
    import gettext

    return gettext.c2py(rule)


@lru_cache
def catalog(language: str) -> Catalog:
    """The catalog of a language tag, by its first part: "fr-CA" reads fr.po. Unknown: English."""
    if language == PSEUDO:
        return Catalog({}, Stretched(), "0")
    return parse(_file(language))


def _file(language: str) -> str:
    path = FOLDER / f"{_primary(language)}.po"
    return (path if path.exists() else FOLDER / "en.po").read_text(encoding="utf-8")


@lru_cache
def told(language: str, field: str) -> str:
    """What the head of a language's file says of it, without reading the rest; empty when it says nothing."""
    found = re.search(_HEADER.format(field), _file(language), re.MULTILINE)
    return found[1].strip() if found else ""


def own_name(language: str) -> str:
    """A language's name in itself: Français."""
    return told(language, "X-Name") or language


def languages() -> tuple[str, ...]:
    """All languages that have a .po file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.po")))


class Pattern(Struct, frozen=True):
    """How one language writes one currency: what stands before and behind the digits, and the two signs."""

    before: str
    after: str
    decimal: str
    group: str
    sizes: tuple[int, int]

    def money(self, minor: int, exponent: int) -> str:
        digits = f"{abs(minor):0{exponent + 1}d}"
        whole, rest = (digits[:-exponent], digits[-exponent:]) if exponent else (digits, "")
        if len(whole) > self.sizes[0]:
            whole = _grouped(whole, self.group, *self.sizes)
        sign = MINUS if minor < 0 else ""
        return f"{sign}{self.before}{whole}{self.decimal if rest else ''}{rest}{self.after}"


def known(language: str) -> "Locale":
    """Babel's knowledge of a language; of one that it does not know, that of English."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache
def pattern(language: str, currency: str) -> Pattern:
    """Babel's pattern for money, read once. Narrow no-break spaces widen: most fonts lack them."""
    locale = known(language)
    written = locale.currency_formats["standard"]
    symbol = locale.currency_symbols.get(currency, currency)
    if symbol == currency:  # Ukrainian writes EUR where every shelf label has its sign
        symbol = known("en").currency_symbols.get(currency, currency)
    before, after = written.prefix[0], written.suffix[0]
    if before.endswith("¤") and symbol[-1].isalpha():
        before += NBSP
    signs = locale.number_symbols["latn"]

    def fixed(text: str) -> str:
        return bare(text.replace("¤", symbol).replace("\u202f", NBSP))

    return Pattern(fixed(before), fixed(after), signs["decimal"], fixed(signs["group"]), written.grouping)


class Words:
    """One language with one currency; words(english, **values) is the sentence in the language.

    `exponent` is the number of decimals of the currency's minor unit (EUR 2, JPY 0, KWD 3).
    """

    def __init__(self, language: str, currency: str = "EUR", exponent: int = 2) -> None:
        self.language = language
        self.currency = currency
        self.exponent = exponent

    def __call__(self, english: str, /, **values: object) -> str:
        found = self._catalog.forms.get(english)
        text = found[0] if found and found[0] else english
        return text.format(**self._isolated(values)) if values else text

    def n(self, one: str, other: str, n: int, /, **values: object) -> str:
        """The form that n takes: words.n("{n} product", "{n} products", 9)."""
        found = self._catalog.forms.get(one)
        text = found[plural(self._catalog.rule)(n)] if found and all(found) else (one if n == 1 else other)
        return text.format(n=n, **self._isolated(values))

    def _isolated(self, values: dict[str, object]) -> dict[str, object]:
        """Names and sums as they stand in a sentence of the language: neither turns the other round."""
        return {
            name: isolated(value, self.rtl) if isinstance(value, str) else value
            for name, value in values.items()
        }

    def line(self, *parts: str, by: str = "") -> str:
        """Texts in a row, in the language's direction, each with its own inside; empty ones are left out.

        Between them stands `by`, or else the language's comma.
        """
        row = (by or self._comma).join(isolated(part, self.rtl) for part in parts if part)
        return f"{RLI}{row}{PDI}" if self.rtl and row else row

    @property
    def _comma(self) -> str:
        return {"ar": "، ", "zh": "，", "ja": "、"}.get(_primary(self.language), ", ")

    @cached_property
    def _catalog(self) -> Catalog:
        return catalog(self.language)

    @property
    def rtl(self) -> bool:
        return right_to_left(self.language)

    @property
    def name(self) -> str:
        return own_name(self.language)

    @cached_property
    def _pattern(self) -> Pattern:
        return pattern(self.language, self.currency)

    def warm(self) -> "Words":
        """Load sentences and Babel's pattern now (some 50 ms the first time), so that the first scan need not."""
        plural(self._catalog.rule)
        self.money(0)
        return self

    def money(self, minor: int) -> str:
        """An amount of minor units: €16.78, 16,78 €, −€1.99. Runs from the left in every language."""
        return self._upright(self._pattern.money(minor, self.exponent))

    def _upright(self, text: str) -> str:
        return f"{LRI}{text}{PDI}" if self.rtl else text

    def unit(self, unit: str) -> str:
        """The symbol of a unit as the language writes it: kg, кг."""
        return self(unit) if unit in UNITS else unit

    def decimal(self, number: int, places: int) -> str:
        """number / 10^places with the language's decimal sign and all its zeros: decimal(645, 3) is 0.645."""
        digits = f"{abs(number):0{places + 1}d}"
        text = f"{digits[:-places]}{self._pattern.decimal}{digits[-places:]}" if places else digits
        return text if number >= 0 else self._upright(MINUS + text)

    def weight(self, grams: int) -> str:
        """0.645 kg"""
        return f"{self.decimal(grams, 3)}{NBSP}{self.unit('kg')}"

    def country(self, code: str) -> str:
        """France, Frankreich: the name of an ISO 3166 code; what is none stays as it is."""
        return str(known(self.language).territories.get(code, code))

    def grams(self, grams: int) -> str:
        """236 g"""
        return f"{self.decimal(grams, 0)}{NBSP}{self.unit('g')}"

    def percent(self, rate: int) -> str:
        """A rate in ten-thousandths of a percent, without needless zeros: 5.5 %, 20 %."""
        whole, rest = divmod(abs(rate), 10_000)
        tail = f"{rest:04d}".rstrip("0")
        text = f"{whole}{self._pattern.decimal}{tail}" if tail else str(whole)
        gap = "" if _primary(self.language) == "en" else NBSP
        return f"{text}{gap}%" if rate >= 0 else self._upright(f"{MINUS}{text}{gap}%")

    def per_unit(self, minor: int, unit: str) -> str:
        """€3.49/kg"""
        return f"{self.money(minor)}/{self.unit(unit)}"

    def per_weight(self, per_kg: int, unit: UnitPrice) -> str:
        """A price per kilogram as the shop writes it, exact: €3.49/kg, €0.349/100 g."""
        measure = self.unit("kg") if unit == "kg" else f"100{NBSP}{self.unit('g')}"
        return f"{self.price_of(per_kg, unit)}/{measure}"

    def price_of(self, per_kg: int, unit: UnitPrice) -> str:
        """What a kilogram or 100 g costs, with one more decimal where 100 g need it: €3.49, €0.349, €0.35."""
        if unit == "kg":
            return self.money(per_kg)
        if per_kg % 10 == 0:
            return self.money(per_kg // 10)
        return self._upright(self._pattern.money(per_kg, self.exponent + 1))

    def clock(self, millis: int, offset: int) -> str:
        """14:32, `offset` minutes east of UTC."""
        minutes = (millis // 60_000 + offset) % 1440
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def date(self, millis: int, offset: int) -> str:
        """The day as the language writes it: 21 nov. 2026. Loads Babel's dates: not for the scan's path."""
        from datetime import date

        from babel.dates import format_date

        day = date.fromordinal(date(1970, 1, 1).toordinal() + (millis + offset * 60_000) // DAY)
        written = str(format_date(day, locale=known(self.language)))
        return isolated(bare(written).replace("\u202f", NBSP), self.rtl)

    def when(self, millis: int, offset: int) -> str:
        """Day and time: 21 nov. 2026, 14:32."""
        by = " " if _primary(self.language) in {"ja", "zh"} else ", "
        return self.line(self.date(millis, offset), self.clock(millis, offset), by=by)

    def countdown(self, millis: int) -> str:
        """Minutes and seconds that are left, the last second counted whole: 0:24."""
        seconds = max(0, -(-millis // 1000))
        return f"{seconds // 60}:{seconds % 60:02d}"


def right_to_left(language: str) -> bool:
    return _primary(language) in RIGHT_TO_LEFT


def _primary(language: str) -> str:
    return re.split("[-_]", language, maxsplit=1)[0].lower()


def _grouped(digits: str, sign: str, last: int, others: int) -> str:
    parts = [digits[-last:]]
    digits = digits[:-last]
    while digits:
        parts.insert(0, digits[-others:])
        digits = digits[:-others]
    return sign.join(parts)


__all__ = [
    "NBSP", "PSEUDO", "Catalog", "Words", "catalog", "languages", "msg", "own_name", "parse", "pattern",
    "right_to_left", "told",
]  # fmt: skip
