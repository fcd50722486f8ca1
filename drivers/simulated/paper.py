"""Paper that has come out of a simulated printer: as text, and drawn as a picture dot by dot."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from drivers.simulated import bars

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

CELL = (12, 24)
LINE = 30  # dots from line to line, 3.75 mm at 203 dots per inch
DOTS_PER_MM = 8
ZOOM = 2  # pixels a dot
MARGIN = 32  # dots of bare paper on each side, as on an 80 mm roll with 72 mm printed
DESK, PAPER, INK, SHADE = "#dfe5e2", "#fdfcf9", "#26292b", "#b9c2bd"
TOOTH = 8  # pixels


class Glyph(Struct, frozen=True):
    """A letter, and how many times a cell it is wide and high."""

    char: str
    strong: bool = False
    wide: int = 1
    high: int = 1


class Letters(Struct, frozen=True):
    glyphs: tuple[Glyph, ...]
    align: int = 0

    @property
    def height(self) -> int:
        return LINE * max((glyph.high for glyph in self.glyphs), default=1)


class Dots(Struct, frozen=True):
    """A raster `width` dots across, a multiple of 8."""

    bits: bytes
    width: int
    align: int = 0

    @property
    def height(self) -> int:
        return len(self.bits) * 8 // self.width if self.width else 0


class Bars(Struct, frozen=True):
    """A barcode of `kind` code128 or ean13, `module` dots a bar; `caption` if its text stands below."""

    kind: str
    text: str
    module: int
    tall: int
    caption: bool
    align: int = 0

    @property
    def height(self) -> int:
        return self.tall + (LINE if self.caption else 0)


class Qr(Struct, frozen=True):
    text: str
    module: int
    error: str
    align: int = 0

    @property
    def rows(self) -> tuple[tuple[int, ...], ...]:
        import segno

        code = segno.make(self.text, error=self.error, micro=False, boost_error=False)
        return tuple(tuple(int(bit) for bit in row) for row in code.matrix)

    @property
    def height(self) -> int:
        return len(self.rows) * self.module


class Feed(Struct, frozen=True):
    height: int


Mark = Letters | Dots | Bars | Qr | Feed


class Paper(Struct, frozen=True):
    """One piece of paper up to its cut, `dots` printable dots across."""

    marks: tuple[Mark, ...]
    dots: int = 576

    @property
    def text(self) -> str:
        """Its letters line by line, aligned as printed; a code as what it says in brackets, dots as [picture]."""
        lines = []
        for mark in self.marks:
            match mark:
                case Letters(glyphs, align):
                    lines.append(
                        _aligned("".join(g.char for g in glyphs), align, self.dots // CELL[0], glyphs)
                    )
                case Bars(_, text) | Qr(text):
                    lines.append(f"[{text}]".center(self.dots // CELL[0]).rstrip())
                case Dots():
                    lines.append("[picture]")
        return "\n".join(lines) + "\n"

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(mark.text for mark in self.marks if isinstance(mark, Bars | Qr))

    def image(self) -> "Image":
        """The printed dots alone, black on white, a pixel a dot."""
        return _Canvas(self, 1).drawn()

    def png(self, path: Path) -> None:
        """A picture of the paper lying there, cut at both ends."""
        _lying(_Canvas(self, ZOOM).drawn()).quantize(48).save(path, optimize=True)


def _aligned(text: str, align: int, columns: int, glyphs: tuple[Glyph, ...]) -> str:
    spare = max(0, columns - sum(glyph.wide for glyph in glyphs))
    return (" " * (0, spare // 2, spare)[align] + text).rstrip()


class _Canvas:
    def __init__(self, paper: Paper, zoom: int) -> None:
        from PIL import Image, ImageDraw

        self.paper = paper
        self.zoom = zoom
        height = sum(mark.height for mark in paper.marks)
        self.image = Image.new("L", (paper.dots * zoom, max(1, height) * zoom), 255)
        self.pen = ImageDraw.Draw(self.image)
        self.y = 0

    def drawn(self) -> "Image":
        for mark in self.paper.marks:
            match mark:
                case Letters():
                    self.letters(mark)
                case Dots():
                    self.dots(mark)
                case Bars():
                    self.bars(mark)
                case Qr():
                    self.qr(mark)
                case Feed():
                    pass
            self.y += mark.height
        return self.image

    def left(self, width: int, align: int) -> int:
        spare = max(0, self.paper.dots - width)
        return (0, spare // 2, spare)[align]

    def box(self, x: int, y: int, width: int, height: int) -> None:
        zoom = self.zoom
        self.pen.rectangle((x * zoom, y * zoom, (x + width) * zoom - 1, (y + height) * zoom - 1), fill=0)

    def letters(self, line: Letters) -> None:
        x = self.left(sum(glyph.wide * CELL[0] for glyph in line.glyphs), line.align)
        foot = self.y + line.height - (LINE - CELL[1]) // 2
        for glyph in line.glyphs:
            wide, high = CELL[0] * glyph.wide, CELL[1] * glyph.high
            if glyph.char == "─":
                self.box(x, foot - high // 2 - 1, wide, 2)
            elif glyph.char != " ":
                cell = _letter(glyph, self.zoom)
                self.image.paste(0, (x * self.zoom, (foot - high) * self.zoom), cell)
            x += wide

    def dots(self, raster: Dots) -> None:
        from PIL import Image

        picture = Image.frombytes("1", (raster.width, raster.height), raster.bits)
        mask = picture.resize((picture.width * self.zoom, picture.height * self.zoom))
        self.image.paste(0, (self.left(raster.width, raster.align) * self.zoom, self.y * self.zoom), mask)

    def bars(self, code: Bars) -> None:
        modules = bars.ean13(code.text) if code.kind == "ean13" else bars.code128(code.text)
        left = self.left(len(modules) * code.module, code.align)
        for i, module in enumerate(modules):
            if module == "1":
                self.box(left + i * code.module, self.y, code.module, code.tall)
        if code.caption:
            y, self.y = self.y, self.y + code.tall
            self.letters(Letters(tuple(Glyph(char) for char in code.text), code.align))
            self.y = y

    def qr(self, code: Qr) -> None:
        rows = code.rows
        left = self.left(len(rows) * code.module, code.align)
        for i, row in enumerate(rows):
            for j, black in enumerate(row):
                if black:
                    self.box(left + j * code.module, self.y + i * code.module, code.module, code.module)


@lru_cache(maxsize=1024)
def _letter(glyph: Glyph, zoom: int) -> "Image":
    """One letter in its cell, as a mask. Letters wider than the cell are narrowed, as a printer's own are."""
    from PIL import Image, ImageDraw

    wide, high = CELL[0] * zoom, CELL[1] * zoom
    face = _face(glyph.strong, high * 4 * 20 // 24)
    length = max(1, int(face.getlength(glyph.char)))
    mask = Image.new("L", (max(length, wide * 4), high * 4))
    ImageDraw.Draw(mask).text((mask.width / 2, high * 4 * 19 // 24), glyph.char, 255, face, anchor="ms")
    return mask.resize((wide * glyph.wide, high * glyph.high), Image.Resampling.LANCZOS)


@lru_cache(maxsize=8)
def _face(strong: bool, size: int) -> "FreeTypeFont":
    import fontpkg_atkinson_hyperlegible as atkinson
    from PIL import ImageFont

    name = f"AtkinsonHyperlegible-{'Bold' if strong else 'Regular'}.ttf"
    return ImageFont.truetype(str(Path(atkinson.__file__).parent / "files" / name), size)


def _lying(printed: "Image") -> "Image":
    """The printed dots on a strip of paper with teeth at both ends, its shadow on the desk."""
    from PIL import Image, ImageDraw, ImageFilter

    margin, desk = MARGIN * ZOOM, 48
    width, height = printed.width + 2 * margin, printed.height + 3 * margin
    shape = Image.new("L", (width, height))
    pen = ImageDraw.Draw(shape)
    top = [(x, TOOTH if x // TOOTH % 2 else 0) for x in range(0, width + TOOTH, TOOTH)]
    foot = [(x, height - 1 - y) for x, y in reversed(top)]
    pen.polygon([*top, *foot], fill=255)
    sheet = Image.new("RGB", (width, height), PAPER)
    sheet.paste(INK, (margin, margin + margin // 2), printed.point(lambda level: 255 - level))
    scene = Image.new("RGB", (width + 2 * desk, height + 2 * desk), DESK)
    shadow = Image.new("L", scene.size)
    shadow.paste(110, (desk, desk + 10), shape)
    scene.paste(SHADE, (0, 0), shadow.filter(ImageFilter.GaussianBlur(14)))
    scene.paste(sheet, (desk, desk), shape)
    return scene
