"""A key sinks as soon as a finger is on it, though no turn has come of it yet."""

import os
from pathlib import Path

import pygame
import pytest

from kiosk.checkout.passed import WhyNot as Finger
from kiosk.checkout.session import Idle
from kiosk.loop.fingers import sources
from kiosk.loop.inbox import Inbox, Woken
from kiosk.loop.loop import STILL
from tests.journal.recorder import PANES, Recorded


@pytest.mark.parametrize("woken", [True, False])
def test_the_key_under_a_finger_is_drawn_sunk_and_up_again(woken: bool, tmp_path: Path) -> None:
    recorded = Recorded(tmp_path)
    recorded.screen.settle()
    assert recorded.screen.frame
    hit = next(part.hit for part in recorded.screen.frame.parts if part.id == "help")
    assert hit
    x, y = (hit.x + hit.w // 2) / PANES.px[0], (hit.y + hit.h // 2) / PANES.px[1]
    before = recorded.screen.rgb()

    def happens(kind: int, x: float, y: float) -> bytes:
        pygame.event.post(pygame.event.Event(kind, x=x, y=y, touch_id=1, finger_id=1, dx=0, dy=0))
        if woken:
            recorded.inbox.put(Woken())
        else:
            recorded.time += int(STILL * 1000)
        recorded.loop.once(0.0)
        for _ in range(20):
            recorded.time += 16
            recorded.loop.once(0.0)
        return recorded.screen.rgb()

    assert happens(pygame.FINGERDOWN, x, y) != before
    assert happens(pygame.FINGERMOTION, 0.5, 0.01) == before
    happens(pygame.FINGERUP, 0.5, 0.01)
    assert isinstance(recorded.loop.session.kept.phase, Idle)
    recorded.journal.close()


def test_a_driver_without_fingers_is_not_watched() -> None:
    pygame.display.init()
    assert sources() == []


def test_what_can_be_read_wakes_and_then_is_left_alone_for_a_moment() -> None:
    inbox, (reading, writing) = Inbox(), os.pipe()
    inbox.watch([reading])
    os.write(writing, b"x")
    taken = inbox.take(10.0)
    assert taken is not None and taken.message == Woken()
    assert inbox.take(0.0) is None, "whoever was woken reads first"
    inbox.put(Finger("pressed"))
    taken = inbox.take(10.0)
    assert taken is not None and taken.message == Finger("pressed")
    os.read(reading, 1)
    assert inbox.take(0.01) is None
    os.close(reading)
    os.close(writing)
