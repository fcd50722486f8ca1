"""The lane light on GPIO pins, through gpiozero."""

from math import inf
from typing import Annotated, Any, Protocol

from msgspec import Meta, Struct

from drivers.line import CLOCK, Absent, Clock
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Deed, Light
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Device, Health

# ---- config


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="gpio"):
    """`factory` is gpiozero's name of a pin factory (lgpio, rpigpio, pigpio, native, mock); `green` and `red`
    are BCM pin numbers; `blink` is seconds on, and as many off."""

    factory: Annotated[str, Meta(min_length=1)]
    green: Annotated[int, Meta(ge=0, le=27)] = 17
    red: Annotated[int, Meta(ge=0, le=27)] = 27
    active_high: bool = True
    blink: Annotated[float, Meta(ge=0.1, le=5)] = 1.0


# ---- encode

STATES = {  # state: (green, red, blinks)
    "idle": (True, False, False),
    "in_use": (True, False, True),
    "help": (False, True, False),
    "alarm": (False, True, True),
    "closed": (False, False, False),
}

# ---- run


class Lamps(Protocol):
    def show(self, *, green: bool, red: bool) -> None: ...

    def close(self) -> None: ...


class GpioLamps:
    """The two pins. Raises Absent where there is no such pin factory, no chip or no such pin."""

    def __init__(self, config: Config) -> None:
        from importlib.metadata import entry_points

        names = entry_points(group="gpiozero_pin_factories", name=config.factory)
        if not names:
            raise Absent(f"no pin factory {config.factory}")
        try:
            from gpiozero import DigitalOutputDevice

            self._factory: Any = next(iter(names)).load()()
            self._pins: list[Any] = [
                DigitalOutputDevice(pin, active_high=config.active_high, pin_factory=self._factory)
                for pin in (config.green, config.red)
            ]
        except Exception as error:  # each factory has errors of its own
            raise Absent(f"pin factory {config.factory}: {error}") from error

    def show(self, *, green: bool, red: bool) -> None:
        for pin, lit in zip(self._pins, (green, red), strict=True):
            pin.value = lit

    def close(self) -> None:
        for pin in self._pins:
            pin.close()
        self._factory.close()


class LaneLight:
    """Shows the last Light that it was told, also one told while there were no lamps."""

    def __init__(self, name: str, blink: float) -> None:
        self._name = name
        self._blink = blink
        self._state = "closed"

    def run(self, lamps: Lamps, orders: Orders, emit: Emit) -> None:
        emit(DeviceSeen(Device(self._name, Health.READY)))
        lit = True
        while True:
            green, red, blinks = STATES[self._state]
            lamps.show(green=green and lit, red=red and lit)
            deed = orders.wait(None, self._blink if blinks else inf)
            lit = not lit if blinks and deed is None else True
            if isinstance(deed, Light):
                self._state = deed.state

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        if isinstance(deed, Light):
            self._state = deed.state
        return ()


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Lamps]:
    """The lane light in a thread of its own, not yet started."""
    return Worker[Lamps](name, lambda: GpioLamps(config), LaneLight(name, config.blink), emit, clock)
