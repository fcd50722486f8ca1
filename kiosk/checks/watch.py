"""While the lane runs: what ails the machine is told as a device's state is, and which image it is."""

import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Device, Health
from kiosk.checks.machine import ROOT, machine
from kiosk.checks.release import FILE, release
from kiosk.readiness.report import Check, State

PERIOD = 60.0
"""Seconds between two looks."""

Emit = Callable[[DeviceSeen], None]


class Watch:
    """A thread that looks at the machine now and then; what was never ill is never spoken of."""

    def __init__(self, emit: Emit, root: Path = ROOT, file: Path = FILE) -> None:
        self._emit, self._root, self._file = emit, root, file
        self._ill: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, name="machine", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()

    def name(self) -> None:
        """Say which image runs, where one does."""
        ours = release(self._file)
        if ours.slot_hash:
            detail = f"{ours.version} {ours.slot_hash[:12]}"
            self._emit(DeviceSeen(Device("image", Health.READY, detail)))

    def look(self) -> None:
        for check in machine(self._root):
            self._tell(check)

    def _tell(self, check: Check) -> None:
        if check.state is not State.OK:
            self._ill.add(check.subject)
            self._emit(DeviceSeen(Device(check.subject, Health.FAULT, check.seen)))
        elif check.subject in self._ill:
            self._ill.discard(check.subject)
            self._emit(DeviceSeen(Device(check.subject, Health.READY, check.seen)))

    def _live(self) -> None:
        self.name()
        self.look()
        while not self._over.wait(PERIOD):
            self.look()
