"""A life that went wrong can be looked at afterwards."""

import gzip
from pathlib import Path

from tests.vm.evidence import LAST, MOST, Evidence
from tests.vm.volatile import Remains


def test_the_disk_of_two_lives_the_cut_between_them_and_what_was_said(tmp_path: Path) -> None:
    disk, kept = tmp_path / "disk", tmp_path / "failed-1-7"
    evidence = Evidence(disk)
    for number, cut in enumerate((Remains([], []), Remains([1], [2]), Remains([3, 4], [5]))):
        disk.write_bytes(b"%d" % number * 4096)
        evidence.begins(cut)
    disk.write_bytes(b"3" * 4096)
    assert evidence.keep(kept, b"a" * LAST + b"fault", b'{"phase": "Idle"}\n')
    images = {path.name: gzip.decompress(path.read_bytes())[:1] for path in kept.glob("*.gz")}
    assert images == {"before.img.gz": b"1", "began.img.gz": b"2", "ended.img.gz": b"3"}
    assert (kept / "cut").read_text().splitlines()[1:] == ["there: [3, 4]", "not there: [5]"]
    console = (kept / "console").read_bytes()
    assert console.endswith(b"fault") and len(console) == LAST
    assert (kept / "shown").read_text() == '{"phase": "Idle"}\n'


def test_a_disk_that_stays_broken_is_kept_a_few_times(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(b"")
    evidence = Evidence(disk)
    evidence.begins(Remains([], []))
    kept = [evidence.keep(tmp_path / str(number), b"", b"") for number in range(MOST + 2)]
    assert kept == [True] * MOST + [False] * 2
    assert not (tmp_path / str(MOST)).exists()
