"""Every device loses its cable in every phase: the lane lives, says so where it matters, and goes on by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.simulated.terminal import Fault
from kiosk.checkout.model import Why
from kiosk.checkout.session import Finishing, Idle, OutOfService, Paying, Shopping
from tests.journeys.rig import CARD, PIN, RESULT, Journey
from tests.lane import MILK, TOMATOES, WINE

BACK_WITHIN = 2.0  # seconds from the plug to ready, as the shop was promised

NO_SCANNER = {"scanner": "The scanner takes a break"}
NO_TERMINAL = {"terminal": "No paying here, for now"}
CHECKING = {"terminal": "We are checking with the card terminal"}

Reach = Callable[[Journey], None]


def attract(journey: Journey) -> None:
    journey.until_phase(Idle)


def empty(journey: Journey) -> None:
    journey.press("start")
    journey.until_phase(Shopping)


def lines(journey: Journey) -> None:
    journey.buy(MILK)


def weighing(journey: Journey) -> None:
    lines(journey)
    journey.press("find")
    journey.until(lambda s: bool(s.passing.found), "the finder")
    journey.press(TOMATOES.name)
    journey.until(lambda s: s.passing.panel is not None and s.passing.panel.name == "weigh", "the weighing")


def weight_question(journey: Journey) -> None:
    lines(journey)
    journey.put(900)
    journey.until_asked(Why.WEIGHT_UNEXPECTED)


def age_check(journey: Journey) -> None:
    journey.buy(WINE)
    journey.until_asked(Why.AGE_RESTRICTED)


def pin_page(journey: Journey) -> None:
    age_check(journey)
    journey.badge("17")
    journey.type(PIN[:3])


def card_awaited(journey: Journey) -> None:
    lines(journey)
    journey.ask_for_card()


def authorising(journey: Journey) -> None:
    """The bank has said yes, and the terminal's result is lost on its way."""
    journey.in_payment(RESULT, Fault.LOSE)
    card_awaited(journey)
    journey.present()
    journey.until(lambda s: s.passing.terminal_says == "please_wait", "the terminal to be busy")


def printing(journey: Journey) -> None:
    """The paper ends in the middle of the receipt."""
    lines(journey)
    journey.pay_by_card(CARD)
    journey.world.change(paper=20)
    journey.press("print")
    journey.until(lambda s: any(d.paper == "out" for d in s.passing.devices), "the paper to end")


def out_of_service(journey: Journey) -> None:
    journey.staff("17", PIN)
    journey.press("close_lane")
    journey.press("reason-fault")
    journey.until_phase(OutOfService)


PHASES: dict[Reach, dict[str, str]] = {
    attract: NO_SCANNER
    | NO_TERMINAL
    | {"produce": "No weighing here, for now", "printer": "No paper receipts here, for now"},
    empty: NO_SCANNER | NO_TERMINAL,
    lines: NO_SCANNER | NO_TERMINAL,
    weighing: {"produce": "The scale does not answer"},
    weight_question: NO_SCANNER | NO_TERMINAL,
    age_check: NO_SCANNER | NO_TERMINAL,
    pin_page: {},
    card_awaited: CHECKING,
    authorising: CHECKING,
    printing: {"printer": "The paper did not come out whole"},
    out_of_service: {},
}
"""How a phase is reached, and what its page says of which device."""


def go_on(journey: Journey) -> None:
    """From wherever a phase has been left to an empty lane."""
    match journey.session.kept.phase:
        case OutOfService():
            journey.staff("17", PIN)
            journey.press("open_lane")
            journey.until_phase(Idle)
            journey.buy(MILK)
        case Idle():
            journey.buy(MILK)
        case Shopping(sale=sale):
            if not sale.lines:
                journey.buy(MILK)
            if journey.session.passing.panel is not None:
                journey.press("cancel" if journey.session.passing.panel.name == "weigh" else "back")
                journey.until(lambda s: s.passing.panel is None, "the basket")
            for question in sale.open:
                journey.staff("17", PIN)
                journey.approve(question.why)
        case _:
            pass
    journey.finish()


@pytest.mark.parametrize("reach", PHASES, ids=lambda reach: reach.__name__)
def test_unplugged_and_plugged_in_again(reach: Reach, tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        reach(journey)
        before = journey.session.kept.phase
        for name in ("scanner", "scanner 2", "produce", "bag", "printer", "terminal"):
            journey.unplug(name)
            said = PHASES[reach].get(name, "")
            if said:
                journey.until_says(said)
            assert type(journey.session.kept.phase) is type(before)
            assert (took := journey.replug(name)) <= BACK_WITHIN, f"{name} took {took:.1f} s"
            if reach not in (card_awaited, authorising, printing):
                assert not said or not journey.says(said), f"still {said!r}"
        if reach is card_awaited:
            journey.until(
                lambda s: isinstance(s.kept.phase, Paying) and s.kept.phase.attempt is None, "the end"
            )
            assert journey.charged == 0
        if reach is authorising:
            journey.until_phase(Finishing)
        if reach is printing:
            journey.world.change(paper=80_000)
        go_on(journey)
        assert journey.charged == sum(journey.sold) > 0
        assert len(journey.sold) == 1
