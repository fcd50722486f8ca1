"""A USB scale: its input reports one after the other on a TCP port, as /dev/hidraw gives them one a read."""

from drivers.simulated.balance import Balance, ScalePeer

FAULT, ZERO, MOVING, STABLE, UNDER, OVER = 1, 2, 3, 4, 5, 6
KILOGRAM, MILLI = 3, 0xFD


class Hid(Balance):
    """Reports kilograms with three decimals."""

    def answer(self, data: bytes) -> list[bytes]:
        """An output report 2 zeroes; nothing is answered."""
        if b"\x02\x02" in data:
            self.zero()
        return []

    def report(self) -> bytes:
        load = self.look()
        status = OVER if load.over else MOVING if load.moving else UNDER if load.under else STABLE
        if status == STABLE and not load.net:
            status = ZERO
        grams = min(max(load.net, 0), 0xFFFF)
        return bytes([3, status, KILOGRAM, MILLI]) + grams.to_bytes(2, "little")


class HidPeer(ScalePeer):
    """Reports every `every` seconds while somebody has it open."""

    def __init__(self, balance: Hid, number: int = 0, every: float = 0.05) -> None:
        self._hid, self._every, self._opened = balance, every, 0
        super().__init__(balance, number)

    def connected(self) -> None:
        self._opened += 1
        self._report(self._opened)

    def _report(self, opened: int) -> None:
        if opened == self._opened and self._connection is not None:
            self.send(self._hid.report())
            self.later(self._every, lambda: self._report(opened))
