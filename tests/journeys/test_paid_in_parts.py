"""Meal voucher, gift card and card for one basket: what goes wrong in between, and that all of it comes back.

After each: what the terminal has charged and the server has booked is what was sold, not a cent more (I1 to I4).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.world import Card
from kiosk.checkout.money import TenderKind
from kiosk.checkout.records import ClosedSale, Reversal, ValueOrder
from kiosk.checkout.session import Finishing, Paying, Session, Shopping
from tests.journeys.rig import CARD, LUNCH, RESULT, STAMPS, Journey
from tests.journeys.shop import GIFT, Shop, shop

RULES = 'tenders = ["meal_voucher", "gift_card", "card"]'
TOTAL, LESS, WORTH = 690 + 119, 500, 200
DECLINED = Card(last4="0002", bank="declines")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as here, here.linked():
        here.issue(GIFT, WORTH)
        yield here


@pytest.fixture
def journey(tmp_path: Path, here: Shop) -> Iterator[Journey]:
    with Journey(tmp_path, rules=RULES, link=here.toml) as journey:
        journey.devices_ready()
        journey.until(lambda s: s.passing.server, "the store server")
        yield journey


def resting(session: Session) -> bool:
    """At the choice of a way to pay, or out of it."""
    phase = session.kept.phase
    return not (isinstance(phase, Paying) and phase.attempt is not None)


def tenders(journey: Journey) -> list[tuple[str, int]]:
    phase = journey.session.kept.phase
    paid = phase.closed.tenders if isinstance(phase, Finishing) else phase.sale.tenders
    return [(tender.kind.value, tender.amount) for tender in paid]


def shopped(journey: Journey) -> None:
    journey.scan(LUNCH)
    journey.scan(STAMPS)
    journey.press("pay")
    journey.until_page("ways")


def by_voucher(journey: Journey) -> None:
    """It is good for the salad, and its account for less than that."""
    journey.lane.terminal.authorises = LESS
    journey.press("way-meal_voucher")
    journey.present()
    journey.until(lambda s: len(s.kept.phase.sale.tenders) == 1, "the meal voucher")
    journey.world.change(card=None)
    journey.lane.terminal.authorises = None


def by_gift_card(journey: Journey) -> None:
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until(lambda s: len(s.kept.phase.sale.tenders) == 2, "the gift card")


def by_card(journey: Journey, card: Card = CARD) -> None:
    journey.press("pay")
    journey.present(card)


def given_back(session: Session) -> bool:
    return isinstance(session.kept.phase, Shopping) and not session.kept.giving_back


def in_the_books(journey: Journey, here: Shop) -> None:
    """Everybody's books agree, once nothing is under way."""
    journey.until(lambda s: not s.kept.giving_back, "the money to be back")
    journey.until_true(lambda: not journey.kiosk.journal.depth(), "everything to be at the server")
    sales = journey.recorded(ClosedSale)
    at_terminal = at_server = 0
    for sale in sales:
        assert sum(tender.amount for tender in sale.tenders) == sale.priced.total
        for tender in sale.tenders:
            if tender.kind is TenderKind.GIFT_CARD:
                at_server += tender.amount
            else:
                at_terminal += tender.amount
    assert journey.charged == at_terminal == journey.session.kept.taken
    assert here.booked == at_server
    assert here.left(GIFT) == WORTH - at_server
    assert all(one.state != "reserved" for one in here.reservations)
    assert here.stored == sorted(sale.id for sale in sales)
    assert here.alarms == []
    assert journey.session.kept.cases == ()
    assert journey.kiosk.journal.broken_chain() is None


def test_three_ways_and_one_sale(journey: Journey, here: Shop) -> None:
    shopped(journey)
    by_voucher(journey)
    by_gift_card(journey)
    by_card(journey)
    journey.until_phase(Finishing)
    assert tenders(journey) == [("meal_voucher", LESS), ("gift_card", WORTH), ("card", TOTAL - LESS - WORTH)]
    journey.print()
    in_the_books(journey, here)
    (paper,) = journey.lane.printer.papers
    for words in ("Meal voucher", "Gift card", "Card"):
        assert words in paper.text
    assert GIFT not in paper.text


def test_the_card_declines_and_all_comes_back_the_last_one_first(journey: Journey, here: Shop) -> None:
    shopped(journey)
    by_voucher(journey)
    by_gift_card(journey)
    by_card(journey, DECLINED)
    journey.until(lambda s: bool(resting(s) and s.kept.phase.declined), "the bank's no")
    assert len(tenders(journey)) == 2
    journey.world.change(card=None)
    journey.press("back")
    journey.until(given_back, "the money to be back")
    in_the_books(journey, here)
    (order,) = journey.recorded(ValueOrder)
    (reversal,) = journey.recorded(Reversal)
    assert (order.do, order.amount) == ("cancel", WORTH) and reversal.amount == LESS
    journey.press("pay")
    journey.until_page("ways")
    by_card(journey)
    journey.until_phase(Finishing)
    assert tenders(journey) == [("card", TOTAL)]
    in_the_books(journey, here)


