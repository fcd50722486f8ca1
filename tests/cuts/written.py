"""What a sale gives to the disk: each byte of the log, and of the file when the log is folded back into it."""

from pathlib import Path
from typing import NamedTuple

from tests.cuts.disk import Disk
from tests.cuts.explore import in_memory
from tests.cuts.journal import Till
from tests.cuts.recording import recorded
from tests.cuts.voice import SAID, understood

SALES = 40


class Written(NamedTuple):
    """Of one sale, the mean of SALES and of closing the journal after them."""

    commits: float
    syncs: float
    bytes: float

    @property
    def kib(self) -> float:
        return self.bytes / 1024


def live(folder: Path, pieces: str) -> None:
    """Sales with a card, a receipt on paper and the bag scale, all lines taken by the server; the first is apart."""
    till = Till(folder)
    for number in range(1 + SALES):
        till.sale(int(pieces))
        till.link(most=9)
        if number == 0:
            till.journal.say(begins=till.journal.span()[1])
    till.journal.say(ends=till.journal.span()[1])
    till.journal.close()


def sale_of(pieces: int) -> Written:
    with in_memory() as place:
        calls = recorded(place / "sales", [("written", str(pieces))])
    disk, syncs, size = Disk("ext4"), 0, 0
    for call in calls:
        disk.play(call)
        if b'"begins"' in call.data:
            syncs = size = 0
        syncs += call.call in "sdf"
        if call.call == "w" and disk.files[call.file].name != SAID:
            size += len(call.data)
    said = {key: value for line in understood(disk.said) for key, value in line.items()}
    return Written((said["ends"] - said["begins"]) / SALES, syncs / SALES, size / SALES)
