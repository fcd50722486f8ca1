"""Every vector that we have a reader for, and the runner itself."""

import importlib.util
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
FOLDERS = sorted(path.name for path in HERE.iterdir() if next(path.glob("*.json"), None) is not None)
GOOD = {"id": "1", "input": "96385074", "valid": True, "expect": {"check_digit": 4}}


def run(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, HERE / "run.py", folder, *options], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_built_agrees(folder: str) -> None:
    result = run(HERE / folder, "--only", "built")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "all: 0 of 0" not in result.stdout


def write(folder: Path, *vectors: Any, group: str = "gtin") -> None:
    (folder / "some.json").write_text(json.dumps({"group": group, "vectors": vectors}))


def test_a_right_vector_agrees(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    result = run(tmp_path)
    assert (result.returncode, result.stdout) == (0, "some.json: 1 of 1 agree\nall: 1 of 1 agree\n")


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid": False},
        {"expect": {"check_digit": 5}},
        {"expect": {"check_digit": "4"}},
        {"expect": {"check_digit": 4, "colour": "red"}},
        {"expect": {"check_digit": None}},
        {"options": {"op": "unheard"}},
        {"options": {"unheard": 1}},
    ],
)
def test_anything_else_disagrees(tmp_path: Path, wrong: dict[str, Any]) -> None:
    write(tmp_path, GOOD, GOOD | {"id": "odd one"} | wrong)
    result = run(tmp_path)
    assert result.returncode == 1
    assert "some.json: 1 of 2 agree\n    odd one: " in result.stdout


def test_a_hint_is_not_compared(tmp_path: Path) -> None:
    write(tmp_path, GOOD | {"expect": {"error": "some word"}})
    assert run(tmp_path).returncode == 0


def test_decimals_are_compared_by_value(tmp_path: Path) -> None:
    label = {"id": "1", "input": "2302148210869", "valid": True, "options": {"region": "no"}}
    write(tmp_path, label | {"expect": {"weight_kg": "1.0860"}}, group="variable_measure")
    assert run(tmp_path).returncode == 0


def test_what_is_not_built_fails_unless_left_out(tmp_path: Path) -> None:
    write(tmp_path, GOOD, group="runes")
    result = run(tmp_path)
    assert result.returncode == 1
    assert "0 of 1 agree, runes not built yet (1)" in result.stdout
    assert run(tmp_path, "--only", "built").returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        "{", "7", "null", "[1]", "{}", '{"group": "gtin"}', '{"group": "gtin", "vectors": []}',
        '{"group": "gtin", "vectors": [{"id": "1", "valid": true}]}',
        '{"group": "gtin", "vectors": [{"id": "1", "input": "1", "valid": "yes"}]}',
        '{"protocol": "toledo_8217", "vectors": [{"id": "1", "expect": []}]}',
        '[{"protocol": "zvt", "name": "1", "expect": {}}]',
    ],
)  # fmt: skip
def test_a_malformed_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "some.json").write_text(text)
    result = run(tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "some.json: " in result.stderr and "Traceback" not in result.stderr


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 2


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vector_runner", HERE / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    path = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = path
    return module


@pytest.mark.parametrize(
    ("answer", "agrees"),
    [
        ((True, {"kind": "status", "value": None, "flags": ["motion"]}), True),
        ((True, {"kind": "status", "value": None, "flags": {"motion", "net"}}), True),
        ((True, {"kind": "status", "value": None, "flags": {"motion", "net", "fault"}}), False),
        ((True, {"kind": "status", "value": None, "flags": ["net"]}), False),
        ((True, {"kind": "status", "value": Decimal(0), "flags": ["motion"]}), False),
        ((True, {"kind": "weight", "value": None, "flags": ["motion"]}), False),
        ((False, {}), False),
    ],
)
def test_flags_are_a_set_without_the_ambiguous(runner: ModuleType, answer: Any, agrees: bool) -> None:
    expect = {"kind": "status", "value": None, "flags": ["motion"], "ambiguous": ["net"], "note": "-"}
    case = runner.Case("scales", "toledo_8217", "1", True, {"expect": expect})
    assert (runner.disagreement(case, lambda vector: answer) is None) is agrees


def test_a_bad_frame_must_be_refused(runner: ModuleType) -> None:
    case = runner.Case("scales", "sma", "1", False, {"expect": {"kind": "error", "reason": "why"}})
    assert runner.disagreement(case, lambda vector: (False, {})) is None
    assert runner.disagreement(case, lambda vector: (True, {"kind": "weight"})) == "accepted"


@pytest.mark.parametrize(
    ("ours", "stated", "equal"),
    [
        (Decimal("1.5"), "1.50", True), (Decimal("1.5"), 1.5, True), (Decimal(1), True, False),
        (Decimal(1), None, False), (Decimal(1), "one", False), ("1.5", "1.50", False), (True, 1, False),
        (1, 1, True), ((("01", "7"),), [["01", "7"]], True), ([["01"]], [["01", "7"]], False),
        ({"a": Decimal(2)}, {"a": "2.0"}, True), ({"a": 1, "b": 2}, {"a": 1}, False), (None, None, True),
    ],
)  # fmt: skip
def test_what_counts_as_equal(runner: ModuleType, ours: Any, stated: Any, equal: bool) -> None:
    assert runner.same(ours, stated) is equal
