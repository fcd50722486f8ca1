"""What people were told, held against books that are whole, or not."""

from typing import Any

import pytest

from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.simulated.world import Card, World
from tests.vm.promises import Promises

BOOKS: dict[str, Any] = {"sales": [["a", [450]]], "cases": [], "broken": None, "unreported": 0}


def told(books: dict[str, Any], *charged: int) -> list[str]:
    """What is found when sale "a" was acknowledged, and a terminal has charged so much."""
    with ZvtTerminal(World()) as terminal:
        promises = Promises(terminal)
        for amount in charged:
            terminal.book.store(terminal.book.open(amount, 978, Card()))
        promises.see({"phase": "Finishing", "pieces": 0, "sale": "a"})
        promises.see({"phase": "Idle", "pieces": 0, "books": books})
    return promises.found


def test_books_that_keep_every_promise() -> None:
    assert told(BOOKS, 450) == []


@pytest.mark.parametrize(
    ("change", "charged", "found"),
    [
        ({"sales": []}, [], ["I1: 1 acknowledged sales of 1 are lost"]),
        ({"sales": [["a", [450]], ["a", [450]]]}, [450, 450], ["I1: a sale is there twice"]),
        ({}, [450, 450], ["I2: charged and not sold {450: 1}, cases {}"]),
        ({}, [], ["I3: sold and not charged {450: 1}"]),
        ({"broken": 7}, [450], ["I10: the chain breaks at 7, 0 lines are not to be reported"]),
        ({"unreported": 2}, [450], ["I10: the chain breaks at None, 2 lines are not to be reported"]),
    ],
)
def test_books_that_do_not(change: dict[str, Any], charged: list[int], found: list[str]) -> None:
    assert told(BOOKS | change, *charged) == found


@pytest.mark.parametrize(
    ("first", "cancels", "found"),
    [
        ({"phase": "Shopping", "pieces": 3}, False, []),
        ({"phase": "Shopping", "pieces": 2}, False, ["I7: 3 things were scanned, 2 are there"]),
        ({"phase": "Idle", "pieces": 0}, False, ["I7: 3 things were scanned, 0 are there"]),
        ({"phase": "Idle", "pieces": 0}, True, []),
        ({"phase": "Paying", "pieces": 3}, False, []),
        ({"broken": "no file system"}, False, ["boots: no file system"]),
    ],
)
def test_a_basket_after_a_start(first: dict[str, Any], cancels: bool, found: list[str]) -> None:
    with ZvtTerminal(World()) as terminal:
        promises = Promises(terminal)
        promises.see({"phase": "Shopping", "pieces": 3})
        promises.again(first, cancels)
    assert promises.found == found
