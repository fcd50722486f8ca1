"""The kiosk for a benchmark: `kiosk run`, a JSON line on its output after each turn, keys to press on its input.

The line has the turn's timing and `glass`, the monotonic nanosecond at which the last flip returned.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from kiosk.checkout.session import Session
from kiosk.commands.run import Kiosk
from kiosk.config import read


class Reports:
    """Stamps every flip and says each turn."""

    def __init__(self, kiosk: Kiosk, out: int) -> None:
        self._kiosk, self._out, self._glass = kiosk, out, 0
        self._flip = kiosk.glass.flip
        kiosk.glass.flip = self.flip  # type: ignore[method-assign]
        kiosk.watchers.append(self.seen)

    def flip(self) -> None:
        self._flip()
        self._glass = time.monotonic_ns()

    def seen(self, session: Session) -> None:
        phase = session.kept.phase
        sale = getattr(phase, "sale", None)
        ready = [device.name for device in session.passing.devices if device.health == "ready"]
        said = self._kiosk.loop.timings[-1]._asdict() | {
            "glass": self._glass,
            "phase": type(phase).__name__,
            "pieces": sum(line.qty for line in sale.lines) if sale else 0,
            "ready": ready,
        }
        os.write(self._out, json.dumps(said).encode() + b"\n")


def main() -> None:
    kiosk = Kiosk(read(Path(sys.argv[1])))
    kiosk.begin()
    Reports(kiosk, os.dup(1))

    def listen() -> None:
        for line in sys.stdin:
            word, _, key = line.strip().partition(" ")
            if word == "press":
                kiosk.glass.press(key)

    def stop(*_: object) -> None:
        kiosk.loop.stopping = True

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=listen, daemon=True).start()
    try:
        kiosk.reach_out()
        kiosk.loop.run()
    finally:
        kiosk.close()


if __name__ == "__main__":
    main()
