"""What journald says, for people: captured lines in, readable lines out."""

from datetime import UTC
from zoneinfo import ZoneInfo

from kiosk.commands.logs import _parser, command
from kiosk.diag.logs import entry, shown
from tests.conftest import VECTORS

LINES = (VECTORS / "journald" / "lane.jsonl").read_text().splitlines()


def test_captured_lines_are_readable() -> None:
    assert list(shown(LINES, UTC)) == [
        "2026-11-30 19:23:32 kiosk        INFO     kiosk.loop.loop: screen: kmsdrm opengles2 1080x1920",
        "2026-11-30 19:23:32 kiosk        WARNING  kiosk.loop.loop: a turn took 142 ms: Scanned   (3 times)",
        "2026-11-30 19:23:32 kiosk        ERROR    drivers.worker: driver bag crashed",
        "2026-11-30 19:23:32 kiosk        ERROR    Traceback (most recent call last):",
        '2026-11-30 19:23:32 kiosk        ERROR      File "<string>", line 9, in <module>',
        "2026-11-30 19:23:32 kiosk        ERROR    ZeroDivisionError: division by zero",
        "2026-11-30 19:23:32 kiosk        INFO     kiosk.text: café مرحبا red",
        "2026-11-30 19:23:32 kiosk-link   INFO     not \ufffd\ufffd utf-8",
        "-- the machine was started --",
        "2026-11-30 19:23:32 systemd      ERROR    third",
    ]


def test_only_what_is_grave_and_in_the_shops_time() -> None:
    graver = list(shown(LINES, ZoneInfo("Europe/Paris"), "ERROR"))
    assert [line.split(maxsplit=4)[1:4] for line in graver if not line.startswith("--")] == [
        *[["20:23:32", "kiosk", "ERROR"]] * 4,
        ["20:23:32", "systemd", "ERROR"],
    ]


def test_half_a_line_is_passed_over() -> None:
    assert entry(LINES[0][: len(LINES[0]) // 2]) is None
    assert entry("") is None and entry('{"__REALTIME_TIMESTAMP": "soon"}') is None


def test_a_unit_of_systemd_is_named_by_what_it_is_about() -> None:
    said = entry(
        '{"__REALTIME_TIMESTAMP":"1","MESSAGE":"Watchdog timeout","PRIORITY":"4","UNIT":"kiosk.service"}'
    )
    assert said is not None and (said.unit, said.level) == ("kiosk", "WARNING")


def test_the_call_names_our_programs_only() -> None:
    asked = command(_parser().parse_args(["link", "--since", "2h", "-n", "50"]))
    assert asked == [
        "journalctl",
        "--no-pager",
        "--output=json",
        "--since=-2h",
        "--unit=kiosk-link.service",
        "--lines=50",
    ]
    every = command(_parser().parse_args([]))
    assert (
        "--unit=kiosk.service" in every
        and "--unit=store.service" in every
        and "--lines" not in " ".join(every)
    )


def test_lines_that_are_followed_come_at_once() -> None:
    assert len(list(shown(LINES, UTC, counted=False))) == len(LINES)
