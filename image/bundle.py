"""The update: a RAUC bundle of the root and its kernel, signed; and a key to sign with while none is given."""

import shutil
import tempfile
from pathlib import Path

from image.host import run
from image.recipe import HERE

DEVELOPMENT = "kiosk development: not for shops"
"""The subject by which a release refuses what was signed while developing."""


def manifest(compatible: str, version: str) -> str:
    return (
        f"[update]\ncompatible={compatible}\nversion={version}\n\n"
        "[bundle]\nformat=verity\n\n"
        "[hooks]\nfilename=hook\n\n"
        "[image.root]\nfilename=root.img\nhooks=post-install\n"
    )


def keys(folder: Path) -> tuple[Path, Path]:
    """A certificate and a key of this machine's own, made where there are none; the key never leaves the folder."""
    certificate, key = folder / "development.pem", folder / "development.key"
    if not key.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        run(
            "openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-keyout", key, "-out", certificate,
            "-days", "3650", "-subj", f"/O=kiosk/CN={DEVELOPMENT}",
    )  # fmt: skip
        key.chmod(0o600)
    return certificate, key


def bundle(
    root: Path, kernel: Path, out: Path, certificate: Path, key: Path, compatible: str, version: str
) -> None:
    """Writes and checks the bundle. Its signature bears the time: two bundles of the same contents differ."""
    out.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        source = Path(folder) / "bundle"
        source.mkdir()
        (source / "manifest.raucm").write_text(manifest(compatible, version))
        shutil.copy(HERE / "files/hook", source / "hook")
        (source / "root.img").hardlink_to(root)
        (source / "kiosk.efi").hardlink_to(kernel)
        run("rauc", f"--cert={certificate}", f"--key={key}", "bundle", source, out)
    run("rauc", f"--keyring={certificate}", "info", out)
