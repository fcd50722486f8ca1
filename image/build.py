"""make image ARCH=amd64|arm64: the disk image, the update bundle and the list of what is in them, from image.toml.

    python -m image.build amd64 --out out/image

Needs root (it unpacks a Debian), but no loop device, no mount and no virtual machine. Works in --work, some 4 GB.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from image import bundle, debian, disk, foreign, initrd, recipe, sbom, tree, uki
from image.furnish import programmed
from image.host import BuildError
from image.recipe import ROOT, Recipe
from image.when import source_time, written
from kiosk.update.lane import claims
from kiosk.version import VERSION

TOOLS = (
    "mmdebstrap",
    "mksquashfs",
    "veritysetup",
    "sfdisk",
    "mkfs.vfat",
    "mcopy",
    "rauc",
    "openssl",
    "readelf",
    "zstd",
)
LOADER = "timeout 0\neditor no\nauto-entries no\n"
UNATTENDED = (
    "quiet loglevel=4 systemd.show_status=0 systemd.gpt_auto=0 audit=0 panic=-1 consoleblank=0"
    " vt.global_cursor_default=0 fsck.repair=yes"
)
"""Nobody reads what a start says, nor answers it. Left to decide by itself, a check of the data partition gives up at a
superblock whose two sectors are of two times, as a power cut may leave it; told to repair, it takes a spare one."""


@dataclass(frozen=True)
class Job:
    """One build: what, for which processor, where; `epoch` is the time of the source, for everything that bears one."""

    recipe: Recipe
    arch: str
    epoch: int
    version: str
    work: Path
    out: Path
    cmdline: str

    @property
    def built(self) -> str:
        return written(self.epoch)

    def file(self, suffix: str) -> Path:
        return self.out / f"{self.recipe.name}-{self.arch}{suffix}"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def grown(job: Job, fresh: bool) -> Path:
    """The tree, complete and checked. `fresh`: Debian's part is fetched again even if it is there."""
    base = job.work / f"debian-{debian.key(job.recipe, job.arch, job.epoch)}.tar"
    if fresh or not base.exists():
        print("Debian's packages ...", flush=True)
        debian.bootstrap(job.recipe, job.arch, job.epoch, base)
    place = job.work / f"tree-{job.arch}"
    debian.unpack(base, place)
    print("The program ...", flush=True)
    programmed(job.recipe, job.arch, place, job.work / f"wheels-{job.arch}", job.epoch)
    return place


def kernel(job: Job, place: Path, stub: bytes, root_hash: str, offset: int, uuid: str) -> bytes:
    """The signed-to-be EFI program that starts this root and no other."""
    words = f"{job.cmdline} {bound(root_hash, offset, uuid)}"
    return uki.uki(
        stub,
        {
            ".osrel": tree.os_release(job.recipe, job.version).encode(),
            ".cmdline": words.encode() + b"\0",
            ".uname": initrd.the_kernel(place).name.encode(),
            ".initrd": (job.work / "initrd").read_bytes(),
            ".linux": (job.work / "vmlinuz").read_bytes(),
        },
    )


def build(job: Job, fresh: bool, signing: bundle.Signing) -> dict[str, object]:
    """Everything into `out`; returns what the manifest says."""
    place = grown(job, fresh)
    found = debian.versions(place)
    suffix = job.recipe.machine(job.arch).efi
    boot = place / "usr/lib/systemd/boot/efi"
    stub, loader = (
        (boot / f"{name}{suffix}.{end}").read_bytes()
        for name, end in (("linux", "efi.stub"), ("systemd-boot", "efi"))
    )
    shutil.copy(next((place / "boot").glob("vmlinuz-*")), job.work / "vmlinuz")
    (job.work / "initrd").write_bytes(initrd.initrd(place, job.recipe.modules))
    tree.clean(job.recipe, place)
    tree.unwanted(place)
    tree.furnish(place, {"version": job.version, "built": job.built, "release": signing.release})
    tree.started(job.recipe, job.arch, place, signing.keyring)
    tree.units(job.recipe, place)
    tree.check(place)
    print("The file system ...", flush=True)
    root = job.file(".root")
    tree.squash(place, root, job.epoch)
    size, uuid = root.stat().st_size, disk.named(sha256(root))
    root_hash, offset = disk.verity(root, uuid)
    efi = job.file(".efi")
    efi.write_bytes(kernel(job, place, stub, root_hash, offset, uuid))
    esp = job.work / "esp"
    disk.esp(esp, job.recipe.disk[0].size, esp_files(job, suffix, loader, efi.read_bytes()), job.epoch)
    disk.write(job.recipe, job.arch, job.file(".img"), {"esp": esp, "root-a": root})
    print("The bundle ...", flush=True)
    text = bundle.manifest(tree.compatible(job.recipe, job.arch), job.version, claims())
    bundle.bundle(root, efi, job.file(".raucb"), signing, text)
    wheels = {path: sha256(path) for path in (job.work / f"wheels-{job.arch}").glob("*.whl")}
    document = sbom.document(job.recipe.name, job.arch, job.version, job.built, found, wheels)
    job.file(".spdx.json").write_text(json.dumps(document, indent=1) + "\n")
    return summary(job, found, size, root_hash)


