"""Following the chain of a ledger, and naming the line where it is not what was written.

A line has number, at (UTC milliseconds), kind, body (JSON, byte for byte as written), hash and perhaps a signature.
Its hash is SHA-256 over

    hash of the line before (32 bytes) | number (8) | at (8) | length of kind (1) | kind (UTF-8) | body

with whole numbers big-endian in two's complement; before line 1 stands SHA-256 of "kiosk ledger 2\\n" and the
journal's id. A signature is Ed25519 over "kiosk ledger 2 signature\\n" and the line's own hash, by the key that its
body names (base64 of the 32 raw bytes), and so covers every line up to it: closings and anchors bear one.

Who signs has first checked the signed line before and all lines since, and says so: `checked` is its number, `seal`
its signature in hex. So one good signature vouches for those before it, and few have to be worked out again: every
closing's, the last one, and any that the next one does not name.
"""

import base64
import hashlib
import json
import struct
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, NamedTuple

from .totals import KEY_LINES, Books

HEAD = struct.Struct(">qqB")
SIGNED = ("closing", "anchor")
TOLD = (*KEY_LINES, "key_lost", "integrity", "migrated")


def genesis(journal: str) -> bytes:
    """What stands before line 1 of the journal with this id."""
    return hashlib.sha256(b"kiosk ledger 2\n" + journal.encode()).digest()


def line_hash(before: bytes, number: int, at: int, kind: str, body: bytes) -> bytes:
    name = kind.encode()
    made = hashlib.sha256(before + HEAD.pack(number, at, len(name)) + name)
    made.update(body)
    return made.digest()


def to_sign(line: bytes) -> bytes:
    """What the device key signs of a line with this hash."""
    return b"kiosk ledger 2 signature\n" + line


class Finding(NamedTuple):
    """Something about one line (0: the file as a whole); a fault, or just to be known."""

    number: int
    what: str
    fault: bool = True


def fields_of(kind: str, body: bytes) -> Any:
    """A body as an object with attributes; slow, but without any type of the kiosk's."""
    record = json.loads(body, object_hook=lambda fields: SimpleNamespace(**fields))
    if kind == "technical":
        record.fields = vars(record.fields)
    return record


class Signed(NamedTuple):
    """A line whose signature is still to be believed."""

    number: int
    at: int
    kind: str
    key: str
    line: bytes
    signature: bytes


