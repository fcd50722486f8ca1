"""Lines of journald, as `journalctl -o json` prints them, for a technician's eyes. Pure.

2026-11-30 19:23:29 kiosk        WARNING  kiosk.loop.loop: a turn took 142 ms: Scanned   (3 times)
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

LEVELS = {0: "EMERG", 1: "ALERT", 2: "CRITICAL", 3: "ERROR", 4: "WARNING", 5: "NOTICE", 7: "DEBUG"}
UNSAID = ""
"""The level of a line to which nobody gave one: journald has 6 for all that a program writes to standard error."""
GRAVE = {"EMERG": 0, "ALERT": 1, "CRITICAL": 2, "ERROR": 3, "WARNING": 4, "NOTICE": 5, "INFO": 6, "DEBUG": 7}
OURS = re.compile(r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) (?=[\w.]+:? )")
"""What Python's logging put before a message: journald itself knows no level of a program's standard error."""
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


class Entry(Struct, frozen=True):
    """One line of journald: microseconds UTC, the unit without its `.service`, the level (or UNSAID), the text,
    and which boot."""

    at: int
    unit: str
    level: str
    text: str
    boot: str = ""


class _Raw(Struct, frozen=True):
    time: str = msgspec.field(name="__REALTIME_TIMESTAMP", default="0")
    message: str | list[int] | None = msgspec.field(name="MESSAGE", default="")
    priority: str = msgspec.field(name="PRIORITY", default="6")
    systemd_unit: str = msgspec.field(name="_SYSTEMD_UNIT", default="")
    about_unit: str = msgspec.field(name="UNIT", default="")
    identifier: str = msgspec.field(name="SYSLOG_IDENTIFIER", default="")
    boot: str = msgspec.field(name="_BOOT_ID", default="")


_decode = msgspec.json.Decoder(_Raw).decode


def entry(line: str | bytes) -> Entry | None:
    """One line of JSON; None for one that is none (the journal's end may be half written)."""
    try:
        raw = _decode(line)
        text = (
            raw.message
            if isinstance(raw.message, str)
            else bytes(raw.message or ()).decode("utf-8", "replace")
        )
        at = int(raw.time)
    except (msgspec.MsgspecError, ValueError):
        return None
    text = CONTROL.sub("", text)
    level = LEVELS.get(int(raw.priority) if raw.priority.isdigit() else 6, UNSAID)
    if said := OURS.match(text):
        level, text = said[1], text[said.end() :]
    unit = (raw.about_unit or raw.systemd_unit).removesuffix(".service") or raw.identifier
    return Entry(at, unit, level, text.rstrip(), raw.boot)


def shown(
    lines: Iterable[str | bytes], zone: tzinfo, least: str = "DEBUG", counted: bool = True
) -> Iterator[str]:
    """Entries as a technician reads them: times of `zone`, nothing below `least`, and a line between where the machine
    was started anew. Repetitions are `counted`, which holds each line back until the next one comes."""
    before: Entry | None = None
    times = 0
    for each in carried(filter(None, map(entry, lines))):
        if GRAVE[each.level] > GRAVE[least]:
            continue
        if not counted:
            yield _line(each, 1, zone)
            continue
        if before and (each.unit, each.text, each.boot) == (before.unit, before.text, before.boot):
            times += 1
            continue
        if before:
            yield _line(before, times, zone)
            if each.boot != before.boot:
                yield "-- the machine was started --"
        before, times = each, 1
    if before:
        yield _line(before, times, zone)


def carried(entries: Iterable[Entry]) -> Iterator[Entry]:
    """A traceback has the level of the line that it stands under: what a program logged last, if that was grave."""
    grave: dict[str, str] = {}
    for each in entries:
        if each.level == UNSAID:
            yield replace(each, level=grave.get(each.unit, "INFO"))
            continue
        grave.pop(each.unit, None)
        if GRAVE[each.level] <= GRAVE["ERROR"]:
            grave[each.unit] = each.level
        yield each


def _line(one: Entry, times: int, zone: tzinfo) -> str:
    again = f"   ({times} times)" if times > 1 else ""
    at = datetime.fromtimestamp(one.at // 1_000_000, zone).strftime("%Y-%m-%d %H:%M:%S")
    return f"{at} {one.unit:12} {one.level:8} {one.text}{again}"
