"""A shop for tests: sales, items, a store server on loopback that misbehaves when told to, a private PostgreSQL."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from msgspec.structs import replace
from sqlalchemy import Engine

from kiosk.checkout.model import Line, Member
from kiosk.checkout.money import Tender, TenderKind
from kiosk.pricing import Context, Offers, Tax, price
from kiosk.pricing import Line as PricingLine
from kiosk.units import Gtin, ItemId, LineNo, Millis, Minor, Rate, SaleId
from kiosk.wire import ClosedSale, Item
from store.app import make_app
from store.tls import own_certificate, serving_tls

OFFERS = Offers(taxes=(Tax("R", Rate(55_000)),))


def item(id_: int, name: str = "Tinned peas", **more: Any) -> Item:
    return Item(**{"id": ItemId(id_), "name": name, "tax": "R", "price": Minor(199), **more})


def sale(id_: str, total: int = 398, lane: str = "1", points: int = 0, member: str = "") -> ClosedSale:
    """A closed sale of one line."""
    goods = item(7, gtin=Gtin(4006381333931), price=Minor(total))
    priced = replace(
        price((PricingLine(no=LineNo(1), article=goods),), OFFERS, Context(today="2026-05-14")), points=points
    )
    return ClosedSale(
        id=SaleId(id_),
        number=1,
        store="0001",
        lane=lane,
        currency="EUR",
        language="fr",
        started=Millis(1_790_000_000_000),
        ended=Millis(1_790_000_060_000),
        version="test",
        lines=(Line(no=LineNo(1), item=goods),),
        priced=priced,
        tenders=(Tender(TenderKind.CARD, Minor(total)),),
        member=Member(member) if member else None,
    )


def as_json(message: Any) -> bytes:
    return msgspec.json.encode(message)


class Mischief:
    """An ASGI application in front of the real one: each request to `on` takes the next word of `words`.

    lost: done, but the answer never arrives whole; dead: not done, no answer; 500, 503: that status; html: a portal's
    200; other: JSON of something else; hang: no answer until `let_go`; anything else: no mischief.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self.words: list[str] = []
        self.on = "/v1/sales"
        self.paths: list[str] = []
        self.hanging = threading.Event()
        self._released = threading.Event()

    def let_go(self) -> None:
        self._released.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.paths.append(scope["path"])
        word = self.words.pop(0) if self.words and scope["path"].startswith(self.on) else ""
        match word:
            case "":
                await self._app(scope, receive, send)
            case "lost":
                await self._app(scope, receive, _nowhere)
                await _answer(send, 200, b"{", length=500)
            case "dead":
                await _answer(send, 200, b"", length=500)
            case "html":
                await _answer(send, 200, b"<html>Welcome to the hotel</html>")
            case "other":
                await _answer(send, 200, b'{"id":"somebody else"}')
            case "hang":
                self.hanging.set()
                while not self._released.is_set():
                    await asyncio.sleep(0.01)
            case _:
                await _answer(send, int(word), b"<h1>sorry</h1>")


async def _nowhere(_: Any) -> None:
    pass


async def _answer(send: Any, status: int, body: bytes, length: int | None = None) -> None:
    headers = [(b"content-length", str(len(body) if length is None else length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Server:
    """The store server in a thread, on a port that the system chose; it keeps the port when it comes back."""

    def __init__(self, engine: Engine, keys: Path | None = None, **app: Any) -> None:
        self._engine, self._keys, self._app = engine, keys, app
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"{'https' if keys else 'http'}://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        if self._socket.fileno() < 0:
            self._socket = socket.create_server(("127.0.0.1", self.port))
        self.mischief = Mischief(make_app(self._engine, **self._app))
        config = uvicorn.Config(self.mischief, log_config=None, timeout_graceful_shutdown=1)
        if self._keys is not None:
            certificate, key = own_certificate(self._keys)
            config.ssl_certfile, config.ssl_keyfile = certificate, key
            config.ssl_context_factory = lambda *_: serving_tls(certificate, key)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()

    def stop(self) -> None:
        self.mischief.let_go()
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


class Postgres:
    """A cluster of its own in a temporary folder, reached by a unix socket only."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="shop-pg-"))
        if self._user is not None:
            shutil.chown(self._folder, self._user, self._user)
        self._count = 0
        self._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", "data", "-w", "-o", options, "-l", "log", "start")

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._count += 1
        self._run("createdb", "-h", str(self._folder), "-U", "postgres", f"test{self._count}")
        return f"postgresql://postgres@/test{self._count}?host={self._folder}"

    def close(self) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            check=True,
            stdout=subprocess.DEVNULL,
        )


def postgres_programs() -> Path:
    """Where Debian keeps the newest PostgreSQL; the test is skipped where there is none, but never in CI."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    if os.environ.get("CI") == "true":
        pytest.fail("CI needs the package postgresql")
    pytest.skip("needs the package postgresql")


@contextmanager
def serving(engine: Engine, keys: Path | None = None, **app: Any) -> Iterator[Server]:
    server = Server(engine, keys, **app)
    try:
        yield server
    finally:
        server.stop()
