"""The same visit at every family of terminals: paid, declined, left, cut off; charged as often as it is sold."""

from pathlib import Path

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.world import Card
from kiosk.checkout.model import Why
from kiosk.checkout.session import Finishing, Paying, Session, Shopping
from tests.journeys.families import FAMILIES, Family
from tests.journeys.rig import PIN, STAMPS, Journey

DECLINED = Card(last4="0002", bank="declines")
every_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


def refused(session: Session) -> bool:
    phase = session.kept.phase
    return isinstance(phase, Paying) and phase.attempt is None


def over(session: Session) -> bool:
    return isinstance(session.kept.phase, Finishing | Shopping) or refused(session)


def ready(journey: Journey) -> None:
    """At the terminal, which waits for a card."""
    journey.devices_ready()
    journey.scan(STAMPS)
    journey.press("pay")
    journey.until(
        lambda s: isinstance(s.kept.phase, Paying) and bool(s.passing.terminal_says), "the terminal"
    )


def sold_once(journey: Journey) -> None:
    assert journey.sold == [119]
    assert journey.charged == 119
    assert [e.amount for e in journey.lane.terminal.book.entries if e.reverses is None] == [119]


@every_family
def test_paid_and_nobody_doubts_it(family: Family, tmp_path: Path) -> None:
    with Journey(tmp_path, family.lane()) as journey:
        ready(journey)
        journey.present()
        journey.until_phase(Finishing)
        sold_once(journey)
        (sale,) = journey.kiosk.journal.sales()
        (tender,) = sale.tenders
        assert tender.result is not None and tender.result.amount == 119 and tender.result.currency == "EUR"


@every_family
def test_the_bank_says_no_and_another_card_pays(family: Family, tmp_path: Path) -> None:
    with Journey(tmp_path, family.lane()) as journey:
        ready(journey)
        journey.present(DECLINED)
        journey.until(refused, "the bank's no")
        assert journey.says("Your basket is kept.")
        assert journey.sold == [] and journey.charged == 0
        journey.world.change(card=None)
        journey.press("pay")
        journey.present()
        journey.until_phase(Finishing)
        sold_once(journey)


@every_family
def test_left_before_the_card_and_paid_after_all(family: Family, tmp_path: Path) -> None:
    with Journey(tmp_path, family.lane()) as journey:
        ready(journey)
        if not family.breaks_off:  # only its own red key does
            journey.press("back")
            journey.until_says("We are stopping the payment.")
            journey.press("back")  # off
            journey.until_says("The card terminal is still busy.")
            journey.present(DECLINED)
        else:
            journey.press("back")
        journey.until_phase(Shopping)
        assert journey.charged == 0
        journey.world.change(card=None)
        journey.press("pay")
        journey.present()
        journey.until_phase(Finishing)
        sold_once(journey)


@every_family
def test_cut_off_after_the_bank_has_paid(family: Family, tmp_path: Path) -> None:
    """The worst moment: the card is charged, and the result never comes."""
    with Journey(tmp_path, family.lane(), rules="ask_limit = 4") as journey:
        journey.in_payment(family.result, Fault.CUT_BEFORE, family.order)
        ready(journey)
        journey.present()
        if family.finds_out:
            journey.until_phase(Finishing)
        else:
            journey.until_asked(Why.PAYMENT_UNKNOWN)
            assert journey.says("do not pay again")
            assert journey.charged == 119
            journey.staff("17", PIN)
            journey.press("paid")
            journey.until_phase(Finishing)
        sold_once(journey)


@every_family
def test_the_power_fails_while_the_card_is_charged(family: Family, tmp_path: Path) -> None:
    with Journey(tmp_path, family.lane(), rules="ask_limit = 4") as journey:
        journey.in_payment(family.result, Fault.LOSE, family.order)
        ready(journey)
        journey.present()
        journey.until_true(lambda: journey.lane.terminal.book.entries, "the charge")
        journey.stop()
        journey.start()
        if not family.finds_out:
            journey.until_asked(Why.PAYMENT_UNKNOWN)
            journey.staff("17", PIN)
            journey.press("paid")
        journey.until_phase(Finishing)
        sold_once(journey)
