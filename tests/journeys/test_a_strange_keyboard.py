"""Somebody plugs a keyboard into the lane while a shopper is at it."""

from pathlib import Path

from kiosk.checkout.events import Tampered
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.records import Technical
from kiosk.checkout.session import Device, Health
from tests.journeys.rig import PIN, Journey
from tests.lane import MILK

STRANGE = Tampered("keyboard", "Multi Gadget", "1d6b:0104", "1-1.3", True)
DETAIL = "unknown: 1d6b:0104 Multi Gadget at 1-1.3"


def test_the_books_the_shop_and_the_technician_know_and_the_shopper_does_not(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        before = journey.words
        journey.kiosk.inbox.put(STRANGE)
        journey.kiosk.inbox.put(DeviceSeen(Device("keyboards", Health.FAULT, DETAIL)))
        journey.until(lambda s: any(d.name == "keyboards" for d in s.passing.devices), "the guard's word")
        assert journey.words == before
        journey.until_true(lambda: told(journey), "the shop to be told")

        journey.finish()
        (written,) = [each for each in journey.recorded(Technical) if each.name == "security.tamper"]
        assert written.fields == {
            "what": "keyboard", "name": "Multi Gadget", "usb": "1d6b:0104", "port": "1-1.3", "held": 1,
        }  # fmt: skip
        assert journey.charged == sum(journey.sold)

        journey.staff("17", PIN)
        journey.press("service")
        journey.until_says("Keyboards")
        journey.until_says("needs repair")


def told(journey: Journey) -> bool:
    """The next heartbeat has it: as a count, and as a device with its detail."""
    beat = journey.kiosk.telemetry.heartbeat(journey.session, 0, 0, 0)  # type: ignore[arg-type]
    counted = [each for each in beat.samples if each.name == "sco_security_total"]
    return (
        bool(counted)
        and counted[0].labels == {"what": "keyboard"}
        and any(each.name == "keyboards" and each.detail == DETAIL for each in beat.devices)
    )
