"""The receipt's code, read back from the picture as a phone would: in every language, theme and panel, not small."""

from pathlib import Path

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from kiosk.checkout.session import Finishing, Policy
from screens.lane import Lane
from screens.receipt import receipt_text
from screens.screen import Screen
from screens.theme import Panel
from screens.view import view
from screens.widgets import QrCode
from tests.screens.states import session
from tests.screens.test_views import LANGUAGES, words_for

PANELS = {
    "portrait": Panel((1080, 1920), (194, 344)),
    "landscape": Panel((1920, 1080), (344, 194)),
    "1366": Panel((1366, 768), (344, 194)),
    "1024": Panel((1024, 768), (304, 228)),
}
LOOKS = {"light": {}, "dark": {"dark": True}, "contrast": {"contrast": True}, "large": {"large": True}}
LEAST_MM = 0.8
"""Of a module: at 400 mm three pixels of a preview that has 1920 of them over 70 degrees."""


def read(name: str, language: str, look: str, panel: str, file: Path, url: bool) -> tuple[str, str, float]:
    """What the code says, what it should say, and how many millimetres a module has in the picture."""
    here, now = session(name, language)
    policy: Policy = here.kept.policy if url else replace(here.kept.policy, receipt_url="")
    here = replace(here, kept=replace(here.kept, policy=policy), passing=replace(here.passing, **LOOKS[look]))
    page = view(here, words_for, now)
    screen = Screen(PANELS[panel])
    screen.show(page, 0)
    screen.settle()
    screen.png(file)
    (found,) = zxingcpp.read_barcodes(Image.open(file).convert("RGB"), formats=zxingcpp.BarcodeFormat.QRCode)
    (code,) = (block for block in page.blocks if isinstance(block, QrCode))
    width_px = found.position.top_right.x - found.position.top_left.x
    mm = width_px * PANELS[panel].mm[0] / PANELS[panel].px[0]
    phase = here.kept.phase
    assert isinstance(phase, Finishing)
    return found.text, receipt_text(Lane(here, words_for, now), phase.closed), mm / len(code.rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("panel", PANELS)
def test_a_phone_reads_the_address(language: str, look: str, panel: str, tmp_path: Path) -> None:
    said, meant, module = read("receipt", language, look, panel, tmp_path / "page.png", url=True)
    assert said == meant and said.startswith("https://")
    assert module >= LEAST_MM


@pytest.mark.parametrize("panel", PANELS)
def test_a_phone_reads_the_receipt_itself_where_the_shop_has_no_address(panel: str, tmp_path: Path) -> None:
    said, meant, module = read("receipt", "fr", "light", panel, tmp_path / "page.png", url=False)
    assert said == meant and "Cherry" not in said and "Tilleul" in said
    assert module >= LEAST_MM
