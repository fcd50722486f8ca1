"""`kiosk price FILE.json`."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands.price import main
from kiosk.pricing import vector

VECTOR = next((Path(__file__).parents[1] / "pricing" / "vectors").glob("P24*.json"))


def test_it_prints_what_the_vector_expects(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(VECTOR)]) == 0
    expected = json.loads(VECTOR.read_text())["expected"]
    assert capsys.readouterr().out == json.dumps(expected, indent=1) + "\n"


def changed(path: list[Any], value: Any) -> bytes:
    """The vector with the value at this path replaced."""
    whole = json.loads(VECTOR.read_text())
    part = whole
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "Input data was truncated"),
        (b"{]", "JSON is malformed"),
        (b"{}", "missing required field `schema`"),
        (b"[]", "expected an object"),
        (changed(["basket", 0, "qty"], "two"), "Expected `int`, got `str` - at `$.basket[0].qty`"),
        (changed(["basket", 0, "quantity"], 2), "unknown field `quantity` - at `$.basket[0]`"),
        (
            changed(["basket", 1, "item"], "zz"),
            "expected the key of an item, not `zz` - at `$.basket[1].item`",
        ),
        (changed(["basket", 1, "line"], 1), "expected another line number than `1` - at `$.basket[1].line`"),
        (
            changed(["basket", 1, "expiry"], "soon"),
            "expected an ISO date, not `soon` - at `$.basket[1].expiry`",
        ),
        (changed(["promotions", 0, "n"], 0), "Expected `int` >= 1 - at `$.promotions[0].n`"),
        (changed(["promotions", 1, "pct"], 0.3), "expected a percentage as a decimal string"),
        (changed(["promotions", 1, "items"], ["zz"]), "not `zz` - at `$.promotions[1].items[0]`"),
        (changed(["promotions", 1], 3), "Expected `object`, got `int` - at `$.promotions[1]`"),
        (changed(["tax_rates", "C"], "5,5"), "not `5,5` - at `$.tax_rates.C`"),
        (
            changed(["context", "tenders"], [{"type": "iou"}]),
            "Invalid value 'iou' - at `$.context.tenders[0].type`",
        ),
        (changed(["items", "a", "tax"], "Q"), "line 1: tax code `Q` is not in the tax table"),
    ],
)
def test_a_bad_file_is_one_line_naming_file_key_and_expectation(
    data: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "basket.json"
    file.write_bytes(data)
    assert main([str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert str(file) in err
    assert message in err


def test_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err


def places(part: Any, path: list[Any]) -> Iterator[list[Any]]:
    """The path of every value in a document."""
    for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        yield [*path, key]
        yield from places(part[key], [*path, key])


@pytest.mark.parametrize("name", ["P08", "P17", "P20", "P21", "P22"])
def test_junk_anywhere_in_a_file_is_refused_or_priced_but_never_a_traceback(name: str) -> None:
    file = next(VECTOR.parent.glob(f"{name}*.json"))
    whole = {key: value for key, value in json.loads(file.read_text()).items() if key != "expected"}
    for path in places(whole, []):
        for junk in (None, -1, 3, 1.5, "x", [], {}, [1], True, 10**40):
            part = spoilt = json.loads(json.dumps(whole))
            for key in path[:-1]:
                part = part[key]
            part[path[-1]] = junk
            with contextlib.suppress(ValueError):
                vector.read(json.dumps(spoilt).encode()).priced()
