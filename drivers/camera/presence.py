"""When a code counts: read in two frames, and once, until it was lost for half a second. Pure; the time is given."""

from collections.abc import Iterable

from drivers.camera.reads import Read
from kiosk.barcode import Carrier

AGREED = 2  # frames that must say the same
LOST = 0.5  # seconds

Key = tuple[str, Carrier]


def key(read: Read) -> Key:
    """What makes two reads the same code: decoders call one EAN-13 by several names, but two symbols of one pack are
    told apart by their carrier, so that the till can join them."""
    return read.gtin or read.text, read.carrier


class _Seen:
    def __init__(self) -> None:
        self.frames = 0
        self.last = 0.0
        self.missed = 0


class Presence:
    """Which codes are before the camera.

    A code is lost when it was not read for LOST seconds, and not in the last `looks` frames that were looked at
    either: so many as it takes until each way of reading has had its turn twice.
    """

    def __init__(self, looks: int) -> None:
        self._looks = looks
        self._seen: dict[Key, _Seen] = {}

    def look(self, reads: Iterable[Read], now: float) -> list[Read]:
        """What one more frame shows at `now` seconds; the answer is what counts from this frame on."""
        self._forget(now)
        for seen in self._seen.values():
            seen.missed += 1
        counts = []
        for one, read in {key(read): read for read in reads}.items():
            seen = self._seen.setdefault(one, _Seen())
            seen.frames, seen.last, seen.missed = seen.frames + 1, now, 0
            if seen.frames == AGREED:
                counts.append(read)
        return counts

    def awaits(self, read: Read) -> bool:
        """It was read once, and not often enough."""
        seen = self._seen.get(key(read))
        return seen is not None and seen.frames < AGREED

    def still(self, now: float) -> None:
        """Nothing moves: what is there stays there."""
        self._forget(now)
        self.resumed(now)

    def resumed(self, now: float) -> None:
        """Nobody has looked for a while: what was there may be there still, and is lost only from now on."""
        for seen in self._seen.values():
            seen.last, seen.missed = now, 0

    def _forget(self, now: float) -> None:
        self._seen = {
            one: seen
            for one, seen in self._seen.items()
            if now - seen.last < LOST or seen.missed < self._looks
        }
