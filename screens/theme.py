"""Colours, sizes and durations of the look, read from tokens.json into frozen values; a shop's own colour,
made safe.

The reference panel has 5.581 px on a millimetre (1920 px on 344 mm). All lengths of the layout are in those
reference pixels; a Panel says how many of its own pixels one of them is.
"""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
REFERENCE_PX_PER_MM = 1920 / 344
REACH_MM = (380, 1220)
"""Between these heights above the floor a seated shopper's hand gets to a key (EN 301 549, 8.3.2)."""
KEYS_OF_PANEL = 0.45
"""The part of a panel, from below, in which its main keys lie in low reach, and upright always."""
"""Marker yellow and person blue keep their meaning: a brand within 20 degrees of their hue gets a white
key."""
TAKEN_HUES = (50, 222)


class Panel(Struct, frozen=True):
    """A screen as it is mounted: pixels and millimetres as the shopper sees them, the quarter turns (0, 90, 180, 270
    degrees clockwise) that the driver's picture needs, and how many millimetres above the floor its lower edge is."""

    px: tuple[int, int] = (1080, 1920)
    mm: tuple[float, float] = (194, 344)
    rotation: int = 0
    floor: float = 860

    @property
    def scale(self) -> float:
        """Panel pixels for one reference pixel, along the longer side."""
        return max(self.px) / max(self.mm) / REFERENCE_PX_PER_MM

    @property
    def portrait(self) -> bool:
        return self.px[1] > self.px[0]


class Palette(Struct, frozen=True):
    """The named colours of one theme (look README, "Colour")."""

    counter: Colour
    paper: Colour
    paper_old: Colour
    ink: Colour
    ink_2: Colour
    rule: Colour
    edge: Colour
    sill: Colour
    sill_ink: Colour
    sill_ink_2: Colour
    sill_key: Colour
    sill_key_pressed: Colour
    sill_lip: Colour
    sill_edge: Colour
    go: Colour
    on_go: Colour
    go_lip: Colour
    go_pressed: Colour
    save: Colour
    on_save: Colour
    person: Colour
    on_person: Colour
    person_tint: Colour
    on_person_tint: Colour
    off_ink: Colour
    stop: Colour
    on_stop: Colour
    focus: Colour
    focus_halo: Colour


class Motion(Struct, frozen=True):
    """Durations in milliseconds."""

    press: int
    release: int
    paper_rise: int
    highlight_sweep: int
    total_count: int
    notice_rise: int
    screen_change: int
    dots_cycle: int


class Theme(Struct, frozen=True):
    """One look: `name` is light, dark or contrast; `tints` by department, `paint` of the product symbols and the
    names of all `symbols` there are, `sizes` of type in reference px."""

    name: str
    palette: Palette
    tints: dict[str, Colour]
    paint: dict[str, Colour]
    symbols: frozenset[str]
    sizes: dict[str, int]
    motion: Motion
    large: bool = False


class _Type(Struct):
    size_px: dict[str, int]
    size_px_large: dict[str, int]


class _Symbols(Struct):
    symbols: dict[str, msgspec.Raw]


class _Tokens(Struct):
    colour: dict[str, dict[str, str]]
    department_tint: dict[str, dict[str, str]]
    symbol_paint: dict[str, str]
    type: _Type
    motion_ms: Motion
    sound_ms: dict[str, tuple[tuple[int, int], ...]]


@cache
def _tokens() -> _Tokens:
    return msgspec.json.decode(Path(__file__).with_name("tokens.json").read_bytes(), type=_Tokens)


def sounds() -> dict[str, tuple[tuple[int, int], ...]]:
    """The signals of the shop by name: tones of so many hertz and milliseconds, one after the other."""
    return _tokens().sound_ms


def colour(hexadecimal: str) -> Colour:
    """`#42DD9C` as three bytes; ValueError when it is not one."""
    if len(hexadecimal) != 7 or hexadecimal[0] != "#":
        raise ValueError(f"a colour is # and six hexadecimal digits, not {hexadecimal!r}")
    try:
        value = int(hexadecimal[1:], 16)
    except ValueError:
        raise ValueError(f"a colour is # and six hexadecimal digits, not {hexadecimal!r}") from None
    return (value >> 16, value >> 8 & 255, value & 255)


def written(value: Colour) -> str:
    """A colour as `#RRGGBB`."""
    return "#{:02X}{:02X}{:02X}".format(*value)


