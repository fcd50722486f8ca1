"""A data partition whose superblock was half written when the power went: two sectors, the checksum in the second."""

import shutil
import subprocess
from pathlib import Path

from image.build import UNATTENDED
from tests.vm.plug import MOUNTS

SUPERBLOCK = 1024
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
FORMAT = "mke2fs -q -t ext4 -b 4096 -T default -I 256 -m 0"
"""As systemd-repart calls it."""


def told(words: str, *more: str | Path) -> subprocess.CompletedProcess[bytes]:
    program, *rest = words.split()
    found = shutil.which(program, path=PATH)
    assert found, f"needs {program} (package e2fsprogs)"
    return subprocess.run([found, *rest, *more], capture_output=True)


def torn(folder: Path) -> Path:
    """A partition with such a superblock, and a file whose last change is in the file system's own journal only."""
    image, content, new, orders = (folder / name for name in ("image", "content", "new", "orders"))
    content.mkdir()
    (content / "journal.db").write_bytes(b"old" * 40_000)
    new.write_bytes(b"new!" * 1024)
    told(FORMAT, "-d", content, image, "256M").check_returncode()
    block = int(told("debugfs -R", "bmap journal.db 2", image).stdout)
    orders.write_text(f"jo -c\njw -b {block} {new}\njc\n")
    told("debugfs -w -f", orders, image).check_returncode()
    with image.open("r+b") as file:
        file.seek(SUPERBLOCK + MOUNTS)
        count = file.read(1)[0]
        file.seek(SUPERBLOCK + MOUNTS)
        file.write(bytes([count + 1]))
    return image


def test_a_check_that_decides_by_itself_gives_up(tmp_path: Path) -> None:
    assert told("e2fsck -p", torn(tmp_path)).returncode == 8


def test_one_that_is_told_to_repair_brings_back_the_last_change(tmp_path: Path) -> None:
    assert "fsck.repair=yes" in UNATTENDED.split()
    image = torn(tmp_path)
    assert told("e2fsck -y", image).returncode == 1, "all is mended"
    assert told("e2fsck -f -n", image).returncode == 0
    file = told("debugfs -R", "cat journal.db", image).stdout
    assert file == (b"old" * 40_000)[:8192] + b"new!" * 1024 + (b"old" * 40_000)[12288:]
