"""The table of benchmarks: what it shows, and when it fails."""

import pytest

from tests.bench import Row
from tests.bench.__main__ import exit_code, main, table

ROWS = [
    Row(what="scan to line", goal="< 100 ms", measured="12 ms", ratio=8.333, ok=True),
    Row(what="start", goal="< 2 s", measured="3.1 s", ratio=None, ok=False),
]


def test_columns_line_up_and_a_missed_goal_is_named() -> None:
    assert table(ROWS) == (
        "what          goal      measured  ratio\n"
        "scan to line  < 100 ms  12 ms     8.33\n"
        "start         < 2 s     3.1 s     -      MISSED"
    )


def test_an_unknown_benchmark_is_refused_by_name() -> None:
    with pytest.raises(SystemExit, match="no benchmark called nothing"):
        main(["nothing"])


def test_only_strict_fails_and_only_on_a_missed_goal() -> None:
    assert exit_code(ROWS, strict=False) == 0
    assert exit_code(ROWS, strict=True) == 1
    assert exit_code(ROWS[:1], strict=True) == 0
