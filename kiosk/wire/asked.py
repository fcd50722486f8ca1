"""What a lane asks colleagues for, as its heartbeat tells it: no basket, no product, no person."""

from typing import Annotated

from msgspec import Meta, Struct

from kiosk.units import Millis


class Asked(Struct, frozen=True):
    """One open question: its code, how grave it is (1 to 4), since when, and whether a colleague has it before her."""

    code: Annotated[str, Meta(max_length=40)]
    severity: Annotated[int, Meta(ge=1, le=4)]
    since: Millis
    seen: bool = False
