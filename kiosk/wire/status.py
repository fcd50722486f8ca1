"""What the running kiosk says of itself to its own machine: one JSON line on its status socket."""

from msgspec import Struct


class LaneStatus(Struct, frozen=True):
    """No shopper, no item, no amount. `frame_ms` and `journal_ms` are the ages of the last frame on the glass and of
    the last word of the journal's writer; `fault` is why the lane cannot be ready, in words for a technician.

    `unresolved` counts payments whose end is not known or that still go back, `unprinted` papers that were asked for
    and are not known to be out. `devices`: name to ready, absent, offline or fault.
    """

    ready: bool
    frame_ms: int
    journal_ms: int
    open_basket: bool
    unresolved: int
    unprinted: int
    version: str
    devices: dict[str, str] = {}
    fault: str = ""
