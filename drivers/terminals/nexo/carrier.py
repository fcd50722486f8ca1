"""Carries exchanges over HTTPS: each request is a POST of its own, its answer comes back as a frame on the line.

A POST that takes as long as a payment does not keep another one waiting, and no POST is ever made twice: not on a
redirect, not on a broken connection.
"""

import logging
import os
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import requests
import urllib3
from cryptography import x509
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from drivers.line import CLOCK, Clock, FileLine, Line, LineLost, Tape, joined
from drivers.terminals.nexo.config import Config
from drivers.terminals.nexo.frames import LONGEST, Frame, Frames, How, framed
from drivers.terminals.nexo.local import Seal
from drivers.terminals.nexo.messages import NexoError
from drivers.terminals.nexo.redact import redact

log = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
LOCAL_NAME = ".live.terminal.adyen.com"
NEVER_LEFT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


class OtherTerminalError(ssl.SSLError):
    """Whoever answered has a certificate of another terminal."""


def carried(config: Config, clock: Clock = CLOCK) -> Line:
    """A line whose frames go to the terminal that is configured. LineLost where a secret cannot be read."""
    post = Post(config)
    tape = Tape(Path(config.record), redact, clock) if config.record else None
    ours, theirs = joined(urlsplit(config.url).netloc, tape, clock)
    threading.Thread(target=Carrier(theirs, post).live, name="nexo-carrier", daemon=True).start()
    return ours


class Carrier:
    """The other end of the driver's line, in a thread that ends when the driver closes its own."""

    def __init__(self, line: FileLine, post: "Post") -> None:
        self._line, self._post = line, post
        self._writing = threading.Lock()

    def live(self) -> None:
        frames = Frames()
        with suppress(LineLost, NexoError):
            while True:
                for frame in frames.feed(self._line.read(3600.0)):
                    threading.Thread(target=self._carry, args=(frame,), name="nexo-post", daemon=True).start()
        with self._writing:
            self._line.close()
        self._post.close()

    def _carry(self, frame: Frame) -> None:
        answer = self._post(frame)
        with self._writing, suppress(LineLost, OSError):
            self._line.write(framed(answer))


class Post:
    """Makes the POSTs, from any thread; idle connections are kept and used again."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._key = secret(config.api_key_file) if config.api_key_file else ""
        self._seal = None
        if config.form == "local":
            self._seal = Seal(secret(config.passphrase_file), config.key_id, config.key_version)
        self._idle: list[requests.Session] = []
        self._closed = False

    def __call__(self, frame: Frame) -> Frame:
        """The answer's frame; LOST or UNSENT says why there is none."""
        session = self._idle.pop() if self._idle else self._session()
        try:
            body = self._seal.closed(frame.body) if self._seal else frame.body
            answer = self._posted(session, body)
            answer = self._seal.opened(answer) if self._seal and answer else answer
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            OSError,
            NexoError,
            ValueError,
        ) as error:
            session.close()
            how = How.UNSENT if never_left(error) else How.LOST
            return Frame(frame.number, how, f"{type(error).__name__}: {innermost(error)}".encode()[:500])
        if self._closed:
            session.close()
        else:
            self._idle.append(session)
        return Frame(frame.number, How.BODY, answer)

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _posted(self, session: requests.Session, body: bytes) -> bytes:
        limits = (CONNECT_SECONDS, self._config.patience)
        with session.post(
            self._config.url, data=body, timeout=limits, allow_redirects=False, stream=True
        ) as response:
            answer = response.raw.read(LONGEST + 1, decode_content=True)
            if response.status_code != 200:
                raise NexoError(f"HTTP {response.status_code}")
            if len(answer) > LONGEST:
                raise NexoError("an answer without end")
            return bytes(answer)

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers["Content-Type"] = "application/json"
        if self._key:
            session.headers["X-API-Key"] = self._key
        if self._config.ca:
            session.verify = self._config.ca
        if self._config.form == "local":
            name = self._config.common_name or self._config.poi_id + LOCAL_NAME
            session.mount("https://", _NamedAdapter(self._config.ca, name))
        return session


def secret(path: str) -> str:
    """What stands in a file that only its owner may read. Raises LineLost.

    A systemd credential is root's, and readable by an access list that shows as the group's mode.
    """
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    ours = bool(credentials) and Path(path).is_relative_to(Path(credentials or ""))
    try:
        if Path(path).stat().st_mode & (0o037 if ours else 0o077):
            raise LineLost(f"{path}: others may read it; it must have mode 0600")
        return Path(path).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LineLost(f"{path}: cannot be read") from error


def never_left(error: BaseException) -> bool:
    """Whether it is certain that no byte of the request has left: there was no connection."""
    wrapped = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return isinstance(getattr(wrapped, "reason", wrapped), NEVER_LEFT)


def innermost(error: BaseException) -> str:
    """The last words of a chain of errors, in which there is no address of an object."""
    wrapped = error.args[0] if error.args else None
    reason = getattr(wrapped, "reason", wrapped)
    return innermost(reason) if isinstance(reason, BaseException) else str(error).rpartition(": ")[2]


class _NamedAdapter(HTTPAdapter):
    """Trusts one authority, and of its certificates those of one terminal: the name is in the CN, not a host's."""

    def __init__(self, ca: str, name: str) -> None:
        self._ca, self._name = ca, name
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.check_hostname = False
        context.load_verify_locations(self._ca)
        super().init_poolmanager(*args, **kwargs, ssl_context=context, assert_hostname=False)
        self.poolmanager.pool_classes_by_scheme = {"https": _named_pool(self._name)}


def _named_pool(name: str) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            told = cast(ssl.SSLSocket, self.sock).getpeercert(binary_form=True) or b""
            subject = x509.load_der_x509_certificate(told).subject
            names = [str(each.value) for each in subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
            if names != [name]:
                self.close()
                raise OtherTerminalError(f"this is {names}, not {name}")

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool
