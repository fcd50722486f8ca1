"""The words between till and TSE service: a request and its answer are one line of JSON each.

The protocol is **ours**: makers of TSEs have an API each and no common wire, and no public byte vectors. A service
that runs beside a maker's library has to speak this, or a module of its own has to take the place of this one. The
operations are those of BSI TR-03151 with the till's own `reference` for a transaction, so that no answer that is lost
costs one.

    → {"do":"begin","n":1,"client":"0187-4","reference":"j-17"}        StartTransaction
    ← {"n":1,"transaction":8,"counter":15,"started":1790000000000,"open":[]}
    → {"do":"finish","n":2,"client":"0187-4","reference":"j-17","process_type":…,"process_data":"Beleg^…"}
    ← {"n":2,"transaction":8,"counter":16,"started":…,"finished":…,"signature":"…","process_type":…,"process_data":…}

`find` tells how a reference stands; `update` says what a basket holds so far; `health` names the device; `export`
gives its archive in base64, from an offset on. `error` in an answer: "out" (not now), "not_open", "refused".
Times are milliseconds since 1970, whole seconds where the device counts seconds.
"""

import msgspec
from msgspec import Struct


class Request(Struct, frozen=True, kw_only=True, tag_field="do", tag=str.lower, omit_defaults=True):
    """`n` comes back in the answer, `client` is the till's serial number."""

    n: int
    client: str


class Health(Request, frozen=True, kw_only=True):
    pass


class Find(Request, frozen=True, kw_only=True):
    reference: str


class Begin(Request, frozen=True, kw_only=True):
    reference: str


class Update(Request, frozen=True, kw_only=True):
    reference: str
    process_type: str
    process_data: str


class Finish(Request, frozen=True, kw_only=True):
    reference: str
    process_type: str
    process_data: str


class Export(Request, frozen=True, kw_only=True):
    offset: int = 0


AnyRequest = Health | Find | Begin | Update | Finish | Export


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """To any of them; what does not belong to the question is left out. `state` is unknown, open or done."""

    n: int
    error: str = ""
    state: str = ""
    transaction: int = 0
    counter: int = 0
    started: int = 0
    finished: int = 0
    process_type: str = ""
    process_data: str = ""
    signature: str = ""
    serial: str = ""
    public_key: str = ""
    algorithm: str = ""
    time_format: str = ""
    certificate: str = ""
    open: tuple[str, ...] = ()
    part: str = ""
    more: bool = False


REQUEST = msgspec.json.Decoder(AnyRequest)
ANSWER = msgspec.json.Decoder(Answer)
LONGEST = 1 << 20  # bytes of a line


class NotOurs(ValueError):  # noqa: N818
    """What came is no line of this protocol."""


def encode(message: AnyRequest | Answer) -> bytes:
    return msgspec.json.encode(message) + b"\n"


def request(line: bytes) -> AnyRequest:
    """Raises NotOurs."""
    try:
        asked: AnyRequest = REQUEST.decode(line)
    except msgspec.DecodeError as wrong:
        raise NotOurs(str(wrong)) from wrong
    return asked


def answer(line: bytes) -> Answer:
    """Raises NotOurs."""
    try:
        return ANSWER.decode(line)
    except msgspec.DecodeError as wrong:
        raise NotOurs(str(wrong)) from wrong


class Lines:
    """Whole lines out of what was received, cut anywhere. Raises NotOurs where one does not end."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            raise NotOurs(f"a line of more than {LONGEST} bytes")
        return [line for line in whole if line.strip()]


def redact(run: bytes) -> bytes:
    """Sums and signatures name neither a person nor a card: tapes keep them as they came."""
    return run
