"""The tags of Caisse-AP (Concert V3.x): every one with its meaning, its kind and its length, in one table.

From public descriptions of V3.00 to V3.20 by vendors and open tills; the association's own text was not seen. Where
they differ the wider length counts: one sends the till's number with one digit, another an amount of one.
"""

import re
from enum import Enum
from typing import NamedTuple


class CaisseError(Exception):
    """These bytes are no message of Caisse-AP, or not a whole one. The only error that the codec raises."""


class Kind(Enum):
    """What may stand in a value: nothing but bytes that match."""

    DIGITS = rb"[0-9]+"
    CODE = rb"[0-9A-Z]+"
    TEXT = rb"[\x20-\x7e\x80-\xff]+"
    BASE64 = rb"[0-9A-Za-z+/=]+"


class Secret(Enum):
    """How much of a value may leave the codec."""

    NO = "all of it"
    CARD = "its last four digits"
    ALL = "nothing"


class Tag(NamedTuple):
    """One row: `longest` 0 is as long as it likes."""

    meaning: str
    kind: Kind
    shortest: int
    longest: int
    secret: Secret = Secret.NO


D, C, T = Kind.DIGITS, Kind.CODE, Kind.TEXT

TAGS = {
    "CZ": Tag("protocol version", D, 4, 4),
    "CJ": Tag("caller id", C, 12, 12),
    "CA": Tag("till number", D, 1, 2),
    "CB": Tag("amount in minor units", D, 1, 12),
    "CC": Tag("payment application", C, 3, 3),
    "CD": Tag("action", C, 1, 1),
    "CE": Tag("currency, ISO 4217 number", D, 3, 3),
    "CF": Tag("private data", T, 1, 99),
    "CG": Tag("merchant contract", C, 1, 10),
    "CH": Tag("external reference", T, 1, 99),
    "CI": Tag("entry mode", D, 1, 1),
    "CK": Tag("tickets wanted", D, 3, 3),
    "BA": Tag("answer at the end (0) or at once (1)", D, 1, 1),
    "BB": Tag("authorisation forced", D, 1, 1),
    "BF": Tag("partial payment accepted", D, 1, 1),
    "BH": Tag("shopper's telephone, to the terminal", T, 1, 20, Secret.ALL),
    "BI": Tag("shopper's e-mail, to the terminal", T, 1, 256, Secret.ALL),
    "AA": Tag("card number", T, 1, 64, Secret.CARD),
    "AB": Tag("expiry", T, 4, 4, Secret.ALL),
    "AC": Tag("authorisation number", T, 1, 10),
    "AD": Tag("cheque line", T, 1, 99, Secret.ALL),
    "AE": Tag("what became of the action", D, 2, 2),
    "AF": Tag("why", T, 2, 50),
    "AI": Tag("application id of the card", C, 1, 32),
    "AK": Tag("ticket", Kind.BASE64, 1, 900, Secret.ALL),
    "AL": Tag("card number in part (1)", D, 1, 1),
    "AM": Tag("shopper's telephone", T, 1, 20, Secret.ALL),
    "AN": Tag("shopper's e-mail", T, 1, 256, Secret.ALL),
    "AP": Tag("date of the operation", T, 1, 20),
    "AQ": Tag("serial number of the terminal", T, 2, 20),
    "ID": Tag("vendor's transaction id", T, 1, 0),
    "IM": Tag("vendor's id of the transaction to refund", T, 1, 0),
    "ZT": Tag("container of the ticket", T, 5, 0, Secret.ALL),
}

PERFORMED, NOT_PERFORMED, TAKEN_INTO_ACCOUNT = "10", "01", "11"
"""Values of AE. The last one says that a request has come, and nothing about money."""

ACTIONS = {
    "0": "debit", "1": "credit", "2": "cancel", "3": "duplicate", "7": "deferred debit", "B": "telecollection",
    "I": "identification", "P": "print", "T": "transaction status",
}  # fmt: skip
DEBIT, CREDIT, CANCEL, DUPLICATE, TELECOLLECTION, IDENTIFICATION, STATUS = "0", "1", "2", "3", "B", "I", "T"
MONEY = {DEBIT, CREDIT, CANCEL, "7"}

WHY = {
    "00": "unknown", "01": "authorised", "02": "telephone call", "03": "forced", "04": "refused", "05": "forbidden",
    "06": "abandoned", "07": "not completed", "08": "entry timeout", "09": "message format", "10": "selection",
    "11": "operator abandon", "12": "unknown action", "13": "currency not supported",
}  # fmt: skip
"""The first two characters of AF; what the bank said may follow them."""

APPLICATIONS = {
    "001": "CB", "00B": "CB contactless", "002": "American Express", "00D": "American Express contactless",
    "004": "CETELEM", "005": "COFINOGA", "006": "Diners Club", "009": "JCB", "00C": "cheque", "00E": "CONECS",
    "10E": "CONECS contactless", "00U": "UnionPay", "607": "QR",
}  # fmt: skip
"""Values of CC. CONECS are the meal vouchers."""

HEADER = re.compile(rb"([A-Z]{2})([0-9]{3})")
HEAD = 5
LINE_END = b"\r\n"


def parts(data: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """Tag and value of everything that is whole, and what is left. CaisseError at what cannot be a tag.

    Some terminals want or send line ends between messages; they are skipped.
    """
    found: list[tuple[str, bytes]] = []
    while data := data.lstrip(LINE_END):
        head = HEADER.match(data)
        if head is None:
            if len(data) < HEAD and re.fullmatch(rb"[A-Z]{0,2}|[A-Z]{2}[0-9]{1,2}", data):
                break
            raise CaisseError(f"no tag after {len(found)} of them")
        tag, length = head[1].decode("ascii"), int(head[2])
        if not length:
            raise CaisseError(f"{tag} is empty")
        if len(data) < HEAD + length:
            break
        found.append((tag, data[HEAD : HEAD + length]))
        data = data[HEAD + length :]
    return found, data


def checked(tag: str, value: bytes) -> str:
    """A value as text, if it is what the table says of its tag. CaisseError."""
    row = TAGS[tag]
    fits = row.shortest <= len(value) <= (row.longest or len(value))
    if not fits or not re.fullmatch(row.kind.value, value):
        raise CaisseError(f"{tag} cannot have such a value, of {len(value)} characters")
    return value.decode("latin-1")


def written(tags: dict[str, str]) -> bytes:
    """A message: CZ first, the rest in the order given. CaisseError for what the table does not allow."""
    ordered = sorted(tags.items(), key=lambda item: item[0] != "CZ")
    message = b""
    for tag, value in ordered:
        raw = value.encode("latin-1")
        checked(tag, raw)
        message += f"{tag}{len(raw):03}".encode("ascii") + raw
    return message
