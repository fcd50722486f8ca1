"""A disk with a volatile write cache: what was not flushed may be gone, or only partly there, when the power goes."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

SECTOR = 512


class Remains(NamedTuple):
    """The unflushed sectors that a cut has left on the disk, of whatever time, and those that it has taken."""

    kept: list[int]
    dropped: list[int]


class VolatileDisk:
    """An image file, and a cache in front of it that remembers every unflushed version of every sector."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("r+b", buffering=0)
        self.size = path.stat().st_size
        self.flushes = 0
        self.alarmed = False
        self._writes_left = 0
        self._alarm: Callable[[], None] = lambda: None
        self._cached: dict[int, list[bytes]] = {}

    def read(self, offset: int, length: int) -> bytes:
        self._check(offset, length)
        self._file.seek(offset)
        data = bytearray(self._file.read(length))
        for number, sector in enumerate(range(offset // SECTOR, (offset + length) // SECTOR)):
            if sector in self._cached:
                data[number * SECTOR : (number + 1) * SECTOR] = self._cached[sector][-1]
        return bytes(data)

    def write(self, offset: int, data: bytes, through: bool = False) -> None:
        """Into the cache; with `through` onto the disk, before it returns (FUA)."""
        self._check(offset, len(data))
        first = offset // SECTOR
        for number in range(len(data) // SECTOR):
            sector, part = first + number, data[number * SECTOR : (number + 1) * SECTOR]
            if through:
                self._cached.pop(sector, None)
                self._store(sector, part)
            else:
                self._cached.setdefault(sector, []).append(part)

        self._writes_left -= 1
        if self._writes_left == 0:
            self.alarmed = True
            self._alarm()

    def after(self, writes: int, alarm: Callable[[], None]) -> None:
        """Do something as soon as so many more writes have come, before anybody is told that they have."""
        self.alarmed, self._alarm, self._writes_left = False, alarm, writes

    def trim(self, offset: int, length: int) -> None:
        """Nobody needs these bytes: from now on they are zeros, and as unsure as everything else."""
        self.write(offset, bytes(length))

    def flush(self) -> None:
        """All that was written is on the disk when it returns."""
        self.flushes += 1
        for sector, versions in self._cached.items():
            self._store(sector, versions[-1])
        self._cached.clear()

    def cut(self, random: Random) -> Remains:
        """The power goes: of every unflushed sector any version has reached the disk, or none."""
        remains = Remains([], [])
        for sector, versions in sorted(self._cached.items()):
            if random.random() < 0.5:
                self._store(sector, random.choice(versions))
                remains.kept.append(sector)
            else:
                remains.dropped.append(sector)
        self._cached.clear()
        return remains

    def close(self) -> None:
        self._file.close()

    def _store(self, sector: int, data: bytes) -> None:
        self._file.seek(sector * SECTOR)
        self._file.write(data)

    def _check(self, offset: int, length: int) -> None:
        if offset % SECTOR or length % SECTOR or not 0 <= offset <= offset + length <= self.size:
            raise ValueError(f"{length} bytes at {offset} are not whole sectors of this disk")
