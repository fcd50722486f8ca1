"""A data partition whose superblock was half written when the power went: two sectors, the checksum in the second."""

import shutil
import subprocess
from pathlib import Path

from tests.vm.plug import FORMAT

SUPERBLOCK, MOUNTS = 1024, 0x34
MENDED = 1
"""e2fsck's answer when all is well again; 8 is "nothing could be done"."""
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def checked(image: Path, words: list[str]) -> int:
    """What e2fsck says, as it is run at each start, of an image whose superblock is new in its first sector only."""
    program = shutil.which(words[0], path=PATH)
    assert program, f"needs {words[0]} (package e2fsprogs)"
    subprocess.run([program, *words[1:], image, "16M"], check=True, stdout=subprocess.DEVNULL)
    data = bytearray(image.read_bytes())
    data[SUPERBLOCK + MOUNTS] += 1
    image.write_bytes(data)
    check = shutil.which("e2fsck", path=PATH)
    assert check
    return subprocess.run([check, "-p", image], capture_output=True).returncode


def test_it_starts_as_we_format_it(tmp_path: Path) -> None:
    assert checked(tmp_path / "image", FORMAT) <= MENDED


def test_it_does_not_with_checksums(tmp_path: Path) -> None:
    assert checked(tmp_path / "image", [word.replace("^", "") for word in FORMAT]) > MENDED
