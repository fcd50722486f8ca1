#!/usr/bin/env python3
"""How many vectors of a folder our code agrees with:  python tests/vectors/run.py DIR [--only built]

DIR holds JSON files in one of the three forms of `../shared/vectors/{gs1,scales,payments}`:

    gs1       {"group": …, "vectors": [{"id", "input", "valid", "options", "expect"}]}
    scales    {"protocol": …, "vectors": [{"id", "request_hex", "response_hex", "expect": {"kind"}}]}
    payments  [{"name", "protocol", "hex" | "text" | "json", "options", "expect": {"valid"}}]

A vector agrees when our reader accepts or refuses it as stated, and every field stated in `expect` is found
equal. Hints are not compared (`HINTS`). A field that the adapter does not answer disagrees; so does a crash,
and so does every vector of a group that has no reader yet, unless `--only built` leaves those out.
Exit code: 0 all agree, 1 some do not, 2 a file or the folder cannot be read.

To plug in a reader, put `adapters_<family>.py` beside this file, with

    ADAPTERS = {"toledo_8217": toledo_8217}          # a group's or a protocol's name, as in the files

    def toledo_8217(vector: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        return accepted, fields

It is found by its name. An adapter gets the whole vector and calls the real reader; of `expect` it reads
nothing. It catches the reader's own error only, and then answers (False, fields); anything else raised counts
as a crash. On an option that it does not know it raises. Fields are named as in the README of the vectors.
A Decimal is compared by value with what is stated; `flags` as a set, without those that the vector calls
ambiguous; everything else must be equal, type and all (True is not 1), and a stated null needs a None.
For scales, "accepted" is every kind but "error"; of an "error" the kind itself is not compared.
"""

import argparse
import importlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

T = TypeVar("T")
Vector = dict[str, Any]
Adapter = Callable[[Vector], tuple[bool, dict[str, Any]]]

HINTS = {
    "gs1": {"error", "prefix_usage_contains"},
    "scales": {"reason", "ambiguous", "note"},
    "payments": {"valid"},
}


class MalformedError(Exception):
    """The folder, or a file of it, is not of a form that we know."""


class Case(NamedTuple):
    """One vector: its family, group or protocol, name, and whether it must be accepted."""

    family: str
    reader: str
    name: str
    valid: bool
    vector: Vector


def cases(path: Path) -> Iterator[Case]:
    """The vectors of a file, whichever of the three forms it has."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MalformedError(f"{path}: {error}") from None
    try:
        vectors = data if isinstance(data, list) else data["vectors"]
        if not vectors:
            raise MalformedError(f"{path}: no vectors in it")
        for vector in vectors:
            expect = _is(dict, _is(dict, vector).get("expect", {}))
            if isinstance(data, list):
                reader, name, valid = vector["protocol"], vector["name"], expect["valid"]
                family = "payments"
            elif "group" in data:
                reader, name, valid = data["group"], vector["id"], vector["valid"]
                family = "gs1"
                _is(str, vector["input"])
            else:
                reader, name, valid = data["protocol"], vector["id"], _is(str, expect["kind"]) != "error"
                family = "scales"
            yield Case(family, _is(str, reader), _is(str, name), _is(bool, valid), vector)
    except KeyError as error:
        raise MalformedError(f"{path}: {error} is missing") from None
    except TypeError as error:
        raise MalformedError(f"{path}: not in the form of gs1, scales or payments vectors: {error}") from None


def _is(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} should be a {kind.__name__}")
    return value


def adapters() -> dict[str, Adapter]:
    """Every reader that is built, from the adapters_*.py beside this file."""
    found: dict[str, Adapter] = {}
    for path in sorted(HERE.glob("adapters_*.py")):
        found |= importlib.import_module(path.stem).ADAPTERS
    return found


def disagreement(case: Case, adapter: Adapter) -> str | None:
    """What our reader says otherwise than the vector, or None."""
    try:
        accepted, fields = adapter(case.vector)
        return _difference(case, accepted, fields)
    except Exception as error:  # whatever a reader lets out is what we came to find
        return f"crashed: {error!r}"


def _difference(case: Case, accepted: bool, fields: dict[str, Any]) -> str | None:
    if accepted != case.valid:
        return "accepted" if accepted else "refused"
    hints = HINTS[case.family] | ({"kind"} if case.family == "scales" and not case.valid else set())
    expect = case.vector.get("expect", {})
    ambiguous = set(expect.get("ambiguous", ()))
    for name, stated in expect.items():
        if name in hints:
            continue
        if name not in fields:
            return f"{name} is not answered, stated is {stated!r}"
        ours = fields[name]
        if name == "flags":
            stated, ours = sorted(set(stated) - ambiguous), sorted(set(ours) - ambiguous)
        if not same(ours, stated):
            return f"{name} is {ours!r}, stated is {stated!r}"
    return None


def same(ours: Any, stated: Any) -> bool:
    """Equal in type and value, all the way down; a Decimal of ours by value alone."""
    if isinstance(ours, Decimal):
        try:
            return not isinstance(stated, bool) and ours == Decimal(str(stated))
        except InvalidOperation:
            return False
    if isinstance(ours, list | tuple) and isinstance(stated, list):
        return len(ours) == len(stated) and all(map(same, ours, stated))
    if isinstance(ours, dict) and isinstance(stated, dict):
        return ours.keys() == stated.keys() and all(same(ours[key], stated[key]) for key in stated)
    if isinstance(stated, str):
        return isinstance(ours, str) and ours == stated
    return type(ours) is type(stated) and bool(ours == stated)


def report(path: Path, built: dict[str, Adapter], only_built: bool) -> tuple[int, int]:
    """Print how a file fares: how many agree, of how many."""
    agreed = total = 0
    missing: Counter[str] = Counter()
    lines = []
    for case in cases(path):
        if case.reader not in built:
            missing[case.reader] += 1
            continue
        total += 1
        problem = disagreement(case, built[case.reader])
        agreed += problem is None
        if problem is not None:
            lines.append(f"    {case.name}: {problem}")
    if not only_built:
        total += missing.total()
    unbuilt = "".join(f", {name} not built yet ({count})" for name, count in missing.items())
    print(f"{path.name}: {agreed} of {total} agree{unbuilt}", *lines, sep="\n")
    return agreed, total


def main(argv: list[str] | None = None) -> int:
    """Run every file of a folder; see the top of this file."""
    parser = argparse.ArgumentParser(description="Compare our readers with a folder of vectors.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--only", choices=["built"], help="leave out what has no reader yet")
    options = parser.parse_args(argv)
    try:
        paths = sorted(options.folder.glob("*.json"))
        if not paths:
            raise MalformedError(f"{options.folder}: no vectors (*.json) there")
        built = adapters()
        results = [report(path, built, options.only == "built") for path in paths]
    except MalformedError as error:
        print(error, file=sys.stderr)
        return 2
    agreed, total = (sum(column) for column in zip(*results, strict=True))
    print(f"all: {agreed} of {total} agree")
    return 0 if agreed == total else 1


if __name__ == "__main__":
    sys.exit(main())
