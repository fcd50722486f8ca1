"""The baskets of tests/pricing/vectors: every field of every expected result."""

import json
from pathlib import Path

import pytest

from kiosk.pricing import vector

FILES = sorted((Path(__file__).parent / "vectors").glob("*.json"))


def test_the_vectors_are_all_here() -> None:
    assert len(FILES) >= 26


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name[:3])
def test_a_basket_has_exactly_the_expected_result(file: Path) -> None:
    priced = vector.read(file.read_bytes()).priced()
    expected = json.loads(file.read_text())["expected"]
    assert json.dumps(vector.told(priced)) == json.dumps(expected)
    assert priced.proven
