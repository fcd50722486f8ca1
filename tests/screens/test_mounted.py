"""A panel that hangs turned: a touch means what is drawn there."""

import msgspec
import pygame
import pytest

from screens.areas import turned, upright
from screens.marks import Rect
from screens.screen import Screen
from screens.theme import Panel
from tests.screens.matrix import PANELS
from tests.screens.matrix import page as state


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_touch_is_turned_with_the_panel(rotation: int) -> None:
    panel = Panel((1080, 1920), (194, 344), rotation)
    wide, high = (1920, 1080) if rotation % 180 else (1080, 1920)
    corners = {upright(panel, x, y) for x in (0, wide - 1) for y in (0, high - 1)}
    assert corners == {(0, 0), (1079, 0), (0, 1919), (1079, 1919)}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_what_is_drawn_is_turned_as_touches_are(rotation: int) -> None:
    panel = Panel((1080, 1920), (194, 344), rotation)
    place = turned(panel, Rect(10, 20, 30, 40))
    assert upright(panel, place.x, place.y) in {(10, 20), (10, 59), (39, 20), (39, 59)}
    assert upright(panel, place.right - 1, place.bottom - 1) in {(10, 20), (10, 59), (39, 20), (39, 59)}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("name", PANELS)
def test_on_every_panel_as_it_is_mounted_a_touch_meets_what_is_drawn_there(name: str, rotation: int) -> None:
    panel = msgspec.structs.replace(PANELS[name], rotation=rotation)
    plain = Screen(PANELS[name])
    plain.show(state("basket"), 0)
    plain.settle()
    wanted = pygame.image.tobytes(plain._canvas, "RGB")
    screen = Screen(panel)
    screen.show(state("basket"), 0)
    screen.settle()
    screen.flip()
    back = pygame.transform.rotate(screen._window, rotation)
    assert pygame.image.tobytes(back, "RGB") == wanted
    assert screen.frame is not None
    now = 1000
    for part in screen.frame.parts:
        if part.key and part.hit:
            place = turned(panel, part.hit)
            x, y = place.x + place.w // 2, place.y + place.h // 2
            screen.touch("down", x, y, now)
            assert screen._down == part.key
            screen.touch(
                "move", *((place.right + 3, y) if not rotation % 180 else (x, place.bottom + 3)), now + 10
            )
            assert screen._down != part.key, "a finger beside it touches it no more"
            now += 1000
