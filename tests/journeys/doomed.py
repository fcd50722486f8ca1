"""A kiosk in a process of its own, as the tests see it: keys go in, what the lane has come to comes out."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.model import Item
from tests.conftest import ROOT
from tests.journeys.rig import written

PATIENCE = 30.0
ALL = ["bag", "light", "printer", "produce", "scanner", "scanner 2", "terminal"]


class Doomed:
    """The kiosk as a process, on files in `folder`; a moment that does not come kills it, too."""

    def __init__(
        self,
        folder: Path,
        lane: SimulatedLane,
        module: str = "tests.journeys.process",
        *,
        rules: str = "",
        link: str = "",
        number: str = "4",
    ) -> None:
        self.lane = lane
        config = folder / "kiosk.toml"
        config.write_text(written(folder, lane, rules, number=number) + link)
        command = [sys.executable, "-m", *module.split(), str(config)]
        with (folder / "stderr").open("w") as errors:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        self._guard = threading.Timer(PATIENCE, self.kill)
        self._guard.start()
        self.now: dict[str, Any] = {}

    def until(self, wanted: Callable[[dict[str, Any]], bool], what: str) -> None:
        assert self.process.stdout is not None
        while not (self.now and wanted(self.now)):
            line = self.process.stdout.readline()
            assert line, f"no {what}, but {self.now}"
            self.now = json.loads(line)

    def ready(self) -> None:
        self.until(lambda now: set(ALL) <= set(now["ready"]), "devices")

    def press(self, key: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(key + "\n")
        self.process.stdin.flush()

    def scan(self, *items: Item) -> None:
        for item in items:
            before = self.now["pieces"]
            self.lane.scanner.scan(f"{item.gtin:013d}")
            self.until(lambda now, wanted=before + 1: now["pieces"] == wanted, f"line for {item.name}")

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)

    def dead(self) -> None:
        """It has been killed, and nothing of it is left."""
        assert self.process.wait(PATIENCE) == -signal.SIGKILL

    def __enter__(self) -> "Doomed":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._guard.cancel()
        if self.process.poll() is None:
            self.kill()
        self.process.communicate()
