"""Typing with ten digits: letters as on a phone, but only those that lead somewhere, and numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.barcode import Product
from kiosk.checkout.events import Scanned, Started
from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Panel
from kiosk.loop.keypad import PHONE, groups
from kiosk.units import Gtin
from screens.widgets import Key
from tests.loop.ear import Ear
from tests.screens.sessions import MILK


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(tmp_path)
    made.plug()
    made.hear(Started())
    yield made
    made.close()


@pytest.fixture
def finder(ear: Ear) -> Ear:
    ear.hear(Opened(Panel("finder")))
    ear.listens()
    return ear


def test_a_digit_goes_through_its_letters(finder: Ear) -> None:
    typed = []
    for _ in range(4):
        finder.press("8")
        typed.append(finder.session.passing.typed)
    assert typed == ["t", "u", "v", "t"]


def test_letters_that_lead_nowhere_are_passed_over(finder: Ear) -> None:
    finder.press("8")
    finder.press("6")
    assert finder.session.passing.typed == "to", "after t there is an o, and neither m nor n"
    assert finder.speaker.said[-1].startswith("t, o. Cherry tomatoes")


def test_ok_takes_the_first_that_was_found(finder: Ear) -> None:
    finder.press("8", "6")
    for _ in range(12):
        finder.press("down")
        if finder.speaker.said[-1].startswith("Vine tomatoes"):
            break
    finder.press("ok")
    assert finder.page.name == "weigh"


def test_a_letter_ends_with_right_so_that_the_same_digit_types_another(finder: Ear) -> None:
    finder.press("8", "right")
    assert finder.speaker.said[-1] == "Typed: t."
    finder.press("8")
    assert finder.session.passing.typed in {"t", "tt", "tu", "tv"}


def test_erase_takes_a_letter_back(finder: Ear) -> None:
    finder.press("8", "6", "erase")
    assert finder.session.passing.typed == "t"


def test_digits_type_where_a_number_is_asked_for(ear: Ear) -> None:
    ear.hear(Scanned(Product(Gtin(MILK.gtin or 0))))
    line = ear.session.kept.phase.sale.lines[0].no  # type: ignore[union-attr]
    ear.hear(Opened(Panel("quantity", line=line)))
    ear.press("1", "2")
    assert ear.session.passing.typed == "12"
    ear.press("ok")
    assert ear.session.kept.phase.sale.lines[0].qty == 12  # type: ignore[union-attr]


def test_other_alphabets_are_shared_out_in_their_order() -> None:
    greek = "αβγδεζηθικλμνξοπρστυφχψω"
    shared = groups([Key(id=letter, text=letter) for letter in greek])
    assert "".join(shared.values()) == greek and list(shared) == list(PHONE)
    assert groups([Key(id="a", text="a")]) == PHONE
