"""A TSE over the loopback with its worker; its archive and its codes by the command."""

import queue
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.fiscal.config import Config
from drivers.fiscal.tse import worker
from drivers.simulated.tse import Chip, TsePeer
from drivers.simulated.world import World
from kiosk.checkout.effects import FiscalFinish, FiscalStart
from kiosk.checkout.events import FiscalDone
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from kiosk.commands.fiscal import main
from kiosk.commands.simulate import tell
from kiosk.fiscal.qr import code
from kiosk.units import SaleId
from tests.fiscal.shop import closed

PATIENCE = 20.0


class Till:
    def __init__(self, peer: TsePeer) -> None:
        self.inbox: queue.Queue[Any] = queue.Queue()
        self.worker = worker(
            "fiscal", Config(port=peer.port, client="0187-4", within=PATIENCE), self.inbox.put
        )
        self.worker.start()

    def until(self, kind: type, that: object = None) -> Any:
        while True:
            event = self.inbox.get(timeout=PATIENCE)
            if isinstance(event, kind) and (that is None or getattr(event, "device", event).health is that):
                return event

    def sell(self, number: int) -> FiscalDone:
        self.worker.order(FiscalStart(closed(number=number).id))
        self.worker.order(FiscalFinish(closed(number=number)))
        done: FiscalDone = self.until(FiscalDone)
        return done


@pytest.fixture
def peer() -> Iterator[TsePeer]:
    with TsePeer(Chip(key=11)) as peer:
        yield peer  # type: ignore[misc]


@pytest.fixture
def till(peer: TsePeer) -> Iterator[Till]:
    till = Till(peer)
    till.until(DeviceSeen, Health.READY)
    yield till
    assert till.worker.stop(PATIENCE)


def test_sold_restarted_and_sold_again(peer: TsePeer, till: Till) -> None:
    first = till.sell(1)
    peer.restart()
    till.until(DeviceSeen, Health.READY)
    second = till.sell(2)
    assert (first.signature.transaction, second.signature.transaction) == (1, 2)
    assert first.signature.counter < second.signature.counter


def test_unplugged_is_an_outage_and_plugged_again_signs(peer: TsePeer, till: Till) -> None:
    peer.unplug()
    till.until(DeviceSeen, Health.OFFLINE)
    assert not till.sell(1).signature.serial
    peer.replug()
    till.until(DeviceSeen, Health.READY)
    assert till.sell(2).signature.serial


def test_the_command_checks_a_code(till: Till, capsys: pytest.CaptureFixture[str]) -> None:
    text = code(till.sell(1).signature)
    assert main(["verify", text]) == 0
    said = capsys.readouterr().out
    assert (
        "genuine: signed by the key of this code" in said
        and "Beleg^13.09_15.19_0.00_0.00_0.00^28.28:Unbar" in said
    )
    assert main(["verify", text.replace("28.28", "28.27")]) == 1
    assert "NOT GENUINE: wrong signature" in capsys.readouterr().out
    assert main(["verify", "V0;x"]) == 2
    assert "not a receipt's code" in capsys.readouterr().err


def test_the_command_takes_the_archive(
    peer: TsePeer, till: Till, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    till.sell(1)
    till.worker.order(FiscalStart(SaleId("left")))
    till.sell(2)
    assert till.worker.stop(PATIENCE)
    config, out = tmp_path / "kiosk.toml", tmp_path / "log.tar"
    device = f'[fiscal.device]\nmodel = "tse"\nport = "{peer.port}"\nclient = "0187-4"\n'
    config.write_text('[lane]\nstore = "0187"\nnumber = "4"\n[shop]\nname = "L"\n' + device)
    assert main(["archive", str(config), str(out)]) == 0
    assert "0 transactions were open" in capsys.readouterr().out
    with tarfile.open(out) as tar:
        assert tar.getnames() == list(peer.chip.log) and len(peer.chip.log) == 6
    assert main(["archive", str(config), str(out)]) == 2
    config.write_text('[lane]\nstore = "0187"\nnumber = "4"\n[shop]\nname = "L"\n')
    assert main(["archive", str(config), str(tmp_path / "b")]) == 2


def test_the_bench_tells_it_what_happens(peer: TsePeer, capsys: pytest.CaptureFixture[str]) -> None:
    peer.chip.begin("c", "r")
    tell(["log", "out", "back", "restart loses", "coffee"], peer, World())
    said = capsys.readouterr().out
    assert "Start_Client-c.log" in said and "not done: coffee" in said
    assert not peer.service.out and not peer.chip.open
