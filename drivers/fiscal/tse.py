"""A German TSE behind a service on the network or on this board: one signature for each receipt.

The wire is ours (`drivers/fiscal/messages.py`). Unplugged: reconnects, the worker does that; what was under way is
asked about on the new line. Silent for `within` seconds: out. Tape of a real device: none yet.

Nothing is signed later that was answered with an outage: such a receipt is on paper, and the tax office wants the
outage itself recorded. What a TSE still holds open of it ends as broken off when the next basket begins.
"""

import time
from collections.abc import Callable
from pathlib import Path

from drivers.fiscal.client import TseClient
from drivers.fiscal.config import Config
from drivers.fiscal.device import DeviceOut, FiscalDevice
from drivers.fiscal.messages import redact
from drivers.line import CLOCK, Clock, Line, LineLost, open_line
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Deed, FiscalFinish, FiscalStart
from kiosk.checkout.events import Event, FiscalDone
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.records import FiscalSignature
from kiosk.checkout.session import Device, Health
from kiosk.fiscal.kassenbeleg import PROCESS_TYPE, UnknownRate, process_data
from kiosk.units import Millis


def wall() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Tse:
    """Answers every FiscalFinish with FiscalDone: signed, or since when the device is out."""

    def __init__(
        self,
        config: Config,
        name: str = "fiscal",
        wall: Callable[[], int] = wall,
        device: Callable[[Line, Clock], FiscalDevice] | None = None,
    ) -> None:
        self._config, self._name, self._wall = config, name, wall
        self._device = device or (lambda line, clock: TseClient(line, config.client, config.within, clock))
        self._since = Millis(0)
        self._under_way: FiscalFinish | None = None

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        device = self._device(line, orders.clock)
        try:
            self._look(device, emit)
            if self._under_way is not None:
                self._finish(device, self._under_way, emit)
            while True:
                deed = orders.wait(line, self._config.look)
                if isinstance(deed, FiscalStart):
                    self._begin(device, deed, emit)
                elif isinstance(deed, FiscalFinish):
                    self._under_way = deed
                    self._finish(device, deed, emit)
                else:
                    self._look(device, emit)
        except LineLost:
            self._out()
            raise

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        """There is no line: whatever was still asked about, and this, is not signed."""
        if not isinstance(deed, FiscalFinish):
            return ()
        before, self._under_way = self._under_way, None
        ids = dict.fromkeys([each.record.id for each in (before, deed) if each is not None])
        return tuple(FiscalDone(id, self._out()) for id in ids)

    def _look(self, device: FiscalDevice, emit: Emit) -> None:
        try:
            self._well(device.health().serial, emit)
        except DeviceOut as why:
            self._ill(why, emit)

    def _begin(self, device: FiscalDevice, deed: FiscalStart, emit: Emit) -> None:
        """One basket at a time: whatever else is open belongs to none that is still to be finished."""
        try:
            for left in device.begin(deed.sale):
                device.cancel(left)
        except DeviceOut as why:
            self._ill(why, emit)

    def _finish(self, device: FiscalDevice, deed: FiscalFinish, emit: Emit) -> None:
        record = deed.record
        try:
            data = process_data(record, self._config.tax_keys)
            signature = device.finish(record.id, PROCESS_TYPE, data)
            self._well(signature.serial, emit)
        except (DeviceOut, UnknownRate) as why:
            self._ill(why, emit)
            signature = self._out()
        self._under_way = None
        emit(FiscalDone(record.id, signature))

    def _well(self, serial: str, emit: Emit) -> None:
        self._since = Millis(0)
        emit(DeviceSeen(Device(self._name, Health.READY, serial)))

    def _ill(self, why: Exception, emit: Emit) -> None:
        self._out()
        emit(DeviceSeen(Device(self._name, Health.FAULT, str(why))))

    def _out(self) -> FiscalSignature:
        self._since = self._since or Millis(self._wall())
        return FiscalSignature(outage=self._since)


def worker(name: str, config: Config, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The TSE in a thread of its own, not yet started."""
    return Worker(name, lambda: line_to(config, clock), Tse(config, name), emit, clock)


def line_to(config: Config, clock: Clock = CLOCK) -> Line:
    """The line to the TSE that is configured. Raises LineLost."""
    record = Path(config.record) if config.record else None
    return open_line(config.port, record=record, redact=redact, clock=clock)
