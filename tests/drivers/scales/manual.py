"""Scales made of one answer from a manual, and what the lane has to read of it: by the rules, not by our code."""

import json
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from kiosk.checkout.session import LiveWeight, Reading

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "scales"
MODEL = {
    "toledo_8217": "toledo8217",
    "nci_scp": "nci",
    "cas_dc1": "cas",
    "sma": "sma",
    "adam": "adam",
    "digi_type_b": "digi",
    "dialog_06": "dialog06",
    "usb_hid_8d": "hid",
}
GRAMS = {"kg": "1000", "g": "1", "lb": "453.59237", "oz": "28.349523125"}
READINGS = (
    (Reading.OVERLOADED, {"over_capacity"}),
    (Reading.MOVING, {"motion", "not_finished"}),
    (Reading.BELOW_ZERO, {"under_zero", "under_capacity"}),
)
STALE = LiveWeight(Reading.STALE)


def vectors() -> list[dict[str, Any]]:
    found = []
    for path in sorted(VECTORS.glob("*.json")):
        data = json.loads(path.read_text())
        found += [vector | {"model": MODEL[data["protocol"]]} for vector in data["vectors"]]
    return found


def meant(vector: dict[str, Any]) -> LiveWeight | None:
    """What the lane must read; None if the answer is none, so that the scale goes stale and then is lost."""
    expect = vector["expect"]
    match expect["kind"]:
        case "weight":
            return weight(vector)
        case "status":
            return status(vector["model"], set(expect["flags"]))
        case "busy" | "unchanged":
            return STALE
        case "ack" | "nak" if (
            vector["model"] == "dialog06"
        ):  # which then says that all is well: see `answers`
            return STALE
        case "checksum_result" if not expect["accepted"]:
            return STALE
        case _:
            return None


def weight(vector: dict[str, Any]) -> LiveWeight:
    """DIGI's vectors say nothing of stability, but their flags do: bit 1 of the second byte."""
    expect = vector["expect"]
    value = Decimal(expect["value"]) * Decimal(GRAMS[expect["unit"]])
    grams = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    still = expect.get("stable", bool(bytes.fromhex(vector["response_hex"])[1] & 0x02))
    if grams < 0:
        return LiveWeight(Reading.BELOW_ZERO)
    if not still:
        return LiveWeight(Reading.MOVING)
    return LiveWeight(Reading.WEIGHT if grams else Reading.ZERO, grams)


def status(model: str, flags: set[str]) -> LiveWeight:
    for reading, reasons in READINGS:
        if flags & reasons:
            return LiveWeight(reading)
    empty = (flags == {"center_of_zero"} and model != "toledo8217") or flags == {"below_minimum"}
    return LiveWeight(Reading.ZERO) if empty else STALE


def settings(vector: dict[str, Any]) -> dict[str, Any]:
    """How the driver must be set for that answer."""
    if vector["model"] == "toledo8217" and vector["expect"].get("unit") == "lb":
        return {"unit": "lb"}
    if vector["model"] == "dialog06" and "unit_price" in vector["expect"]:
        return {"unit_price": int(Decimal(vector["expect"]["unit_price"]) * 100)}
    return {}


def answers(vector: dict[str, Any]) -> Callable[[bytes], list[bytes]]:
    """A scale that says this whenever it is asked for a weight, and what its dialogue wants before that."""
    said = bytes.fromhex(vector["response_hex"])
    kind = vector["expect"]["kind"]

    def cas(data: bytes) -> list[bytes]:
        return [
            said if byte == 0x11 or kind in ("busy", "ack") else b"\x06"
            for byte in data
            if byte in b"\x05\x11"
        ]

    def dialog06(data: bytes) -> list[bytes]:
        if b"\x0208\x03" in data:
            return [said if kind == "status" else b"\x0209\x1b00\x03"]
        if b"\x0201\x1b" in data:
            return [said if kind in ("ack", "nak") else b"\x06"]
        if b"\x04\x05" in data:
            return [b"\x15" if kind in ("status", "ack") else said]
        return []

    def plain(data: bytes) -> list[bytes]:
        return [said] if data and said else []

    return {"cas": cas, "dialog06": dialog06}.get(vector["model"], plain)
