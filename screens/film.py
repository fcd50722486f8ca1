"""One picture of a film: the panel as it was, and what happened then in words below it, outside the panel's area."""

from functools import cache

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from kiosk.text.fonts import LATIN, face

STRIP, LINE, MARGIN = 132, 40, 24
"""Pixels: the strip below the panel, a line in it, and the air beside its words."""
PAPER, INK, INK_2 = "#FFFFFF", "#13201B", "#46544E"
SAVE = "#FFE35A"


class Caption(Struct, frozen=True):
    """`when` and `what` for the strip; `warning` fills a band above the panel, on every picture or on none."""

    when: str
    what: str
    passed: str = ""
    warning: str = ""


@cache
def font(bold: bool, px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    found = face(LATIN, bold)
    return ImageFont.truetype(str(found.path), px) if found else ImageFont.load_default(px)


def top(caption: Caption) -> int:
    """Pixels above the panel."""
    return LINE + MARGIN if caption.warning else 0


def picture(rgb: bytes, size: tuple[int, int], caption: Caption) -> Image.Image:
    """The panel's pixels unchanged, `top(caption)` from above, with their strip; an even number of rows and columns."""
    width, height = size
    band = top(caption)
    image = Image.new("RGB", (width + width % 2, band + height + STRIP + height % 2), PAPER)
    image.paste(Image.frombytes("RGB", size, rgb), (0, band))
    draw = ImageDraw.Draw(image)
    if band:
        draw.rectangle((0, 0, width, band - 1), fill=SAVE)
        write(draw, MARGIN, MARGIN // 2, caption.warning, True, INK, width)
    y = band + height + MARGIN // 2
    write(draw, MARGIN, y, f"{caption.when}   {caption.what}", True, INK, width)
    write(draw, MARGIN, y + LINE + MARGIN // 2, caption.passed, False, INK_2, width)
    return image


def write(draw: ImageDraw.ImageDraw, x: int, y: int, text: str, bold: bool, ink: str, width: int) -> None:
    """One line, as large as fits."""
    px = 30
    while px > 14 and draw.textlength(text, font(bold, px)) > width - 2 * x:
        px -= 2
    draw.text((x, y), text, ink, font(bold, px))
