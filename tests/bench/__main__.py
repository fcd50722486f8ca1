"""`python -m tests.bench [--quick] [--strict] [NAME...]`: the figures of merit as one table."""

import argparse
import importlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

from tests.bench import Row

HEAD = ("what", "goal", "measured", "ratio", "")


def modules(names: Sequence[str]) -> list[ModuleType]:
    """The benchmarks called `names`, or all: the modules of this folder that define `rows`."""
    sources = Path(__file__).parent.glob("[a-z]*.py")
    found = sorted(path.stem for path in sources if "\ndef rows(" in path.read_text())
    unknown = sorted(set(names) - set(found))
    if unknown:
        sys.exit(f"no benchmark called {', '.join(unknown)}; there are: {', '.join(found)}")
    return [importlib.import_module(f"tests.bench.{name}") for name in (names or found)]


def table(rows: Iterable[Row]) -> str:
    """The rows under a heading, in columns as wide as their widest cell."""
    cells = [HEAD] + [
        (
            row.what,
            row.goal,
            row.measured,
            f"{row.ratio:.3g}" if row.ratio is not None else "-",
            "" if row.ok else "MISSED",
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)


def exit_code(rows: Iterable[Row], strict: bool) -> int:
    """1 when a goal was missed and `strict` asked for that, else 0."""
    return int(strict and not all(row.ok for row in rows))


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these benchmarks")
    parser.add_argument("--quick", action="store_true", help="smaller samples")
    parser.add_argument("--strict", action="store_true", help="fail when a goal is missed")
    options = parser.parse_args(arguments)
    rows: list[Row] = [row for module in modules(options.names) for row in module.rows(options.quick)]
    print(table(rows))
    return exit_code(rows, options.strict)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
