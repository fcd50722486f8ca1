"""Every state of the shop, in every language and look, on every panel: what the linter, the goldens and the
gallery go through."""

from functools import lru_cache

import pygame
from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.session import Session
from kiosk.text import Words
from kiosk.units import Millis
from screens.kit import State
from screens.layout import lay_out
from screens.marks import Frame, Moment
from screens.paint import Painter
from screens.text import Type
from screens.theme import Panel, theme
from screens.view import view
from screens.widgets import Dots, Field, Page
from tests.screens.states import BUILD, session

PANELS = {
    "portrait": Panel((1080, 1920), (194, 344)),
    "landscape": Panel((1920, 1080), (344, 194)),
    "wide": Panel((1366, 768), (344, 194)),
    "square": Panel((1024, 768), (304, 228)),
}
LOOKS = {
    "normal": {},
    "large": {"large": True},
    "low": {"low_reach": True},
    "large-low": {"large": True, "low_reach": True},
}
THEMES = ("light", "dark", "contrast", "brand")
BRAND = "#E2001A"
"""The colour of the shop whose theme is `brand`: the light one with its sill and go key."""
TYPED = {"pin": "123", "email": "ada@tilleul"}
"""What has been typed into the field of a state."""
LEFT = 0.7
"""How much of its time a bar has left in a picture."""

TYPE = Type()
words_for = lru_cache(Words)
reached = lru_cache(session)


class Shown(Struct, frozen=True):
    """One state as somebody sees it."""

    state: str
    language: str = "en"
    look: str = "normal"
    theme: str = "light"
    panel: str = "portrait"

    def __str__(self) -> str:
        return "/".join((self.state, self.language, self.look, self.theme, self.panel))


def seen(state: str, language: str, look: str = "normal") -> tuple[Session, Millis]:
    """The session of a state in a language and look."""
    here, now = reached(state, language)
    return replace(here, passing=replace(here.passing, **LOOKS[look])) if LOOKS[look] else here, now


@lru_cache(maxsize=4096)
def page(state: str, language: str = "en", look: str = "normal") -> Page:
    """What is on the screen, in the light theme but where the state itself has another one."""
    here, now = seen(state, language, look)
    return view(here, words_for, now)


@lru_cache
def looks(state: str) -> tuple[str, ...]:
    """The looks in which a state shows something of its own: staff pages have one only."""
    found: list[str] = []
    for look in LOOKS:
        if all(page(state, "en", other) != page(state, "en", look) for other in found):
            found.append(look)
    return tuple(found)


def dressed(shown: Shown) -> Page:
    """The page in its theme."""
    plain = page(shown.state, shown.language, shown.look)
    themed = {"brand": "light", "light": plain.theme}.get(shown.theme, shown.theme)
    return plain if themed == plain.theme else replace(plain, theme=themed)


def brand(shown: Shown) -> str:
    return BRAND if shown.theme == "brand" else ""


def typed(shown: Page, state: str) -> State:
    """The field of a page as it is while somebody types."""
    text = TYPED.get(state, "")
    field = next((block for block in shown.blocks if text and isinstance(block, Dots | Field)), None)
    if field is None:
        return State()
    written = ((field.field, text),) if isinstance(field, Field) else ()
    return State(typed=((field.field, len(text)),), written=written)


def placed(shown: Shown) -> Frame:
    """Where everything stands."""
    made = dressed(shown)
    style = theme(made.theme, made.large, brand(shown))
    return lay_out(made, PANELS[shown.panel], style, TYPE.measure, typed(made, shown.state))


def drawn(shown: Shown) -> pygame.Surface:
    """The picture, at rest."""
    made, panel = dressed(shown), PANELS[shown.panel]
    target = pygame.Surface(panel.px, 0, 32)
    painter = painter_of(made.theme, made.large, brand(shown))
    for part in placed(shown).parts:
        painter.part(target, part, Moment(left=LEFT))
    return target


@lru_cache
def painter_of(name: str, large: bool, colour: str) -> Painter:
    return Painter(TYPE, theme(name, large, colour).paint)


__all__ = ["BUILD", "LOOKS", "PANELS", "THEMES", "Shown", "drawn", "looks", "page", "placed", "seen"]
