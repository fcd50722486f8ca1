"""What may be on a disk when the power goes: all that was synced, and of the rest any part, sector by sector.

Names are kept apart from what is in the files. `posix` promises nothing of a name before its folder was synced: it may
be there or not, each by itself, and what was deleted may be back. On `ext4` changes of names reach the disk in their
order, at the latest with the next fsync of anything that has to commit them. No sector is half written, and the drive
does what it says.
"""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Literal

from tests.cuts.recording import Call
from tests.cuts.voice import SAID, Said, understood

Model = Literal["posix", "ext4"]
MODELS: tuple[Model, ...] = ("posix", "ext4")
SECTOR = 512
SYNCS = "sdf"
"""Calls that wait for the disk."""
State = dict[str, bytes]
"""What is in each file, by its name."""


class File:
    """`synced` is sure to be there; each of `since` may be there or not."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.synced = bytearray()
        self.since: list[Call] = []
        self.grown = True

    def sync(self) -> bool:
        """All of it is on the disk now; whether its length or its being there was news to the disk."""
        before, grown = len(self.synced), self.grown
        for call in self.since:
            play(self.synced, call.at, call.data, call.call == "t")
        self.since, self.grown = [], False
        return grown or len(self.synced) != before

    def after(self, random: Random) -> bytes:
        data = bytearray(self.synced)
        kept = random.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for call in self.since:
            if call.call == "t":
                if random.random() < kept:
                    play(data, call.at, b"", True)
                continue
            for at, sector in sectors(call):
                if random.random() < kept:
                    play(data, at, sector)
        return bytes(data)


def sectors(call: Call) -> Iterator[tuple[int, bytes]]:
    """A write, cut where the disk's sectors begin."""
    first = call.at - call.at % SECTOR
    for begin in range(first, call.at + len(call.data), SECTOR):
        low = max(begin, call.at)
        yield low, call.data[low - call.at : begin + SECTOR - call.at]


def play(data: bytearray, at: int, what: bytes, cut: bool = False) -> None:
    if at > len(data):
        data.extend(bytes(at - len(data)))
    if cut:
        del data[at:]
    else:
        data[at : at + len(what)] = what


Change = dict[str, File | None]
"""What a name means from now on; None: nothing any more. All of one change is there, or none."""


class Disk:
    """The disk under a recording, as it is played call by call; `said` is what was said meanwhile."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.said = b""
        self.files: dict[int, File] = {}
        self.names: dict[str, File] = {}
        self._newest: dict[str, File] = {}
        self._since: list[Change] = []

    def play(self, call: Call) -> None:
        match call.call:
            case "c":
                file = self.files[call.file] = File(call.data.decode())
                self._change({file.name: file})
            case "u":
                self._change({call.data.decode(): None})
            case "r":
                old, new = call.data.decode().split("/")
                self._change({old: None, new: self._newest[old]})
            case "w" | "t":
                self.files[call.file].since.append(call)
                if self.files[call.file].name == SAID:
                    self.said += call.data
            case "s" | "d":
                news = self.files[call.file].sync()
                if self.model == "ext4" and (news or call.call == "s"):
                    self._commit()
            case "f":
                self._commit()

    def _change(self, change: Change) -> None:
        self._since.append(change)
        turn(self._newest, [change])

    def _commit(self) -> None:
        turn(self.names, self._since)
        self._since = []

    def after(self, random: Random) -> State:
        """One of the states that the power may leave behind now."""
        since, names = self._since, dict(self.names)
        if self.model == "ext4":
            since = since[: random.randint(0, len(since))]
        else:
            since = [each for each in since if random.random() < 0.5]
        turn(names, since)
        return {name: file.after(random) for name, file in names.items() if name != SAID}


def turn(names: dict[str, File], changes: list[Change]) -> None:
    for name, file in (each for change in changes for each in change.items()):
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def cuts(calls: list[Call], model: Model, count: int, seed: object) -> Iterator[tuple[Said, State]]:
    """That many states, each with what the process had said before; anywhere in the recording, and at its end."""
    random, disk, done = Random(f"{seed} {model}"), Disk(model), 0
    for moment in sorted([*(random.randint(0, len(calls)) for _ in range(count - 1)), len(calls)]):
        for call in calls[done:moment]:
            disk.play(call)
        done = moment
        yield understood(disk.said), disk.after(random)


def sizes(calls: Iterable[Call]) -> Iterator[int]:
    """How many bytes each call gives the disk to write, without what was said."""
    names: dict[int, str] = {}
    for call in calls:
        if call.call == "c":
            names[call.file] = call.data.decode()
        yield len(call.data) if call.call == "w" and names.get(call.file) != SAID else 0
