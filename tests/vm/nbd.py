"""A network block device for one client at a time, on a unix socket: the fixed newstyle handshake, simple replies."""

import errno
import socket
import struct
import threading
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, Self

from tests.vm.volatile import SECTOR, VolatileDisk

HELLO, OPTION, ANSWER = b"NBDMAGIC", b"IHAVEOPT", 0x3E889045565A9
REQUEST, REPLY = 0x25609513, 0x67446698
NEWSTYLE, NO_ZEROES = 1, 2
EXPORT_NAME, ABORT, INFO, GO = 1, 2, 6, 7
ACK, TELLS, UNKNOWN = 1, 3, 0x80000001
THROUGH = 1
CAN = 1 | 4 | 8 | 32
"""There are flags: it flushes, writes through, trims."""
LARGEST = 32 << 20  # bytes in one request


class Kind(IntEnum):
    """What a client asks for."""

    READ, WRITE, DISCONNECT, FLUSH, TRIM = range(5)


class Gone(Exception):  # noqa: N818
    """The client has hung up, or said goodbye."""


class Request(NamedTuple):
    flags: int
    kind: int
    cookie: int
    offset: int
    length: int


class NbdServer:
    """Serves `disk` at `path` until closed. `idle` is set while nobody is connected: everything sent is done."""

    def __init__(self, disk: VolatileDisk, path: Path) -> None:
        self.disk, self.path = disk, path
        self.idle = threading.Event()
        self.idle.set()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._live, name="nbd", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _live(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.idle.clear()
            with client:
                try:
                    self._greet(client)
                    for request in _requests(client):
                        self._do(client, request)
                except (Gone, OSError):
                    pass
            self.idle.set()

    def _greet(self, client: socket.socket) -> None:
        """Until the client has chosen the one export there is, by whatever name."""
        client.sendall(HELLO + OPTION + struct.pack(">H", NEWSTYLE | NO_ZEROES))
        (flags,) = struct.unpack(">I", _exactly(client, 4))
        export = struct.pack(">QH", self.disk.size, CAN)
        while True:
            magic, option, length = struct.unpack(">8sII", _exactly(client, 16))
            if magic != OPTION or length > 4096:
                raise Gone
            _exactly(client, length)

            def answer(kind: int, data: bytes = b"", option: int = option) -> None:
                client.sendall(struct.pack(">QIII", ANSWER, option, kind, len(data)) + data)

            if option == EXPORT_NAME:
                client.sendall(export + bytes(0 if flags & NO_ZEROES else 124))
                return
            if option in (INFO, GO):
                answer(TELLS, struct.pack(">H", 0) + export)
                answer(TELLS, struct.pack(">HIII", 3, SECTOR, 4096, LARGEST))
                answer(ACK)
                if option == GO:
                    return
            elif option == ABORT:
                answer(ACK)
                raise Gone
            else:
                answer(UNKNOWN)

    def _do(self, client: socket.socket, request: Request) -> None:
        _, kind, cookie, offset, length = request
        through = bool(request.flags & THROUGH)
        data, wrong = _exactly(client, length) if kind == Kind.WRITE else b"", 0
        try:
            match kind:
                case Kind.READ:
                    data = self.disk.read(offset, length)
                case Kind.WRITE:
                    self.disk.write(offset, data, through)
                    data = b""
                case Kind.FLUSH:
                    self.disk.flush()
                case Kind.TRIM:
                    self.disk.trim(offset, length)
                case _:
                    wrong = errno.EINVAL
        except ValueError:
            data, wrong = b"", errno.EINVAL
        client.sendall(struct.pack(">IIQ", REPLY, wrong, cookie) + data)


def _requests(client: socket.socket) -> Iterator[Request]:
    while True:
        magic, *rest = struct.unpack(">IHHQQI", _exactly(client, 28))
        request = Request(*rest)
        if magic != REQUEST or request.kind == Kind.DISCONNECT or request.length > LARGEST:
            raise Gone
        yield request


def _exactly(client: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        if not (more := client.recv(length - len(data))):
            raise Gone
        data += more
    return bytes(data)
