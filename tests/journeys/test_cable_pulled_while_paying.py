"""The terminal's cable is pulled, or it starts again, at every step of a payment: charged once, sold once."""

from pathlib import Path

import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import Rule
from kiosk.checkout.session import Finishing, Paying, Session
from tests.journeys.rig import STAMPS, Journey

STEPS = range(1, 13)  # from our 06 01 to our answer to the terminal's 06 0F, with the slips between


def over(session: Session) -> bool:
    phase = session.kept.phase
    return isinstance(phase, Finishing) or (isinstance(phase, Paying) and phase.attempt is None)


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.REBOOT])
@pytest.mark.parametrize("rule", [Rule.KEEPS, Rule.REVERSES])
def test_cut_at_every_step(fault: Fault, rule: Rule, tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.lane.terminal.book.rule = rule
        for sales, step in enumerate(STEPS):
            journey.in_payment(step, fault)
            journey.scan(STAMPS)
            journey.press("pay")
            journey.present()
            journey.until(over, f"an end of the payment cut at step {step}")
            assert len(journey.sold) in {sales, sales + 1}
            assert journey.charged == sum(journey.sold)
            journey.devices_ready("terminal")
            journey.finish()
            assert journey.sold == [119] * (sales + 1)
            assert journey.charged == sum(journey.sold)
