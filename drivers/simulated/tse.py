"""A TSE service that really signs: a P-256 key, counters that only rise, its own log, and misfortunes on command."""

import base64
import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from drivers.fiscal.messages import (
    Answer,
    AnyRequest,
    Begin,
    Export,
    Find,
    Finish,
    Health,
    Lines,
    NotOurs,
    Update,
    encode,
    request,
)
from drivers.simulated.peer import Peer
from kiosk.fiscal.message import FINISH, START, UNIX_TIME, UPDATE, LogMessage, serial_of

ALGORITHM = "ecdsa-plain-SHA256"
PIECE = 30_000  # bytes of an export in one answer


class Transaction(Struct):
    """One transaction as the TSE remembers it. Seconds; `counter` and `signature` are those of its last message."""

    client: str
    number: int
    started: int
    counter: int = 0
    finished: int = 0
    process_type: str = ""
    process_data: str = ""
    signature: bytes = b""


class Refused(Exception):  # noqa: N818
    """What the TSE answers as `error`."""


def now() -> int:
    return int(datetime.now(UTC).timestamp())


class Chip:
    """The secure element and its memory: outlives every restart of the service around it.

    `transactions` counts all that were begun, `counter` all signatures. `references` is the service's own list of
    what the tills call their transactions. `log` holds whole signed messages under the names of the export.
    """

    def __init__(self, clock: Callable[[], int] = now, key: int | None = None) -> None:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        curve = ec.SECP256R1()
        self._key = ec.generate_private_key(curve) if key is None else ec.derive_private_key(key, curve)
        self.public_key = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.serial = serial_of(self.public_key)
        self.clock = clock
        self.counter = self.transactions = 0
        self.open: dict[str, Transaction] = {}
        self.references: dict[str, Transaction] = {}
        self.log: dict[str, bytes] = {}

    def begin(self, client: str, reference: str) -> Transaction:
        if reference in self.open:
            return self.open[reference]
        self.transactions += 1
        new = Transaction(client, self.transactions, self.clock())
        self._sign(START, new)
        self.open[reference] = new
        return new

    def update(self, reference: str, process_type: str, process_data: str) -> Transaction:
        under_way = self._under_way(reference)
        under_way.process_type, under_way.process_data = process_type, process_data
        self._sign(UPDATE, under_way)
        return under_way

    def finish(self, reference: str, process_type: str, process_data: str) -> Transaction:
        under_way = self._under_way(reference)
        under_way.process_type, under_way.process_data = process_type, process_data
        under_way.finished = self.clock()
        self._sign(FINISH, under_way)
        self.references[reference] = self.open.pop(reference)
        return under_way

    def archive(self) -> bytes:
        """A TAR of all log messages in the order of their signatures."""
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name, message in self.log.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(message)
                tar.addfile(entry, io.BytesIO(message))
        return file.getvalue()

    def _under_way(self, reference: str) -> Transaction:
        if reference not in self.open:
            raise Refused("not_open")
        return self.open[reference]

    def _sign(self, operation: str, what: Transaction) -> None:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        self.counter += 1
        at = what.finished or self.clock()
        message = LogMessage(
            operation=operation,
            client=what.client,
            process_type=what.process_type,
            process_data=what.process_data,
            transaction=what.number,
            serial=self.serial,
            algorithm=ALGORITHM,
            counter=self.counter,
            time=at,
        )
        r, s = utils.decode_dss_signature(self._key.sign(message.signed(), ec.ECDSA(hashes.SHA256())))
        what.counter, what.signature = self.counter, r.to_bytes(32) + s.to_bytes(32)
        step = operation.removesuffix("Transaction")
        name = f"Unixt_{at}_Sig-{self.counter}_Log-Tra_No-{what.number}_{step}_Client-{what.client}.log"
        self.log[name] = message.whole(what.signature)


class Service:
    """Bytes in, bytes out, around a chip. Set `out` at any time: then it answers, and signs nothing."""

    def __init__(self, chip: Chip) -> None:
        self.chip = chip
        self.out = False
        self._lines = Lines()

    def hear(self, data: bytes) -> list[bytes]:
        """The answers to the requests that are complete; a line that is none of ours is not answered."""
        answers = []
        for line in self._lines.feed(data):
            try:
                answers.append(encode(self._answer(request(line))))
            except NotOurs:
                continue
        return answers

    def forget(self) -> None:
        """A new connection begins with a new line."""
        self._lines = Lines()

    def restart(self, *, loses_open: bool) -> None:
        """As after a power cut: what was open stays so, or the TSE has dropped it."""
        self.forget()
        if loses_open:
            self.chip.open.clear()

    def _answer(self, asked: AnyRequest) -> Answer:
        if self.out:
            return Answer(n=asked.n, error="out")
        try:
            return self._done(asked)
        except Refused as why:
            return Answer(n=asked.n, error=str(why))

    def _done(self, asked: AnyRequest) -> Answer:
        chip = self.chip
        match asked:
            case Health():
                return Answer(
                    n=asked.n,
                    serial=chip.serial.hex(),
                    public_key=base64.b64encode(chip.public_key).decode(),
                    algorithm=ALGORITHM,
                    time_format=UNIX_TIME,
                    open=self._open(asked.client),
                )
            case Find(reference=reference):
                if reference in chip.open:
                    return _told(asked.n, chip.open[reference], "open")
                known = chip.references.get(reference)
                return _told(asked.n, known, "done") if known else Answer(n=asked.n, state="unknown")
            case Begin(reference=reference):
                return _told(asked.n, chip.begin(asked.client, reference), "open", self._open(asked.client))
            case Update(reference=reference):
                changed = chip.update(reference, asked.process_type, asked.process_data)
                return _told(asked.n, changed, "open")
            case Finish(reference=reference):
                done = chip.finish(reference, asked.process_type, asked.process_data)
                return _told(asked.n, done, "done")
            case Export(offset=offset):
                whole = chip.archive()
                part = whole[offset : offset + PIECE]
                more = offset + PIECE < len(whole)
                return Answer(n=asked.n, part=base64.b64encode(part).decode(), more=more)

    def _open(self, client: str) -> tuple[str, ...]:
        return tuple(name for name, each in self.chip.open.items() if each.client == client)


def _told(n: int, what: Transaction, state: str, others: tuple[str, ...] = ()) -> Answer:
    return Answer(
        n=n,
        state=state,
        transaction=what.number,
        counter=what.counter,
        started=what.started * 1000,
        finished=what.finished * 1000,
        process_type=what.process_type,
        process_data=what.process_data,
        signature=base64.b64encode(what.signature).decode(),
        open=others,
    )


class TsePeer(Peer):
    """The service on a loopback port; `chip` may be one that was there before."""

    def __init__(self, chip: Chip | None = None, number: int = 0) -> None:
        self.service = Service(chip or Chip())
        super().__init__(number)

    @property
    def chip(self) -> Chip:
        return self.service.chip

    def connected(self) -> None:
        self.service.forget()

    def received(self, data: bytes) -> None:
        try:
            answers = self.service.hear(data)
        except NotOurs:
            self._hang_up()
            return
        for answer in answers:
            self.send(answer)

    def restart(self, *, loses_open: bool = False) -> None:
        """Off and on again; done when it returns."""
        self.unplug()
        self.service.restart(loses_open=loses_open)
        self.replug()
