"""python -m tests.gallery.language: draws the pictures of screens/README.md anew, into screens/pictures."""

import os
from collections.abc import Sequence

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
from PIL import Image

from screens.icons import shapes
from screens.kit import Kit, State
from screens.paint import Painter
from screens.pen import Font, Pen
from screens.theme import Palette, theme
from tests.conftest import ROOT
from tests.screens.matrix import TYPE, Shown
from tests.screens.pictures import image

OUT = ROOT / "screens" / "pictures"
GAP, COLOURS = 24, 192
THEMES = [Shown("basket", theme=name) for name in ("light", "dark", "contrast", "brand")]
SIZES = [
    [Shown("basket", panel="landscape"), Shown("basket", look="low", panel="landscape")],
    [
        Shown("basket", look="large", panel="square"),
        Shown("finder-typed", look="large-low", panel="landscape"),
    ],
]
DEPARTMENTS = {
    "fruit": "banana", "vegetables": "cherry_tomato", "bakery": "loaf", "dairy": "milk", "drinks": "bottle",
    "grocery": "pasta", "household": "soap", "other": "",
}  # fmt: skip
ICONS = (
    "scan", "find", "scale", "own_bag", "no_bag", "card", "coupon", "member", "help", "person", "language", "access",
    "headphones", "contrast", "text_size", "lower", "undo", "remove", "quantity", "receipt", "age", "printer",
)  # fmt: skip
CELL = 132
TYPE_SIZES = ("small", "body", "lead", "title", "price", "total")


def main() -> None:
    rows = [beside([image(shown).reduce(3) for shown in THEMES])]
    keep("themes", under(rows))
    keep(
        "sizes",
        under([beside([image(shown).resize((700, high)) for shown, high in pair]) for pair in heights()]),
    )
    keep("pieces", pieces())


def heights() -> list[list[tuple[Shown, int]]]:
    """Each with its height at one width."""
    return [[(shown, 700 * image(shown).height // image(shown).width) for shown in pair] for pair in SIZES]


def beside(pictures: Sequence[Image.Image]) -> Image.Image:
    wide = sum(each.width for each in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("RGB", (wide, max(each.height for each in pictures)), "white")
    left = 0
    for each in pictures:
        sheet.paste(each, (left, 0))
        left += each.width + GAP
    return sheet


def under(pictures: Sequence[Image.Image]) -> Image.Image:
    high = sum(each.height for each in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("RGB", (max(each.width for each in pictures), high), "white")
    top = 0
    for each in pictures:
        sheet.paste(each, (0, top))
        top += each.height + GAP
    return sheet


def pieces() -> Image.Image:
    """Type, departments and icons, each with its name."""
    style = theme()
    kit, pen = Kit(style, True, State()), Pen(TYPE.measure, 1, 1452, False)
    palette = style.palette
    pen.open("pieces", "ground")
    pen.plate(0, 0, 1452, 780, palette.paper)
    left = 20.0
    for name in TYPE_SIZES:
        size = kit.size(name)
        words = kit.words("Pay", size, True)
        wide = max(170, words.fit(pen, 1e6)[0] + 40)
        words.put(pen, left, 20 + 112 - size, wide, size * 1.2)
        cap = f"{size * 0.668 / 5.581:.1f} mm"
        label(pen, palette, left, 170, f"{name}, {cap}")
        left += wide + 40
    for number, (department, symbol) in enumerate(DEPARTMENTS.items()):
        tile = kit.tile(symbol if symbol in shapes().symbols else "", department, 92, (124, 124), name="Aa")
        tile.put(pen, 20 + number * 178, 220, 124, 124)
        label(pen, palette, 20 + number * 178, 352, department)
    for number, icon in enumerate(ICONS):
        x, y = 20 + number % 11 * CELL, 430 + number // 11 * 170
        pen.sign(x, y, 72, icon, palette.ink)
        label(pen, palette, x, y + 84, icon)
    pen.close()
    target = pygame.Surface((1452, 780), 0, 32)
    painter = Painter(TYPE, style.paint)
    for part in pen.parts():
        painter.part(target, part)
    return Image.frombytes("RGB", target.get_size(), pygame.image.tobytes(target, "RGB"))


def label(pen: Pen, palette: Palette, x: float, y: float, text: str) -> None:
    pen.words(x, y, 160, 28, text, Font(22), palette.ink_2, "", y + 22, None)


def keep(name: str, picture: Image.Image) -> None:
    picture.quantize(COLOURS).save(OUT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
