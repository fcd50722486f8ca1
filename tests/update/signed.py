"""Real bundles, signed by throw-away authorities, where RAUC is installed."""

import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kiosk.update.release import Claims, Formats
from tests.update.machine import uki

needs_rauc = pytest.mark.skipif(shutil.which("rauc") is None, reason="rauc is not installed")
COMPATIBLE = "kiosk-amd64"
FORMATS = Formats(1, 2, 2)


def named(common: str, unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kiosk"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


class Authority:
    """A root that a lane trusts, and one key below it that signs: `unit` says for what it is."""

    def __init__(self, folder: Path, unit: str = "release") -> None:
        folder.mkdir()
        self.folder = folder
        self.keyring, self.cert, self.key = folder / "root.pem", folder / "cert.pem", folder / "key.pem"
        root, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        top = named("root", "root")
        self.keyring.write_bytes(
            certificate(top, root.public_key(), top, root, True).public_bytes(Encoding.PEM)
        )
        mine = certificate(named("signer", unit), signer.public_key(), top, root, False)
        self.cert.write_bytes(mine.public_bytes(Encoding.PEM))
        self.key.write_bytes(
            signer.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        )

    def bundle(self, version: str, claims: Claims | None = None, text: str = "") -> Path:
        """A signed verity bundle of a small root and its kernel; `text` is the manifest, if it is to be another."""
        content, bundle = self.folder / f"content-{version}", self.folder / f"{version}.raucb"
        content.mkdir()
        (content / "root.img").write_bytes(random.Random(version).randbytes(200_000))
        (content / "kernel.efi").write_bytes(uki(version))
        images = {"rootfs": "root.img", "kernel": "kernel.efi"}
        said = msgspec.json.encode(claims or Claims(FORMATS)).decode()
        lines = [
            f"[update]\ncompatible={COMPATIBLE}\nversion={version}\ndescription={said}\n[bundle]\nformat=verity"
        ]
        lines += [f"[image.{name}]\nfilename={file}" for name, file in images.items()]
        (content / "manifest.raucm").write_text(text or "\n".join(lines) + "\n")
        keys = ["--cert", str(self.cert), "--key", str(self.key)]
        subprocess.run(
            ["rauc", "bundle", *keys, str(content), str(bundle)], check=True, capture_output=True, timeout=60
        )
        return bundle


def certificate(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    by: ec.EllipticCurvePrivateKey,
    ca: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(by, hashes.SHA256())
    )
