"""The log messages of a TSE: the bytes that it signs, and whole messages as its export holds them (BSI TR-03151).

DER: what is signed are the parts of the message one after the other, without the sequence around them. The
transaction number is an integer's bytes under a context tag; the serial number is the hash of the public key.
Codes on receipts of real TSEs (`tests/fiscal/codes`) prove this layout.
"""

import hashlib

from msgspec import Struct

START, UPDATE, FINISH = "StartTransaction", "UpdateTransaction", "FinishTransaction"

MESSAGE_VERSION = 2
TRANSACTION_LOG = "0.4.0.127.0.7.3.7.1.1"
ALGORITHMS = {
    "ecdsa-plain-SHA256": "0.4.0.127.0.7.1.1.4.1.3",
    "ecdsa-plain-SHA384": "0.4.0.127.0.7.1.1.4.1.4",
}
UNIX_TIME = "unixTime"

INTEGER, OCTETS, OBJECT_ID, SEQUENCE = 0x02, 0x04, 0x06, 0x30
OPERATION, CLIENT, DATA, TYPE, TRANSACTION = 0x80, 0x81, 0x82, 0x83, 0x85


class LogMessage(Struct, frozen=True):
    """One line of a TSE's log. `time` is whole seconds since 1970 (unixTime); `serial` raw bytes."""

    operation: str
    client: str
    process_type: str
    process_data: str
    transaction: int
    serial: bytes
    algorithm: str
    counter: int
    time: int

    def signed(self) -> bytes:
        """The bytes that the signature is over. Raises KeyError for an algorithm that is not known here."""
        return b"".join(
            [
                part(INTEGER, whole(MESSAGE_VERSION)),
                part(OBJECT_ID, object_id(TRANSACTION_LOG)),
                part(OPERATION, self.operation.encode()),
                part(CLIENT, self.client.encode()),
                part(DATA, self.process_data.encode()),
                part(TYPE, self.process_type.encode()),
                part(TRANSACTION, whole(self.transaction)),
                part(OCTETS, self.serial),
                part(SEQUENCE, part(OBJECT_ID, object_id(ALGORITHMS[self.algorithm]))),
                part(INTEGER, whole(self.counter)),
                part(INTEGER, whole(self.time)),
            ]
        )

    def whole(self, signature: bytes) -> bytes:
        """The message with its signature, as it lies in an export."""
        return part(SEQUENCE, self.signed() + part(OCTETS, signature))


def serial_of(public_key: bytes) -> bytes:
    """A TSE's serial number: SHA-256 of its public key, an uncompressed point (04 X Y)."""
    return hashlib.sha256(public_key).digest()


def part(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def whole(number: int) -> bytes:
    """A number that is not negative as DER writes it: no more bytes than it needs, the first bit 0."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def object_id(dotted: str) -> bytes:
    first, second, *others = (int(word) for word in dotted.split("."))
    encoded = bytearray([first * 40 + second])
    for number in others:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        encoded += bytes(reversed(groups))
    return bytes(encoded)
