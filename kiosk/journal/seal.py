"""The device key: Ed25519 in a file that only its owner may read, made when it is first needed."""

import base64
import logging
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

log = logging.getLogger(__name__)


class SealError(Exception):
    """The device key cannot be used; says which file and why."""


class Seal:
    """Signs with the key of one file (PKCS 8, PEM). Nothing is read or imported before the first signature."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key: Ed25519PrivateKey | None = None
        self._public = ""

    @property
    def public(self) -> str:
        """Base64 of the 32 raw bytes of the public key. Raises SealError."""
        self._loaded()
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Raises SealError."""
        return self._loaded().sign(message)

    def _loaded(self) -> "Ed25519PrivateKey":
        if self._key is None:
            try:
                key = self._read() if self.path.exists() else self._made()
            except (ImportError, OSError, ValueError, TypeError) as wrong:
                raise SealError(f"{self.path}: the device key cannot be used ({wrong})") from wrong
            self._public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
            self._key = key
        return self._key

    def _read(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            log.warning("%s: others than its owner may read the device key", self.path)
        key = load_pem_private_key(self.path.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("it is no Ed25519 key")
        return key

    def _made(self) -> "Ed25519PrivateKey":
        """A new key, whole and on the disk under its name, or not there at all."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        fresh = self.path.with_name(self.path.name + ".new")
        with suppress(FileNotFoundError):
            fresh.unlink()
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self.path)
        sync(self.path.parent)
        return key


def sync(folder: Path) -> None:
    """Have the disk know the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
