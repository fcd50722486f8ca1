"""What is wrong, told apart as far as the repair differs: from what a driver, a file or the kernel said."""

import re
from enum import StrEnum


class Fault(StrEnum):
    """One kind of trouble. Its name goes into JSON and, in capitals, into the QR code."""

    NOT_FOUND = "not_found"
    NO_PERMISSION = "no_permission"
    IN_USE = "in_use"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    NONSENSE = "nonsense"
    WRONG_DEVICE = "wrong_device"
    REFUSED = "refused"
    NO_PROCESS = "no_process"
    CRASHED = "crashed"
    BROKEN = "broken"
    UNKNOWN_KEYBOARD = "unknown_keyboard"
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    HEAD_HOT = "head_hot"
    BELOW_ZERO = "below_zero"
    OVERLOADED = "overloaded"
    NO_WEIGHT = "no_weight"
    MISSET = "misset"
    NO_PIN = "no_pin"
    PACKAGE_MISSING = "package_missing"
    FONT_MISSING = "font_missing"
    FULL = "full"
    SLOW = "slow"
    WORN = "worn"
    READ_ONLY = "read_only"
    HOT = "hot"
    UNDERVOLTAGE = "undervoltage"
    MEMORY = "memory"
    CLOCK = "clock"
    SERVER_AWAY = "server_away"
    WRONG_PIN = "wrong_pin"
    TOKEN = "token"
    UNSENT = "unsent"
    DAMAGED = "damaged"
    NOT_CONFIGURED = "not_configured"


SAID: tuple[tuple[Fault, str], ...] = (
    (Fault.NO_PERMISSION, "Permission denied|Operation not permitted|others may read it"),
    (Fault.IN_USE, "resource busy|exclusively lock|cannot be grabbed"),
    (Fault.WRONG_DEVICE, "this is terminal |it speaks for "),
    (Fault.REFUSED, "registration refused|it was rejected"),
    (
        Fault.UNREACHABLE,
        "refused|timed out|No route|unreachable|Name or service|name resolution|could not be sent",
    ),
    (Fault.UNKNOWN_KEYBOARD, "unknown: "),
    (Fault.CRASHED, "see the log"),
    (Fault.COVER_OPEN, "cover_open"),
    (Fault.PAPER_OUT, "paper_out"),
    (Fault.CUTTER, "cutter"),
    (Fault.HEAD_HOT, "head_hot"),
    (Fault.BROKEN, "unrecoverable"),
    (Fault.MISSET, "its price |the scale speaks |set the scale to kilograms|: priced |pounds have "),
    (Fault.NONSENSE, "no complete answer: "),
    (Fault.NO_WEIGHT, "no weight: "),
    (Fault.NO_PIN, "pin factory|no udev"),
    (Fault.NO_ANSWER, "no complete answer|no answer|silent|does not answer|takes no bytes|answer is late"),
    (
        Fault.NONSENSE,
        "no valid answer|damaged frames|no ZVT|is no frame|not a TSE service|none of a terminal",
    ),
    (Fault.NONSENSE, "not a hidraw|no HID descriptor|out of turn|answer is not one|no acknowledgement"),
    (Fault.NOT_FOUND, "No such|could not open port|Input/output|closed by the other end|no camera|not there"),
)
"""What drivers and the kernel say (patterns), the telling words first."""

READINGS = {"below_zero": Fault.BELOW_ZERO, "overloaded": Fault.OVERLOADED}
PAPERS = {"out": Fault.PAPER_OUT, "low": Fault.PAPER_LOW}
MACHINE = {
    "temperature": Fault.HOT,
    "power": Fault.UNDERVOLTAGE,
    "memory": Fault.MEMORY,
    "wear": Fault.WORN,
    "clock": Fault.CLOCK,
}
"""Parts of the machine that are told as devices are, and have one way to be ill."""
SILENT = {"absent": Fault.NOT_FOUND, "offline": Fault.NO_ANSWER, "fault": Fault.BROKEN}


def of_device(health: str, detail: str = "", paper: str = "", reading: str = "") -> Fault | None:
    """The fault of a device that says so of itself, None of one that is well. All four words are those of the
    session: health, the driver's detail, a printer's paper, a scale's reading."""
    if health == "ready":
        return PAPERS.get(paper) or READINGS.get(reading)
    return said(detail) or PAPERS.get(paper) or SILENT.get(health)


def said(detail: str) -> Fault | None:
    """The fault that a driver's own words tell, if any; the socket of a helper that does not run is its own case."""
    if "unix://" in detail or ".sock" in detail:
        return Fault.NO_PROCESS
    return next((fault for fault, phrases in SAID if re.search(phrases, detail)), None)
