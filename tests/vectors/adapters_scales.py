"""The scale codecs as the vector runner asks them."""

from collections.abc import Callable
from typing import Any

from drivers.scales import adam, cas_dc1, dialog_06, digi_b, nci_scp, sma, toledo_8217, usb_hid
from drivers.scales.frames import BadFrame, Frame, told


def read_by(decode: Callable[..., Frame]) -> Callable[[dict[str, Any]], tuple[bool, dict[str, Any]]]:
    def adapter(vector: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        try:
            return True, told(decode(bytes.fromhex(vector["response_hex"])))
        except BadFrame:
            return False, {"kind": "error"}

    return adapter


def toledo(vector: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    """An H is answered with one digit more, an E with what it said."""
    asked = bytes.fromhex(vector["request_hex"])
    good, fields = read_by(lambda data: toledo_8217.decode(data, tenfold=asked[:1] == b"H"))(vector)
    return good and fields.get("text", asked[1:].decode()) == asked[1:].decode(), fields


ADAPTERS = {
    "toledo_8217": toledo,
    "nci_scp": read_by(nci_scp.decode),
    "cas_dc1": read_by(cas_dc1.decode),
    "sma": read_by(sma.decode),
    "adam": read_by(adam.decode),
    "digi_type_b": read_by(digi_b.decode),
    "dialog_06": read_by(dialog_06.decode),
    "usb_hid_8d": read_by(usb_hid.decode),
}
