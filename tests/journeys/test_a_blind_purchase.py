"""The screen is black. She plugs headphones in, and buys: by scan, by name, with questions, and a card that is refused.

Everything that she presses follows from what she heard; the journey looks at nothing else until she has gone.
"""

import re
from pathlib import Path

import pytest

from drivers.simulated.world import Card
from kiosk.checkout.model import Item
from kiosk.checkout.session import Idle
from kiosk.text import Words
from tests.journeys.blind import Blind
from tests.lane import MILK

DECLINED, GOOD = Card(last4="0002", bank="declines"), Card(last4="4417")
TOMATOES_G, BAG_G = 655, 236


def said(words: Words, english: str) -> str:
    """How a sentence sounds in her language, as a pattern; what the kiosk puts in may be anything."""
    text = re.escape(words(english).replace("\n", " "))
    return re.sub(r"\\\{\w+\\\}", ".+", text)


def hold_to_the_glass(her: Blind, item: Item) -> None:
    """Her hands find the glass and the bag by themselves."""
    her.lane.scanner.scan(f"{item.gtin:013d}")


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_purchase_by_ear_and_fingers(tmp_path: Path, language: str) -> None:
    words = Words(language)
    with Blind(tmp_path, language) as her:
        her.keypad.plug()
        her.hears("This checkout speaks")
        if language != "en":
            her.choose(words.name, said(words, "Hello.\nJust scan."))
        her.quiet()
        black = her.tap("curtain")
        assert black == words("The screen is dark.")

        scan_milk(her, words)
        tomatoes_by_name(her, words)
        weight_problem(her, words)
        refused_then_paid(her, words)
        receipt(her, words)
        her.until_phase(Idle)
        her.quiet()

        total = 125 + 229
        assert her.sold == [total] and her.charged == total
        (paper,) = her.lane.printer.papers
        assert "4417" in paper.text


def scan_milk(her: Blind, words: Words) -> None:
    hold_to_the_glass(her, MILK)
    her.hears("Whole milk")
    assert "1 euro 25" in her.hears(said(words, "To pay")).casefold()
    her.world.put("bag", MILK.grams or 0)


def tomatoes_by_name(her: Blind, words: Words) -> None:
    """T of the 8, O of the 6: the letters that lead nowhere are passed over."""
    her.choose(said(words, "Find a product"), said(words, "What is it?"))
    her.hears(said(words, "Type with the digits, as on a phone. Up and down go through what was found."))
    assert her.tap("8").startswith("t.")
    assert her.tap("6").startswith("t, o.")
    her.choose("Vine tomatoes", said(words, "Put it on the scale."), key="down")
    her.world.put("produce", TOMATOES_G)
    her.hears(said(words, "Press Add."))
    her.hears("655|0[.,]655")
    assert "2 euro" in her.hears(said(words, "Price")).casefold()
    her.choose(said(words, "Add"), "Vine tomatoes.*2 euro")
    her.world.put("produce", -TOMATOES_G)
    her.world.put("bag", TOMATOES_G)


def weight_problem(her: Blind, words: Words) -> None:
    her.until_true(lambda: not her.session.kept.phase.sale.bag.pending, "the scale to have seen the bag")
    her.world.put("bag", BAG_G)
    her.hears(said(words, "It is heavier than expected. What happened?"))
    for answer in ("I put my own bag there", "Something is not scanned", "None of these"):
        her.hears(said(words, answer))
    her.choose(said(words, "I put my own bag there"), ".")


def refused_then_paid(her: Blind, words: Words) -> None:
    amount = her.choose(f"^{said(words, 'Pay')}\\.$", said(words, "Please present\nyour card"))
    assert "3 euro" in amount.casefold() and "54" in amount, "the amount is said before the card is asked for"
    her.world.change(card=DECLINED)
    her.hears(said(words, "The bank said no."))
    her.world.change(card=None)
    her.choose(said(words, "Try again"), said(words, "Please present\nyour card"))
    her.world.change(card=GOOD)


def receipt(her: Blind, words: Words) -> None:
    """How much, with what, how many things, and where the paper is."""
    paid = her.hears(said(words, "Paid: {sum}"))
    assert "54" in paid and "4417" in paid
    assert words.n("{n} product", "{n} products", 2) in her.hears(f"{said(words, 'Paid')}.*2")
    her.world.change(card=None)
    her.choose(said(words, "Print it on paper"), said(words, "Thank you."))
    her.hears(said(words, "Your receipt is below"))
    her.choose(said(words, "Finish"), said(Words("en"), "Hello.\nJust scan."))
