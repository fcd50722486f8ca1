"""The TSE on the wire: every receipt is signed once, counters only rise, and no outage stops a sale."""

import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drivers.fiscal.client import BROKEN_OFF, TseClient
from drivers.fiscal.config import Config
from drivers.fiscal.messages import Health as Ask
from drivers.fiscal.messages import Lines, NotOurs, Update, answer, encode, request
from drivers.fiscal.tse import Tse
from drivers.line import LineLost
from drivers.simulated.tse import Chip, Service
from kiosk.checkout.effects import Deed, FiscalFinish, FiscalStart
from kiosk.checkout.events import FiscalDone
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.records import ClosedSale, FiscalSignature
from kiosk.checkout.session import Health
from kiosk.fiscal.qr import code, read, why_not_genuine
from kiosk.units import Millis, SaleId
from tests.drivers.rig import Rig
from tests.fiscal.shop import closed, refund_of

CONFIG = Config(port="socket://127.0.0.1:1", client="0187-4", within=3.0, look=30.0)
BEGAN = 1_795_271_400


class Till:
    """A driver and its TSE over one line after another; the clocks fly together."""

    def __init__(self, chip: Chip | None = None, config: Config = CONFIG) -> None:
        self.chip = chip or Chip(lambda: BEGAN + int(self.rig.clock.time), key=7)
        self.service = Service(self.chip)
        self.tse = Tse(config, wall=lambda: (BEGAN + int(self.rig.clock.time)) * 1000)
        self.answers: list[FiscalDone] = []
        self.health: list[tuple[Health, str]] = []
        self.hears: Callable[[bytes], list[bytes]] = self.service.hear
        self.plug(0.0)

    def plug(self, time: float) -> None:
        """A new line; the old one has been run to its end."""
        self.service.forget()
        self.rig = Rig(lambda data: self.hears(data))
        self.rig.clock.time = time

    def order(self, *deeds: Deed, at: float = 0.5) -> None:
        for deed in deeds:
            self.rig.clock.at(self.rig.clock.time + at, lambda deed=deed: self.rig.orders.put(deed))

    def run(self, seconds: float = 60.0) -> LineLost | None:
        lost = self.rig.run(self.tse, seconds)
        self.answers += [event for event in self.rig.said(FiscalDone) if isinstance(event, FiscalDone)]
        seen = [event.device for event in self.rig.said(DeviceSeen) if isinstance(event, DeviceSeen)]
        self.health += [(device.health, device.detail) for device in seen]
        return lost

    def again(self, *deeds: Deed, seconds: float = 60.0) -> LineLost | None:
        """A new line, later."""
        self.plug(self.rig.clock.time + 1)
        self.order(*deeds)
        return self.run(seconds)

    @property
    def signatures(self) -> list[FiscalSignature]:
        return [each.signature for each in self.answers]


def sale(number: int) -> ClosedSale:
    return closed(number=number)


def sold(number: int) -> tuple[FiscalStart, FiscalFinish]:
    return FiscalStart(sale(number).id), FiscalFinish(sale(number))


def test_a_sale_is_begun_and_signed() -> None:
    till = Till()
    till.order(sold(1)[0])
    till.order(sold(1)[1], at=20.0)
    till.run()
    (done,) = till.answers
    said = done.signature
    assert done.id == "j-1" and said.serial == till.chip.serial.hex() and said.client == "0187-4"
    assert (said.transaction, said.counter) == (1, 2)
    assert said.finished - said.started in {19_000, 20_000}
    assert said.process_data == "Beleg^13.09_15.19_0.00_0.00_0.00^28.28:Unbar"
    assert why_not_genuine(read(code(said))) == ""
    assert till.health[-1] == (Health.READY, till.chip.serial.hex())


def test_a_refund_has_no_beginning_of_its_own() -> None:
    till = Till()
    till.order(FiscalFinish(refund_of(sale(1), (5, 1))))
    till.run()
    assert till.signatures[0].process_data == "Beleg^-11.59_0.00_0.00_0.00_0.00^-11.59:Unbar"


def test_the_same_again_is_the_same_signature() -> None:
    till = Till()
    till.order(*sold(1), sold(1)[1])
    till.run()
    till.again(sold(1)[1])
    assert len(till.signatures) == 3 and len(set(map(str, till.signatures))) == 1
    assert till.chip.transactions == 1


def test_killed_between_the_signature_and_its_answer() -> None:
    till = Till()
    till.order(*sold(1))

    def signs_and_dies(data: bytes) -> list[bytes]:
        answers = till.service.hear(data)
        if b'"finish"' in data:
            till.rig.unplug()
            return []
        return answers

    till.hears = signs_and_dies
    assert till.run() is not None and not till.answers
    assert till.chip.counter == 2
    other = Till(till.chip)  # the process began anew, and the core asks again
    other.order(sold(1)[1])
    other.run()
    assert (other.signatures[0].transaction, other.signatures[0].counter) == (1, 2)
    assert till.chip.counter == 2


def test_a_line_lost_under_way_is_asked_about_on_the_next() -> None:
    till = Till()
    till.order(*sold(1))
    till.hears = lambda data: till.rig.unplug() or [] if b'"finish"' in data else till.service.hear(data)  # type: ignore[func-returns-value]
    assert till.run() is not None
    till.hears = till.service.hear
    till.again()
    assert till.signatures[0].transaction == 1 and till.signatures[0].serial


