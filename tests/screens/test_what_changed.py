"""A page that is drawn over another looks as if it had been drawn at once: nothing stays, and no edge is cut."""

import pytest

from kiosk.text import Words
from kiosk.units import Millis
from screens.screen import Screen
from screens.theme import Panel
from screens.view import view
from tests.screens.sessions import BUILD, Shop

PANELS = (Panel(px=(1024, 768), mm=(304, 228)), Panel(px=(1080, 1920), mm=(268, 476)))
AFTER = ("start-no-storage", "start-no-terminal", "basket-no-storage")


def shown(screen: Screen, lane: Shop) -> bytes:
    words = Words("en", "EUR", 2)
    screen.show(view(lane.session, lambda language: words, Millis(0)), 0)
    screen.settle(0)
    return screen.rgb()


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: f"{panel.px[0]}x{panel.px[1]}")
@pytest.mark.parametrize("state", AFTER)
def test_one_page_over_another(panel: Panel, state: str) -> None:
    over = Screen(panel, reduced=True)
    shown(over, BUILD["start"]())
    shown(over, BUILD["limits"]())
    shown(over, BUILD["start"]())
    assert shown(over, BUILD[state]()) == shown(Screen(panel, reduced=True), BUILD[state]())
