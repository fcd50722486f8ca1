"""What is done to the guest from outside: keys, pictures of its screen, its disks' figures, reset.

The QEMU Machine Protocol: JSON lines, each answer named by its order's id, events between them.
"""

import itertools
import json
import time
from pathlib import Path
from typing import Any

from tests.vm.channel import Channel

NAMED = {"\n": "ret", " ": "spc", "-": "minus", ".": "dot", "/": "slash", "\t": "tab"}
PACE = 0.05  # seconds between keys
ASKED = 0.5  # seconds within which a busy guest has asked its tablet where it is touched
ANSWER = 30.0  # seconds


class Refused(Exception):  # noqa: N818
    """QEMU would not do it, and says why."""


class Qmp:
    """`do` an order and have its answer; `events` are all that came, oldest first."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.events: list[dict[str, Any]] = []
        self._ids = itertools.count(1)

    def greet(self, seconds: float = ANSWER) -> None:
        while "QMP" not in self._next(seconds):
            pass
        self.do("qmp_capabilities")

    def do(self, order: str, **arguments: Any) -> Any:
        number = next(self._ids)
        message = {"execute": order, "id": number, "arguments": arguments}
        self.channel.send(json.dumps(message).encode() + b"\n")
        while (answer := self._next(ANSWER)).get("id") != number:
            pass
        if "error" in answer:
            raise Refused(f"{order}: {answer['error']['desc']}")
        return answer["return"]

    def event(self, name: str, seconds: float) -> dict[str, Any]:
        """The next event of that name that nobody has waited for yet; it is taken."""
        until = time.monotonic() + seconds
        while True:
            for event in self.events:
                if event["event"] == name:
                    self.events.remove(event)
                    return event
            self._next(until - time.monotonic())

    def type(self, text: str) -> None:
        """Press and let go one key after the other: lower and upper case, digits, and what NAMED has."""
        for letter in text:
            key = NAMED.get(letter, letter.lower())
            keys = ["shift", key] if letter.isupper() else [key]
            self.press(*keys)

    def press(self, *keys: str) -> None:
        """Keys held down together, by QEMU's names: ctrl, alt, f2, sysrq…"""
        held = [{"type": "qcode", "data": key} for key in keys]
        self.do("send-key", keys=held, **{"hold-time": int(PACE * 500)})
        time.sleep(PACE)

    def touch(self, x: int, y: int, px: tuple[int, int]) -> None:
        """A finger on a screen of that many pixels, and away again: QEMU's tablet tells places as parts of 32768.

        It comes from elsewhere: a kernel passes on what changes, and who has just begun does not know where it was.
        """
        for way in (2, 1):
            place = [
                {"type": "abs", "data": {"axis": axis, "value": (at // way * 2 + 1) * 0x4000 // size}}
                for axis, at, size in zip("xy", (x, y), px, strict=True)
            ]
            self.do("input-send-event", events=place)
            time.sleep(ASKED)
        for down in (True, False):
            self.do("input-send-event", events=[{"type": "btn", "data": {"button": "left", "down": down}}])
            time.sleep(PACE)

    def screendump(self, path: Path) -> Path:
        """What is on the guest's screen, as PNG."""
        self.do("screendump", filename=str(path), format="png")
        return path

    def written(self, drive: str) -> int:
        """Bytes that the guest has written to that drive since it began."""
        found = [each for each in self.do("query-blockstats") if each["device"] == drive]
        return int(found[0]["stats"]["wr_bytes"])

    def reset(self) -> None:
        """The reset button."""
        self.do("system_reset")

    def power_button(self) -> None:
        self.do("system_powerdown")

    def _next(self, seconds: float) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.channel.line(seconds))
        if "event" in message:
            self.events.append(message)
        return message
