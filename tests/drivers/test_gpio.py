"""The lane light, with gpiozero's own mock factory where pins are looked at."""

import pytest
from gpiozero.pins.mock import MockFactory

from drivers.lights.gpio import Config, GpioLamps, LaneLight, worker
from drivers.line import Absent
from drivers.worker import Stopped
from kiosk.checkout.effects import Beep, Light
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from tests.drivers.rig import FlyClock, Orders

CONFIG = Config(factory="mock", green=17, red=27)


class Lamps:
    """Remembers what was shown, and when."""

    def __init__(self, clock: FlyClock) -> None:
        self._clock = clock
        self.shown: list[tuple[float, bool, bool]] = []

    def show(self, *, green: bool, red: bool) -> None:
        self.shown.append((self._clock.time, green, red))

    def close(self) -> None:
        pass


def shown(state: str, seconds: float) -> list[tuple[float, bool, bool]]:
    clock = FlyClock()
    orders = Orders(clock)
    lamps = Lamps(clock)
    orders.put(Light(state))
    clock.at(seconds, orders.stop)
    with pytest.raises(Stopped):
        LaneLight("light", 1.0).run(lamps, orders, lambda event: None)
    return lamps.shown[1:]


@pytest.mark.parametrize(
    ("state", "green", "red"), [("idle", True, False), ("help", False, True), ("closed", False, False)]
)
def test_a_steady_state(state, green, red):
    assert shown(state, 5) == [(0, green, red)]


def test_in_use_blinks_green_and_alarm_red():
    assert shown("in_use", 2.5) == [(0, True, False), (1, False, False), (2, True, False)]
    assert shown("alarm", 2.5) == [(0, False, True), (1, False, False), (2, False, True)]


def test_an_unknown_order_changes_nothing():
    light = LaneLight("light", 1.0)
    assert light.refuse(Beep("scan")) == ()


def test_pins_follow():
    lamps = GpioLamps(CONFIG)
    lamps.show(green=True, red=False)
    factory = lamps._factory
    assert isinstance(factory, MockFactory)
    assert (factory.pin(17).state, factory.pin(27).state) == (True, False)
    lamps.close()


@pytest.mark.parametrize("factory", ["lgpio", "no_such_factory"])
def test_where_there_is_no_chip_the_light_is_absent(factory):
    config = Config(factory=factory, green=17, red=27)
    try:
        GpioLamps(config).close()
    except Absent:
        events: list[Event] = []
        lane_light = worker("light", config, events.append)
        lane_light.start()
        assert lane_light.stop(30)
        assert all(isinstance(e, DeviceSeen) and e.device.health is Health.ABSENT for e in events)
    else:
        pytest.skip("this machine has such a chip")
