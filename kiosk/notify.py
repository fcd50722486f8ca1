"""Tells systemd how the program is, by the datagrams of sd_notify(3); without systemd every call does nothing."""

import os
import socket


def notify(*assignments: str) -> bool:
    """Send lines such as `READY=1` to `$NOTIFY_SOCKET` (`@` = abstract); whether they left. Never waits or raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
        try:
            line.sendto(
                "\n".join(filter(None, assignments)).encode(),
                "\0" + address[1:] if address[0] == "@" else address,
            )
        except OSError:
            return False
    return True


def supervised() -> bool:
    """Whether systemd waits for word of this program."""
    return "NOTIFY_SOCKET" in os.environ


def ready(status: str = "") -> bool:
    """The start is over: the first frame that takes a touch is shown, or the port is open."""
    return notify("READY=1", _status(status))


def watchdog(status: str = "") -> bool:
    """Pet the watchdog, and say in a few words what is going on."""
    return notify("WATCHDOG=1", _status(status))


def stopping(status: str = "", seconds: int = 0) -> bool:
    """The end has begun and may take `seconds` from now, whatever the unit allows; 0: what the unit allows."""
    return notify(
        "STOPPING=1", _status(status), f"EXTEND_TIMEOUT_USEC={seconds * 1_000_000}" if seconds else ""
    )


def watchdog_seconds() -> float | None:
    """How long systemd waits for the next `watchdog`, in seconds; None when it does not watch this process."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    microseconds = int(os.environ.get("WATCHDOG_USEC", "0"))
    return microseconds / 1_000_000 if microseconds > 0 else None


def _status(text: str) -> str:
    return "STATUS=" + " ".join(text.split()) if text else ""
