"""Asking the store server: pinned key, device token, and answers that are checked before they are believed."""

import base64
import hashlib
import hmac
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote

import msgspec
import requests
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from kiosk.catalogue.intake import Wanted
from kiosk.link.config import LinkConfig
from kiosk.wire import (
    BasketGiven,
    Deliver,
    FindMember,
    Heartbeat,
    HeartbeatAnswer,
    MemberAnswer,
    MemberQuestion,
    Problem,
    ReceiptMail,
    ReserveValue,
    SaleAnswer,
    SaleQuestion,
    Stored,
    TakeBasket,
    ValueDecision,
    ValueState,
    WeightsTaken,
    WeightSums,
)
from kiosk.wire.enrol import Enrol, Enrolled
from kiosk.wire.releases import ReleaseQuestion, ReleaseWanted

T = TypeVar("T")
LONGEST_ANSWER = 64_000_000  # bytes
DONE = {"commit": ("committed",), "cancel": ("cancelled", "refused"), "credit": ("committed", "reserved")}
NEVER = (400, 404, 409, 413, 422)


class NoStoreError(Exception):
    """The server could not be asked, or its answer is of no use: what failed, in a sentence. Try again later.

    `sent` is False where not one byte of the request can have left.
    """

    sent = True


class NothingSentError(NoStoreError):
    """There was no connection to the server, so nothing was asked."""

    sent = False


class RefusedError(Exception):
    """The server has understood and says no; asking again would not help."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


class PinError(ssl.SSLError):
    """Whoever answered does not hold the key that we know."""


def spki_pin(certificate: bytes) -> str:
    """`sha256/…` of a DER certificate's SubjectPublicKeyInfo."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "sha256/" + base64.b64encode(hashlib.sha256(spki).digest()).decode()


def _pinned_pool(pin: str) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            certificate = cast(ssl.SSLSocket, self.sock).getpeercert(binary_form=True) or b""
            if not hmac.compare_digest(spki_pin(certificate), pin):
                self.close()
                raise PinError(f"the server's key is {spki_pin(certificate)}, not the pinned {pin}")
            self.is_verified = True

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


