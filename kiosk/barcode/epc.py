"""EPC069-12: the QR code that fills in a bank transfer for a phone. Read for technicians; it is no payment by itself.

Twelve lines: BCD, version, character set, SCT, BIC, name, IBAN, amount, purpose, structured reference or text, note.
"""

import re

from msgspec import Struct

from kiosk.units import Minor

CHARSETS = (
    "UTF-8", "ISO 8859-1", "ISO 8859-2", "ISO 8859-4", "ISO 8859-5", "ISO 8859-7", "ISO 8859-10", "ISO 8859-15",
)  # fmt: skip
MOST = {"name": 70, "purpose": 4, "reference": 35, "text": 140, "note": 70}
AMOUNT = re.compile(r"EUR([0-9]{1,9})(?:\.([0-9]{1,2}))?")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


class EpcError(ValueError):
    """The text is no such code: which line, and what was expected."""


class Transfer(Struct, frozen=True):
    """What the code asks a bank to do; `amount` in cents, None where the payer fills it in."""

    version: str
    charset: str
    bic: str
    name: str
    iban: str
    amount: Minor | None
    purpose: str = ""
    reference: str = ""
    text: str = ""
    note: str = ""


def parse(code: str) -> Transfer:
    """The transfer of a code. Raises EpcError."""
    lines = code.replace("\r\n", "\n").rstrip("\n").split("\n")
    if not 7 <= len(lines) <= 12:
        raise EpcError(f"7 to 12 lines expected, not {len(lines)}")
    tag, version, charset, kind, bic, name, iban, amount, purpose, reference, text, note = (
        *lines,
        *[""] * 12,
    )[:12]
    expect(1, tag == "BCD", "BCD")
    expect(2, version in {"001", "002"}, "001 or 002")
    expect(3, charset in set("12345678") and len(charset) == 1, "1 to 8")
    expect(4, kind == "SCT", "SCT")
    expect(5, len(bic) in {8, 11} or (not bic and version == "002"), "a BIC of 8 or 11 characters")
    expect(6, 0 < len(name) <= MOST["name"], "a name of at most 70 characters")
    expect(7, bool(IBAN.fullmatch(iban)) and is_iban(iban), "an IBAN")
    expect(9, len(purpose) <= MOST["purpose"], "at most 4 characters")
    expect(10, len(reference) <= MOST["reference"], "at most 35 characters")
    expect(
        11, len(text) <= MOST["text"] and not (text and reference), "at most 140 characters, and no line 10"
    )
    expect(12, len(note) <= MOST["note"], "at most 70 characters")
    cents = cents_of(amount)
    return Transfer(
        version, CHARSETS[int(charset) - 1], bic, name, iban, cents, purpose, reference, text, note
    )


def expect(line: int, true: bool, what: str) -> None:
    if not true:
        raise EpcError(f"line {line}: {what} expected")


def cents_of(amount: str) -> Minor | None:
    """Cents, from EUR and up to two decimals, of which some writers drop the last zero."""
    if not amount:
        return None
    found = AMOUNT.fullmatch(amount)
    expect(8, found is not None, "EUR and an amount")
    assert found is not None
    return Minor(int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")))


def is_iban(iban: str) -> bool:
    """ISO 7064 mod 97-10, letters counting from 10."""
    digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    return int(digits) % 97 == 1
