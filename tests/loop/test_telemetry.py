"""What is counted of an offer: how it ended, and the seconds that it took."""

import msgspec

from kiosk.checkout.effects import Note
from kiosk.checkout.session import Session
from kiosk.loop.telemetry import COUNTERS, Telemetry
from kiosk.units import Millis
from kiosk.wire import Sample


def test_offers_are_counted_with_their_seconds() -> None:
    telemetry = Telemetry("1")
    for result, seconds in (("shown", 0), ("taken", 7), ("shown", 0), ("left", 20)):
        telemetry.note(Note("offer", {"result": result, "seconds": seconds}))
    told = telemetry.heartbeat(Session(), Millis(0), Millis(1), 0).samples
    for sample in (
        Sample("sco_offer_total", 2.0, {"result": "shown"}),
        Sample("sco_offer_total", 1.0, {"result": "taken"}),
        Sample("sco_offer_seconds_total", 7.0, {"result": "taken"}),
        Sample("sco_offer_seconds_total", 20.0, {"result": "left"}),
    ):
        assert sample in told


def test_the_store_server_takes_every_label_that_is_counted() -> None:
    for name, labels in COUNTERS.values():
        msgspec.convert({"name": name, "value": 1, "labels": dict.fromkeys(labels, "some")}, Sample)