class Keys:
    """Public keys that may sign: those that are pinned, or else those that the chain itself has named."""

    def __init__(self, pinned: Iterable[str]) -> None:
        self.pinned = frozenset(pinned)
        self.named: set[str] = set()
        self._loaded: dict[str, Any] = {}

    def foreign(self, key: str) -> str:
        """Why nothing that this key signs counts; empty if it is the lane's."""
        known = key in (self.pinned or self.named)
        return "" if known else f"is signed by {key or 'nobody'}, which is none of the lane's keys"

    def wrong(self, key: str, message: bytes, signature: bytes) -> str:
        """What is wrong with a signature of this message; empty if nothing is."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            if key not in self._loaded:
                raw = base64.b64decode(key, validate=True)
                self._loaded[key] = Ed25519PublicKey.from_public_bytes(raw)
            self._loaded[key].verify(signature, message)
        except (InvalidSignature, ValueError, TypeError):
            return "bears a wrong signature"
        return ""


class Proof:
    """Follows a chain from the line after `books`, whose last hash is `before`; says at the `end` what is wrong."""

    def __init__(
        self,
        books: Books,
        before: bytes,
        pinned: Iterable[str] = (),
        decode: Callable[[str, bytes], Any] = fields_of,
        every: bool = False,
        loads: Callable[[bytes], Any] = json.loads,
    ) -> None:
        """`every`: work out each signature, also those that a later one vouches for; `loads` reads JSON as dicts."""
        self.loads = loads
        self.books, self.keys, self.decode = books, Keys(pinned), decode
        if books.key:
            self.keys.named.add(books.key)
        self.findings: list[Finding] = []
        self.vouched = (0, 0)
        """Number and time of the last line with a good signature."""
        self.signatures = 0
        self._every = every
        self._open: list[Signed] = []
        """Signed lines since the last good signature, each vouched for by the next, but for the last one."""
        self._before = before
        self._sound = True
        self._doubt: tuple[int, str, bytes, bytes] | None = None
        self._missing: dict[int, tuple[int, bytes]] = {}

    def line(self, number: Any, at: Any, kind: Any, body: Any, stored: Any, signature: Any = None) -> Any:
        """The next line as it was found; its record if it can be believed and counts."""
        books = self.books
        if number != books.number + 1:
            self._out_of_order(number, at, kind, body, stored)
            return None
        made = _made(self._before, number, at, kind, body)
        if self._doubt is not None:
            made = self._resolved(made, number, at, kind, body, stored)
        if made != stored:
            self._doubt = (number, f"line {number} ({kind})", made, stored)
            self._lost(number, stored)
            return None
        self._before = stored
        if at < books.at:
            self._back(number, at, kind, body)
        record = self.decode(kind, body)
        if signature is not None or kind in SIGNED:
            self._signed(number, at, kind, record, body, stored, signature)
        elif kind == "technical" and record.name in TOLD:
            self._tell(number, record)
        if kind == "closing" and not self._sound:
            record = SimpleNamespace(period=record.period, date=record.date)
        books.take(number, at, kind, stored, signature, record)
        return record

    def end(self, number: int | None = None, line: bytes = b"") -> list[Finding]:
        """All that was found, by number; `number` and `line` (its hash) are the last line's, if somebody knows."""
        self._work_out()
        if self._doubt is not None:
            (doubtful, name, made, stored), self._doubt = self._doubt, None
            known = {made: "hash", stored: "content"} if number == doubtful else {}
            self._say(doubtful, f"{name}: its {known.get(line, 'content or hash')} was changed")
        for first, (last, _) in self._missing.items():
            what = f"line {first} is missing" if first == last else f"lines {first} to {last} are missing"
            self._say(first, f"{what}; line {last + 1} cannot be proved without")
        self._missing = {}
        have = self.books.number
        if number is not None and number > have:
            lost = f"line {number} is" if number == have + 1 else f"lines {have + 1} to {number} are"
            self._say(have + 1, f"{lost} missing at the end")
        if not self._sound:
            self._say(0, "totals after the first damaged line were not compared", fault=False)
        return sorted(self.findings, key=lambda finding: finding.number)

    def _say(self, number: int, what: str, fault: bool = True) -> None:
        self.findings.append(Finding(number, what, fault))

    def _lost(self, number: int, stored: Any) -> None:
        """Go on behind a line that cannot be believed."""
        self._sound = False
        self._before = stored if isinstance(stored, bytes) else b""
        self.books.number, self.books.hash = number, self._before.hex()

    def _resolved(self, made: bytes, number: Any, at: Any, kind: Any, body: Any, stored: Any) -> bytes:
        """The line before was not what its hash says: this one tells which of the two was changed."""
        assert self._doubt is not None
        (doubtful, name, right, _), self._doubt = self._doubt, None
        if made != stored and _made(right, number, at, kind, body) == stored:
            self._say(doubtful, f"{name}: its hash was changed")
            return bytes(stored)
        self._say(doubtful, f"{name}: its content was changed")
        return made

    def _out_of_order(self, number: Any, at: Any, kind: Any, body: Any, stored: Any) -> None:
        wanted = {self.books.number + 1: (0, self._before)} | self._missing
        for first, (_, before) in wanted.items():
            if _made(before, first, at, kind, body) == stored:
                self._say(first, f"line {first} ({kind}): its number was changed to {number}")
                self._missing.pop(first, None)
                if first == self.books.number + 1:
                    self._lost(first, stored)
                return
        if not isinstance(number, int) or number <= self.books.number:
            self._say(0, f"a line ({kind}) is numbered {number}, behind {self.books.number}")
            return
        if self._doubt is not None:
            self._resolved(b"", number, at, kind, body, stored)
        self._missing[self.books.number + 1] = (number - 1, self._before)
        self._lost(number, stored)

    def _back(self, number: int, at: int, kind: str, body: bytes) -> None:
        seconds = (self.books.at - at + 999) // 1000
        told = kind == "technical" and self.decode(kind, body).name == "clock"
        how = "the clock was set back, as the line says" if told else "and no line says that a clock was set"
        self._say(
            number, f"line {number} ({kind}) is {seconds} s earlier than the one before; {how}", not told
        )

    def _tell(self, number: int, record: Any) -> None:
        """Lines that whoever proves a ledger has to know of: whose key signs, what the kiosk itself found wrong."""
        if record.name in KEY_LINES:
            self.keys.named.add(record.fields["key"])
        what = record.fields.get("what") or record.fields.get("key") or record.fields
        self._say(number, f"line {number}: {record.name}: {what}", fault=False)

    def _signed(
        self, number: int, at: int, kind: str, record: Any, body: bytes, stored: bytes, signature: Any
    ) -> None:
        says = self.loads(body)
        key = str(says.get("key", ""))
        if not self._sound and key not in self.keys.named:  # the line that named it may be the damaged one
            self.keys.named.add(key)
            self._say(number, f"line {number}: no line that can be believed names the key {key}", fault=False)
        if self._open and says.get("seal") != self._open[-1].signature.hex():
            self._work_out()
        self.signatures += 1
        if signature is None:
            self._say(number, f"line {number} ({kind}) is not signed")
        elif foreign := self.keys.foreign(key):
            self._say(number, f"line {number} ({kind}) {foreign}")
        else:
            self._open.append(Signed(number, at, kind, key, stored, signature))
            if kind != "anchor" or self._every:
                self._work_out()
        if self._sound and kind in SIGNED:
            self._counted(number, kind, record, says)

    def _work_out(self) -> None:
        """Is the last signature good? If not, those before it have only their own word."""
        signed, self._open = self._open, []
        for each in reversed(signed):
            wrong = self.keys.wrong(each.key, to_sign(each.line), each.signature)
            if not wrong:
                self.vouched = max(self.vouched, (each.number, each.at))
                return
            self._say(each.number, f"line {each.number} ({each.kind}) {wrong}")

    def _counted(self, number: int, kind: str, record: Any, says: dict[str, Any]) -> None:
        """Does a signed line say what the lines before it come to?"""
        books = self.books
        known = books.anchor() if kind == "anchor" else books.closing(record.period, record.date)
        for name, value in known.items():
            if says.get(name) != value:
                self._say(number, f"line {number} ({kind}): {differs(name, says.get(name), value)}")


def _made(before: bytes, number: Any, at: Any, kind: Any, body: Any) -> bytes:
    try:
        return line_hash(before, number, at, kind, body)
    except (AttributeError, TypeError, UnicodeError, struct.error):
        return b""


def differs(name: str, says: Any, counted: Any) -> str:
    """Where two values part, as a path."""
    if isinstance(says, dict) and isinstance(counted, dict):
        for key in counted.keys() | says.keys():
            if says.get(key) != counted.get(key):
                return differs(f"{name}.{key}", says.get(key), counted.get(key))
    return f"says {name} {says}, and the lines come to {counted}"