def test_no_line_is_an_outage_at_once_with_its_beginning() -> None:
    till = Till()
    till.rig.unplug()
    assert till.run() is not None
    (refused,) = till.tse.refuse(sold(1)[1])
    assert isinstance(refused, FiscalDone) and not refused.signature.serial
    assert refused.signature.outage == BEGAN * 1000
    assert till.tse.refuse(sold(2)[0]) == ()
    till.rig.clock.time = 500
    (later,) = till.tse.refuse(sold(2)[1])
    assert isinstance(later, FiscalDone) and later.signature.outage == BEGAN * 1000


def test_a_device_that_is_out_says_so_and_comes_back() -> None:
    till = Till()
    till.service.out = True
    till.order(*sold(1))
    till.rig.clock.at(40.0, lambda: setattr(till.service, "out", False))
    till.order(*sold(2), at=45.0)
    till.run()
    first, second = till.signatures
    assert first == FiscalSignature(outage=Millis(BEGAN * 1000))
    assert second.serial and second.transaction == 1 and not second.outage
    assert [health for health, _ in till.health][-1] is Health.READY
    assert (Health.FAULT, "out") in till.health


def test_a_slow_device_is_an_outage_and_its_late_answer_is_nobodys() -> None:
    till = Till()
    till.rig.late = 0.0
    till.order(*sold(1))
    till.rig.clock.at(0.4, lambda: setattr(till.rig, "late", 5.0))
    till.rig.clock.at(20.0, lambda: setattr(till.rig, "late", 0.0))
    till.order(*sold(2), at=40.0)
    till.run()
    first, second = till.signatures
    assert not first.serial and second.serial
    assert second.process_data.startswith("Beleg") and why_not_genuine(second) == ""
    assert not till.chip.open


def test_what_stayed_open_in_an_outage_ends_as_broken_off() -> None:
    till = Till()
    till.order(sold(1)[0])
    till.rig.clock.at(2.0, lambda: setattr(till.service, "out", True))
    till.order(sold(1)[1], at=3.0)
    till.rig.clock.at(4.0, lambda: setattr(till.service, "out", False))
    till.order(*sold(2), at=5.0)
    till.run()
    assert [bool(each.serial) for each in till.signatures] == [False, True]
    assert till.chip.references["j-1"].process_data == BROKEN_OFF
    assert not till.chip.open


@pytest.mark.parametrize("loses_open", [False, True])
def test_a_restarted_tse_with_an_open_transaction(loses_open: bool) -> None:
    till = Till()
    till.order(sold(1)[0])
    till.run(5)
    till.service.restart(loses_open=loses_open)
    till.again(sold(1)[1])
    (said,) = till.signatures
    assert said.transaction == (2 if loses_open else 1) and why_not_genuine(said) == ""
    assert not till.chip.open


def test_counters_rise_strictly_over_every_restart() -> None:
    till = Till()
    till.run(1)
    counters, numbers = [], []
    for number in range(1, 9):
        till.service.restart(loses_open=number % 2 == 0)
        till.again(*sold(number))
        counters.append(till.signatures[-1].counter)
        numbers.append(till.signatures[-1].transaction)
    assert counters == sorted(set(counters)) and numbers == sorted(set(numbers))
    assert till.chip.counter == len(till.chip.log)


def test_a_tax_rate_that_germany_does_not_have_is_not_signed() -> None:
    wrong = closed()
    taxes = tuple(replace(tax, rate=200_000) for tax in wrong.priced.taxes)
    till = Till()
    till.order(FiscalFinish(replace(wrong, priced=replace(wrong.priced, taxes=taxes))))
    till.run(5)
    assert not till.signatures[0].serial
    assert till.health[-1] == (Health.FAULT, "tax code A of 20.0000 % has no key")
    assert till.chip.counter == 0


def test_the_archive_has_every_message_and_the_closing_leaves_none_open() -> None:
    till = Till()
    till.order(sold(1)[0], *sold(2), FiscalStart(SaleId("left")))
    till.run(10)
    till.plug(20.0)
    device = TseClient(till.rig.line, "0187-4", 3.0, till.rig.clock)
    assert device.closing() == ("left",) and device.closing() == ()
    with tarfile.open(fileobj=io.BytesIO(b"".join(device.export()))) as tar:
        files = {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}  # type: ignore[union-attr]
    assert files == till.chip.log
    till.rig.unplug()
    assert [name.split("_")[5] for name in files] == ["Start", "Start", "Finish", "Finish", "Start", "Finish"]
    till.rig.line.close()


def test_an_update_is_logged_and_signed_too() -> None:
    service = Service(Chip(lambda: BEGAN, key=7))
    service.chip.begin("0187-4", "s")
    order = Update(n=1, client="0187-4", reference="s", process_type="Kassenbeleg-V1", process_data="")
    (said,) = service.hear(encode(order))
    assert answer(said.strip()).counter == 2


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_cut_and_glued_lines_say_the_same(sizes: list[int]) -> None:
    wire = b"".join(encode(Ask(n=n, client="c")) for n in range(5))
    lines, heard = Lines(), []
    while wire:
        for size in sizes:
            heard += lines.feed(wire[:size])
            wire = wire[size:]
    assert [request(line).n for line in heard] == list(range(5))


@given(st.binary(max_size=300))
def test_garbage_is_not_ours(garbage: bytes) -> None:
    for reader in (request, answer):
        with pytest.raises(NotOurs):
            reader(b"!" + garbage)


def test_a_service_that_speaks_something_else_loses_the_line() -> None:
    till = Till()
    till.hears = lambda data: [b"HTTP/1.1 400 Bad Request\n\n"]
    lost = till.run()
    assert lost is not None and "not a TSE service" in str(lost)
