"""The shared photographs and what is written on them, compared as their README says."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from drivers.camera.frames import picture
from drivers.camera.grey import Grey
from drivers.camera.reads import Read
from kiosk.barcode.upc import expand

NOTHING = "NEG"


class Photograph(Struct, frozen=True):
    """`expected` is None where there is no code; `symbology` is then NEG."""

    file: str
    symbology: str
    expected: str | None
    group: str

    @property
    def retail(self) -> bool:
        return self.symbology.startswith(("EAN", "UPC"))

    def shows(self, text: str) -> bool:
        """Whether a decoder that says `text` is right."""
        return self.expected is not None and self._plain(text) == self._plain(self.expected)

    def _plain(self, text: str) -> str:
        """Without leading zeros, separators and add-on, expanded; DataBar without (01)."""
        text = re.sub(r"[()\x1d]", "", text)
        if self.symbology == "UPC-E" and len(text) == 8:
            text = expand(text)
        if self.symbology.endswith("+addon"):
            text = text.zfill(13)[:13]
        if self.symbology.startswith("DataBar"):
            text = re.sub(r"^01(?=\d{14}$)", "", text)
        return text.lstrip("0") if self.retail or self.symbology.startswith("DataBar") else text


def photographs(shared: Path) -> list[tuple[Photograph, Grey]]:
    """All of them, opened."""
    folder = shared / "data" / "barcodes"
    entries = json.loads((folder / "index.json").read_text())
    known = [Photograph(each["file"], each["symbology"], each["expected"], each["group"]) for each in entries]
    return [(each, picture(folder / each.file)) for each in known]


class Tally:
    """What a way of reading made of all the photographs."""

    def __init__(self) -> None:
        self.shown: dict[str, int] = {}
        self.read: dict[str, int] = {}
        self.wrong: list[tuple[str, str]] = []

    def add(self, photograph: Photograph, reads: Sequence[Read]) -> None:
        kind = photograph.symbology
        self.shown[kind] = self.shown.get(kind, 0) + 1
        self.read[kind] = self.read.get(kind, 0) + any(photograph.shows(read.text) for read in reads)
        self.wrong += [(photograph.file, read.text) for read in reads if not photograph.shows(read.text)]

    def share(self, retail: bool = False) -> float:
        """Of the photographs with a code (of EAN and UPC alone), per cent."""
        kinds = [kind for kind in self.shown if kind != NOTHING]
        if retail:
            kinds = [kind for kind in kinds if kind.startswith(("EAN", "UPC"))]
        return 100 * sum(self.read[kind] for kind in kinds) / sum(self.shown[kind] for kind in kinds)

    def false(self) -> list[tuple[str, str]]:
        """Codes read where there are none."""
        return [one for one in self.wrong if one[0].startswith("neg/")]
