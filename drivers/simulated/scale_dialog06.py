"""A checkout scale that speaks Dialog 06: it computes prices, weighs each thing once, and asks whom it may trust."""

import random
import re
from collections.abc import Callable
from typing import Any

from drivers.simulated.balance import Balance

MESSAGE = re.compile(
    rb"\x04(?:\x02(?P<record>\d\d)(?P<fields>[^\x03]*)\x03|(?P<enq>\x05))|\x04(?=[^\x02\x05])|[^\x04]"
)
DIGIT = 0x10000


class Dialog06(Balance):
    """`secret` (checksum, polynomial) makes it ask for them at power on and every `trusts` weighings.

    A result is said again to every ENQ until a new price comes; then something must have moved.
    """

    def __init__(self, *args: Any, secret: tuple[int, int] | None = None, trusts: int = 50) -> None:
        super().__init__(*args)
        self.secret, self.trusts = secret, trusts
        self.random = random.Random(6)
        self.proved = 0
        self._left = 0
        self._drawn = 0
        self._heard = b""
        self._status = "00"
        self._price: int | None = None
        self._result: bytes | None = None
        self._moved, self._weighed = True, 0
        self._verdict = b""

    def answer(self, data: bytes) -> list[bytes]:
        self._heard += data
        answers = []
        while message := MESSAGE.match(self._heard):
            self._heard = self._heard[message.end() :]
            if message["enq"]:
                answers.append(self._weigh())
            elif message["record"]:
                answers.append(self._record(message["record"], message["fields"]))
        return answers

    def challenge(self) -> None:
        """Ask for the checksums before the next weighing."""
        self._left = 0

    # ---- the records

    def _record(self, record: bytes, fields: bytes) -> bytes:
        take: dict[bytes, Callable[[bytes], bytes]] = {b"01": self._priced, b"10": self._proof}
        if record == b"08":
            return b"\x0209\x1b" + self._status.encode() + b"\x03"
        if record not in take:
            return self._nak("10")
        return take[record](fields)

    def _priced(self, fields: bytes) -> bytes:
        if self.secret and not self._left and not self._verdict:
            self._drawn = self.random.randrange(256)
            return b"\x0211\x1b2%02X\x03" % self._drawn
        if not re.fullmatch(rb"\x1b\d{5,6}\x1b", fields):
            return self._nak("11")
        self._price, self._result = int(fields.strip(b"\x1b")), None
        return b"\x06"

    def _proof(self, fields: bytes) -> bytes:
        """Undo the turning and divide: what is left of checksum x 2^16 and check must be nothing."""
        if not re.fullmatch(rb"\x1b[0-9A-F]{8}", fields) or self.secret is None:
            return self._nak("10")
        checksum, check = int(fields[1:5], 16), int(fields[5:9], 16)
        for _ in range(self._drawn >> 4):
            checksum = checksum >> 1 | (checksum & 1) << 15
        for _ in range(self._drawn & 15):
            check = (check << 1 | check >> 15) & 0xFFFF
        wanted, polynomial = self.secret
        right = checksum == wanted and _divides(checksum << 16 | check, DIGIT | polynomial)
        self.proved += right
        self._left = self.trusts if right else 0
        self._verdict = b"\x0211\x1b%d\x03" % right
        return b"\x06"

    def _weigh(self) -> bytes:
        if self._verdict:
            verdict, self._verdict = self._verdict, b""
            return verdict
        load = self.look()
        self._moved |= load.moving or load.net != self._weighed
        if self._result and not self._moved:
            return self._result
        if self._price is None:
            return self._nak("10")
        for code, so in (("20", load.moving), ("32", load.over), ("31", load.under), ("30", load.net == 0)):
            if so:
                return self._nak(code)
        if not self._moved:
            return self._nak("21")
        self._moved, self._weighed = False, load.net
        self._left -= 1
        total = (load.net * self._price * 2 + 1000) // 2000
        self._result = b"\x0202\x1b3\x1b%05d\x1b%06d\x1b%06d\x03" % (load.net, self._price, total)
        return self._result

    def _nak(self, code: str) -> bytes:
        self._status = code
        return b"\x15"


def _divides(value: int, divisor: int) -> bool:
    while value >= DIGIT:
        value ^= divisor << (value.bit_length() - divisor.bit_length())
    return value == 0
