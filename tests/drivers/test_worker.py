"""The worker's life in flown time: back-off, health said once, orders refused, crashes outlived."""

import logging
from collections.abc import Callable

import pytest

from drivers.line import Absent, LineLost
from drivers.worker import Emit, Orders, Stopped, Worker
from kiosk.checkout.effects import Beep, Deed
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, Faded
from kiosk.checkout.session import Device, Health
from tests.drivers.rig import FlyClock

READY = DeviceSeen(Device("box", Health.READY))


class NoLine:
    closed = 0

    def close(self) -> None:
        self.closed += 1


class Box:
    """A driver that does what the test says."""

    def __init__(self, run: Callable[[NoLine, Orders, Emit], None]) -> None:
        self.run = run

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return (Faded("refused"),)


def lived(
    seconds: float,
    run: Callable[[NoLine, Orders, Emit], None],
    opening: Callable[[], NoLine] = NoLine,
    orders: tuple[tuple[float, str], ...] = (),
) -> tuple[list[tuple[float, Event]], list[float]]:
    """Events with their times, and the times of opening, of a worker that lives for so long."""
    clock = FlyClock()
    events: list[tuple[float, Event]] = []
    opened: list[float] = []

    def open_box() -> NoLine:
        opened.append(round(clock.time, 3))
        return opening()

    worker = Worker("box", open_box, Box(run), lambda e: events.append((round(clock.time, 3), e)), clock)
    for time, sound in orders:
        clock.at(time, lambda sound=sound: worker.order(Beep(sound)))
    clock.at(seconds, lambda: worker.stop(0))
    worker.live()
    return events, opened


def refuse_to_open() -> NoLine:
    raise LineLost("no such device")


def wait(line: NoLine, orders: Orders, emit: Emit) -> None:
    while True:
        orders.wait(None)


def test_back_off_doubles_to_half_a_second_and_is_said_once():
    events, opened = lived(2, wait, refuse_to_open)
    assert opened == [0, 0.1, 0.3, 0.7, 1.2, 1.7]
    assert events == [(0, DeviceSeen(Device("box", Health.OFFLINE, "no such device")))]


def test_after_it_was_ready_a_line_is_opened_again_at_once():
    def run(line: NoLine, orders: Orders, emit: Emit) -> None:
        orders.wait(None, 1)
        emit(READY)
        emit(READY)
        orders.wait(None, 1)
        raise LineLost("pulled")

    events, opened = lived(6, run)
    assert opened == [0, 2.1, 4.2]
    assert [(time, e.device.health) for time, e in events] == [
        (1, "ready"),
        (2, "offline"),
        (3.1, "ready"),
        (4.1, "offline"),
        (5.2, "ready"),
    ]


def test_what_is_absent_is_not_tried_again():
    def opening() -> NoLine:
        raise Absent("no chip")

    events, opened = lived(10_000, wait, opening, orders=((5000, "scan"),))
    assert opened == [0]
    assert events == [(0, DeviceSeen(Device("box", Health.ABSENT, "no chip"))), (5000, Faded("refused"))]


def test_orders_are_refused_where_there_is_no_line():
    events, _ = lived(2, wait, refuse_to_open, orders=((0.2, "a"), (0.25, "b")))
    assert [(time, e) for time, e in events if isinstance(e, Faded)] == [
        (0.2, Faded("refused")),
        (0.25, Faded("refused")),
    ]


def test_a_crash_is_a_fault_and_the_driver_starts_again(caplog):
    def run(line: NoLine, orders: Orders, emit: Emit) -> None:
        raise ZeroDivisionError("by a driver")

    with caplog.at_level(logging.ERROR):
        events, opened = lived(1, run)
    assert opened == [0, 0.1, 0.3, 0.7]
    assert events == [(0, DeviceSeen(Device("box", Health.FAULT, "ZeroDivisionError, see the log")))]
    assert "by a driver" in caplog.text


def test_every_line_that_was_opened_is_closed():
    lines: list[NoLine] = []

    def opening() -> NoLine:
        lines.append(NoLine())
        return lines[-1]

    def run(line: NoLine, orders: Orders, emit: Emit) -> None:
        orders.wait(None, 0.5)
        raise (LineLost("pulled"), KeyError("crash"))[len(lines) % 2]

    lived(5, run, opening)
    assert len(lines) > 3
    assert all(line.closed == 1 for line in lines)


def test_orders_come_in_order_and_before_time():
    clock = FlyClock()
    orders = Orders(clock)
    clock.at(1, lambda: (orders.put(Beep("a")), orders.put(Beep("b"))))
    assert orders.wait(None, 0.5) is None
    assert [orders.wait(None, 5), clock.time, orders.wait(None, 5), clock.time] == [
        Beep("a"),
        1,
        Beep("b"),
        1,
    ]
    assert orders.wait(None, 2) is None
    assert clock.time == 3


def test_stopped_is_said_before_any_order():
    orders = Orders(FlyClock())
    orders.put(Beep("a"))
    orders.stop()
    with pytest.raises(Stopped):
        orders.wait(None)
    assert orders.left() == (Beep("a"),)


def test_a_worker_that_never_started_is_stopped():
    worker = Worker("box", NoLine, Box(wait), lambda event: None)
    assert worker.stop(0)
