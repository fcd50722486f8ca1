"""HID POS scanners: descriptors as makers write them, scans in several reports, and what a tape may keep.

The descriptors are put together from the USB-IF's usage tables; the reports of the first two layouts are as the
manuals of Hand Held Products, Access-IS and ID TECH print them.
"""

import os
import queue
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.hid import Field, HidError, fields, record, records
from drivers.hidraw import open_hid
from drivers.line import CLOCK, LineLost
from drivers.scanners import hid_pos
from drivers.scanners.hid_pos import LAYOUTS, PREVENT_READ, Places, Redaction, Reports
from drivers.simulated.scanner_hid import DESCRIPTOR, HidScanner, reports
from kiosk.barcode import ReceiptCode, ShopCodes
from kiosk.checkout.effects import HoldScanner
from kiosk.checkout.events import Event, Scanned
from kiosk.checkout.passed import DeviceSeen, UnreadableScanned
from kiosk.checkout.session import Health

PATIENCE = 30.0
TIN = "4006381333931"
SHOP = ShopCodes(member=("2950*",))

# Report 1: 20 bytes of code without a count, then the identifier as a range of usages, then a bit in a byte.
SMALL = bytes.fromhex(
    "05 8c 09 02 a1 01 85 01 75 08 26 ff 00 95 14 09 fe 82 02 01"
    "95 03 19 fb 29 fd 81 02 75 01 95 01 09 ff 81 02 95 07 81 01 c0"
)
# One report, so it has no number; the usages name their page themselves, and a keyboard comes first.
BARE = bytes.fromhex(
    "05 01 09 06 a1 01 05 07 19 e0 29 e7 75 01 95 08 91 02 c0"
    "06 00 ff 09 01 a1 01 75 08 95 03 0b fb 00 8c 00 81 02 a4 95 08 0b fe 00 8c 00 81 02 b4 c0"
)
# Nothing but 63 bytes of the maker's own.
OPAQUE = bytes.fromhex("06 00 ff 09 01 a1 01 85 02 75 08 95 3f 09 01 81 02 c0")


def read(descriptor: bytes, *told: bytes) -> list[tuple[str, str]]:
    return Reports(Places(fields(descriptor))).feed(b"".join(map(record, told)))


# ---- descriptors


def test_where_the_fields_of_a_scanner_lie() -> None:
    found = {each.usage: each for each in fields(DESCRIPTOR)}
    assert found[0x8C00FE] == Field("input", 2, 0x8C00FE, 32, 8, 56)
    assert found[0x01003B].at == 0 and found[0x8C00FC].at == 16 and found[0x8C00FF].at == 62 * 8
    assert found[PREVENT_READ] == Field("output", 4, PREVENT_READ, 1, 1, 1)


def test_the_last_usage_has_the_values_that_are_left() -> None:
    found = fields(bytes.fromhex("05 8c 75 01 95 08 09 00 09 5f 09 60 91 02"))
    assert [(each.usage & 0xFF, each.at, each.values) for each in found] == [
        (0, 0, 1),
        (0x5F, 1, 1),
        (0x60, 2, 6),
    ]


def test_a_long_item_is_passed_over() -> None:
    assert fields(bytes.fromhex("fe 03 10 aa bb cc") + SMALL) == fields(SMALL)


@pytest.mark.parametrize(
    ("descriptor", "said"),
    [
        ("05 8c 26 ff", "byte 2: 2 bytes expected, 1 are there"),
        ("fe", "byte 0: 2 bytes expected, 0 are there"),
        ("75 08 97 ff ff ff 7f 81 02", "byte 7: more than 32768 bits or values"),
        ("75 00 97 ff ff ff 7f 19 00 2b ff ff ff 7f 81 02", "byte 14: more than 32768 bits or values"),
    ],
)
def test_a_descriptor_that_cannot_be_says_where(descriptor: str, said: str) -> None:
    with pytest.raises(HidError, match=said):
        fields(bytes.fromhex(descriptor))


@given(st.binary(max_size=200), st.binary(max_size=100))
def test_no_descriptor_and_no_report_upset_anything(descriptor: bytes, report: bytes) -> None:
    try:
        places = Places(fields(descriptor))
    except HidError:
        places = Places(fields(SMALL))
    for text, spoiled in Reports(places).feed(record(report)):
        assert text or spoiled


