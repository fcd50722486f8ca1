"""What is kept of a life that went wrong: its disk before and after, what the guest said, what people saw."""

import subprocess
from pathlib import Path

from tests.vm.volatile import Remains

MOST = 4
"""Lives of one run that are kept: a disk that is broken stays so, and tells nothing new."""
LAST = 200_000
"""Bytes that are kept of what was said."""


class Evidence:
    """Watches one disk from cut to cut. A life starts from `began.img.gz`, what the cut before it has left of what the
    life before that made of `before.img.gz`; the cut at its own end leaves `ended.img.gz`."""

    def __init__(self, disk: Path) -> None:
        self.ended = disk
        self.began, self.before = disk.with_name("began"), disk.with_name("before")
        self.kept = 0

    def begins(self, cut: Remains) -> None:
        """A life, with what that cut has left."""
        self.cut = cut
        if self.began.exists():
            self.began.replace(self.before)
        subprocess.run(["cp", "--sparse=always", self.ended, self.began], check=True)

    def keep(self, folder: Path, console: bytes, shown: bytes) -> bool:
        """This life, as it is now over; False: there are enough of them."""
        if self.kept == MOST:
            return False
        self.kept += 1
        folder.mkdir(parents=True, exist_ok=True)
        for disk, name in ((self.before, "before"), (self.began, "began"), (self.ended, "ended")):
            if disk.exists():
                with disk.open("rb") as image, (folder / f"{name}.img.gz").open("wb") as packed:
                    subprocess.run(["gzip", "-1"], stdin=image, stdout=packed, check=True)
        (folder / "console").write_bytes(console[-LAST:])
        (folder / "shown").write_bytes(shown[-LAST:])
        (folder / "cut").write_text(
            f"of the sectors that were not flushed when it began\n"
            f"there: {self.cut.kept}\nnot there: {self.cut.dropped}\n"
        )
        return True
