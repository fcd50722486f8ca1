"""A TSE service on the other end of a line, as a FiscalDevice."""

import base64
import binascii
from collections.abc import Iterator
from typing import TypeVar

from drivers.fiscal.device import DeviceOut, Identity
from drivers.fiscal.messages import (
    Answer,
    AnyRequest,
    Begin,
    Export,
    Find,
    Finish,
    Health,
    Lines,
    NotOurs,
    answer,
    encode,
)
from drivers.line import Clock, Line, LineLost
from kiosk.checkout.records import FiscalSignature
from kiosk.fiscal.kassenbeleg import PROCESS_TYPE, Kind, text
from kiosk.units import Millis, Minor

BROKEN_OFF = text(Kind.AV_BELEGABBRUCH, (Minor(0),) * 5, ())

R = TypeVar("R", bound=AnyRequest)


class TseClient:
    """Asks one thing after the other; an answer that comes after its time is not taken for the next."""

    def __init__(self, line: Line, client: str, within: float, clock: Clock) -> None:
        self._line, self._client, self._within, self._clock = line, client, within, clock
        self._lines = Lines()
        self._n = 0
        self._device: Answer | None = None

    def health(self) -> Identity:
        self._device = said = self._ask(Health(n=self._next(), client=self._client))
        return Identity(said.serial, said.open, said.certificate)

    def begin(self, reference: str) -> tuple[str, ...]:
        said = self._ask(Begin(n=self._next(), client=self._client, reference=reference))
        return tuple(each for each in said.open if each != reference)

    def finish(self, reference: str, process_type: str, process_data: str) -> FiscalSignature:
        known = self._ask(Find(n=self._next(), client=self._client, reference=reference))
        if known.state == "done" and (known.process_type, known.process_data) == (process_type, process_data):
            return self._signature(known)
        if known.state != "open":
            self.begin(reference)
        order = Finish(
            n=self._next(),
            client=self._client,
            reference=reference,
            process_type=process_type,
            process_data=process_data,
        )
        return self._signature(self._ask(order))

    def cancel(self, reference: str) -> FiscalSignature:
        return self.finish(reference, PROCESS_TYPE, BROKEN_OFF)

    def closing(self) -> tuple[str, ...]:
        left = self.health().open
        for reference in left:
            self.cancel(reference)
        return left

    def export(self) -> Iterator[bytes]:
        offset, more = 0, True
        while more:
            said = self._ask(Export(n=self._next(), client=self._client, offset=offset))
            try:
                part = base64.b64decode(said.part, validate=True)
            except binascii.Error as wrong:
                raise LineLost(f"an export that is not base64: {wrong}") from wrong
            offset, more = offset + len(part), said.more
            yield part

    def _next(self) -> int:
        self._n += 1
        return self._n

    def _ask(self, order: AnyRequest) -> Answer:
        self._line.write(encode(order))
        until = self._clock.now() + self._within
        while (left := until - self._clock.now()) > 0:
            try:
                lines = [answer(line) for line in self._lines.feed(self._line.read(left))]
            except NotOurs as wrong:
                raise LineLost(f"not a TSE service: {wrong}") from wrong
            for said in lines:
                if said.n != order.n:
                    continue
                if said.error:
                    raise DeviceOut(said.error)
                return said
        raise DeviceOut(f"no answer within {self._within:g} s")

    def _signature(self, said: Answer) -> FiscalSignature:
        if self._device is None:
            self.health()
        assert self._device is not None
        device = self._device
        return FiscalSignature(
            serial=device.serial,
            client=self._client,
            transaction=said.transaction,
            counter=said.counter,
            started=Millis(said.started),
            finished=Millis(said.finished),
            process_type=said.process_type,
            process_data=said.process_data,
            algorithm=device.algorithm,
            time_format=device.time_format,
            signature=said.signature,
            public_key=device.public_key,
        )
