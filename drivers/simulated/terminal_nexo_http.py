"""The HTTPS side of a simulated nexo terminal: each POST becomes a frame on its line, each answer goes back.

A POST whose exchange is cut gets no answer at all: its connection is closed. The terminal itself knows nothing of it.
"""

import itertools
import socket
import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import Any

from drivers.line import Line, LineLost, open_line
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.terminals.nexo.frames import Frame, Frames, How, framed
from drivers.terminals.nexo.local import Seal
from drivers.terminals.nexo.messages import NexoError

LOOKS = 0.2  # seconds between two looks whether it has ended


class NexoHttp:
    """In front of one terminal until close(). `seal` makes it the local form, `tls` speaks HTTPS, `api_key` is wanted.

    `status` is an HTTP status that it answers instead; `tamper` changes an answer's bytes.
    """

    def __init__(
        self,
        terminal: NexoTerminal,
        number: int = 0,
        *,
        seal: Seal | None = None,
        tls: ssl.SSLContext | None = None,
        api_key: str = "",
    ) -> None:
        self.terminal, self.seal, self.api_key = terminal, seal, api_key
        self.status = 0
        self.tamper = False
        self.posts: list[bytes] = []
        self.ended = threading.Event()
        self._relay = _Relay(terminal.port)
        self._server = _server(self, number)
        self._open: set[socket.socket] = set()
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme, path = "https" if tls else "http", "nexo" if seal else "sync"
        self.number: int = self._server.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.number}/{path}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="nexo-http", daemon=True
        )
        self._thread.start()

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        """One POST from its body to its answer, in a thread of its own."""
        self._open.add(handler.connection)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.posts.append(body)
        if self.status or (self.api_key and handler.headers.get("X-API-Key") != self.api_key):
            self._respond(handler, self.status or 401, b"")
            return
        try:
            plain = self.seal.opened(body) if self.seal else body
        except NexoError:
            self._respond(handler, 400, b"")
            return
        answer = self._relay.exchange(plain, self.ended)
        if answer is None:
            handler.close_connection = True
            return
        sealed = self.seal.closed(answer) if self.seal and answer else answer
        if self.tamper:
            sealed = sealed.replace(b'"NexoBlob":"', b'"NexoBlob":"AAAA', 1)
        self._respond(handler, 200, sealed)

    def _respond(self, handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
        with suppress(OSError):
            handler.send_response(status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(body)))
            if status in (301, 302, 307, 308):
                handler.send_header("Location", self.url)
            handler.end_headers()
            handler.wfile.write(body)

    def close(self) -> None:
        """End all POSTs, and free the port."""
        self.ended.set()
        self._server.shutdown()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
        self._thread.join()
        self._relay.close()

    def __enter__(self) -> "NexoHttp":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _server(front: NexoHttp, number: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            front.post(self)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing: what is said is in `posts`."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False
        block_on_close = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that goes away is no news."""

        def shutdown_request(self, request: Any) -> None:
            with suppress(OSError):
                super().shutdown_request(request)

    return Server(("127.0.0.1", number), Handler)


class _Relay:
    """One line to the terminal that all POSTs share; when it is cut, all of them are, and the next opens it again."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._line: Line | None = None
        self._waiting: dict[int, SimpleQueue[bytes | None]] = {}
        self._reader: threading.Thread | None = None
        self._closed = False

    def exchange(self, body: bytes, ended: threading.Event) -> bytes | None:
        number = next(self._numbers)
        answer: SimpleQueue[bytes | None] = SimpleQueue()
        try:
            with self._lock:
                self._waiting[number] = answer
                self._connected().write(framed(Frame(number, How.BODY, body)))
        except LineLost:
            self._lost(self._line)
            return None
        while not ended.is_set():
            with suppress(Empty):
                return answer.get(timeout=LOOKS)
        return None

    def _connected(self) -> Line:
        if self._line is None:
            if self._reader:
                self._reader.join()
            self._line = open_line(self._port)
            self._reader = threading.Thread(
                target=self._read, args=(self._line,), name="nexo-relay", daemon=True
            )
            self._reader.start()
        return self._line

    def _read(self, line: Line) -> None:
        frames = Frames()
        try:
            while not self._closed:
                for frame in frames.feed(line.read(LOOKS)):
                    if waiting := self._waiting.pop(frame.number, None):
                        waiting.put(frame.body)
        except (LineLost, NexoError):
            self._lost(line)
        line.close()

    def _lost(self, line: Line | None) -> None:
        if line is not self._line:
            return
        self._line = None
        waiting, self._waiting = self._waiting, {}
        for each in waiting.values():
            each.put(None)

    def close(self) -> None:
        self._closed = True
        if self._reader:
            self._reader.join()
