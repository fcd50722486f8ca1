"""Asking the running kiosk how it is, on its status socket."""

import socket
from pathlib import Path

import msgspec

from kiosk.wire import LaneStatus

PATIENCE = 5.0  # seconds


def lane_status(path: Path) -> LaneStatus | None:
    """What it says of itself; None: nobody answers there."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as there:
            there.settimeout(PATIENCE)
            there.connect(str(path))
            with there.makefile("rb") as line:
                return msgspec.json.decode(line.readline(1 << 20), type=LaneStatus)
    except (OSError, msgspec.DecodeError):
        return None
