"""Releases to install: the image's own root and kernel, altered, then packed and signed by the image's own code."""

import shutil
import struct
from collections.abc import Mapping
from pathlib import Path
from random import Random

from image import build, bundle, disk, recipe, tree, uki
from image.host import run
from image.when import source_time
from kiosk.update.lane import claims

PARTS = (".osrel", ".cmdline", ".uname", ".initrd", ".linux")
"""What image.build adds to systemd's stub."""
SITE = "opt/kiosk/current/lib/python3.13/site-packages"
NOWHERE = "0" * 64


def apart(efi: bytes) -> tuple[bytes, dict[str, bytes]]:
    """A unified kernel image as the stub and the sections that it was made of."""
    pe, bodies, first = uki.parse(efi), {}, len(efi)
    for number, (name, _, size) in enumerate(pe.sections):
        if name in PARTS:
            (at,) = struct.unpack_from("<I", efi, pe.sections_at + number * uki.HEADER + 20)
            bodies[name], first = efi[at : at + size], min(first, at)
    stub = bytearray(efi[:first])
    struct.pack_into("<H", stub, pe.count_at, len(pe.sections) - len(bodies))
    return bytes(stub), bodies


class Releases:
    """Made from what was built beside `image` and signed with the key in `keys`; they come to lie in `folder`."""

    def __init__(self, image: Path, keys: Path, folder: Path, arch: str = "amd64") -> None:
        self.folder, self.recipe, self.epoch = folder, recipe.read(), source_time()
        self.compatible = tree.compatible(self.recipe, arch)
        self.signing = bundle.bench(keys)
        self.stub, self.parts = apart(image.with_suffix(".efi").read_bytes())
        self._parts = folder.with_name(f"{folder.name}-parts")
        self._tree = self._parts / "tree"
        for made in folder, self._parts:
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
        run("unsquashfs", "-quiet", "-no-progress", "-dest", self._tree, image.with_suffix(".root"))

    def release(self, version: str, laid: Mapping[str, str] | None = None, recovery: bool = False) -> Path:
        """The same program under another name; `laid` are other files of it, by their place in site-packages."""
        laid = {"kiosk/version.py": f'VERSION = "{version}"\n', **(laid or {})}
        before = {name: self._lay(name, text) for name, text in laid.items()}
        tree.named(self._tree, {"version": version, "built": "", "release": self.signing.release})
        root = self._parts / "root"
        tree.squash(self._tree, root, self.epoch)
        for name, text in before.items():
            self._lay(name, text)
        uuid = disk.named(build.sha256(root))
        words = build.bound(*disk.verity(root, uuid), uuid)
        return self._packed(version, root, words, claims(recovery))

    def dead(self, version: str) -> Path:
        """A kernel that looks for a root with another hash than the one which is with it."""
        root = self._parts / "root"
        uuid, offset = disk.named(build.sha256(root)), root.stat().st_size
        disk.verity(root, uuid)
        return self._packed(version, root, build.bound(NOWHERE, offset, uuid), claims())

    def empty(
        self, name: str, version: str, compatible: str = "", signing: bundle.Signing | None = None
    ) -> Path:
        """Nothing worth installing, with that manifest."""
        nothing = self._parts / "nothing"
        nothing.write_bytes(Random(version).randbytes(1 << 16))
        out = self.folder / f"{name}.raucb"
        text = bundle.manifest(compatible or self.compatible, version, claims())
        bundle.bundle(nothing, nothing, out, signing or self.signing, text)
        return out

    def foreign(self) -> bundle.Signing:
        """A key that no lane has heard of."""
        return bundle.bench(self._parts / "foreign")

    def done(self) -> Path:
        """All of them on a disk that a guest can mount; what they were made from is not kept."""
        stick = self.folder.with_suffix(".squashfs")
        run("mksquashfs", self.folder, stick, "-noappend", "-no-progress", "-noI", "-noD", "-noF", "-noX")
        shutil.rmtree(self._parts)
        return stick

    def _packed(self, version: str, root: Path, words: str, claimed: str) -> Path:
        console = self.parts[".cmdline"].decode().rstrip("\0").partition(" kiosk.verity=")[0]
        osrel = tree.os_release(self.recipe, version).encode()
        changed = {".osrel": osrel, ".cmdline": f"{console} {words}".encode() + b"\0"}
        kernel = self._parts / "kernel"
        kernel.write_bytes(uki.uki(self.stub, self.parts | changed))
        out = self.folder / f"{version}.raucb"
        bundle.bundle(root, kernel, out, self.signing, bundle.manifest(self.compatible, version, claimed))
        return out

    def _lay(self, name: str, text: str) -> str:
        """Write a module, without the bytecode of what it was; what it was."""
        path = self._tree / SITE / name
        before = path.read_text()
        path.write_text(text)
        for old in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            old.unlink()
        return before
