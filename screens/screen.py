"""The screen of a kiosk: shows pages, moves them, and turns touches into what the touched key sends."""

import os
from pathlib import Path

import msgspec
import pygame
from msgspec import Struct

from kiosk.checkout.events import Event
from screens.areas import joined, turned, upright
from screens.boxes import Box
from screens.icons import own_pictures
from screens.kit import State
from screens.layout import lay_out
from screens.marks import Frame, Moment, Rect
from screens.motion import Moves, slip_area
from screens.paint import Painter
from screens.text import Type
from screens.theme import BLACK, Panel, Theme, theme
from screens.widgets import ERASE, Dots, Field, Key, Page

INK = 2
"""Pixels by which letters may stand out of the box that they were measured to need."""
REST_MS = 400
"""How long the sill waits before it changes under a finger that may be on its way."""
BOUNCE_MS = 60
"""A touch this soon after the last one is the same finger: panels and SDL both report one tap twice."""


class Digit(Struct, frozen=True):
    """A digit key of a secret field was pressed; the field now has so many."""

    field: str
    typed: int
    full: bool


class Why(Struct, frozen=True):
    """A key that is off was pressed, and says why it is."""

    key: str
    text: str


Pressed = Event | Digit | Why | None


class Screen:
    """One panel. `show` a page, `draw` what has changed, `flip` it to the glass; `touch` gives what a key
    sends."""

    def __init__(
        self, panel: Panel, brand: str = "", reduced: bool = False, fullscreen: bool = False,
        pictures: Path | None = None,
    ) -> None:  # fmt: skip
        choose_video()
        pygame.display.init()
        self.panel, self._brand, self._reduced = panel, brand, reduced
        turned = panel.rotation % 180 == 90
        size = (panel.px[1], panel.px[0]) if turned else panel.px
        self._window = pygame.display.set_mode(size, pygame.FULLSCREEN if fullscreen else 0)
        self._canvas = pygame.Surface(panel.px, 0, self._window) if panel.rotation else self._window
        self._type, self._own = Type(), own_pictures(pictures)
        self._theme: Theme | None = None
        self._page: Page | None = None
        self._later: tuple[Page, int] | None = None
        self._frame: Frame | None = None
        self._state = State()
        self._made: dict[object, Box] = {}
        self._secrets: dict[str, str] = {}
        self._dirty: list[Rect] = []
        self._present: list[Rect] = []
        self._veil: tuple[pygame.Surface, Rect] | None = None
        self._answered, self._deaf_until, self._released = True, 0, -1000
        self._clock: dict[str, Moment] = {}
        self._drawn = 0
        self._down: Key | None = None

    @property
    def video(self) -> str:
        """The live video path, for the log: SDL's driver, and whether a GPU is asked for."""
        plain = os.environ.get("SDL_FRAMEBUFFER_ACCELERATION") == "0"
        return f"{pygame.display.get_driver()} {self.panel.px[0]}x{self.panel.px[1]}, " + (
            "plain framebuffer" if plain else "SDL's accelerated framebuffer"
        )

    # ---- showing

    def show(self, page: Page, now_ms: int) -> None:
        """Make this the page: lay it out, and start what has to move. Nothing is drawn yet."""
        old, later = self._page, self._later
        asked, self._answered = self._answered, False
        if page == old and later is None:
            return
        self._later = None
        if old and not asked and keys_of(old) != keys_of(page):
            if old.name == page.name:
                waited = later is not None and keys_of(later[0]) == keys_of(page)
                self._later = (page, later[1] if later and waited else now_ms + REST_MS)
                page = with_keys_of(page, old)
            else:
                self._deaf_until = now_ms + REST_MS
        self._change(page, now_ms)

    def _change(self, page: Page, now: int) -> None:
        another = self._page is not None and self._page.name != page.name
        style = theme(page.theme, page.large, self._brand, frozenset(self._own))
        if self._type.read_by(page.language):
            self._frame = None
            self._made.clear()
        if style is not self._theme:
            self._theme, self._frame = style, None
            self._painter = Painter(self._type, style.paint, self._own)
            self._moves = Moves(style.motion)
            self._moves.hold(self._down.id if self._down else "", now)
        still = self._reduced or page.still or style.name == "contrast"
        self._moves.reduced = still
        if self._page and page.blocks != self._page.blocks:
            self._state = msgspec.structs.replace(self._state, skip=0)
        if self._page and self._page.curtain is not page.curtain:
            self._frame = None
        old, self._page = self._frame, page
        self._forget({block.field for block in page.blocks if isinstance(block, Dots | Field)})
        frame = self._placed(page)
        if another and old and not still:
            area = frame.counter.within(old.counter)
            self._veil = self._canvas.subsurface((area.x, area.y, area.w, area.h)).copy(), area
        self._moves.begin(old, frame, now, another)
        self._replace(frame)

    def _placed(self, page: Page) -> Frame:
        assert self._theme is not None
        return lay_out(page, self.panel, self._theme, self._type.measure, self._state, self._made)

    def _replace(self, frame: Frame) -> None:
        """Take a frame, and remember where it differs from the last one."""
        old, self._frame = self._frame, frame
        if old is None:
            self._dirty = [Rect(0, 0, *self.panel.px)]
            return
        before = {part.id: part for part in old.parts}
        for part in frame.parts:
            was = before.pop(part.id, None)
            if was != part:
                self._dirty.append((part.box.with_(was.box) if was else part.box).grown(INK))
        self._dirty += [part.box.grown(INK) for part in before.values()]

    def _relay(self) -> None:
        """Lay the same page out again, for another state."""
        if self._page:
            self._replace(self._placed(self._page))

    # ---- drawing

    def draw(self, now_ms: int) -> bool:
        """Draw what has changed into the back buffer; True while something still moves."""
        if self._later and now_ms >= self._later[1]:
            page, self._later = self._later[0], None
            self._change(page, now_ms)
        frame, self._drawn = self._frame, now_ms
        if frame is None:
            return False
        self._moving(frame, now_ms)
        areas, self._dirty = joined(self._dirty, Rect(0, 0, *self.panel.px)), []
        for area in areas:
            self._paint(frame, area, now_ms)
        self._canvas.set_clip(None)
        self._present += areas
        self._moves.prune(now_ms)
        if self._moves.fade is None:
            self._veil = None
        return self._later is not None or self._moves.going_on(frame, now_ms)

    def _moving(self, frame: Frame, now: int) -> None:
        """Add what looks different from how it was drawn last."""
        if self._moves.fade is not None:
            self._dirty.append(frame.counter)
        seen: dict[str, Moment] = {}
        slip_moved = False
        for part in frame.parts:
            moment = self._moves.moment(part, now)
            if moment != self._clock.get(part.id, moment):
                if part.zone == "slip":
                    slip_moved = True
                else:
                    self._dirty.append(part.box.grown(8))
            seen[part.id] = moment
        if slip_moved and (area := slip_area(frame)):
            self._dirty.append(area)
        self._clock = seen

    def _paint(self, frame: Frame, area: Rect, now: int) -> None:
        canvas = self._canvas
        canvas.set_clip((area.x, area.y, area.w, area.h))
        if self._page and self._page.curtain:
            canvas.fill(BLACK)
            return
        veil = self._veil
        for part in frame.parts:
            moment = self._clock[part.id]
            box = part.box.moved(moment.dy) if moment.dy else part.box
            if part.id == "sill" and veil:
                veil[0].set_alpha(round(255 * (1 - self._moves.faded(now))))
                canvas.blit(veil[0], (veil[1].x, veil[1].y))
            if box.meets(area):
                self._painter.part(canvas, part, moment)

    def present(self) -> None:
        """Bring the glass a frame although nothing was drawn."""
        pygame.display.update((0, 0, 1, 1))

    def flip(self) -> bool:
        """Bring what was drawn to the glass; whether there was anything."""
        rects = [(area.x, area.y, area.w, area.h) for area in self._present]
        self._present = []
        if not rects:
            return False
        if self.panel.rotation:
            rects = [self._turn(area) for area in rects]
        pygame.display.update(rects)
        return True

    def _turn(self, area: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """Copy a part of the page to the window as it is mounted; gives where it lies there."""
        piece = pygame.transform.rotate(self._canvas.subsurface(area), -self.panel.rotation)
        place = turned(self.panel, Rect(*area))
        self._window.blit(piece, (place.x, place.y))
        return place.x, place.y, place.w, place.h

    def settle(self, now_ms: int | None = None) -> None:
        """End all transitions and draw the whole page as it then is, at the time of the last drawing if none
        is given."""
        now_ms = self._drawn if now_ms is None else now_ms
        if self._later:
            page, self._later = self._later[0], None
            self._change(page, now_ms)
        if self._frame:
            self._moves.settle()
            self._dirty = [Rect(0, 0, *self.panel.px)]
            self.draw(now_ms)

    # ---- touching

    def touch(self, kind: str, x: float, y: float, now_ms: int) -> Pressed:
        """A finger: `down`, `move` or `up`, in pixels of the display. A key acts when the finger leaves the
        glass on it, if it still says what it said when it was touched."""
        key = self._under(*upright(self.panel, x, y))
        if kind == "down":
            if key and now_ms - self._released >= BOUNCE_MS and now_ms >= self._deaf_until:
                self._press(key, now_ms)
            return None
        down = self._down
        if down is None or (kind == "move" and key is not None and key.id == down.id):
            return None
        self._press(None, now_ms)
        if kind == "move":
            return None
        self._released = now_ms
        return self._act(key) if key and (key.id, key.text) == (down.id, down.text) else None

    def _under(self, x: float, y: float) -> Key | None:
        parts = reversed(self._frame.parts) if self._frame else ()
        return next((part.key for part in parts if part.hit and part.hit.holds(x, y)), None)

    def _press(self, key: Key | None, now: int) -> None:
        self._down = key
        self._moves.hold(key.id if key else "", now)

    def _act(self, key: Key) -> Pressed:
        blocks = self._page.blocks if self._page else ()
        secret = next((b for b in blocks if isinstance(b, Dots | Field)), None)
        if key.off:
            return Why(key.id, key.why)
        if key.skip is not None:
            self._state = msgspec.structs.replace(self._state, skip=key.skip)
            self._relay()
            return None
        if key.digit and secret:
            typed = self._secrets.get(secret.field, "")
            typed = typed[:-1] if key.digit == ERASE else (typed + key.digit)[: secret.length]
            self._keep(secret.field, typed)
            return Digit(secret.field, len(typed), len(typed) == secret.length)
        self._answered = True
        return key.sends

    def press(self, name: str) -> Pressed:
        """Press the key of this id or text. LookupError names the keys there are."""
        keys = self._keys()
        for key in keys:
            if name in (key.id, key.text):
                return self._act(key)
        raise LookupError(f"no key {name!r}; there are {[key.text or key.id for key in keys]}")

    def act(self, key: Key) -> Pressed:
        """Press a key of the page, also one that found no room on the glass."""
        return self._act(next((each for each in self._keys() if each.id == key.id), key))

    def expect(self) -> None:
        """Somebody acts without a finger on the glass: what comes of it is shown at once."""
        self._answered = True

    def _keys(self) -> list[Key]:
        return [part.key for part in self._frame.parts if part.key] if self._frame else []

    def order(self) -> list[str]:
        """The ids of all keys on the glass in reading order, the go key first."""
        keys = self._keys()
        return [key.id for key in sorted(keys, key=lambda key: key.kind != "go")]

    def focus(self, name: str) -> None:
        """Put the keypad's focus on the key of that id, or take it away ("")."""
        if name != self._state.focus:
            self._state = msgspec.structs.replace(self._state, focus=name)
            self._relay()

    # ---- secrets

    def secret(self, field: str) -> str:
        """What was typed into a secret field; it is forgotten here."""
        typed = self._secrets.get(field, "")
        self._keep(field, "")
        return typed

    def _keep(self, field: str, typed: str) -> None:
        self._secrets[field] = typed
        self._count()
        self._relay()

    def _forget(self, shown: set[str]) -> None:
        """What was typed half lives no longer than its field is on the glass."""
        self._secrets = {field: typed for field, typed in self._secrets.items() if field in shown}
        self._count()

    def _count(self) -> None:
        counts = tuple((name, len(digits)) for name, digits in self._secrets.items() if digits)
        shown = (
            {block.field for block in self._page.blocks if isinstance(block, Field)} if self._page else set()
        )
        written = tuple((name, text) for name, text in self._secrets.items() if text and name in shown)
        self._state = msgspec.structs.replace(self._state, typed=counts, written=written)

    # ---- looking

    def words(self) -> list[str]:
        """Every text on the screen, in the order in which it is read."""
        return self._frame.words() if self._frame else []

    @property
    def frame(self) -> Frame | None:
        """The page as it is placed."""
        return self._frame

    def png(self, path: Path) -> None:
        """Write what is drawn to a PNG file."""
        pygame.image.save(self._canvas, path)

    def rgb(self) -> bytes:
        """What is drawn, row by row: red, green, blue."""
        return pygame.image.tobytes(self._canvas, "RGB")


PX_PER_MM = 4.0
"""Of a panel that nobody has measured: about what 15 to 22 inches have."""


def unmeasured() -> Panel:
    """The display as it says it is, before anybody has told the lane its size."""
    choose_video()
    pygame.display.init()
    wide, high = pygame.display.get_desktop_sizes()[0]
    return Panel(px=(wide, high), mm=(wide / PX_PER_MM, high / PX_PER_MM))


def choose_video() -> None:
    """SDL's fastest way to the glass: no detour over a GPU that is not there, and on the bare console the one
    renderer that shows a picture."""
    if not Path("/dev/dri").exists():
        os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    if os.environ.get("SDL_VIDEODRIVER") == "kmsdrm":
        os.environ.setdefault("SDL_RENDER_DRIVER", "opengles2")


def keys_of(page: Page) -> list[tuple[str, str]]:
    """The keys of a sill, by id and text, in their order."""
    rows = (page.tools, *page.letters, (page.go,) if page.go else (), page.foot)
    return [(key.id, key.text) for row in rows for key in row]


def with_keys_of(page: Page, old: Page) -> Page:
    """A page that still has the keys of another one."""
    return msgspec.structs.replace(page, tools=old.tools, letters=old.letters, go=old.go, foot=old.foot)
