"""A provider of payments by phone, simulated: the other end of `store.wallet`'s wire, on a loopback port.

It keeps a ledger of what was really charged and given back. A technician pays at the address in the code; tests call
`pay`. Each request takes the next word of `words`: lost (done, but the answer never comes), dead (not done, no
answer), 500; anything else: no mischief. Callbacks wait in `callbacks` for whoever delivers them, in whatever order.
"""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec.structs import replace

from store.wallet import ENDED, Payment, PaymentState, signed


class _Asked(msgspec.Struct):
    amount: int = 0
    currency: str = ""
    until: int = 0


class WalletPeer:
    """Bound to loopback from the start. Payments end by themselves when `now` (milliseconds) has passed them."""

    def __init__(
        self, key: str, port: int = 0, now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self.key, self.now = key, now
        self.payments: dict[str, Payment] = {}
        self.charged: list[tuple[str, int]] = []
        self.refunded: list[tuple[str, int]] = []
        self.callbacks: list[bytes] = []
        self.words: list[str] = []
        self._until: dict[str, int] = {}
        self._lock = threading.RLock()
        peer = self

        class Handler(_Handler):
            wallet = peer

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def word(self) -> str:
        with self._lock:
            return self.words.pop(0) if self.words else ""

    # ---- the shopper

    def pay(self, id_: str, *, however: bool = False) -> bytes:
        """Her phone confirms: charged if it is still open, or `however` it stands. The callback is returned, too."""
        with self._lock:
            payment = self._now(id_)
            assert payment is not None
            if payment.state != "open" and not however:
                return b""
            self.charged.append((id_, payment.amount))
            return self._put(payment, "succeeded")

    def fail(self, id_: str) -> bytes:
        """Her bank says no."""
        with self._lock:
            payment = self._now(id_)
            assert payment is not None
            return self._put(payment, "failed")

    def said(self, id_: str, state: PaymentState) -> bytes:
        """A callback that says this, whether it is so or not."""
        return signed(replace(self.payments[id_], state=state), self.key.encode())

    def owed(self) -> int:
        """Charged less given back: what the shop has."""
        return sum(amount for _, amount in self.charged) - sum(amount for _, amount in self.refunded)

    # ---- the shop

    def answer(self, method: str, path: list[str], asked: _Asked) -> Payment | None:
        with self._lock:
            match method, path:
                case "PUT", ["payments", id_]:
                    return self._open(id_, asked)
                case "GET", ["payments", id_]:
                    return self._now(id_)
                case "POST", ["payments", id_, "cancel"]:
                    payment = self._now(id_)
                    if payment is not None and payment.state == "open":
                        self._put(payment, "cancelled")
                    return self.payments.get(id_)
                case "PUT", ["payments", id_, "refund"]:
                    return self._refund(id_, asked.amount)
            return None

    def _open(self, id_: str, asked: _Asked) -> Payment:
        if id_ not in self.payments:
            number = f"W{len(self.payments) + 1:06d}"
            code = f"{self.url}/pay/{id_}"
            self.payments[id_] = Payment(id_, "open", asked.amount, asked.currency, number, code)
            self._until[id_] = asked.until
        return self.payments[id_]

    def _now(self, id_: str) -> Payment | None:
        payment = self.payments.get(id_)
        if payment is not None and payment.state == "open" and self.now() > self._until[id_]:
            self._put(payment, "expired")
        return self.payments.get(id_)

    def _refund(self, id_: str, amount: int) -> Payment | None:
        payment = self.payments.get(id_)
        if payment is None or payment.state in ("open", *ENDED):
            return payment
        if amount > payment.refunded:
            self.refunded.append((id_, amount - payment.refunded))
            self.payments[id_] = payment = replace(payment, refunded=amount)
        return payment

    def _put(self, payment: Payment, state: PaymentState) -> bytes:
        self.payments[payment.id] = replace(payment, state=state)
        callback = signed(self.payments[payment.id], self.key.encode())
        self.callbacks.append(callback)
        return callback


class _Handler(BaseHTTPRequestHandler):
    wallet: WalletPeer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing: the ledger says it all."""

    def do_GET(self) -> None:
        path = [unquote(part) for part in urlsplit(self.path).path.split("/") if part]
        if path[:1] == ["pay"] and len(path) == 2:
            self._shopper(path[1])
            return
        self._shop(path, b"")

    def _do(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self._shop([unquote(part) for part in self.path.split("/") if part], self.rfile.read(size))

    do_PUT = do_POST = _do  # noqa: N815

    def _shop(self, path: list[str], body: bytes) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.wallet.key}":
            self._say(401, b"{}")
            return
        word = self.wallet.word()
        if word == "dead":
            self.close_connection = True
            return
        if word.isdigit():
            self._say(int(word), b"{}")
            return
        asked = msgspec.json.decode(body, type=_Asked) if body else _Asked()
        payment = self.wallet.answer(self.command, path, asked)
        if word == "lost":
            self.close_connection = True
            return
        self._say(404 if payment is None else 200, msgspec.json.encode(payment))

    def _shopper(self, id_: str) -> None:
        """What a phone sees that opens the code: the payment is made by that alone."""
        with_it = id_ in self.wallet.payments and bool(self.wallet.pay(id_))
        text = "Paid." if with_it else "There is nothing to pay here."
        self._say(200 if with_it else 404, f"<!doctype html><p>{text}".encode(), "text/html; charset=utf-8")

    def _say(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
