"""The kiosk for a benchmark: `kiosk run`, a JSON line on its output after each turn, keys to press on its input.

The line has the turn's timing and `glass`, the monotonic nanosecond at which the last flip returned. `where KEY` says
where a key stands; `busy` how long each round of the loop has worked since the last such question (ns, waiting left
out), and what of it the processor worked; `keypad KEY` whether there is a keypad. `remove` takes the last line out,
`language CODE` changes the language.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from kiosk.checkout import passed
from kiosk.checkout.events import LanguageChosen, RemovePressed
from kiosk.checkout.session import Session
from kiosk.commands.run import Kiosk
from kiosk.config import read
from kiosk.loop.inbox import Taken


class Reports:
    """Stamps every flip and says each turn."""

    def __init__(self, kiosk: Kiosk, out: int) -> None:
        self._kiosk, self._out, self._glass = kiosk, out, 0
        self._flip = kiosk.glass.flip
        kiosk.glass.flip = self.flip  # type: ignore[method-assign]
        kiosk.watchers.append(self.seen)
        self._waited, self._busy, self._worked = 0, list[int](), list[int]()
        self._once, self._take = kiosk.loop.once, kiosk.inbox.take
        kiosk.loop.once, kiosk.inbox.take = self.once, self.take  # type: ignore[method-assign]

    def once(self, timeout: float) -> None:
        self._waited, began, worked = 0, time.monotonic_ns(), time.thread_time_ns()
        self._once(timeout)
        self._worked.append(time.thread_time_ns() - worked)
        self._busy.append(time.monotonic_ns() - began - self._waited)

    def take(self, timeout: float) -> Taken | None:
        began = time.monotonic_ns()
        taken = self._take(timeout)
        self._waited += time.monotonic_ns() - began
        return taken

    def tell(self, said: dict[str, object]) -> None:
        os.write(self._out, json.dumps({"phase": "", "ready": [], "pieces": -1} | said).encode() + b"\n")

    def place(self, name: str) -> None:
        frame = self._kiosk.glass.screen.frame
        parts = frame.parts if frame else ()
        hit = next(part.hit for part in parts if part.id == name or (part.key and part.key.id == name))
        self.tell({"event": "where", "rect": [hit.x, hit.y, hit.w, hit.h] if hit else None})

    def remove(self) -> None:
        """As the Remove key for the headline does, whatever page is shown."""
        sale = getattr(self._kiosk.loop.session.kept.phase, "sale", None)
        if sale is not None and sale.lines:
            self._kiosk.inbox.put(RemovePressed(sale.lines[-1].no))

    def keypad(self, key: str) -> None:
        """A key of the keypad, where this kiosk has one."""
        pressed = getattr(passed, "KeypadPressed", None)
        if pressed is not None:
            self._kiosk.inbox.put(pressed(key))
        self.tell({"event": "keypad", "there": pressed is not None})

    def tell_busy(self) -> None:
        busy, worked, self._busy, self._worked = self._busy, self._worked, [], []
        self.tell({"event": "busy", "rounds": busy, "worked": worked})

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
    reports = Reports(kiosk, os.dup(1))

    def listen() -> None:
        for line in sys.stdin:
            word, _, key = line.strip().partition(" ")
            if word == "press":
                kiosk.glass.press(key)
            elif word == "where":
                kiosk.glass.on_loop(lambda name=key: reports.place(name))  # type: ignore[misc]
            elif word == "busy":
                kiosk.glass.on_loop(reports.tell_busy)
            elif word == "language":
                kiosk.inbox.put(LanguageChosen(key))
            elif word == "remove":
                reports.remove()
            elif word == "keypad":
                reports.keypad(key)

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
