"""A report: faults are told apart by what devices say, each has its repair, and a phone carries it to support."""

import pytest
import segno

from kiosk.readiness import Fault, State, of_device, steps
from kiosk.readiness.compact import NoReportError, folded, unfolded
from kiosk.readiness.repair import OF_FAMILY, STEPS
from kiosk.readiness.report import Report, ill, well

HEARD = [
    ("offline", "/dev/kiosk/bag: [Errno 2] could not open port it: No such file or directory", Fault.NOT_FOUND),
    ("offline", "/dev/kiosk/bag: [Errno 13] could not open port it: Permission denied", Fault.NO_PERMISSION),
    ("offline", "/dev/kiosk/bag: Could not exclusively lock port /dev/kiosk/bag", Fault.IN_USE),
    ("offline", "/dev/kiosk/bag: Input/output error", Fault.NOT_FOUND),
    ("offline", "no valid answer for 3 s: no complete answer", Fault.NO_ANSWER),
    ("offline", "no valid answer for 3 s: no complete answer: b'\\x81\\xf3'", Fault.NONSENSE),
    ("offline", "no valid answer for 3 s: parity", Fault.NONSENSE),
    ("offline", "no valid answer for 3 s: the scale speaks lb", Fault.MISSET),
    ("offline", "socket://10.0.0.9:20007: Connection refused", Fault.UNREACHABLE),
    ("offline", "socket://10.0.0.9:20007: timed out", Fault.UNREACHABLE),
    ("offline", "this is terminal 51003212, not 51003213", Fault.WRONG_DEVICE),
    ("offline", "registration refused, 6f", Fault.REFUSED),
    ("offline", "unix:///run/kiosk-camera/camera.sock: No such file or directory", Fault.NO_PROCESS),
    ("absent", "no pin factory lgpio", Fault.NO_PIN),
    ("fault", "KeyError, see the log", Fault.CRASHED),
    ("fault", "unknown: Keyboard at usb-1.2", Fault.UNKNOWN_KEYBOARD),
    ("fault", "no weight: not_calibrated", Fault.NO_WEIGHT),
    ("fault", "cutter", Fault.CUTTER),
    ("fault", "head_hot", Fault.HEAD_HOT),
    ("fault", "cover_open", Fault.COVER_OPEN),
    ("fault", "something that no driver says yet", Fault.BROKEN),
    ("offline", "", Fault.NO_ANSWER),
]  # fmt: skip


@pytest.mark.parametrize(("health", "detail", "fault"), HEARD)
def test_what_a_device_says_is_told_apart(health: str, detail: str, fault: Fault) -> None:
    assert of_device(health, detail) is fault


def test_a_device_that_is_ready_may_still_want_something() -> None:
    assert of_device("ready", "", "out") is Fault.PAPER_OUT
    assert of_device("ready", "", "low") is Fault.PAPER_LOW
    assert of_device("ready", "", "", "below_zero") is Fault.BELOW_ZERO
    assert of_device("ready", "", "ok", "weight") is None


def test_every_fault_has_its_repair() -> None:
    assert set(STEPS) == set(Fault)
    assert all(
        2 <= len(found) <= 4 or fault in (Fault.PAPER_LOW, Fault.WORN, Fault.TOKEN)
        for fault, found in STEPS.items()
    )
    assert all(len(found) == len(set(found)) for found in (*STEPS.values(), *OF_FAMILY.values()))


def test_the_second_camera_is_a_camera() -> None:
    assert steps("camera 2", Fault.NO_ANSWER) == OF_FAMILY["camera", Fault.NO_ANSWER]
    assert steps("scanner 2", Fault.NO_ANSWER) == STEPS[Fault.NO_ANSWER]


def report(*checks: object, store: str = "0001") -> Report:
    return Report(store, "4", "0.1.0", "a1b2c3d4e5f60718", "2026-11-30T19:14:05+00:00", checks)  # type: ignore[arg-type]


def test_a_phone_carries_a_report_and_support_reads_it() -> None:
    found = report(
        well("device", "light", "ready"),
        ill("device", "printer", Fault.PAPER_OUT, "ready, paper out"),
        ill("device", "scanner 2", Fault.NO_ANSWER, "offline"),
        ill("shop", "store server", Fault.SERVER_AWAY, "away"),
    )
    text = folded(found)
    assert text == (
        "KIOSK1 0001/4 V0.1.0 A1B2C3D4E5F6 20261130T1914Z"
        " PRINTER:PAPER-OUT SCANNER-2:NO-ANSWER STORE-SERVER:SERVER-AWAY"
    )
    read = unfolded(text)
    assert (read.store, read.lane, read.version, read.slot_hash) == ("0001", "4", "0.1.0", "a1b2c3d4e5f6")
    assert [(each.subject, each.fault, each.steps) for each in read.checks] == [
        (each.subject, each.fault, each.steps) for each in found.checks if each.fault
    ]
    assert not read.ready and len(read.of(State.WARN)) == 1


def test_a_lane_that_is_well_says_so() -> None:
    text = folded(report(well("device", "light", "ready")))
    assert text.endswith(" ALL-WELL") and unfolded(text).ready


def test_the_code_stays_small_whatever_a_store_is_called() -> None:
    many = [ill("device", f"scanner {number}", Fault.UNKNOWN_KEYBOARD, "x" * 400) for number in range(40)]
    text = folded(report(*many, store="Épicerie/été"))
    code = segno.make_qr(text, error="m")
    assert code.mode == "alphanumeric" and int(code.version) <= 20
    assert text.endswith(" +16") and len(unfolded(text).checks) == 24


@pytest.mark.parametrize(
    "text",
    ["", "KIOSK2 a b c d e", "KIOSK1 0001/4 V1 - 20261130T1914Z", "KIOSK1 0001/4 V1 - noon ALL-WELL",
     "KIOSK1 0001/4 V1 - 20261130T1914Z PRINTER:MELTED", "KIOSK1 4 V1 - 20261130T1914Z ALL-WELL"],
)  # fmt: skip
def test_another_text_is_no_report(text: str) -> None:
    with pytest.raises(NoReportError):
        unfolded(text)
