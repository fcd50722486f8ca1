"""Which application identifier a text begins with."""

from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.gs1.ai import Ai
from kiosk.barcode.gs1.table import AIS

LONGEST = 4

BY_CODE: dict[str, Ai] = {
    f"{number:0{len(ai.first)}}": ai for ai in AIS for number in range(int(ai.first), int(ai.last) + 1)
}
"""No identifier begins another, so the first that fits is the one."""


def at(text: str, start: int) -> str:
    """The identifier that begins at `start` of `text`; UNKNOWN_AI where there is none."""
    for size in range(2, LONGEST + 1):
        code = text[start : start + size]
        if code in BY_CODE:
            return code
    raise BarcodeError(Reason.UNKNOWN_AI)
