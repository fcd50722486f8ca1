"""A sample of the power cuts of `make cuts`, and the controls that have to be found out."""

import os

import pytest

from tests.cuts.explore import CONTROLS, SHIPPED, Found, Subject, explored
from tests.cuts.recording import can_record

STATES, OF_A_CONTROL = 25, 60


@pytest.fixture(autouse=True)
def compiler() -> None:
    if can_record():
        return
    if os.environ.get("CI") == "true":
        pytest.fail("CI needs the packages gcc and libc6-dev")
    pytest.skip("needs the package gcc")


def named(subject: Subject) -> str:
    return f"{subject.name}, {subject.mode}"


@pytest.mark.parametrize("subject", SHIPPED, ids=named)
def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(subject: Subject) -> None:
    found = list(explored([subject], STATES, "test"))
    assert [(row.model, row.states, row.examples) for row in found] == [
        ("posix", STATES, ()),
        ("ext4", STATES, ()),
    ]


@pytest.mark.parametrize("control", CONTROLS, ids=named)
def test_a_disk_that_is_not_waited_for_is_found_out(control: Subject) -> None:
    assert {row.model for row in explored([control], OF_A_CONTROL, "test") if bad(row)} >= set(control.loses)


def bad(row: Found) -> int:
    return row.lost + row.broken
