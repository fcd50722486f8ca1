"""The model checker visits every state of a small budget, and finds nothing wrong with the core."""

import pytest

from tests.prove.explore import explore
from tests.prove.model_check import DEEPEST, SHORT
from tests.prove.situations import SITUATIONS


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_order_of_what_can_happen_to_a_payment(name: str) -> None:
    found = explore(SITUATIONS[name](SHORT), DEEPEST)
    assert found.violations == []
    assert found.open == 0, "there is more to visit"
    assert found.states > 500
