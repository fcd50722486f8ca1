"""A report so short that a phone reads it from a QR code to the support desk, and back.

    KIOSK1 0001/4 V0.1.0 A1B2C3D4E5F6 20261130T1914Z PRINTER:PAPER-OUT BAG:NO-ANSWER

Only the 45 characters of a QR code's alphanumeric mode are used: the code stays small and prints well.
"""

import re
from datetime import UTC, datetime

from kiosk.readiness.faults import Fault
from kiosk.readiness.report import Check, Report, ill

MARK = "KIOSK1"
WELL = "ALL-WELL"
MOST = 24
"""Faults that are named; of more only the number is said."""
_OTHER = re.compile(r"[^A-Z0-9$%*+./-]+")
_MORE = re.compile(r"\+\d+")
AT = "%Y%m%dT%H%MZ"


class NoReportError(ValueError):
    """This text is no compact report; says what is wrong with it."""


def folded(report: Report) -> str:
    """The report as one line; a warning ends in a star."""
    found = [check for check in report.checks if check.fault is not None]
    named = [f"{_plain(each.subject)}:{_plain(each.fault or '')}" for each in found[:MOST]]
    more = [f"+{len(found) - MOST}"] if len(found) > MOST else []
    head = [
        MARK,
        f"{_plain(report.store).replace('/', '-')}/{_plain(report.lane)}",
        f"V{_plain(report.version)}",
        _plain(report.slot_hash[:12]) or "-",
        datetime.fromisoformat(report.at).strftime(AT),
    ]
    return " ".join(head + (named or [WELL]) + more)


def unfolded(text: str) -> Report:
    """The report that such a line tells, with its repair steps. Raises NoReportError."""
    mark, *words = text.strip().split(" ")
    if mark != MARK or len(words) < 5:
        raise NoReportError(f"a report starts with {MARK} and has six words or more")
    lane, version, slot, at, *named = words
    store, slash, number = lane.partition("/")
    try:
        when = datetime.strptime(at, AT).replace(tzinfo=UTC).isoformat(timespec="minutes")
    except ValueError as wrong:
        raise NoReportError(f"{at} is no time") from wrong
    if not slash or not version.startswith("V"):
        raise NoReportError(f"{lane} {version}: store/lane and V… are expected")
    checks = tuple(_check(word) for word in named if word != WELL and not _MORE.fullmatch(word))
    return Report(store, number, version[1:], "" if slot == "-" else slot.lower(), when, checks)


def _check(word: str) -> Check:
    subject, _, fault = word.partition(":")
    try:
        kind = Fault(fault.lower().replace("-", "_"))
    except ValueError as wrong:
        raise NoReportError(f"{word}: no fault of this version") from wrong
    return ill("", subject.lower().replace("-", " "), kind, "")


def _plain(text: str) -> str:
    return _OTHER.sub("-", text.upper())
