"""The technician's pages: what to do about a fault, the report for a phone, and the machine that is no lane yet."""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.checkout.passed import DeviceSeen, LinkSeen, Opened, ScaleRead
from kiosk.checkout.session import Device, Health, LiveWeight, OutOfService, Panel, Reading
from kiosk.units import Grams
from screens.closed import NOT_SET_UP
from tests.lane import Lane
from tests.screens.sessions import Shop, broken

IMAGE = Device("image", Health.READY, "1.4.0 a1b2c3d4e5f6")
ADDRESS = Device("network", Health.READY, "192.168.10.47")
HOT = Device("temperature", Health.FAULT, "84 °C")
WEAK = Device("power", Health.FAULT, "the voltage is too low")


def mended(shop: Shop, act: str = "") -> Lane:
    return shop.staff(technician=True).play(Opened(Panel("repair", act=act)))


def not_a_lane() -> Lane:
    lane = Lane()
    lane.session = replace(lane.session, kept=replace(lane.session.kept, phase=OutOfService(NOT_SET_UP)))
    return lane


BUILD: dict[str, Callable[[], Lane]] = {
    "service-image": lambda: (
        Shop()
        .staff(technician=True)
        .open("service")
        .play(*map(DeviceSeen, (IMAGE, ADDRESS, HOT, WEAK)), LinkSeen(True, 0))
    ),
    "repair": lambda: mended(broken()),
    "repair-chosen": lambda: mended(broken(), "terminal"),
    "repair-scale": lambda: mended(Shop()).play(ScaleRead("bag", LiveWeight(Reading.BELOW_ZERO, Grams(0)))),
    "repair-nothing": lambda: mended(Shop()),
    "report": lambda: broken().staff(technician=True).play(DeviceSeen(IMAGE), Opened(Panel("report"))),
    "not-set-up": not_a_lane,
}
