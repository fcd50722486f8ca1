"""What can be told of a translation without knowing the language: gaps, forms, placeholders, lengths."""

import re
import string
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from kiosk.text import Catalog, plural
from kiosk.text.bidi import ISOLATES, PDI, bare
from kiosk.text.cells import cells
from kiosk.text.extract import Said

LONGER = 140
"""Percent of the English that a sentence may take, and the cells that a short one may have more."""
SPARE = 8
TRIED = 200
"""Up to this number the plural rule is compared with the one of Unicode's CLDR."""
STOPS = {".": ".。।", "?": "?？؟", ":": ":："}


class Kind(Enum):
    """How grave a finding is: only a `LONG` one leaves the file fit for use."""

    HEADER = "header"
    MISSING = "not translated"
    UNSAID = "not in the code any more"
    FORMS = "plural forms"
    PLACEHOLDERS = "placeholders"
    LINES = "lines"
    STOP = "last sign"
    MARKS = "direction marks"
    LONG = "long"


class Finding(Struct, frozen=True):
    """What is wrong with one sentence, or with the head of the file (no sentence)."""

    kind: Kind
    english: str
    why: str


def findings(language: str, found: Catalog, said: dict[str, Said]) -> Iterator[Finding]:
    """Everything about a catalog that a speaker should look at, in the order of the code."""
    yield from _header(language, found)
    number = _number_of_forms(found)
    for each in said.values():
        forms = found.forms.get(each.one, ())
        if not forms or not all(forms):
            yield Finding(Kind.MISSING, each.one, each.place)
            continue
        wanted = number if each.other else 1
        if len(forms) != wanted:
            yield Finding(Kind.FORMS, each.one, f"{len(forms)}, needs {wanted}")
        for form in forms:
            yield from _sentence(each, form)
    for english in found.forms.keys() - said.keys():
        yield Finding(Kind.UNSAID, english, "remove it")


def _sentence(said: Said, form: str) -> Iterator[Finding]:
    english = said.other if said.other and len(said.other) > len(said.one) else said.one
    counted = {"n"} if said.other else set()
    if fields(form) | counted != fields(said.one) | counted:
        yield Finding(Kind.PLACEHOLDERS, said.one, f"{form}: {sorted(fields(form) ^ fields(said.one))}")
    if form.count("\n") != said.one.count("\n"):
        yield Finding(Kind.LINES, said.one, form)
    printed = not said.place.startswith("screens/")
    for sign, theirs in STOPS.items():
        if not printed and said.one.endswith(sign) != form.rstrip("\u200f").endswith(tuple(theirs)):
            yield Finding(Kind.STOP, said.one, form)
    if sum(form.count(sign) for sign in ISOLATES) != form.count(PDI):
        yield Finding(Kind.MARKS, said.one, form)
    most = max(cells(english) * LONGER // 100, cells(english) + SPARE)
    if cells(bare(form)) > most:
        yield Finding(Kind.LONG, said.one, f"{form}: {cells(bare(form))}, {most} fit anywhere")


def fields(sentence: str) -> set[str]:
    """The names of a sentence's placeholders; a brace alone is named as one that no English has."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
    except ValueError as broken:
        return {str(broken)}


def _number_of_forms(found: Catalog) -> int:
    given = re.search(r"nplurals=(\d+)", found.header.get("Plural-Forms", ""))
    return int(given[1]) if given else 2


def _header(language: str, found: Catalog) -> Iterator[Finding]:
    for name in ("Language", "X-Name", "X-Read-By", "Plural-Forms"):
        if name not in found.header:
            yield Finding(Kind.HEADER, "", f"{name} is not there")
    for one, other in _unlike(language, found):
        yield Finding(
            Kind.HEADER, "", f"Plural-Forms: Unicode's CLDR tells {one} and {other} apart otherwise"
        )
        return
    used = {plural(found.rule)(n) for n in range(TRIED)}
    if used - set(range(_number_of_forms(found))):
        yield Finding(Kind.HEADER, "", f"Plural-Forms: the rule gives {sorted(used)}")


def _unlike(language: str, found: Catalog) -> Iterator[tuple[int, int]]:
    """Pairs of numbers that the file's rule and CLDR's do not put together alike."""
    from babel import Locale, UnknownLocaleError

    try:
        theirs = Locale.parse(language, sep="-").plural_form
    except (UnknownLocaleError, ValueError):
        return
    ours = plural(found.rule)
    first: dict[tuple[int, object], tuple[int, tuple[int, str]]] = {}
    for n in range(TRIED):
        pair = (ours(n), theirs(n))
        for side in (0, 1):
            other = first.setdefault((side, pair[side]), (n, pair))
            if other[1] != pair:
                yield other[0], n
