"""Paying by phone: what a wallet's provider can do for us, and one that is asked over HTTP.

All is found by our own id, so that every call may be made again. A callback is the body of a POST: a JWS in compact
form (RFC 7515) under HMAC-SHA256 with a shared key, saying `{"id","state","amount","currency","reference"}`.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Literal, Protocol
from urllib.parse import quote

import msgspec
import requests
from msgspec import Struct

HEADER = {"alg": "HS256", "typ": "JOSE"}
PaymentState = Literal["open", "succeeded", "cancelled", "expired", "failed"]
ENDED = ("cancelled", "expired", "failed")


class Payment(Struct, frozen=True):
    """A payment as the provider has it; `code` is the text that the shopper's phone reads, amounts are minor units."""

    id: str
    state: PaymentState
    amount: int
    currency: str
    reference: str = ""
    code: str = ""
    refunded: int = 0


class ProviderError(Exception):
    """The provider could not be asked, or what it says is of no use: nothing follows from it."""


class SignatureError(Exception):
    """A callback that the provider did not sign."""


class Provider(Protocol):
    """Each method raises ProviderError; each may be called again."""

    def open(self, id_: str, amount: int, currency: str, until: int) -> Payment:
        """Begin a payment that ends by itself at `until` (milliseconds since 1970)."""

    def status(self, id_: str) -> Payment | None:
        """None: the provider knows of no such payment."""

    def cancel(self, id_: str) -> Payment | None:
        """A wish; the answer says what it is after it."""

    def refund(self, id_: str, amount: int) -> Payment:
        """Have so much of it given back, all in all: the same sum again changes nothing."""

    def heard(self, callback: bytes) -> Payment:
        """What a callback says. SignatureError if it is not the provider's."""


def signed(payment: Payment, key: bytes) -> bytes:
    """A callback as the provider sends it."""
    parts = [_coded(msgspec.json.encode(part)) for part in (HEADER, payment)]
    text = b".".join(parts)
    return text + b"." + _coded(hmac.digest(key, text, hashlib.sha256))


def opened(callback: bytes, key: bytes) -> Payment:
    """The payment in a callback; its algorithm is ours, never the one that it names."""
    text, _, signature = callback.strip().rpartition(b".")
    try:
        good = hmac.compare_digest(_decoded(signature), hmac.digest(key, text, hashlib.sha256))
        head, _, body = text.partition(b".")
        if not good or msgspec.json.decode(_decoded(head)).get("alg") != HEADER["alg"]:
            raise SignatureError("not signed by the provider")
        return msgspec.json.decode(_decoded(body), type=Payment)
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError, AttributeError) as error:
        raise SignatureError("no signed message") from error


def _coded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decoded(data: bytes) -> bytes:
    return base64.b64decode(data + b"=" * (-len(data) % 4), altchars=b"-_", validate=True)


class HttpProvider:
    """Payments by REST at `url`; `key` is both the bearer token and what callbacks are signed with."""

    def __init__(self, url: str, key: str, timeout: float = 5.0) -> None:
        self._url, self._key, self._timeout = url.rstrip("/"), key.strip(), timeout
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {self._key}"

    def open(self, id_: str, amount: int, currency: str, until: int) -> Payment:
        body = {"amount": amount, "currency": currency, "until": until}
        found = self._asked("PUT", f"/payments/{quote(id_, safe='')}", body)
        if found is None or (found.id, found.amount, found.currency) != (id_, amount, currency):
            raise ProviderError("the payment is not the one that was asked for")
        return found

    def status(self, id_: str) -> Payment | None:
        return self._asked("GET", f"/payments/{quote(id_, safe='')}")

    def cancel(self, id_: str) -> Payment | None:
        return self._asked("POST", f"/payments/{quote(id_, safe='')}/cancel")

    def refund(self, id_: str, amount: int) -> Payment:
        found = self._asked("PUT", f"/payments/{quote(id_, safe='')}/refund", {"amount": amount})
        if found is None or found.refunded < amount:
            raise ProviderError("it was not given back")
        return found

    def heard(self, callback: bytes) -> Payment:
        return opened(callback, self._key.encode())

    def _asked(self, method: str, path: str, body: object = None) -> Payment | None:
        data = None if body is None else msgspec.json.encode(body)
        try:
            with self._session.request(
                method,
                self._url + path,
                data=data,
                headers={"Content-Type": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                if answer.status_code == 404:
                    return None
                if answer.status_code not in (200, 201):
                    raise ProviderError(f"{method}: status {answer.status_code}")
                return msgspec.json.decode(answer.content, type=Payment)
        except (requests.RequestException, msgspec.MsgspecError, UnicodeDecodeError, OSError) as error:
            raise ProviderError(f"{method}: {type(error).__name__}") from error
