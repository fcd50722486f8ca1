"""Makes the table of application identifiers from the GS1 Barcode Syntax Dictionary:

    python -m tests.barcode.ai_table        # writes kiosk/barcode/gs1/table.py

The dictionary lies beside this file as GS1 publishes it (github.com/gs1/gs1-syntax-dictionary), under the Apache
licence 2.0 that stands at its top. For a newer one replace the file and run this again.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from kiosk.barcode.gs1.ai import Ai, Part

HERE = Path(__file__).resolve().parent
DICTIONARY = HERE / "gs1-syntax-dictionary.txt"
TABLE = HERE.parents[1] / "kiosk" / "barcode" / "gs1" / "table.py"

HEAD = '''"""Every application identifier. Made by `python -m tests.barcode.ai_table`; do not edit.

From the GS1 Barcode Syntax Dictionary: Copyright (c) 2020-2021 BWIPP project, 2020-2021 Zint Project,
2021-2025 GS1 AISBL; Apache licence 2.0.
"""

# ruff: noqa: E501
# fmt: off

from kiosk.barcode.gs1.ai import Ai, Part

AIS = (
'''
AI = re.compile(r"([0-9]{2,4})(?:-([0-9]{2,4}))?")
PART = re.compile(r"(\[)?([NXYZ])(\.\.)?([0-9]+)\]?((?:,\w+)*)")


class DictionaryError(Exception):
    """A line of the dictionary that we do not understand."""


def entries(text: str) -> Iterator[Ai]:
    """The table's rows, in the order of the dictionary."""
    for number, line in enumerate(text.splitlines(), 1):
        rules, _, title = line.partition("#")
        if not rules.strip():
            continue
        try:
            yield entry(rules.split(), title.strip())
        except DictionaryError as wrong:
            raise DictionaryError(f"line {number}: {wrong}: {line}") from None


def entry(words: list[str], title: str) -> Ai:
    first, *rest = words
    ais = AI.fullmatch(first)
    if ais is None:
        raise DictionaryError("no application identifier")
    flags = "" if PART.fullmatch(rest[0]) else rest.pop(0)
    if set(flags) - set("*?"):
        raise DictionaryError(f"unknown flags {flags}")
    parts: list[Part] = []
    while rest and (found := PART.fullmatch(rest[0])):
        optional, charset, varies, most, linters = found.groups()
        least = 1 if varies else int(most)
        parts.append(Part(charset, least, int(most), bool(optional), tuple(linters.split(",")[1:])))
        rest.pop(0)
    requires, excludes, paths = attributes(rest)
    return Ai(
        ais[1], ais[2] or ais[1], "*" in flags, "?" in flags, tuple(parts), requires, excludes, paths, title
    )


def attributes(
    words: list[str],
) -> tuple[tuple[tuple[tuple[str, ...], ...], ...], tuple[str, ...], tuple[tuple[str, ...], ...]]:
    requires, excludes, paths = [], [], []
    for word in words:
        name, _, value = word.partition("=")
        match name:
            case "req":
                requires.append(tuple(tuple(group.split("+")) for group in value.split(",")))
            case "ex":
                excludes += value.split(",")
            case "dlpkey":
                paths += [tuple(path.split(",")) if path else () for path in value.split("|")]
            case _:
                raise DictionaryError(f"unknown attribute {name}")
    return tuple(requires), tuple(excludes), tuple(paths)


def made(text: str) -> str:
    """The module as it should stand in the repository."""
    rows = "".join(f"    Ai({', '.join(map(written, row))}),\n" for row in entries(text))
    return f"{HEAD}{rows})\n"


def written(value: object) -> str:
    """A value as Python, with double quotes."""
    match value:
        case Part():
            return f"Part({', '.join(map(written, value))})"
        case tuple():
            inside = ", ".join(map(written, value))
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case str():
            return '"' + value.replace('"', '\\"') + '"'
        case _:
            return repr(value)


if __name__ == "__main__":
    TABLE.write_text(made(DICTIONARY.read_text(encoding="utf-8")), encoding="utf-8")
