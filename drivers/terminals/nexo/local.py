"""The local form's encryption: what goes to port 8443 of a terminal is a NexoBlob with a SecurityTrailer.

From a passphrase come, by PBKDF2-HMAC-SHA1 with a fixed salt, 80 bytes: the key of an HMAC-SHA256 over the plain
message, the key of AES-256-CBC (PKCS7), and an IV that is xor-ed with the nonce of each message. Source: the
vendor's node library 32.1.0, which reads what is written so.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from drivers.terminals.nexo.messages import NexoError

SALT, ROUNDS, LENGTH = b"AdyenNexoV1Salt", 4000, 80
VERSION = 1
BLOCK = 16
WRONG = "the local message is not one of this key's"


class Keys(NamedTuple):
    hmac: bytes
    cipher: bytes
    iv: bytes


class SecurityTrailer(Struct, frozen=True, kw_only=True, rename="pascal"):
    adyen_crypto_version: int
    key_identifier: str
    key_version: int
    nonce: str
    hmac: str


class Sealed(Struct, frozen=True, kw_only=True, rename="pascal"):
    """The header stays in clear beside the blob."""

    message_header: dict[str, Any]
    nexo_blob: str
    security_trailer: SecurityTrailer


def derived(passphrase: str) -> Keys:
    """The keys of a passphrase."""
    made = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), SALT, ROUNDS, LENGTH)
    return Keys(made[:32], made[32:64], made[64:])


class Seal:
    """Closes and opens messages under one passphrase; `nonce` draws 16 bytes."""

    def __init__(
        self,
        passphrase: str,
        identifier: str,
        version: int,
        nonce: Callable[[], bytes] = lambda: secrets.token_bytes(BLOCK),
    ) -> None:
        self._keys = derived(passphrase)
        self._identifier, self._version, self._nonce = identifier, version, nonce

    def closed(self, body: bytes) -> bytes:
        """A plain message as it goes to the terminal."""
        name, content = _only(body)
        if not isinstance(content, dict):
            raise NexoError(WRONG)
        nonce = self._nonce()
        trailer = SecurityTrailer(
            adyen_crypto_version=VERSION,
            key_identifier=self._identifier,
            key_version=self._version,
            nonce=base64.b64encode(nonce).decode(),
            hmac=base64.b64encode(self._mac(body)).decode(),
        )
        blob = base64.b64encode(self._encrypted(body, nonce)).decode()
        sealed = Sealed(message_header=content["MessageHeader"], nexo_blob=blob, security_trailer=trailer)
        return msgspec.json.encode({name: sealed})

    def opened(self, body: bytes) -> bytes:
        """The plain message of a sealed one. NexoError where anything of it was changed, or another key was used."""
        name, content = _only(body)
        try:
            sealed = msgspec.convert(content, Sealed)
            trailer = sealed.security_trailer
            nonce = base64.b64decode(trailer.nonce, validate=True)
            blob = base64.b64decode(sealed.nexo_blob, validate=True)
            mac = base64.b64decode(trailer.hmac, validate=True)
        except (msgspec.MsgspecError, ValueError) as error:
            raise NexoError("not a sealed message") from error
        named = (trailer.adyen_crypto_version, trailer.key_identifier, trailer.key_version)
        if named != (VERSION, self._identifier, self._version):
            raise NexoError(WRONG)
        plain = self._decrypted(blob, nonce)
        if not hmac.compare_digest(self._mac(plain), mac):
            raise NexoError(WRONG)
        inner, inside = _only(plain)
        if (
            inner != name
            or not isinstance(inside, dict)
            or inside.get("MessageHeader") != sealed.message_header
        ):
            raise NexoError("the header beside a sealed message is not the one inside")
        return plain

    def _mac(self, plain: bytes) -> bytes:
        return hmac.digest(self._keys.hmac, plain, hashlib.sha256)

    def _cipher(self, nonce: bytes) -> Any:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        if len(nonce) != BLOCK:
            raise NexoError(WRONG)
        iv = bytes(ours ^ theirs for ours, theirs in zip(self._keys.iv, nonce, strict=True))
        return Cipher(algorithms.AES(self._keys.cipher), modes.CBC(iv))

    def _encrypted(self, plain: bytes, nonce: bytes) -> bytes:
        filler = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher(nonce).encryptor()
        return bytes(encryptor.update(plain + bytes([filler]) * filler) + encryptor.finalize())

    def _decrypted(self, blob: bytes, nonce: bytes) -> bytes:
        if not blob or len(blob) % BLOCK:
            raise NexoError(WRONG)
        decryptor = self._cipher(nonce).decryptor()
        padded = bytes(decryptor.update(blob) + decryptor.finalize())
        filler = padded[-1]
        if not 1 <= filler <= BLOCK or padded[-filler:] != bytes([filler]) * filler:
            raise NexoError(WRONG)
        return padded[:-filler]


def _only(body: bytes) -> tuple[str, Any]:
    """Name and content of the one thing in a message."""
    try:
        whole = msgspec.json.decode(body, type=dict[str, Any])
        ((name, content),) = whole.items()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NexoError("not a message in JSON") from error
    return name, content