@pytest.mark.parametrize("cut", ["meal voucher", "card"])
def test_the_power_fails_when_the_terminal_has_charged(cut: str, journey: Journey, here: Shop) -> None:
    """Found out by look-up after the start, and the visit goes on where it was."""
    shopped(journey)
    if cut == "card":
        by_voucher(journey)
        by_gift_card(journey)
    else:
        journey.lane.terminal.authorises = LESS
    before = len(journey.lane.terminal.book.entries)
    journey.in_payment(RESULT, Fault.LOSE)
    journey.press("way-meal_voucher" if cut == "meal voucher" else "pay")
    journey.present()
    journey.until_true(lambda: len(journey.lane.terminal.book.entries) > before, "the charge")
    journey.stop()
    journey.lane.terminal.authorises = None
    journey.start()
    journey.devices_ready()
    journey.until(resting, "the terminal's word")
    if cut == "meal voucher":
        journey.world.change(card=None)
        assert tenders(journey) == [("meal_voucher", LESS)]
        by_gift_card(journey)
        by_card(journey)
    journey.until_phase(Finishing)
    assert len(tenders(journey)) == 3
    in_the_books(journey, here)


def test_the_power_fails_while_the_server_sets_aside(journey: Journey, here: Shop) -> None:
    """The server has set it aside and its answer is on the way: asked for after the start, and used."""
    shopped(journey)
    by_voucher(journey)
    here.server.mischief.on = "/v1/value"
    here.server.mischief.words = ["lost", *["dead"] * 40]
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until_true(lambda: here.reservations, "the reservation")
    journey.stop()
    here.server.mischief.words = []
    journey.start()
    journey.devices_ready()
    journey.until(resting, "the server's word")
    if len(tenders(journey)) == 1:  # it was called off before the start: the card is whole again
        journey.until_true(lambda: not journey.kiosk.journal.depth(), "the cancel to be there")
        assert here.left(GIFT) == WORTH
        by_gift_card(journey)
    assert tenders(journey)[1] == ("gift_card", WORTH)
    by_card(journey)
    journey.until_phase(Finishing)
    in_the_books(journey, here)


def test_the_power_fails_while_everything_goes_back(journey: Journey, here: Shop) -> None:
    """The server is away, the terminal silent; both hear of it after the start, once each."""
    shopped(journey)
    by_voucher(journey)
    by_gift_card(journey)
    here.server.stop()
    journey.lane.terminal.busy_answers = 10_000
    journey.press("back")
    journey.until(lambda s: isinstance(s.kept.phase, Shopping) and bool(s.kept.giving_back), "the reversal")
    journey.stop()
    assert journey.charged == LESS and here.left(GIFT) == 0
    journey.lane.terminal.busy_answers = 0
    here.server.start()
    journey.start()
    journey.devices_ready()
    journey.until(given_back, "the money to be back")
    in_the_books(journey, here)
    assert journey.charged == 0 and here.left(GIFT) == WORTH
    assert len(journey.recorded(Reversal)) == 1


def test_the_power_fails_after_the_terminal_has_given_back(journey: Journey, here: Shop) -> None:
    shopped(journey)
    by_voucher(journey)
    terminal = journey.lane.terminal
    journey.in_payment(2, Fault.LOSE, "hear 06 30")
    journey.press("back")
    journey.until_true(lambda: len(terminal.book.entries) == 2, "the reversal at the terminal")
    journey.stop()
    journey.start()
    journey.devices_ready()
    journey.until(given_back, "the money to be back")
    in_the_books(journey, here)
    assert journey.charged == 0
    assert len([e for e in terminal.book.entries if e.reverses is not None]) == 1


def test_nothing_else_is_asked_of_the_terminal_while_money_goes_back(journey: Journey, here: Shop) -> None:
    shopped(journey)
    by_voucher(journey)
    journey.lane.terminal.busy_answers = 10_000
    journey.press("back")
    journey.until_phase(Shopping)
    journey.press("pay")
    journey.until_says("€5.00 goes back to your card")
    by_card(journey)  # the key is off, and says why
    journey.until_says("Something goes back to a card first.")
    journey.world.change(card=None)
    journey.lane.terminal.busy_answers = 0
    journey.until(lambda s: not s.kept.giving_back, "the money to be back")
    journey.until_key("pay")
    by_card(journey)
    journey.until_phase(Finishing)
    in_the_books(journey, here)