# ---- reports


def test_the_report_of_the_manuals_with_an_identifier() -> None:
    first = b"\x02\x38]Q0" + b"M1A/B C" * 8 + b"s\0\x01"
    rest = b"\x02\x04]Q0" + b"1/23".ljust(56, b"\0") + b"s\0\0"
    for places in (Places(fields(DESCRIPTOR)), Places(LAYOUTS["aim"])):
        scans = Reports(places).feed(record(first) + record(rest))
        assert scans == [("]Q0" + "M1A/B C" * 8 + "1/23", "")]


def test_the_report_of_the_manual_without_one() -> None:
    report = b"\x02\x0d" + TIN.encode().ljust(56, b"\0") + bytes(4) + b"d\0"
    assert Reports(Places(LAYOUTS["plain"])).feed(record(report)) == [(TIN, "")]


def test_a_small_report_without_a_count() -> None:
    one = b"\x01" + TIN.encode().ljust(20, b"\0") + b"]E0\0"
    assert read(SMALL, one, one) == [("]E0" + TIN, "")] * 2
    long = b"\x01" + b"x" * 20 + b"]C1\x01"
    assert read(SMALL, long, long, one) == [("]C1" + "x" * 40 + TIN, "")]


def test_reports_without_a_number() -> None:
    assert read(BARE, b"]E496385074") == [("]E496385074", "")]


def test_an_identifier_before_the_data_is_not_said_twice() -> None:
    assert read(DESCRIPTOR, *reports("]E0" + TIN)) == [("]E0" + TIN, "")]


def test_a_suffix_of_the_scanner_is_no_part_of_the_code() -> None:
    assert read(DESCRIPTOR, *reports(TIN + "\r\n")) == [("]E0" + TIN, "")]


def test_reports_of_another_kind_and_short_ones() -> None:
    assert read(DESCRIPTOR, b"\x03\x01\x02", b"\x02", b"", b"\x02\x00]E0") == []
    assert read(DESCRIPTOR, b"\x02\x08]E496385074") == [("]E496385074", "")]


@pytest.mark.parametrize("sign", ["\x1d", "\0", "é"])
def test_every_byte_counts(sign: str) -> None:
    assert read(DESCRIPTOR, *reports(f"01{sign}10", "]C1")) == [(f"]C101{sign}10", "")]


@given(st.lists(st.text(st.characters(max_codepoint=126, min_codepoint=32), min_size=1, max_size=200)))
def test_every_scan_comes_whole_wherever_the_line_is_cut(texts: list[str]) -> None:
    data = b"".join(record(report) for text in texts for report in reports("x" + text, "]Q0"))
    reader, scans = Reports(Places(fields(DESCRIPTOR))), []
    for at in range(0, len(data), 37):
        scans += reader.feed(data[at : at + 37])
    assert scans == [("]Q0x" + text, "") for text in texts]
    assert not reader.waiting


def test_a_scan_of_no_end_is_one_error() -> None:
    endless = reports("1" * 9000)
    assert read(DESCRIPTOR, *endless, *reports(TIN)) == [("", "too_long"), ("]E0" + TIN, "")]


def test_a_descriptor_that_says_nothing_of_scans() -> None:
    with pytest.raises(HidError, match="no scanned data"):
        Places(fields(OPAQUE))
    with HidScanner(descriptor=OPAQUE) as peer:
        plugged = hid_pos.Plugged(hid_pos.Config(port=peer.port), SHOP, CLOCK)
        with pytest.raises(LineLost, match="no scanned data"):
            plugged.open()
        plugged = hid_pos.Plugged(hid_pos.Config(port=peer.port, report="aim"), SHOP, CLOCK)
        plugged.open().close()


def test_only_a_hidraw_node_is_opened() -> None:
    with pytest.raises(LineLost, match="not a hidraw node"):
        open_hid(os.devnull, record=None, redact=bytes)


# ---- on the wire