class _PinnedAdapter(HTTPAdapter):
    """Trusts one key instead of any authority: no request leaves before the key was compared."""

    def __init__(self, pin: str) -> None:
        self._pin = pin
        super().__init__(max_retries=urllib3.Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        super().init_poolmanager(*args, **kwargs, ssl_context=context, cert_reqs="CERT_NONE")
        self.poolmanager.pool_classes_by_scheme = {"https": _pinned_pool(self._pin)}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The pin is verified in `connect`, nothing else is asked."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {name: value for name, value in pool.items() if name not in ("cert_reqs", "ca_certs")}


def enrolled(config: LinkConfig, code: str) -> Enrolled:
    """A one-time code for the lane's own token. Raises NoStoreError, or RefusedError: this code is good no more."""
    client = StoreClient(config, known=False)
    try:
        return client.enrol(code)
    finally:
        client.close()


class StoreClient:
    """One thread's connection to the server. Every method raises NoStoreError or RefusedError."""

    def __init__(self, config: LinkConfig, known: bool = True) -> None:
        """`known`: the server knows this machine as a lane, by its token."""
        self._config = config
        self._session = requests.Session()
        self._session.trust_env = False
        if known:
            self._session.headers["Authorization"] = f"Bearer {_token(Path(config.token_file))}"
        if config.server.startswith("https://"):
            self._session.mount("https://", _PinnedAdapter(config.pin))

    def close(self) -> None:
        self._session.close()

    def enrol(self, code: str) -> Enrolled:
        return self._asked("POST", "/v1/enrol", Enrolled, body=msgspec.json.encode(Enrol(code)))

    def deliver(self, order: Deliver) -> Stored:
        """Bring a sale, a record or what became of a reservation; only the server's own word for it counts."""
        if order.kind == "value":
            return self._decided(order)
        path = f"/v1/{order.kind}s/{quote(order.key, safe='')}"
        try:
            stored = self._asked("PUT", path, Stored, body=order.body)
        except RefusedError as error:
            if error.status == 404:
                raise NoStoreError(f"PUT {path}: this server does not take any") from error
            raise
        if stored.id != order.key:
            raise NoStoreError(f"PUT {path}: the answer is about {stored.id!r}")
        return stored

    def _decided(self, order: Deliver) -> Stored:
        try:
            decision = msgspec.json.decode(order.body, type=ValueDecision)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise RefusedError(400, f"no order about value: {error}") from error
        path = f"/v1/value/{quote(decision.id, safe='')}/{decision.do}"
        try:
            state = self._asked("PUT", path, ValueState, body=order.body)
        except RefusedError as error:
            if error.status == 404:
                raise NoStoreError(f"PUT {path}: this server does not take any") from error
            raise
        wanted = DONE[decision.do]
        if state.id != decision.id or state.state not in wanted:
            raise NoStoreError(f"PUT {path}: the answer is about {state.id!r}, {state.state}")
        return Stored(order.key)

    def reserve(self, asked: ReserveValue) -> ValueState:
        return self._value("POST", "/v1/value/reserve", asked.id, msgspec.json.encode(asked))

    def value(self, id_: str) -> ValueState | None:
        """Where a reservation stands; None: the server knows of none."""
        try:
            return self._value("GET", f"/v1/value/{quote(id_, safe='')}", id_)
        except RefusedError as error:
            if error.status == 404:
                return None
            raise

    def withdraw(self, id_: str) -> ValueState:
        return self._value("PUT", f"/v1/value/{quote(id_, safe='')}/withdraw", id_)

    def _value(self, method: str, path: str, id_: str, body: bytes | None = None) -> ValueState:
        timeout = self._config.value_timeout
        state = self._asked(method, path, ValueState, body=body, timeout=timeout)
        if state.id != id_:
            raise NoStoreError(f"{method} {path}: the answer is about {state.id!r}")
        return state

    def find_sale(self, number: str) -> SaleAnswer:
        """RefusedError: 404, there is none; 409, another lane is giving it back."""
        body = msgspec.json.encode(SaleQuestion(number))
        return self._asked("POST", "/v1/sales/find", SaleAnswer, body=body)

    def take_basket(self, asked: TakeBasket) -> BasketGiven:
        """The same request may be made again, and gets the same answer."""
        path = "/v1/baskets/take"
        given = self._asked("POST", path, BasketGiven, body=msgspec.json.encode(asked))
        if given.request != asked.request:
            raise NoStoreError(f"POST {path}: the answer is about something else")
        return given

    def mail_receipt(self, mail: ReceiptMail) -> None:
        stored = self._asked("POST", "/v1/receipts/mail", Stored, body=msgspec.json.encode(mail))
        if stored.id != mail.id:
            raise NoStoreError("POST /v1/receipts/mail: the answer is about something else")

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        return self._asked("POST", "/v1/heartbeat", HeartbeatAnswer, body=msgspec.json.encode(heartbeat))

    def find_member(self, asked: FindMember) -> MemberAnswer | None:
        """Who has this number; None: nobody."""
        try:
            body = msgspec.json.encode(MemberQuestion(asked.number.decode(), asked.by))
            return self._asked(
                "POST", "/v1/members/find", MemberAnswer, body=body, timeout=self._config.member_timeout
            )
        except RefusedError as error:
            if error.status == 404:
                return None
            raise

    def catalogue_page(self, wanted: Wanted) -> bytes:
        """The next page as it came; the intake checks what is in it."""
        return self._raw("GET", "/v1/catalogue", params=msgspec.structs.asdict(wanted))

    def release(self, asked: ReleaseQuestion) -> ReleaseWanted:
        """What this lane is to run, and whether it is its turn."""
        return self._asked("POST", "/v1/releases/ask", ReleaseWanted, body=msgspec.json.encode(asked))

    def bundle(self, version: str, compatible: str, start: int) -> bytes:
        """A piece of a bundle, from that byte on."""
        path = f"/v1/releases/{quote(version, safe='')}/{quote(compatible, safe='')}"
        return self._raw("GET", path, params={"start": start})

    def teach(self, sums: WeightSums) -> WeightsTaken:
        """What this lane has weighed; told again it changes nothing."""
        return self._asked("PUT", "/v1/weights", WeightsTaken, body=msgspec.json.encode(sums))

    def weights_page(self, journal: str, source: str, since: int) -> bytes:
        """What the others have, as it came; the intake checks what is in it."""
        return self._raw("GET", "/v1/weights", params={"journal": journal, "source": source, "since": since})

    def _asked(self, method: str, path: str, kind: type[T], **request: Any) -> T:
        answer = self._raw(method, path, **request)
        try:
            return msgspec.json.decode(answer, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise NoStoreError(f"{method} {path}: the answer is not a {kind.__name__}: {error}") from error

    def _raw(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        params: Any = None,
        timeout: float | None = None,
    ) -> bytes:
        try:
            with self._session.request(
                method,
                self._config.server.rstrip("/") + path,
                data=body,
                params=params,
                headers={"Content-Type": "application/json"} if body is not None else {},
                timeout=(self._config.connect_timeout, timeout or self._config.answer_timeout),
                allow_redirects=False,
                stream=True,
            ) as answer:
                content = answer.raw.read(LONGEST_ANSWER + 1, decode_content=True)
                status = answer.status_code
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            kind = NothingSentError if _unconnected(error) else NoStoreError
            raise kind(f"{method} {path}: {_reason(error)}") from error
        if len(content) > LONGEST_ANSWER:
            raise NoStoreError(f"{method} {path}: the answer has no end")
        if status in (200, 201):
            return content
        detail = _detail(content)
        if status in NEVER and detail is not None:
            raise RefusedError(status, detail)
        raise NoStoreError(f"{method} {path}: status {status}{f': {detail}' if detail else ''}")


def _token(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NothingSentError(f"the device token cannot be read from {path}") from error


def _detail(content: bytes) -> str | None:
    """What the server says of a refusal; None: it was not our server that spoke."""
    try:
        return msgspec.json.decode(content, type=Problem).detail
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _unconnected(error: BaseException) -> bool:
    """Whether it failed before there was a connection: a request is written only after that, and only once."""
    return any(isinstance(one, NewConnectionError | ConnectTimeoutError | PinError) for one in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was wrapped around, outside in."""
    below: BaseException | None = error
    while below is not None:
        yield below
        args = [arg for arg in below.args if isinstance(arg, BaseException)]
        reason = getattr(below, "reason", None)
        below = args[0] if args else reason if isinstance(reason, BaseException) else None


def _reason(error: BaseException) -> str:
    """The innermost words of a chain of wrapped errors, without addresses of objects."""
    *_, inner = _chain(error)
    words = str(inner.args[-1]) if inner.args else inner.__class__.__name__
    return words.split(": ", 1)[-1] if "object at 0x" in words else words
