"""A page drawn anew from corner to corner, against a bare blit of the whole screen in the same process."""

import os
import time
from collections.abc import Callable, Iterator

import pygame

from screens.screen import Screen
from screens.theme import Panel
from screens.view import view
from tests.bench import Row
from tests.bench.rig import percentile

TIMES = 5.0
PANEL = Panel((1920, 1080), (344, 194))


def rows(quick: bool) -> Iterator[Row]:
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    from tests.screens.sessions import BUILD
    from tests.screens.test_views import words_for

    screen = Screen(PANEL)
    window = pygame.display.get_surface()
    for name in ("basket", "start", "finder"):
        lane = BUILD[name]()
        screen.show(view(lane.session, words_for, lane.now), 0)
        screen.settle(10_000)
        picture = window.copy()
        full, bare = [], []
        for _ in range(30 if quick else 300):
            full.append(taken(lambda: screen.settle(10_000)))
            bare.append(taken(lambda shown=picture: window.blit(shown, (0, 0))))  # type: ignore[misc]
        ours, floor = percentile(full, 50) / 1e6, percentile(bare, 50) / 1e6
        yield Row(
            what=f"a full repaint, {name}, 1080p, p50 of {len(full)}",
            goal="<= 5 x a bare full-screen blit",
            measured=f"{ours:.2f} ms, blit {floor:.2f} ms",
            ratio=ours / floor,
            ok=ours <= TIMES * floor,
        )


def taken(work: Callable[[], object]) -> int:
    began = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - began
