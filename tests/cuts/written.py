"""What a sale gives to the disk: each byte of the log, and of the file when the log is folded back into it."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.cuts.disk import SYNCS, sizes
from tests.cuts.explore import in_memory
from tests.cuts.journal import Till
from tests.cuts.recording import recorded

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
    said, syncs, size = dict[str, int](), 0, 0
    for call, more in zip(calls, sizes(calls), strict=True):
        if call.data.startswith((b'{"begins"', b'{"ends"')):
            said |= msgspec.json.decode(call.data)
        if call.data.startswith(b'{"begins"'):
            syncs = size = 0
        syncs += call.call in SYNCS
        size += more
    return Written((said["ends"] - said["begins"]) / SALES, syncs / SALES, size / SALES)
