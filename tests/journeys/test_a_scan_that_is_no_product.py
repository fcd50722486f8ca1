"""Cards, wrong digits and unknown codes under the scanner; many scans at once; nothing secret is kept, none lost."""

import logging
import re
from functools import partial
from pathlib import Path

import pytest

from kiosk.barcode.digits import check_digit
from kiosk.checkout.model import Why
from kiosk.checkout.session import Finishing, Shopping
from kiosk.commands.script import shopping
from tests.journeys.rig import CARD, STAMPS, Journey
from tests.lane import EGGS, ITEMS, MILK, TIN, YOGHURT

CARDS = ("4111111111111111", "5413330089604111", "371449635398431")
MEMBER = "2950000012348"
RUN = re.compile(r"(?<!\d)\d{13,19}(?!\d)")


def luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def suspicious(text: str) -> set[str]:
    """Digits that could be a card's: neither an item's number nor a time of day in milliseconds."""
    known = {f"{item.gtin:013d}" for item in (*ITEMS, STAMPS) if item.gtin}
    runs = {run for run in RUN.findall(text) if luhn(run)} - known
    return {run for run in runs if not (len(run) == 13 and run.startswith(("17", "18")))}


def test_a_payment_card_is_named_and_nothing_of_it_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Journey(tmp_path, tapes=True) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        for card in CARDS:
            for say in (partial(journey.lane.scanner.scan, aim="]C0"), journey.lane.keyboard.scan):
                journey.scan(STAMPS)
                journey.until(lambda s: not s.passing.notice, "the notice to go")
                say(card)
                journey.until(lambda s: s.passing.notice == "unreadable:payment_card", "the notice")
                assert journey.says("That is a payment card")
                assert not suspicious(" ".join(journey.words))
        journey.finish()
        own = journey.kiosk.journal.id  # twelve hexadecimal digits, sometimes without a letter
    for file in sorted(tmp_path.rglob("*")):
        if file.is_file():
            assert not suspicious(file.read_bytes().decode("latin-1").replace(own, "-")), file.name
    assert not suspicious(caplog.text.replace(own, "-"))


def test_a_member_card_is_looked_up_and_its_number_is_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Journey(tmp_path, tapes=True) as journey:
        journey.devices_ready()
        for say in (journey.lane.scanner.scan, journey.lane.keyboard.scan):
            say(MEMBER)
            journey.until(lambda s: s.passing.notice == "member_away", "the answer")
            assert journey.says("Your card cannot be checked just now")
            journey.scan(STAMPS)
        journey.finish()
        assert journey.sold == [238]
    for file in sorted(tmp_path.rglob("*")):
        assert not file.is_file() or MEMBER not in file.read_bytes().decode("latin-1"), file.name
    assert MEMBER not in caplog.text


def test_a_wrong_check_digit_asks_for_it_once_more(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        digits = f"{MILK.gtin:013d}"
        journey.lane.scanner.scan(digits[:-1] + str((int(digits[-1]) + 1) % 10))
        journey.until_says("Once more, please")
        assert journey.pieces(journey.session, MILK) == 0
        journey.scan(TIN)
        assert len(journey.session.kept.phase.sale.lines) == 2


def test_an_unknown_code_calls_a_colleague_and_scanning_goes_on(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        stem = "400638133393"
        journey.lane.scanner.scan(stem + str(check_digit(stem)))
        journey.until_asked(Why.ITEM_NOT_FOUND)
        assert journey.says("This code is new to us")
        journey.scan(STAMPS)
        journey.pay_by_card(CARD)
        assert journey.sold == [119]


def test_ten_equal_yoghurts_at_hand_speed(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        for _ in range(10):
            journey.lane.scanner.scan(f"{YOGHURT.gtin:013d}")
        journey.until(shopping(lambda sale: [line.qty for line in sale.lines] == [10]), "ten of them")
        journey.put(10 * 540)
        journey.until(shopping(lambda sale: not sale.bag.pending), "ten in the bag")
        assert journey.says("€13.93"), "three are for nothing"
        journey.pay_by_card(CARD)
        assert journey.sold == [7 * 199]


def test_two_hundred_scans_while_the_printer_is_busy(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.pay_by_card(CARD)
        journey.world.change(paper=20)
        journey.press("print")
        journey.until(lambda s: any(d.paper == "out" for d in s.passing.devices), "the paper to end")
        assert isinstance(journey.session.kept.phase, Finishing)
        for number in range(200):
            thing = (MILK, YOGHURT, EGGS, TIN)[number % 4]
            scanner = journey.lane.scanner if number % 3 else journey.lane.keyboard
            scanner.scan(f"{thing.gtin:013d}")
        journey.until(
            shopping(lambda sale: [line.qty for line in sale.lines] == [50, 50, 50, 50]), "two hundred pieces"
        )
        journey.world.change(paper=80_000)
        journey.until(
            lambda s: any(d.name == "printer" and d.paper == "ok" for d in s.passing.devices), "paper"
        )
        assert isinstance(journey.session.kept.phase, Shopping)
        assert len(journey.lane.printer.papers) <= 1
