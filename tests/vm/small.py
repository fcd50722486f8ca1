"""A small guest: Debian's kernel and Python, our wheels as the lock has them, our code as it is here.

    python -m tests.vm.small FOLDER      builds it there

Debian's part is built once a list of packages, the rest once a change of our code. Needs root, as a system in a
folder does.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from image.build import UNATTENDED
from tests.conftest import ROOT
from tests.prove.shop import shop
from tests.vm.initrd import initrd

PACKAGES = ("python3", "linux-image-amd64", "busybox-static", "tzdata", "e2fsprogs", "systemd-repart")
WHEELS = frozenset(
    "argon2-cffi argon2-cffi-bindings babel certifi cffi charset-normalizer cryptography fontpkg "
    "fontpkg-atkinson-hyperlegible fontpkg-noto-sans idna msgspec pycparser pygame-ce pyserial pyudev requests segno "
    "urllib3".split()
)
"""What a lane without camera, fiscal device and store server imports."""
SUITE, PYTHON = "trixie", "3.13"
OURS = ("kiosk", "drivers", "screens", "tests")
KERNEL = f"console=ttyS0 {UNATTENDED} panic=0 no_timer_check"
"""As the image's, but that a panic is the end, and that no timer is given up for being late under emulation."""
INIT = "/opt/kiosk/current/tests/vm/lane.sh"
REPART = ROOT / "image/files/start/etc/repart.d"
"""How a lane makes its data partition."""
DISK = "400M"
BARE = [f"path-exclude=/usr/share/{what}/*" for what in ("doc", "man", "locale", "i18n")]


class Small(NamedTuple):
    """Files to start it from."""

    kernel: Path
    initrd: Path
    root: Path
    disk: Path
    """Of a lane that has never sold anything: the data partition and nothing else."""

    def new(self, folder: Path) -> Path:
        """A copy of that disk, to be written to."""
        disk = folder / "disk"
        subprocess.run(["cp", "--sparse=always", self.disk, disk], check=True)
        return disk


def build(folder: Path) -> Small:
    """Everything into that folder: about three minutes the first time, half a minute later, nothing if it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    small = Small(*(folder / name for name in ("kernel", "initrd", "root.img", "disk.img")))
    stamp = folder / "made-of"
    if stamp.exists() and stamp.read_text() == made_of():
        return small
    stamp.unlink(missing_ok=True)
    root = folder.resolve() / "root"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    subprocess.run(["tar", "-xf", debian(folder), "-C", root, "--exclude=./dev/*"], check=True)
    shutil.copy(next((root / "boot").glob("vmlinuz-*")), small.kernel)
    small.initrd.write_bytes(initrd(root, INIT))
    for heavy in ("boot", "usr/lib/modules"):
        shutil.rmtree(root / heavy)
    partition(root, small.disk)
    (root / "data").mkdir()
    fill(root)
    small.root.unlink(missing_ok=True)
    make = "mke2fs -q -t ext4 -O ^has_journal -m 0 -d".split()
    subprocess.run([*make, root, small.root, "700M"], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(root)
    stamp.write_text(made_of())
    return small


def fill(root: Path) -> None:
    """Our wheels and our code, compiled: its disk is never written to."""
    wheels(root / "opt/kiosk/site")
    for name in OURS:
        there = root / "opt/kiosk/current" / name
        shutil.copytree(ROOT / name, there, ignore=shutil.ignore_patterns("__pycache__"))
    compiled = ["python3", "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash", "/opt/kiosk"]
    subprocess.run(["chroot", root, *compiled, f"/usr/lib/python{PYTHON}"], check=True)


def partition(root: Path, disk: Path) -> None:
    """The data partition as a lane makes it at its first start: by Debian's own program, from the image's own file.

    The shop's catalogue is on it already. What that program asks of a machine, /proc and /dev, is there for it alone.
    """
    given = root / "shop"
    shutil.copytree(REPART, root / "etc/repart.d")
    more = root / "etc/repart.d/data.conf.d/shop.conf"
    more.parent.mkdir()
    more.write_text(f"[Partition]\nCopyFiles=/{given.name}:/\n")
    given.mkdir()
    shutil.copy(shop() / "catalogue.db", given)
    there = "mount -t proc proc $0/proc && mount --rbind /dev $0/dev && exec chroot $0"
    words = f"systemd-repart --offline=yes --dry-run=no --empty=create --size={DISK} /disk.img"
    subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{there} {words}", root], check=True, capture_output=True
    )
    (root / "disk.img").replace(disk)
    shutil.rmtree(given)


def made_of() -> str:
    """A name for all that goes into it."""
    digest = hashlib.sha256(repr((SUITE, PACKAGES, BARE, DISK, sorted(WHEELS))).encode())
    for path in sorted(path for name in OURS for path in (ROOT / name).rglob("*.*") if path.is_file()):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for path in (ROOT / "requirements.lock", *sorted(REPART.iterdir())):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def debian(folder: Path) -> Path:
    """The system without anything of ours, as a tar."""
    key = hashlib.sha256(" ".join((SUITE, *PACKAGES, *BARE)).encode()).hexdigest()[:12]
    made = folder / f"debian-{key}.tar"
    if not made.exists():
        words = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
        words += ['--aptopt=APT::Install-Recommends "false"', *(f"--dpkgopt={option}" for option in BARE)]
        unfinished = folder / "unfinished.tar"
        subprocess.run([*words, SUITE, unfinished], check=True, timeout=900)
        unfinished.rename(made)
    return made


def wheels(target: Path) -> None:
    """Those of our lock that the guest needs, each by its hash."""
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text())
    few = target.with_name("wheels.lock")
    few.parent.mkdir(parents=True, exist_ok=True)
    few.write_text("\n".join(block for block in blocks if block.partition("==")[0] in WHEELS) + "\n")
    words = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
    words += [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--python-version",
        PYTHON,
        "--target",
        str(target),
    ]
    for tag in ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"):
        words += ["--platform", tag]
    subprocess.run([*words, "-r", str(few)], check=True, timeout=300)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
