"""What the conformance table claims is what tests show."""

import pytest

from screens.theme import sounds
from tests.screens.conformance import FILE, POINTS, exists, named, whole


@pytest.mark.parametrize("test", named())
def test_a_test_that_is_named_exists(test: str) -> None:
    assert exists(test)


def test_the_file_is_what_the_tests_prove() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert whole(text) == text, "python -m tests.screens.conformance writes it"
    assert [point.id for point in POINTS] == [f"A{number:02}" for number in range(1, 28)]


def test_no_point_is_without_proof_unless_it_says_what_it_needs() -> None:
    assert all(point.tests or point.hardware for point in POINTS)


def test_no_signal_is_longer_than_three_seconds() -> None:
    assert all(sum(millis for _, millis in tones) <= 3_000 for tones in sounds().values())
