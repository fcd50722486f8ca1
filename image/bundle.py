"""The update: a RAUC bundle of the root and its kernel, signed; and a key to sign with while none is given."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from image.host import run
from image.recipe import HERE

DEVELOPMENT = "/O=Kiosk/OU=development/CN=bench"
"""The subject by which a release refuses what was signed on a bench."""


@dataclass(frozen=True)
class Signing:
    """Who signs (`certificate` and its `key`), and what a lane with this image trusts. `release`: it is for shops."""

    certificate: Path
    key: Path
    keyring: Path
    release: bool


def bench(folder: Path) -> Signing:
    """A certificate and a key of this machine's own, made where there are none; the key never leaves the folder."""
    certificate, key = folder / "development.pem", folder / "development.key"
    if not key.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        run(
            "openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "3650", "-subj", DEVELOPMENT,
            "-keyout", key, "-out", certificate,
        )  # fmt: skip
        key.chmod(0o600)
    return Signing(certificate, key, certificate, False)


def manifest(compatible: str, version: str, description: str = "") -> str:
    """What RAUC reads; the kernel goes beside it, and the hook puts it where the boot loader looks."""
    said = f"description={description}\n" if description else ""
    return (
        f"[update]\ncompatible={compatible}\nversion={version}\n{said}\n"
        "[bundle]\nformat=verity\n\n"
        "[hooks]\nfilename=hook\n\n"
        "[image.rootfs]\nfilename=root.img\nhooks=post-install\n"
    )


def bundle(root: Path, kernel: Path, out: Path, signing: Signing, text: str) -> None:
    """Writes and checks a bundle with the manifest `text`. Its signature bears the time: two of the same differ."""
    out.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        source = Path(folder) / "bundle"
        source.mkdir()
        (source / "manifest.raucm").write_text(text)
        shutil.copy(HERE / "files/hook", source / "hook")
        (source / "root.img").hardlink_to(root)
        (source / "kernel.efi").hardlink_to(kernel)
        run("rauc", f"--cert={signing.certificate}", f"--key={signing.key}", "bundle", source, out)
    run("rauc", f"--keyring={signing.keyring}", "info", out)
