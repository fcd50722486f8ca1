"""Debian's part of the tree: the packages of the list, unpacked and configured, and the versions that came."""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from image.host import BuildError, mirrors, run
from image.recipe import HERE, Recipe

NO_INITRD = (
    "mkdir -p $1/etc/initramfs-tools; echo update_initramfs=no >$1/etc/initramfs-tools/update-initramfs.conf"
)
"""Debian would make a first file system for any machine, and again with each package, minutes long under emulation;
the image has one of its own. This is for the packages; the kernel asks for INITRD in its environment."""


def key(recipe: Recipe, arch: str, epoch: int) -> str:
    """Names the tree: the same packages without the same files give the same one, of the same mirror."""
    what = (recipe.suite, arch, epoch, recipe.everything(arch), recipe.without, recipe.within)
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def bootstrap(recipe: Recipe, arch: str, epoch: int, out: Path) -> None:
    """Writes the tree as the archive `out`, minutes long. Needs root or a user's namespaces; no mount, no device."""
    if shutil.which("mmdebstrap") is None:
        raise BuildError("missing: apt-get install mmdebstrap")
    paths = [f"path-exclude={path}" for path in recipe.without] + [
        f"path-include={path}" for path in recipe.within
    ]
    part = out.with_suffix(".part.tar")
    run(
        "mmdebstrap",
        "--mode=root" if os.geteuid() == 0 else "--mode=unshare",
        "--variant=minbase",
        f"--architectures={arch}",
        f"--include={','.join(recipe.everything(arch))}",
        '--aptopt=APT::Install-Recommends "false"',
        "--dpkgopt=force-confold",
        *(f"--dpkgopt={path}" for path in paths),
        f"--essential-hook={NO_INITRD}",
        recipe.suite,
        part,
        *mirrors(recipe.suite),
        env={"SOURCE_DATE_EPOCH": str(epoch), "TMPDIR": tempfile.gettempdir(), "INITRD": "No"},
    )
    part.replace(out)


def unpack(archive: Path, tree: Path) -> None:
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    run(
        "tar",
        "--extract",
        "--numeric-owner",
        "--preserve-permissions",
        "--file",
        archive,
        "--directory",
        tree,
    )


def versions(tree: Path) -> dict[str, str]:
    """Package → version, of everything that is installed."""
    told = run(
        "dpkg-query", f"--admindir={tree}/var/lib/dpkg", "--show", "--showformat=${Package} ${Version}\n"
    )
    return dict(sorted(line.split(" ", 1) for line in told.splitlines()))


def lock_of(arch: str) -> Path:
    return HERE / "locks" / f"{arch}.lock"


def locked(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


def as_lock(found: dict[str, str]) -> str:
    head = (
        "# The Debian packages of the image as they were resolved; `make image RELOCK=1` writes this anew.\n"
    )
    return head + "".join(f"{name}={version}\n" for name, version in found.items())


def moved(lock: dict[str, str], found: dict[str, str]) -> list[str]:
    """What is no longer as the lock has it: a line for each package that came, went or changed."""
    names = sorted({*lock, *found})
    return [
        f"{name} {lock.get(name, '(none)')} -> {found.get(name, '(none)')}"
        for name in names
        if lock.get(name) != found.get(name)
    ]
