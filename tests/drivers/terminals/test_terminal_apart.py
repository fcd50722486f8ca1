"""A terminal in a process of its own: the contract goes through the socket, and no cut of it makes money go astray."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.line import open_line
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.terminal_nexo_http import NexoHttp
from drivers.simulated.world import Card
from drivers.terminals.nexo.driver import Terminal
from drivers.worker import Worker
from kiosk.checkout.effects import Abort, Acknowledge, EndOfDay
from kiosk.checkout.events import NoAnswer, Printed, ReadyToSend, TotalsReceived
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.checkout.passed import TerminalSays
from kiosk.checkout.session import Health
from kiosk.commands.terminal import serve
from kiosk.frames import framed
from kiosk.units import AttemptId
from tests.drivers.terminals.nexo_till import Till, config_of, terminal_with, till_at


class Process:
    """`kiosk terminal` in a thread of this process, with a driver straight on the simulated terminal's line."""

    def __init__(self, terminal: NexoTerminal, path: Path) -> None:
        self.path = path
        self._stop, self._stopping = socket.socketpair()
        config = config_of(terminal)

        def make(emit: Any) -> Worker[Any]:
            return Worker("terminal", lambda: open_line(terminal.port), Terminal(config), emit)

        self._thread = threading.Thread(target=serve, args=(path, make, self._stop))
        self._thread.start()
        while not path.exists():
            continue

    def end(self) -> None:
        self._stopping.close()
        self._thread.join()
        self._stop.close()


@pytest.fixture
def terminal() -> Iterator[NexoTerminal]:
    with terminal_with(Card(last4="4111")) as peer:
        yield peer


@pytest.fixture
def process(terminal: NexoTerminal, tmp_path: Path) -> Iterator[Process]:
    process = Process(terminal, tmp_path / "terminal.sock")
    yield process
    process.end()


def test_paid_aborted_given_back_and_closed_through_the_socket(terminal, process):
    with till_at(terminal, apart=process.path) as till:
        paid = till.pay()
        assert (paid.outcome, paid.last4) == (Outcome.APPROVED, "4111")
        assert till.ask().reference == paid.reference
        assert till.reverse(paid).outcome is Outcome.APPROVED
        terminal.world.change(card=None)
        till.attempt = AttemptId("lane-1-7-2")
        till.authorise()
        till.until(TerminalSays)
        till.order(Abort(till.attempt))
        assert till.answer().reason == "cancelled"
        till.order(EndOfDay(AttemptId("day-1")))
        assert till.until(TotalsReceived).amount == 0


def test_while_the_process_is_away_nothing_is_sent(terminal, tmp_path):
    till = Till(terminal, apart=tmp_path / "none.sock")
    till.until_health(Health.OFFLINE)
    assert till.pay() == PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away")
    assert till.ask() is None
    till.close()


def test_the_process_ends_before_the_mark_was_durable(terminal, process):
    with till_at(terminal, apart=process.path) as till:
        till.acknowledges = False
        till.authorise()
        till.until(ReadyToSend)
        process.end()
        assert till.answer().outcome is Outcome.NOT_CHARGED
    assert "hear Payment" not in terminal.steps
    process.__init__(terminal, process.path)


def test_the_process_ends_while_the_payment_is_open_and_another_finds_it(terminal, process):
    terminal.world.change(card=None)
    with till_at(terminal, apart=process.path) as till:
        till.authorise()
        till.until(TerminalSays)
        process.end()
        assert till.answer().outcome is Outcome.UNKNOWN
        terminal.world.change(card=Card())
        process.__init__(terminal, process.path)
        till.until_health(Health.READY)
        assert till.ask().outcome is Outcome.APPROVED
    assert terminal.book.charged == till.amount


def test_the_kiosk_dies_and_what_it_had_not_acknowledged_is_never_sent(terminal, process):
    till = Till(terminal, apart=process.path)
    till.until_health(Health.READY)
    till.acknowledges = False
    till.authorise()
    till.until(ReadyToSend)
    till.close()
    with till_at(terminal, apart=process.path) as again:
        again.order(Acknowledge(till.attempt))
        assert again.ask().reason == "not_found"
    assert "hear Payment" not in terminal.steps


def test_open_questions_are_answered_when_the_process_goes(terminal, process):
    terminal.faults.half_open = False
    with till_at(terminal, apart=process.path) as till:
        terminal.faults.half_open = True
        till.order(EndOfDay(AttemptId("day-1")))
        process.end()
        assert till.until(NoAnswer).attempt == "day-1"
    terminal.faults.half_open = False
    process.__init__(terminal, process.path)


@pytest.mark.parametrize("said", [framed(Printed("job")), b"\xff\xff\xff\xff", framed({"type": "Scanned"})])
def test_only_a_terminals_events_come_through(terminal, tmp_path, said):
    path = tmp_path / "other.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        till = Till(terminal, apart=path)
        connection, _ = listener.accept()
        with connection:
            connection.sendall(said)
            till.until_health(Health.OFFLINE)
        till.close()
    assert all(not isinstance(event, Printed) for event in till.events)


def test_the_real_process_killed_in_the_middle_of_a_payment(terminal, tmp_path):
    path, config = tmp_path / "terminal.sock", tmp_path / "kiosk.toml"
    with NexoHttp(terminal) as http:
        config.write_text(
            '[lane]\nstore = "1"\nnumber = "1"\n[shop]\nname = "Shop"\n[terminal]\nmodel = "nexo"\n'
            f'url = "{http.url}"\npoi_id = "{terminal.poi_id}"\nsale_id = "LANE-1"\nsocket = "{path}"\n'
        )

        def started() -> "subprocess.Popen[bytes]":
            command = [sys.executable, "-m", "kiosk.commands.terminal", str(config)]
            return subprocess.Popen(command, stderr=subprocess.DEVNULL)

        terminal.world.change(card=None)
        process = started()
        try:
            with till_at(terminal, apart=path) as till:
                terminal.on_step = till.notice
                till.authorise()
                till.until(str, lambda step: step == "hear Payment")
                process.kill()
                process.wait()
                assert till.answer().outcome is Outcome.UNKNOWN
                terminal.world.change(card=Card())
                process = started()
                till.until_health(Health.READY)
                assert till.settle(PaymentResult(Outcome.UNKNOWN)).outcome is Outcome.APPROVED
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    assert terminal.book.charged == till.amount


def test_a_configuration_without_such_a_terminal_is_refused(tmp_path):
    config = tmp_path / "kiosk.toml"
    config.write_text('[lane]\nstore = "1"\nnumber = "1"\n[shop]\nname = "Shop"\n')
    command = [sys.executable, "-m", "kiosk.commands.terminal", str(config)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == os.EX_CONFIG and "socket" in run.stderr