def bound(root_hash: str, offset: int, uuid: str) -> str:
    """The words that bind a kernel to its root. RAUC takes what follows the letters "root=" for the slot that runs."""
    return f"kiosk.verity={uuid.replace('-', '')} kiosk.offset={offset} roothash={root_hash}"


def esp_files(job: Job, suffix: str, loader: bytes, efi: bytes) -> dict[str, bytes]:
    return {
        f"EFI/BOOT/BOOT{suffix.upper()}.EFI": loader,
        "loader/loader.conf": LOADER.encode(),
        "EFI/Linux/kiosk-a.efi": efi,
    }


def summary(job: Job, found: dict[str, str], size: int, root_hash: str) -> dict[str, object]:
    """Sizes in bytes and hashes of what came out; says loudly what is no longer as the lock has it."""
    lock = debian.lock_of(job.arch)
    changed = debian.moved(debian.locked(lock.read_text()), found) if lock.exists() else ["there is no lock"]
    if os.environ.get("RELOCK"):
        lock.parent.mkdir(exist_ok=True)
        lock.write_text(debian.as_lock(found))
        changed = []
    for line in changed:
        print(f"moved since the lock: {line}", file=sys.stderr)
    files = {
        end: {"bytes": job.file(end).stat().st_size, "sha256": sha256(job.file(end))}
        for end in (".root", ".efi", ".img")
    }
    return {
        "version": job.version,
        "built": job.built,
        "root_bytes": size,
        "root_hash": root_hash,
        "moved": changed,
        **files,
    }


def signing_with(options: argparse.Namespace) -> bundle.Signing:
    """The key that was given, or one of this machine's own. Raises BuildError where only a part was given."""
    given = (options.cert, options.key, options.keyring)
    if not any(given):
        return bundle.bench(options.work / "keys")
    if not all(given):
        raise BuildError("a release needs --cert, --key and --keyring")
    return bundle.Signing(*given, True)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="image.build", description="Build the device image.")
    parser.add_argument("arch", choices=recipe.ARCHITECTURES)
    parser.add_argument("--out", type=Path, default=ROOT / "out/image")
    parser.add_argument(
        "--work", type=Path, default=Path(os.environ.get("KIOSK_IMAGE_WORK", "/var/tmp/kiosk-image"))
    )
    parser.add_argument("--fresh", action="store_true", help="fetch Debian's packages again")
    parser.add_argument(
        "--locked", action="store_true", help="refuse packages that are not as the lock has them"
    )
    parser.add_argument(
        "--append", default="", help="more words for the kernel, for tests: a console, a debug shell"
    )
    for name, what in (("cert", "signs"), ("key", "signs"), ("keyring", "is trusted by the lane")):
        parser.add_argument(
            f"--{name}", type=Path, help=f"PEM; what {what}; left out, a development key is made"
        )
    parser.add_argument("--version", default=VERSION)
    return parser


def main(argv: list[str] | None = None) -> int:
    options = arguments().parse_args(argv)
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    try:
        if missing or os.geteuid() != 0:
            raise BuildError(f"missing: {', '.join(missing)}" if missing else "this needs root")
        foreign.runnable(options.arch)
        options.out.mkdir(parents=True, exist_ok=True)
        options.work.mkdir(parents=True, exist_ok=True)
        made = recipe.read()
        words = f"{UNATTENDED} {options.append}".strip()
        job = Job(made, options.arch, source_time(), options.version, options.work, options.out, words)
        said = build(job, options.fresh, signing_with(options))
    except BuildError as wrong:
        print(f"image: {wrong}", file=sys.stderr)
        return 1
    job.file(".json").write_text(json.dumps(said, indent=1) + "\n")
    print(json.dumps(said, indent=1))
    return 1 if options.locked and said["moved"] else 0


if __name__ == "__main__":
    sys.exit(main())
