"""The server, asked by a client that packs its own bytes."""

import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.vm.nbd import NbdServer
from tests.vm.volatile import SECTOR, VolatileDisk

SIZE = 64 * SECTOR


class Client:
    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(str(path))
        assert self.take(16) == b"NBDMAGICIHAVEOPT"
        assert self.take(2) == b"\0\3"
        self.socket.sendall(b"\0\0\0\3")

    def take(self, length: int) -> bytes:
        data = self.socket.recv(length, socket.MSG_WAITALL)
        assert len(data) == length
        return data

    def option(self, number: int, data: bytes = b"") -> list[tuple[int, bytes]]:
        """The answers to an option, up to the one that ends them."""
        self.socket.sendall(b"IHAVEOPT" + struct.pack(">II", number, len(data)) + data)
        answers = []
        while True:
            magic, option, kind, length = struct.unpack(">QIII", self.take(20))
            assert (magic, option) == (0x3E889045565A9, number)
            answers.append((kind, self.take(length)))
            if kind != 3:
                return answers

    def ask(
        self, kind: int, offset: int = 0, length: int = 0, data: bytes = b"", flags: int = 0
    ) -> bytes | int:
        """The data of the answer, or the number of what went wrong."""
        cookie = 77 + offset
        self.socket.sendall(struct.pack(">IHHQQI", 0x25609513, flags, kind, cookie, offset, length) + data)
        magic, wrong, answered = struct.unpack(">IIQ", self.take(16))
        assert (magic, answered) == (0x67446698, cookie)
        return int(wrong) or self.take(length if kind == 0 else 0)

    def write(self, offset: int, data: bytes, flags: int = 0) -> bytes | int:
        return self.ask(1, offset, len(data), data, flags)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[VolatileDisk]:
    image = tmp_path / "image"
    image.write_bytes(bytes(SIZE))
    disk = VolatileDisk(image)
    yield disk
    disk.close()


@pytest.fixture
def client(tmp_path: Path, disk: VolatileDisk) -> Iterator[Client]:
    with NbdServer(disk, tmp_path / "nbd") as server:
        client = Client(tmp_path / "nbd")
        yield client
        client.socket.close()
        assert server.idle.wait(10)


def go(client: Client) -> Client:
    *told, end = client.option(7, struct.pack(">IH", 0, 0))
    assert end == (1, b"")
    assert (3, struct.pack(">HQH", 0, SIZE, 0b101101)) in told
    return client


def test_what_was_written_is_read_and_on_the_disk_after_a_flush(client: Client, disk: VolatileDisk) -> None:
    go(client)
    assert client.write(512, b"a" * 1024) == b""
    assert client.ask(0, 0, 2048) == bytes(512) + b"a" * 1024 + bytes(512)
    assert disk.path.read_bytes() == bytes(SIZE)
    assert client.ask(3) == b""
    assert disk.path.read_bytes()[512:1536] == b"a" * 1024


def test_a_write_through_is_on_the_disk_at_once(client: Client, disk: VolatileDisk) -> None:
    go(client).write(0, b"b" * 512, flags=1)
    assert disk.path.read_bytes()[:512] == b"b" * 512


def test_what_is_trimmed_is_zeros(client: Client, disk: VolatileDisk) -> None:
    go(client).write(0, b"c" * 1024, flags=1)
    assert client.ask(4, 0, 512) == b""
    assert client.ask(0, 0, 1024) == bytes(512) + b"c" * 512


def test_a_client_of_the_first_newstyle(client: Client) -> None:
    client.socket.sendall(b"IHAVEOPT" + struct.pack(">II", 1, 0))
    assert client.take(10) == struct.pack(">QH", SIZE, 0b101101)
    assert client.ask(0, 0, 512) == bytes(512)


def test_an_option_that_it_does_not_have_is_refused_and_the_next_one_heard(client: Client) -> None:
    assert client.option(8) == [(0x80000001, b"")]
    assert client.option(6, struct.pack(">IH", 0, 0))[-1] == (1, b"")
    go(client)


def test_what_is_no_request_of_this_disk_is_refused_and_the_next_one_answered(client: Client) -> None:
    go(client)
    assert client.write(SIZE, b"d" * 512) == 22
    assert client.ask(9) == 22
    assert client.write(0, b"d" * 512) == b""


def test_goodbye_and_the_next_client(tmp_path: Path, disk: VolatileDisk) -> None:
    with NbdServer(disk, tmp_path / "nbd") as server:
        client = go(Client(tmp_path / "nbd"))
        client.write(0, b"e" * 512)
        client.socket.sendall(struct.pack(">IHHQQI", 0x25609513, 0, 2, 0, 0, 0))
        assert client.socket.recv(1) == b""
        client.socket.close()
        assert server.idle.wait(10)
        assert disk.cut(Random(1)) in [([0], []), ([], [0])]
        again = go(Client(tmp_path / "nbd"))
        assert again.ask(0, 512, 512) == bytes(512)
        again.socket.close()


def test_noise_instead_of_a_client(tmp_path: Path, disk: VolatileDisk) -> None:
    with NbdServer(disk, tmp_path / "nbd") as server:
        client = Client(tmp_path / "nbd")
        client.socket.sendall(b"GET / HTTP/1.1\r\n")
        assert client.socket.recv(1) == b""
        client.socket.close()
        assert server.idle.wait(10)
