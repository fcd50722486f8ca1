"""A few of the random runs, the same every time; `make prove` has the thousands."""

from collections import Counter

import pytest

from tests.prove.families import FAMILIES
from tests.prove.plan import drawn
from tests.prove.random_runs import chunk, quiet
from tests.prove.run import play


@pytest.mark.parametrize("family", FAMILIES)
def test_money_is_right_whatever_goes_wrong(family: str) -> None:
    runs = chunk((family, "test", 0, 16))
    assert {run.plan.seed: run.violations for run in runs if run.violations} == {}
    reached = Counter(what for run in runs for what in run.reached)
    assert sum(run.lives for run in runs) > len(runs), "nothing was killed"
    assert reached["link"] and reached["terminal"], reached


def test_the_same_seed_is_the_same_run() -> None:
    with quiet():
        first, second = (play(drawn("zvt", "test", 3)) for _ in range(2))
    assert (first.moments, first.seconds, first.episodes) == (second.moments, second.seconds, second.episodes)
