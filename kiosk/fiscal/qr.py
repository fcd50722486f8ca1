"""What a German receipt says of its signature: the code of twelve fields, or the same in words; and the check of it.

V0;client;Kassenbeleg-V1;processData;transaction;counter;start;end;algorithm;time format;signature;public key
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta

from kiosk.checkout.records import FiscalSignature
from kiosk.fiscal.message import ALGORITHMS, FINISH, UNIX_TIME, LogMessage, serial_of
from kiosk.units import Millis

VERSION = "V0"
FIELDS = 12
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotACode(Exception):  # noqa: N818
    """The text is not a receipt's code; says which field is wrong."""


def code(signature: FiscalSignature) -> str:
    """The text of the QR code."""
    fields = (
        VERSION,
        signature.client,
        signature.process_type,
        signature.process_data,
        str(signature.transaction),
        str(signature.counter),
        iso(signature.started),
        iso(signature.finished),
        signature.algorithm,
        signature.time_format,
        signature.signature,
        signature.public_key,
    )
    if any(";" in field for field in fields):
        raise ValueError(f"a field of the code has a semicolon: {fields}")
    return ";".join(fields)


def read(text: str) -> FiscalSignature:
    """A code's fields; `serial` is what follows from the public key. Raises NotACode."""
    fields = text.strip().split(";")
    if len(fields) != FIELDS or fields[0] != VERSION:
        raise NotACode(f"not {FIELDS} fields that begin with {VERSION}")
    _, client, kind, data, transaction, counter, started, finished, algorithm, form, signature, key = fields
    return FiscalSignature(
        serial=serial_of(_bytes("public key", key)).hex(),
        client=client,
        transaction=_number("transaction number", transaction),
        counter=_number("signature counter", counter),
        started=_moment("start", started),
        finished=_moment("end", finished),
        process_type=kind,
        process_data=data,
        algorithm=algorithm,
        time_format=form,
        signature=signature,
        public_key=key,
    )


def why_not_genuine(said: FiscalSignature) -> str:
    """What is wrong with a signature, recomputed from nothing but what the receipt says; empty if it is genuine.

    Genuine means: signed by the holder of the key that is on the receipt. Whose key that is, says its certificate.
    """
    if said.algorithm not in ALGORITHMS:
        return f"unknown algorithm {said.algorithm}"
    if said.time_format != UNIX_TIME:
        return f"unknown time format {said.time_format}"
    try:
        key = _bytes("public key", said.public_key)
        signature = _bytes("signature", said.signature)
    except NotACode as wrong:
        return str(wrong)
    return "" if _signed_by(key, signature, message_of(said).signed(), said.algorithm) else "wrong signature"


def message_of(said: FiscalSignature) -> LogMessage:
    """The log message that the signature is over."""
    return LogMessage(
        operation=FINISH,
        client=said.client,
        process_type=said.process_type,
        process_data=said.process_data,
        transaction=said.transaction,
        serial=serial_of(base64.b64decode(said.public_key)),
        algorithm=said.algorithm,
        counter=said.counter,
        time=said.finished // 1000,
    )


def _signed_by(key: bytes, signature: bytes, message: bytes, algorithm: str) -> bool:
    """Plain ECDSA, r and s side by side, on whichever curve of that size the point lies."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    small = algorithm == "ecdsa-plain-SHA256"
    curves: tuple[ec.EllipticCurve, ...] = (
        (ec.SECP256R1(), ec.BrainpoolP256R1()) if small else (ec.SECP384R1(), ec.BrainpoolP384R1())
    )
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
    for curve in curves:
        try:
            public = ec.EllipticCurvePublicKey.from_encoded_point(curve, key)
            public.verify(
                utils.encode_dss_signature(r, s),
                message,
                ec.ECDSA(hashes.SHA256() if small else hashes.SHA384()),
            )
        except (ValueError, InvalidSignature):
            continue
        return True
    return False


def iso(at: Millis) -> str:
    """UTC with milliseconds: 2026-11-27T17:30:05.000Z."""
    return (EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(field: str, text: str) -> Millis:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise NotACode(f"{field}: not a time: {text}") from wrong
    if at.tzinfo is None:
        raise NotACode(f"{field}: a time without its zone: {text}")
    return Millis((at - EPOCH) // timedelta(milliseconds=1))


def _number(field: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise NotACode(f"{field}: not a number: {text}")
    return int(text)


def _bytes(field: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise NotACode(f"{field}: not base64") from wrong
