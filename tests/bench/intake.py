"""How many sales a store server takes in on loopback SQLite, against the same server storing nothing."""

import os
import re
import selectors
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.database import open_database
from store.lanes import Lane, add_lane
from tests.bench import Row
from tests.bench.rig import ROOT, folder, percentile, quiet
from tests.shop import as_json, sale

LEAST, CONNECTIONS, PATIENCE = 0.4, 32, 20.0


class Load:
    """Sales over so many connections, each with one request on its way, until all are answered or time is up."""

    def __init__(self, port: int, token: str, name: str, count: int) -> None:
        self._head = (
            f"HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
        )
        self._name, self._count, self._port = name, count, port
        self._next = self.stored = self.refused = 0
        self.seconds = 0.0
        self.waits: list[float] = []

    def request(self) -> bytes:
        self._next += 1
        id_ = f"{self._name}-{self._next}"
        body = as_json(sale(id_))
        return f"PUT /v1/sales/{id_} {self._head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def run(self) -> None:
        requests = [self.request() for _ in range(self._count)]
        began = time.monotonic()
        with selectors.DefaultSelector() as selector:
            for _ in range(CONNECTIONS):
                line = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
                selector.register(line, selectors.EVENT_READ, (began, b""))
                line.sendall(requests.pop())
            while selector.get_map() and time.monotonic() < began + PATIENCE:
                for key, _ in selector.select(1.0):
                    line, (sent, heard) = key.fileobj, key.data
                    assert isinstance(line, socket.socket)
                    heard += line.recv(65536)
                    if not whole(heard):
                        selector.modify(line, selectors.EVENT_READ, (sent, heard))
                        continue
                    now = time.monotonic()
                    self.waits.append(now - sent)
                    answered = heard.startswith(b"HTTP/1.1 201")
                    self.stored += answered
                    self.refused += not answered
                    if requests:
                        selector.modify(line, selectors.EVENT_READ, (now, b""))
                        line.sendall(requests.pop())
                    else:
                        selector.unregister(line)
                        line.close()
        self.seconds = time.monotonic() - began

    @property
    def rate(self) -> float:
        return self.stored / self.seconds


def whole(answer: bytes) -> bool:
    """Head and body are there."""
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return length is not None and len(body) >= int(length[1])


@contextmanager
def serving(module: str, url: str) -> Iterator[int]:
    """A server's port."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--db", url, "serve", "--plain", "--port", "0"],
        cwd=ROOT, env=os.environ | quiet(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    try:
        yield int(process.stdout.readline().rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def rows_stored(place: Path) -> int:
    db = sqlite3.connect(place / "store.db")
    try:
        return int(db.execute("SELECT count(*) FROM sales").fetchone()[0])
    finally:
        db.close()


def rows(quick: bool) -> Iterator[Row]:
    count, turns = (600, 2) if quick else (3000, 4)
    kept, bare = [], []
    with folder() as place:
        url = f"sqlite:///{place / 'store.db'}"
        engine = open_database(url)
        token = add_lane(engine, Lane("0001", "1"))
        engine.dispose()
        with serving("store", url) as port, serving("tests.bench.nothing", url) as other:
            for turn in range(-1, turns):  # the first, to warm up, counts as rows and not as time
                for loads, to in ((bare, other), (kept, port)):
                    load = Load(to, token, f"s{turn}", count if turn >= 0 else 300)
                    load.run()
                    loads.append(load)
        stored, answered = rows_stored(place), sum(load.stored for load in kept)
    ours, floor = (percentile([load.rate for load in loads[1:]], 50) for loads in (kept, bare))
    slowest = 1000 * percentile([wait for load in kept[1:] for wait in load.waits], 99)
    refused = sum(load.refused for load in (*kept, *bare))
    yield Row(
        what=f"sales stored, {CONNECTIONS} connections; {stored} rows, {answered} answers, {refused} refused",
        goal=f">= {LEAST} x storing nothing, rows = answers",
        measured=f"{ours:.0f}/s (p99 {slowest:.0f} ms), storing nothing {floor:.0f}/s",
        ratio=ours / floor,
        ok=ours >= LEAST * floor and stored == answered and not refused,
    )
