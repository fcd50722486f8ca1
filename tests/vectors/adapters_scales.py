"""The scale codecs as the vector runner asks them."""

from typing import Any

from drivers.scales import toledo_8217
from drivers.scales.scale import BadFrame
from drivers.scales.toledo_8217 import Echo, Status


def toledo(vector: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
    try:
        frame = toledo_8217.decode(bytes.fromhex(vector["response_hex"]))
    except BadFrame:
        return False, {"kind": "error"}
    if isinstance(frame, Status):
        return True, {"kind": "status", "flags": sorted(frame.flags(net_bit=True)), "value": None}
    if isinstance(frame, Echo):
        asked = bytes.fromhex(vector["request_hex"]).decode("ascii")
        return asked == "E" + frame.text, {"kind": "probe_ok"}
    return True, {
        "kind": "weight",
        "value": frame.value,
        "unit": frame.unit,
        "stable": True,
        "net": frame.net,
    }


ADAPTERS = {"toledo_8217": toledo}
