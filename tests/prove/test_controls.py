"""Each of eight sown bugs is found, in every way that should find it."""

import pytest

from tests.prove.controls import BUGS, Bug, found


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_sown_bug_is_found(bug: Bug) -> None:
    ways = found(bug)
    assert ways and all(ways.values()), f"{bug.name} was missed: {ways}"
