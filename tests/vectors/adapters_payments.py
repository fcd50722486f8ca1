"""The card terminals' codecs, asked in the words of the payment vectors; see run.py."""

import json
from typing import Any

from drivers.terminals.caisse import meaning as caisse_meaning
from drivers.terminals.caisse.messages import decode as caisse_decode
from drivers.terminals.caisse.messages import is_answer, is_request
from drivers.terminals.caisse.tags import CaisseError
from drivers.terminals.concert import layout
from drivers.terminals.concert.meaning import verdict as concert_verdict
from drivers.terminals.nexo import explain as nexo_explain
from drivers.terminals.nexo.local import derived
from drivers.terminals.nexo.messages import NexoError
from drivers.terminals.nexo.messages import decode as nexo_decode
from drivers.terminals.zvt.fields import AUTO, ZvtError
from drivers.terminals.zvt.frames import serial_read
from drivers.terminals.zvt.layout import Message
from drivers.terminals.zvt.messages import (
    Abort,
    Completion,
    IntermediateStatus,
    Negative,
    Other,
    PrintBlock,
    PrintLine,
    StatusInformation,
    decode,
)
from kiosk.barcode import BarcodeError
from kiosk.barcode.coupon import parse as parse_coupon
from kiosk.barcode.epc import EpcError
from kiosk.barcode.epc import parse as parse_epc

Vector = dict[str, Any]
Answer = tuple[bool, dict[str, Any]]

RECEIPTS = {1: "merchant", 2: "customer", 3: "admin"}
SAME = [
    "currency", "receipt_no", "trace", "orig_trace", "terminal_id", "vu_number", "card_seq", "card_name",
    "additional_text", "turnover_no", "msg_seq_id", "mirrored_receipt_no", "extended_error_text",
    "max_status_infos", "device_name", "sw_version", "text",
]  # fmt: skip
RENAMED = {
    "amount_minor": "amount", "time_hhmmss": "time", "date_mmdd": "date", "card_last4": "last4",
    "t4_minutes": "minutes",
}  # fmt: skip
HEX = {
    "result_code_hex": "result_code", "card_type": "card_type", "service_byte": "service_byte",
    "registration_status": "registration_status", "attribute": "attribute",
}  # fmt: skip


def zvt(vector: Vector) -> Answer:
    """zvt: one APDU."""
    options = vector.get("options") or {}
    if unknown := options.keys() - {"charset"}:
        raise NotImplementedError(f"options {sorted(unknown)}")
    try:
        return _read(bytes.fromhex(vector["hex"]), options.get("charset", AUTO))
    except ZvtError:
        return False, {}


def zvt_serial(vector: Vector) -> Answer:
    """zvt-serial: one APDU in its serial frame."""
    frame = bytes.fromhex(vector["hex"])
    try:
        apdu = serial_read(frame)
        valid, fields = _read(apdu, AUTO)
    except ZvtError:
        return False, {}
    return valid, fields | {"apdu_hex": apdu.hex(), "crc_low_high": frame[-2:].hex()}


def _read(frame: bytes, charset: str) -> Answer:
    message = decode(frame, charset)
    fields: dict[str, Any] = {"command": frame[:2].hex(" ").upper(), "verdict": _verdict(message)}
    fields |= {name: getattr(message, name) for name in SAME if hasattr(message, name)}
    fields |= {name: getattr(message, ours) for name, ours in RENAMED.items() if hasattr(message, ours)}
    for name, ours in HEX.items():
        if (value := getattr(message, ours, None)) is not None:
            fields[name] = f"{value:02X}"
    match message:
        case IntermediateStatus():
            fields["intermediate_status"] = f"{message.status:02X}"
            fields["display_text"] = "\n".join(message.lines)
        case Completion():
            fields["terminal_status"] = None if message.status is None else f"{message.status:02X}"
            fields["terminal_id"] = message.terminal_id or message.long_terminal_id
        case PrintLine() | PrintBlock():
            fields["receipt_type"] = RECEIPTS.get(message.receipt_type or 0)
            if isinstance(message, PrintBlock):
                fields["first_lines"] = message.lines[:2]
    return True, fields


def _verdict(message: Message) -> str:
    match message:
        case StatusInformation(result_code=0):
            return "APPROVED"
        case StatusInformation(result_code=int()) | Abort() | Negative():
            return "NOT_CHARGED"
        case Other() | _:
            return "UNKNOWN"


def caisse(vector: Vector) -> Answer:
    """caisse-ap-ip: one request or answer, which must be whole."""
    _no_options(vector)
    try:
        message = caisse_decode(vector["text"].encode("latin-1"))
    except CaisseError:
        return False, {}
    answer = vector["direction"] == "PT->ECR"
    currency = message.get("CE")
    return (is_answer if answer else is_request)(message), {
        "tags": message.tags,
        "card_last4": message.last4,
        "amount_minor": message.amount,
        "currency": int(currency) if currency else None,
        "verdict": caisse_meaning.verdict(message).name,
    }


def concert(vector: Vector) -> Answer:
    """concert-e-plus: one frame."""
    _no_options(vector)
    frame = bytes.fromhex(vector["hex"])
    try:
        message = layout.decode(frame)
    except layout.ConcertError:
        return False, {}
    fields: dict[str, Any] = {
        "pos": message.pos, "amount_minor": message.amount, "currency": message.currency,
        "payment_mode": message.mode, "lrc": f"{frame[-1]:02x}", "total_length": len(frame),
    }  # fmt: skip
    if isinstance(message, layout.Ask):
        names = {
            "answer_flag": message.answer,
            "type": message.type,
            "delay": message.delay,
            "auto": message.auto,
        }
        return True, fields | names
    told = {"status": message.status, "card_last4": message.last4, "verdict": concert_verdict(message).name}
    return True, fields | told


def _no_options(vector: Vector) -> None:
    if options := vector.get("options"):
        raise NotImplementedError(f"options {sorted(options)}")


def nexo(vector: Vector) -> Answer:
    """nexo-terminal-api: one message in plain JSON, or the keys of a passphrase."""
    if vector.get("options"):
        raise NotImplementedError(f"options {sorted(vector['options'])}")
    told = vector["json"]
    if "passphrase" in told:
        keys = derived(told["passphrase"])
        return (keys.hmac.hex(), keys.cipher.hex(), keys.iv.hex()) == (
            told["hmac_key"],
            told["cipher_key"],
            told["iv"],
        ), {}
    try:
        return True, nexo_explain.meaning(nexo_decode(json.dumps(told).encode()))
    except NexoError:
        return False, {}


def epc(vector: Vector) -> Answer:
    """epc069-12: the text of one code."""
    try:
        read = parse_epc(vector["text"])
    except EpcError:
        return False, {}
    return True, {
        "version": read.version,
        "charset": read.charset,
        "iban": read.iban,
        "amount_minor": read.amount,
        "remittance_text": read.text,
        "creditor_reference": read.reference,
    }


def euro_coupon(vector: Vector) -> Answer:
    """gs1-euro-coupon: thirteen digits."""
    try:
        read = parse_coupon(vector["text"])
    except BarcodeError:
        return False, {}
    fields = {"issuer": read.issuer, "promotion": read.promotion}
    return True, {**fields, "value_minor": read.value, "free_item": read.free}


ADAPTERS = {
    "caisse-ap-ip": caisse,
    "concert-e-plus": concert,
    "epc069-12": epc,
    "gs1-euro-coupon": euro_coupon,
    "nexo-terminal-api": nexo,
    "zvt": zvt,
    "zvt-serial": zvt_serial,
}
