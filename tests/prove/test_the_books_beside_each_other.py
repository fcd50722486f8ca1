"""What a terminal has charged beside what was sold for it."""

from collections import Counter

from drivers.simulated.terminal_book import Book, State
from drivers.simulated.world import Card
from tests.prove.doomed import unequal


def book(*amounts: int) -> Book:
    """A terminal's book with these payments, each taken by the till."""
    found = Book()
    for amount in amounts:
        found.store(found.open(amount, 978, Card()))
    return found


def test_what_was_charged_was_sold() -> None:
    assert unequal(book(450, 125, 450).entries, Counter([450, 450, 125]), Counter()) == []


def test_one_basket_charged_twice() -> None:
    assert unequal(book(450, 450).entries, Counter([450]), Counter()) == [
        "I2: charged and not sold {450: 1}, cases {}"
    ]


def test_a_charge_that_a_person_has_to_see_to_is_known() -> None:
    assert unequal(book(450, 125).entries, Counter([125]), Counter([450])) == []


def test_a_sale_that_nobody_paid() -> None:
    assert unequal(book().entries, Counter([450]), Counter()) == ["I3: sold and not charged {450: 1}"]


def test_what_was_given_back_is_not_charged() -> None:
    reversed_, paid_out = book(450), book(450)
    reversed_.reverse(reversed_.entries[0])
    paid_out.store(paid_out.pay_out(450, 978, Card()))
    for each in (reversed_, paid_out):
        assert unequal(each.entries, Counter(), Counter()) == []
    assert reversed_.entries[0].state is State.REVERSED
