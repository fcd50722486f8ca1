"""Wrong PINs lock one colleague out, beyond a power cut; no digit of any PIN is anywhere but in the field."""

import logging
import re
from pathlib import Path

import pytest

from tests.journeys.rig import OTHER_PIN, PIN, STAMPS, Journey
from tests.lane import WINE

WRONG = "906317"


def failures(journey: Journey) -> int:
    return sum(lock.failures for lock in journey.session.kept.lockouts if lock.person == "17")


def wrong_pins(journey: Journey, times: int) -> None:
    for number in range(1, times + 1):
        journey.until_key("digit-9")
        journey.type(WRONG)
        assert WRONG not in "".join(journey.words)
        journey.press("ok")
        journey.until(
            lambda s, n=number: any(lock.failures == n for lock in s.kept.lockouts), f"no. {number}"
        )


def test_locked_out_also_after_a_power_cut_and_another_colleague_is_not(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.badge("17")
        wrong_pins(journey, 5)
        journey.until_says("Please wait")
        journey.stop()
        journey.start()
        journey.devices_ready()
        assert failures(journey) == 5
        journey.badge("17")
        journey.until_says("Please wait")
        journey.press("digit-4")
        assert (
            journey.kiosk.glass.on_loop(lambda: journey.kiosk.glass.screen.secret("pin-17")).result(20) == ""
        )
        journey.step_back()
        journey.staff("23", OTHER_PIN)
        assert journey.session.kept.staff is not None
        assert journey.session.kept.staff.name == "Alex"


def test_a_right_pin_in_time_forgets_the_wrong_ones(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.badge("17")
        wrong_pins(journey, 3)
        journey.until_key("digit-9")
        journey.type(PIN)
        journey.press("ok")
        journey.until(lambda s: s.kept.staff is not None, "the PIN to be accepted")
        assert failures(journey) == 0


def test_no_digit_of_a_pin_is_left_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Journey(tmp_path, tapes=True) as journey:
        journey.devices_ready()
        journey.buy(WINE)
        journey.scan(STAMPS)
        journey.badge("17")
        wrong_pins(journey, 1)
        journey.until_key("digit-9")
        journey.type(PIN)
        assert PIN not in "".join(journey.words)
        journey.press("ok")
        journey.until(lambda s: s.kept.staff is not None, "the PIN to be accepted")
    digits = re.compile(rf"(?<!\d)({PIN}|{WRONG})(?!\d)")
    for file in sorted(tmp_path.rglob("*")):
        assert not file.is_file() or not digits.search(file.read_bytes().decode("latin-1")), file.name
    assert len(list(tmp_path.glob("*.tape"))) == 2
    assert not digits.search(caplog.text)
