"""From the start of the process to the first frame that takes a touch, against a bare pygame-ce window."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import Row
from tests.bench.rig import ROOT, TOML, Goods, folder, percentile, quiet

MOST = 500  # million instructions
BARE = """
import os, socket, pygame
pygame.display.init()
pygame.display.set_mode((1920, 1080))
pygame.display.flip()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
    line.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
pygame.quit()
"""


UNTIL_READY = """
import os
from kiosk.commands import main, run
def stop(kiosk):
    os._exit(0)
run.Kiosk.reach_out = stop
main()
"""


def started(command: Sequence[str], place: Path, patience: float = 20.0) -> float:
    """Seconds until the process says READY=1; it is then ended by SIGTERM."""
    address = place / "notify"
    address.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(address))
        line.settimeout(patience)
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | quiet() | {"NOTIFY_SOCKET": str(address), "SDL_VIDEODRIVER": "dummy",
                                        "SDL_FRAMEBUFFER_ACCELERATION": "0"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while b"READY=1" not in line.recv(1000):
                pass
            took = time.monotonic() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(patience)
    return took


def kiosk(place: Path) -> list[str]:
    return [sys.executable, "-m", "kiosk", "run", str(place / "kiosk.toml")]


def instructions(place: Path) -> float:
    """Millions of instructions of `kiosk run` until it has said READY, as it would be without any device."""
    out = place / "callgrind"
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
    started([*tool, sys.executable, "-c", UNTIL_READY, *kiosk(place)[3:]], place, 180.0)
    found = re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE)
    assert found, "callgrind wrote no total"
    return int(found[1]) / 1e6


def shop(place: Path, items: int) -> Path:
    """A lane that was shut down in good order, with so many items."""
    place.mkdir()
    (place / "kiosk.toml").write_text(TOML.format(folder=place, driver="dummy"))
    Goods(items).stock(place / "catalogue.db")
    started(kiosk(place), place)
    return place


def rows(quick: bool) -> Iterator[Row]:
    many = 5_000 if quick else 1_000_000
    with folder() as place:
        small, large = shop(place / "small", 150), shop(place / "large", many)
        bare, few, lots = [], [], []
        for _ in range(4 if quick else 10):
            bare.append(started([sys.executable, "-c", BARE], place))
            few.append(started(kiosk(small), small))
            lots.append(started(kiosk(large), large))
        floor = percentile(bare, 50)
        for items, times in ((150, few), (many, lots)):
            middle = percentile(times, 50)
            yield Row(
                what=f"start to the first frame that takes a touch, {items} items",
                goal="<= 1.5 x a bare pygame-ce window",
                measured=f"{1000 * middle:.0f} ms, bare {1000 * floor:.0f} ms",
                ratio=middle / floor,
                ok=middle <= 1.5 * floor,
            )
        if quick or not shutil.which("valgrind"):
            print("  instructions of the start not counted: quick, or no valgrind", file=sys.stderr)
            return
        count = instructions(large)
        yield Row(
            what=f"start path until READY, callgrind, {many} items",
            goal=f"<= {MOST} M instructions",
            measured=f"{count:.0f} M",
            ratio=count / MOST,
            ok=count <= MOST,
        )
