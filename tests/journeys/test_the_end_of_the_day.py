"""The day's books against the terminal's own sum: a colleague's wrong word comes to light, training moves nothing."""

from pathlib import Path

import pytest

from drivers.simulated.terminal import Fault
from kiosk.checkout.model import Why
from kiosk.checkout.money import CaseWhy
from kiosk.checkout.records import DayEnded, Technical
from kiosk.checkout.session import Finishing, Idle, Refunding
from tests.journeys.families import FAMILIES, Family
from tests.journeys.rig import OTHER_PIN, PIN, RESULT, STAMPS, Journey

RULES = "terminal_totals = true\nask_limit = 4"
OTHER = "23"


def sell(journey: Journey) -> None:
    journey.scan(STAMPS)
    journey.press("pay")
    journey.present()
    journey.until_phase(Finishing)
    journey.finish()
    journey.world.change(card=None)


def end_of_day(journey: Journey) -> None:
    journey.staff(OTHER, OTHER_PIN)
    journey.press("day")
    journey.until(lambda s: not s.kept.day and not s.kept.totals, "the day to be closed")


def day_ended(journey: Journey) -> DayEnded:
    """The first day's closing; on the last day of a month or a year those are closed after it."""
    return next(closing for closing in journey.recorded(DayEnded))


def totals(journey: Journey) -> list[dict[str, str | int]]:
    return [each.fields for each in journey.recorded(Technical) if each.name == "terminal_totals"]


@pytest.mark.parametrize("name", ["zvt over TCP", "zvt on a serial line", "nexo"])
def test_the_terminal_agrees(name: str, tmp_path: Path) -> None:
    with Journey(tmp_path, FAMILIES[name].lane(), rules=RULES) as journey:
        journey.devices_ready()
        for _ in range(2):
            sell(journey)
        end_of_day(journey)
        assert totals(journey) == [{"terminal": 238, "booked": 238}]
        assert journey.session.kept.cases == ()
        closing = day_ended(journey)
        assert closing.by == OTHER
        sell(journey)
        end_of_day(journey)
        assert totals(journey)[1:] == [{"terminal": 119, "booked": 119}]
        assert journey.kiosk.journal.broken_chain() is None


@pytest.mark.parametrize("name", ["caisse, silent", "concert"])
def test_a_terminal_without_totals_leaves_nothing_awaited(name: str, tmp_path: Path) -> None:
    family: Family = FAMILIES[name]
    with Journey(tmp_path, family.lane(), rules=RULES) as journey:
        journey.devices_ready()
        sell(journey)
        end_of_day(journey)
        assert totals(journey) == [] and journey.session.kept.cases == ()
        assert day_ended(journey)


@pytest.mark.parametrize("says", ["paid", "not_paid"])
def test_what_a_colleague_decides_wrongly_is_a_case_at_the_end_of_the_day(says: str, tmp_path: Path) -> None:
    with Journey(tmp_path, rules=RULES) as journey:
        terminal = journey.lane.terminal
        journey.devices_ready()
        terminal.repeats = False  # type: ignore[attr-defined]
        # "paid" is wrong if the result is lost before the charge, "not_paid" if after it
        journey.in_payment(3 if says == "paid" else RESULT, Fault.CUT_BEFORE)
        journey.scan(STAMPS)
        journey.press("pay")
        journey.present()
        journey.until_asked(Why.PAYMENT_UNKNOWN)
        taken = journey.charged
        assert taken == (0 if says == "paid" else 119)
        journey.staff("17", PIN)
        journey.press(says)
        if says == "paid":
            journey.until_phase(Finishing)
            journey.finish()
        else:
            journey.until(lambda s: s.kept.phase.attempt is None, "the end of the attempt")
            journey.staff("17", PIN)
            journey.press("cancel_sale")
            journey.press("reason-cannot_pay")
            journey.until_phase(Idle)
        journey.world.change(card=None)
        terminal.repeats = True  # type: ignore[attr-defined]
        end_of_day(journey)
        booked = 119 if says == "paid" else 0
        assert totals(journey) == [{"terminal": taken, "booked": booked}]
        (case,) = journey.session.kept.cases
        assert case.why is CaseWhy.TOTALS_DIFFER and case.amount == taken - booked
        journey.staff("17", PIN)
        journey.until_says("The terminal’s day differs by €1.19")
        journey.press(f"case-{case.id}-cleared")
        journey.until(lambda s: not s.kept.cases, "the case to be cleared")


def test_the_power_fails_before_the_terminal_has_told_its_sum(tmp_path: Path) -> None:
    with Journey(tmp_path, rules=RULES) as journey:
        journey.devices_ready()
        sell(journey)
        journey.lane.terminal.faults.half_open = True
        journey.staff(OTHER, OTHER_PIN)
        journey.press("day")
        journey.until(lambda s: bool(s.kept.totals), "the books to be closed")
        journey.stop()
        journey.lane.terminal.faults.half_open = False
        journey.start()
        journey.until(lambda s: not s.kept.totals, "the terminal's sum")
        assert totals(journey) == [{"terminal": 119, "booked": 119}]
        assert day_ended(journey)


def test_training_moves_nothing(tmp_path: Path) -> None:
    with Journey(tmp_path, rules=RULES) as journey:
        journey.devices_ready()
        journey.staff("17", PIN)
        journey.press("training")
        journey.press("reason-practice")
        journey.until(lambda s: s.kept.training, "training")
        journey.scan(STAMPS)
        journey.press("pay")
        journey.until_phase(Finishing)
        journey.print()
        assert "TRAINING" in journey.lane.printer.papers[0].text
        journey.finish()
        assert journey.charged == 0 and journey.lane.terminal.book.entries == []
        journey.staff("17", PIN)
        journey.press("training")
        journey.until(lambda s: not s.kept.training, "the end of training")
        sell(journey)
        end_of_day(journey)
        assert totals(journey) == [{"terminal": 119, "booked": 119}]
        closing = day_ended(journey)
        assert closing.date
        assert [(sale.training, sale.priced.total) for sale in journey.kiosk.journal.sales()] == [
            (True, 119),
            (False, 119),
        ]


def test_what_is_brought_back_after_it_is_paid_out(tmp_path: Path) -> None:
    """The terminal takes back no payment of a day that it has closed; it pays out as much to the card."""
    with Journey(tmp_path, rules=RULES) as journey:
        journey.devices_ready()
        sell(journey)
        end_of_day(journey)
        journey.staff(OTHER, OTHER_PIN)
        journey.press("refund")
        journey.until_phase(Refunding)
        journey.lane.scanner.scan("0187-4-000001", "]C0")
        journey.until(lambda s: getattr(s.kept.phase, "sale", None) is not None, "the sale")
        journey.press("whole")
        journey.press("reason-return")
        journey.until_says("Please present your card")
        journey.present()
        journey.until(lambda s: bool(s.kept.phase.done) and not s.kept.giving_back, "the money to be back")
        assert journey.charged == 0 and journey.session.kept.taken == -119
        assert [entry.refund for entry in journey.lane.terminal.book.entries] == [False, True]
        assert journey.session.kept.cases == ()
