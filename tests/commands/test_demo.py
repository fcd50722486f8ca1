"""The demo plays a whole sale by itself, and the server's record equals the receipt."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def test_a_whole_sale_with_its_pictures(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "kiosk", "demo", "--out", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "DISPLAY": ""},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "equals the receipt to the cent" in run.stdout
    assert len(list(tmp_path.glob("[0-9]*.png"))) == 17
