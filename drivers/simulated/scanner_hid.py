"""A scanner as a HID POS device: its report descriptor, then a report of 64 bytes for each 56 of a code."""

from collections.abc import Callable

from drivers.hid import record, records
from drivers.simulated.peer import Peer

SIZE = 56
SCANNED, TRIGGER = 2, 4
PREVENT_READ = 0x02

DESCRIPTOR = bytes.fromhex(
    "05 8c 09 02 a1 01"  # a bar code scanner:
    "09 12 a1 02 85 02 15 00 26 ff 00 75 08"  # scanned data, report 2, in bytes
    "95 01 05 01 09 3b 81 02"  # how many
    "95 03 05 8c 09 fb 09 fc 09 fd 81 02"  # the AIM identifier
    "95 38 09 fe 82 02 01"  # 56 bytes of the code
    "95 02 81 03"  # two that mean nothing
    "25 01 75 01 95 01 09 ff 81 02 95 07 81 03 c0"  # whether more follows
    "09 14 a1 02 85 04 75 01 95 01 91 03"  # trigger, report 4, a bit each
    "09 5f 91 02 09 60 91 02 95 05 91 03 c0 c0"  # do not read, read
)


class HidScanner(Peer):
    """Its reports as Hand Held Products and Access-IS have them; `on_hold` hears of each order to read or not to."""

    def __init__(self, *, number: int = 0, descriptor: bytes = DESCRIPTOR) -> None:
        self.held = False
        self.on_hold: Callable[[bool], None] = lambda held: None
        self.descriptor = descriptor
        self._heard = b""
        super().__init__(number)

    def connected(self) -> None:
        self._heard, self.held = b"", False
        self.send(record(self.descriptor))

    def scan(self, text: str, aim: str = "]E0") -> bool:
        """Show it a code; False if it may not read."""
        if not self.held:
            for report in reports(text, aim):
                self.send(record(report))
        return not self.held

    def received(self, data: bytes) -> None:
        told, self._heard = records(self._heard + data)
        for report in told:
            if report[0] == TRIGGER:
                self.held = bool(report[1] & PREVENT_READ)
                self.on_hold(self.held)


def reports(text: str, aim: str = "]E0") -> list[bytes]:
    """The reports of one scan."""
    data = text.encode("latin-1")
    parts = [data[at : at + SIZE] for at in range(0, len(data), SIZE)]
    return [
        bytes([SCANNED, len(part)])
        + aim.encode()
        + part.ljust(SIZE, b"\0")
        + bytes([0, 0, number < len(parts)])
        for number, part in enumerate(parts, 1)
    ]
