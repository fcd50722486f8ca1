"""A sample of the sweep over real processes: killed at some of their writes, sends and syncs."""

import os

import pytest

from tests.prove.doomed import can_kill
from tests.prove.sweep import at_random, exhaustive


@pytest.fixture(autouse=True)
def compiler() -> None:
    if can_kill():
        return
    if os.environ.get("CI") == "true":
        pytest.fail("CI needs the packages gcc and libc6-dev")
    pytest.skip("needs the package gcc")


def test_a_sale_killed_after_some_of_its_writes_sends_and_syncs() -> None:
    assert exhaustive(("sale",), every=13) == 0


def test_a_reversal_killed_after_some_of_its_writes_sends_and_syncs() -> None:
    assert exhaustive(("reversal",), every=30) == 0


def test_processes_killed_at_random_in_every_family() -> None:
    assert at_random(["zvt", "caisse", "concert", "nexo"], "test", 1) == 0