@cache
def _symbols() -> frozenset[str]:
    """The product symbols that we can draw."""
    file = Path(__file__).with_name("icons.json")
    return frozenset(msgspec.json.decode(file.read_bytes(), type=_Symbols).symbols)


@cache
def theme(
    name: str = "light", large: bool = False, brand: str = "", own: frozenset[str] = frozenset()
) -> Theme:
    """The named theme, with large type, a shop's colour and the names of its own pictures when given; checked.
    ValueError names a failing pair."""
    tokens = _tokens()
    palette = Palette(**{key: colour(value) for key, value in tokens.colour[name].items()})
    if brand and name != "contrast":
        palette = branded(palette, colour(brand))
    check(palette)
    return Theme(
        name=name,
        palette=palette,
        tints={key: colour(value) for key, value in tokens.department_tint[name].items()},
        paint={key: colour(value) for key, value in tokens.symbol_paint.items()},
        symbols=_symbols() | own,
        sizes=tokens.type.size_px_large if large else tokens.type.size_px,
        motion=tokens.motion_ms,
        large=large,
    )


# ---- a shop's colour


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with that share of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    light = sorted(
        0.2126 * _linear(c[0]) + 0.7152 * _linear(c[1]) + 0.0722 * _linear(c[2]) for c in (one, other)
    )
    return (light[1] + 0.05) / (light[0] + 0.05)


def hue(value: Colour) -> float | None:
    """Degrees on the colour circle; None for a colour that is hardly one (span of RGB below 24)."""
    red, green, blue = value
    top = max(value)
    span = top - min(value)
    if span < 24:
        return None
    if top == red:
        turn = (green - blue) / span
    elif top == green:
        turn = 2 + (blue - red) / span
    else:
        turn = 4 + (red - green) / span
    return (60 * turn + 360) % 360


def branded(palette: Palette, brand: Colour) -> Palette:
    """The palette with sill and go key in a shop's hue, darkened and lightened until they are safe."""
    sill, step = brand, 0.0
    while contrast(sill, WHITE) < 16:
        step += 0.01
        sill = mix(brand, BLACK, step)
    shade = hue(brand)
    taken = shade is None or any(abs(shade - other) < 20 for other in TAKEN_HUES)
    start = go = (242, 246, 244) if taken else brand
    step = 0.0
    while contrast(go, sill) < 3 or max(contrast(go, WHITE), contrast(go, BLACK)) < 4.5:
        step += 0.01
        go = mix(start, WHITE, step)
    return msgspec.structs.replace(
        palette,
        sill=sill,
        sill_key=mix(sill, WHITE, 0.08),
        sill_key_pressed=mix(sill, WHITE, 0.03),
        go=go,
        go_lip=mix(go, BLACK, 0.4),
        go_pressed=mix(go, BLACK, 0.13),
        on_go=WHITE if contrast(go, WHITE) >= 4.5 else BLACK,
    )


PAIRS = (
    ("ink", "counter", 4.5), ("ink", "paper", 4.5), ("ink_2", "counter", 4.5), ("ink_2", "paper", 4.5),
    ("ink_2", "paper_old", 4.5), ("edge", "paper", 3), ("edge", "counter", 3), ("sill_ink", "sill", 4.5),
    ("sill_ink_2", "sill", 4.5), ("sill_ink", "sill_key", 4.5), ("sill_ink_2", "sill_key", 4.5),
    ("sill_edge", "sill", 3), ("sill_edge", "sill_key", 3), ("off_ink", "sill", 3), ("on_go", "go", 4.5),
    ("go", "sill", 3), ("on_save", "save", 4.5), ("on_person", "person", 4.5),
    ("on_person_tint", "person_tint", 4.5), ("person", "paper", 3), ("on_stop", "stop", 4.5),
    ("focus", "sill", 3),
)  # fmt: skip


def check(palette: Palette) -> None:
    """ValueError with both colours and the ratio when a pair in use cannot be told apart."""
    for front, back, needed in PAIRS:
        one, other = getattr(palette, front), getattr(palette, back)
        ratio = contrast(one, other)
        if ratio < needed:
            pair = f"{front} {written(one)} on {back} {written(other)}"
            raise ValueError(f"{pair} has a contrast of {ratio:.1f}, needs {needed}")