def test_a_scanner_is_held_by_its_own_trigger_and_comes_back_after_a_replug() -> None:
    events: queue.Queue[Event] = queue.Queue()
    orders: queue.Queue[bool] = queue.Queue()

    def until(health: Health) -> None:
        while events.get(timeout=PATIENCE).device.health is not health:  # type: ignore[union-attr]
            pass

    with HidScanner() as peer:
        peer.on_hold = orders.put
        worker = hid_pos.worker("scanner", hid_pos.Config(port=peer.port), SHOP, lambda *_: None, events.put)
        worker.start()
        until(Health.READY)
        assert orders.get(timeout=PATIENCE) is False
        assert peer.scan("0187-4-000017", "]C0")
        assert events.get(timeout=PATIENCE) == Scanned(ReceiptCode("0187-4-000017"), "linear")
        worker.order(HoldScanner(True))
        assert orders.get(timeout=PATIENCE) is True
        assert not peer.scan("0187-4-000018", "]C0")
        peer.unplug()
        until(Health.OFFLINE)
        peer.replug()
        until(Health.READY)
        assert orders.get(timeout=PATIENCE) is True  # told anew, for it was without current
        worker.order(HoldScanner(False))
        assert orders.get(timeout=PATIENCE) is False
        assert peer.scan("0187-4-000019", "]C0")
        assert events.get(timeout=PATIENCE) == Scanned(ReceiptCode("0187-4-000019"), "linear")
        assert worker.stop(PATIENCE)


# ---- tapes


def redaction() -> Redaction:
    return Redaction(lambda descriptor: Places(fields(descriptor)), SHOP)


def test_a_tape_keeps_goods_and_masks_the_rest() -> None:
    redact, hold = redaction(), Places(fields(DESCRIPTOR)).hold(True)
    assert redact(record(DESCRIPTOR)) == record(DESCRIPTOR)
    assert redact(hold) == hold
    (tin,), (member,) = reports(TIN), reports("2950000000017")
    kept = redact(record(tin) + record(member) + record(b"\x07secret"))
    assert kept == record(tin) + record(b"\x02" + b"*" * 63) + record(b"\x07******")


def test_a_tape_keeps_nothing_of_a_scan_that_goes_on() -> None:
    redact = redaction()
    redact(record(DESCRIPTOR))
    first, last = reports("9" * 56 + TIN)
    runs = redact(record(first)), redact(record(last)), redact(record(reports(TIN)[0]))
    assert runs[:2] == (record(b"\x02" + b"*" * 63),) * 2
    assert runs[2] == record(reports(TIN)[0])


def test_a_tape_keeps_nothing_after_half_a_report() -> None:
    redact = redaction()
    whole = record(DESCRIPTOR) + record(reports(TIN)[0])
    assert redact(whole[:-5]) == record(DESCRIPTOR) + b"*" * 61
    assert redact(whole[-5:] + record(reports(TIN)[0])) == b"*" * 71


@given(st.lists(st.binary(max_size=80)))
def test_no_bytes_upset_the_redaction(runs: list[bytes]) -> None:
    redact = redaction()
    redact(record(DESCRIPTOR))
    for run in runs:
        assert len(redact(run)) == len(run)


def test_a_tape_of_a_scanner_gives_the_same_events_again(tmp_path: Path) -> None:
    tape, events = tmp_path / "scanner.tape", list[Event]()
    heard: queue.Queue[Event] = queue.Queue()
    with HidScanner() as peer:
        config = hid_pos.Config(port=peer.port, record=str(tape))
        worker = hid_pos.worker("scanner", config, SHOP, lambda *_: None, heard.put)
        worker.start()
        assert isinstance(heard.get(timeout=PATIENCE), DeviceSeen)
        for text, aim in ((TIN, "]E0"), ("96385074", "]E4"), ("4006381333932", "]E0")):
            peer.scan(text, aim)
            events.append(heard.get(timeout=PATIENCE))
        assert worker.stop(PATIENCE)
    again = hid_pos.worker("scanner", hid_pos.Config(port=f"tape://{tape}"), SHOP, lambda *_: None, heard.put)
    again.start()
    played = [heard.get(timeout=PATIENCE) for _ in range(5)]
    assert again.stop(PATIENCE)
    assert isinstance(played[0], DeviceSeen)
    assert played[1:3] == events[:2] and all(isinstance(each, Scanned) for each in events[:2])
    assert isinstance(events[2], UnreadableScanned) and isinstance(played[3], UnreadableScanned)
    assert "4006381333932" not in tape.read_text() and b"381333932".hex() not in tape.read_text()


def test_records_are_cut_out_of_a_stream() -> None:
    assert records(record(b"a") + record(b"") + b"\x05\0ab") == ([b"a", b""], b"\x05\0ab")
