"""A printer with its driver and the world that it stands in, on a clock that flies."""

from drivers.line import LineLost
from drivers.printers.escpos import Config, Printer
from drivers.simulated.paper import Paper
from drivers.simulated.printer_escpos import Mechanism
from drivers.simulated.world import World
from kiosk.checkout.effects import Print
from kiosk.checkout.events import Printed, PrintFailed
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Device
from tests.drivers.rig import Rig
from tests.receipt.sample import SHOP, closed

CONFIG = Config(port="socket://127.0.0.1:1")


class Lane:
    """The printer may be run several times, each on a new line; paper and mechanism stay."""

    def __init__(self, config: Config = CONFIG, **mechanism: object) -> None:
        self.world = World()
        self.mechanism = Mechanism(self.world, self._say, **mechanism)
        self.printer = Printer(config, SHOP, "EUR")
        self.rigs: list[Rig] = []
        self.plug()

    def plug(self) -> None:
        """A new line."""
        self.rig = Rig(lambda data: self.mechanism.hear(data) or [])
        if self.rigs:
            self.rig.clock.time = self.rigs[-1].clock.time + 0.1
        self.rigs.append(self.rig)

    def _say(self, data: bytes) -> None:
        rig = self.rig
        for packet in rig.through(data):
            rig.clock.at(rig.clock.time + rig.late, lambda packet=packet: rig.say(packet))

    def at(self, time: float, **scene: object) -> None:
        self.rig.clock.at(time, lambda: self.world.change(**scene))

    def print(
        self, job: str, sale: ClosedSale | None = None, *, at: float = 0.5, duplicate: bool = False
    ) -> None:
        deed = Print(job, sale or closed(), copy=int(duplicate))
        self.rig.clock.at(at, lambda: self.rig.orders.put(deed))

    def run(self, seconds: float) -> LineLost | None:
        return self.rig.run(self.printer, seconds)

    @property
    def answers(self) -> list[Printed | PrintFailed]:
        return [event for rig in self.rigs for event in rig.said(Printed, PrintFailed)]

    @property
    def seen(self) -> list[Device]:
        """What the printer was seen as, without repetitions."""
        devices = [event.device for rig in self.rigs for event in rig.said(DeviceSeen)]
        return [device for i, device in enumerate(devices) if i == 0 or device != devices[i - 1]]

    @property
    def papers(self) -> list[Paper]:
        return self.mechanism.papers
