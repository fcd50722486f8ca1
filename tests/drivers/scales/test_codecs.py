"""What the codecs make of bytes: profiles, odd units, and nothing but their own error for all others."""

import ast
import os
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scales import adam, cas_dc1, digi_b, nci_scp, sma, usb_hid
from drivers.scales.frames import BadFrame, Frame, Status, Tare, Weight, Word
from drivers.scales.models import MODULES, explain, language
from drivers.scales.scale import Talk
from drivers.simulated.scale_asked import Cas
from kiosk.checkout.session import LiveWeight, Reading
from tests.drivers.rig import FlyClock
from tests.drivers.scales.bench import MODELS, Bench, config_of
from tests.drivers.scales.manual import vectors

ANSWERS = sorted({bytes.fromhex(vector["response_hex"]) for vector in vectors()})
ROOM = Path(nci_scp.__file__).parent


def flags(*names: str) -> Status:
    return Status(frozenset(names))


@pytest.mark.parametrize("model", MODELS)
@given(data=st.binary(max_size=64))
def test_no_bytes_make_a_codec_raise_anything_else(model: str, data: bytes) -> None:
    with suppress(BadFrame):
        assert isinstance(language(model).decode(data), Frame)


@pytest.mark.parametrize("model", MODELS)
@given(
    answer=st.sampled_from(ANSWERS),
    hurt=st.lists(st.tuples(st.integers(0, 63), st.binary(max_size=2)), max_size=3),
)
def test_nor_do_answers_that_were_hurt(model: str, answer: bytes, hurt: list[tuple[int, bytes]]) -> None:
    for place, instead in hurt:
        answer = answer[:place] + instead + answer[place + 1 :]
    with suppress(BadFrame):
        assert isinstance(language(model).decode(answer), Frame)


def test_no_float_in_a_codec() -> None:
    """Weights are decimals and whole grams; only times are not."""
    for path in (ROOM / f"{name}.py" for name in [*MODULES.values(), "frames"]):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float"), path.name
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value > 1)


@pytest.mark.parametrize(
    ("unit", "value", "grams"),
    [
        ("kg", "1.250", 1250),
        ("kg", "1.2505", 1251),
        ("kg", "-0.150", -150),
        ("g", "7", 7),
        ("lb", "1", 454),
        ("lb", "2.35", 1066),
        ("lb", "0.001", 0),
        ("oz", "16", 454),
        ("oz", "4.2", 119),
    ],
)
def test_units_are_exact_to_the_gram(unit: str, value: str, grams: int) -> None:
    assert Weight(value=Decimal(value), unit=unit).grams == grams


def test_a_unit_of_no_checkout_is_shown_but_not_weighed_with() -> None:
    frame = usb_hid.decode(bytes([3, 4, 10, 0, 7, 0]))
    assert (frame.value, frame.unit) == (7, "ozt")
    with pytest.raises(BadFrame, match="the scale speaks ozt"):
        _ = frame.grams


# ---- NCI


def test_the_first_status_byte_upside_down() -> None:
    """SCP-12: 0 is in motion."""
    frame = b"\n01.250KG\r\nS%c0\r\x03"
    scp12 = nci_scp.PROFILES["scp12"]
    assert nci_scp.decode(frame % 0x31, scp12).stable and not nci_scp.decode(frame % 0x30, scp12).stable
    assert nci_scp.decode(frame % 0x30).stable and not nci_scp.decode(frame % 0x31).stable


def test_pounds_and_ounces() -> None:
    frame = nci_scp.decode(b"\n01LB 02.5OZ\r\n00\r\x03")
    assert (frame.value, frame.unit, frame.grams) == (Decimal("18.5"), "oz", 524)


@pytest.mark.parametrize(
    ("field", "said"),
    [(b"^^^^^^KG", "over_capacity"), (b"______KG", "under_capacity"), (b"------KG", "zero_error")],
)
def test_what_an_adam_mdw_writes_instead_of_a_weight(field: bytes, said: str) -> None:
    assert nci_scp.decode(b"\n" + field + b"\r\n0p0\r\x03") == flags(said)


def test_more_status_bytes() -> None:
    assert nci_scp.decode(b"\n01.250KG\r\nS0p4\r\x03").net
    assert nci_scp.decode(b"\nS0p;\r\x03") == flags("high_range", "zero_error")
    assert nci_scp.decode(b"\n-001.25KG\r\n00\r\x03").value == Decimal("-1.25")
    assert nci_scp.decode(b"\n01.250KG\r\n02\r\x03") == flags("over_capacity")
    with pytest.raises(BadFrame):
        nci_scp.decode(b"\n?\r\x03")


def test_the_end_of_a_weight_is_no_status() -> None:
    assert nci_scp.decode(b"\nS00\r\x03\nS10\r\x03") == flags("motion")
    with pytest.raises(BadFrame, match="half a weight"):
        nci_scp.decode(b"\n01.2x0KG\xae\nS00\r\x03")


# ---- CAS


def test_a_wrong_check_byte_is_refused() -> None:
    frame = bytes.fromhex("0102532030312e3235306b67670304")
    assert cas_dc1.decode(frame).value == Decimal("1.250")
    for place in range(2, 12):
        with pytest.raises(BadFrame):
            cas_dc1.decode(frame[:place] + bytes([frame[place] ^ 1]) + frame[place + 1 :])


def test_a_cas_that_is_not_ready_is_asked_again() -> None:
    made = Bench("cas")
    assert isinstance(made.balance, Cas)
    made.world.change(bag=1250)
    made.balance.busy = 2
    made.run(1)
    assert made.readings[-1] == LiveWeight(Reading.WEIGHT, 1250)
    assert made.rig.heard.startswith(b"\x05\x05\x05\x11")


# ---- SMA, Adam, DIGI


def test_tare_motion_and_tare_error() -> None:
    assert sma.decode(b"\n 1T       0.250kg_\r") == Tare(Decimal("0.250"), "kg")
    assert not sma.decode(b"\n 1GM      1.250kg_\r").stable
    assert sma.decode(b"\nT1G  ----------kg_\r") == flags("tare_error")


@pytest.mark.parametrize(
    ("line", "value", "stable", "net"),
    [
        (b"..1.250kg\r\n", "1.250", True, False),
        (b"US,GS   0.512kg\r\n", "0.512", False, False),
        (b"ST,NT  -0.512kg\r\n", "-0.512", True, True),
        (b"\r\n+   2.00 lb\r\n", "2.00", True, False),
    ],
)
def test_lines_of_an_adam(line: bytes, value: str, stable: bool, net: bool) -> None:
    frame = adam.decode(line)
    assert (frame.value, frame.stable, frame.net) == (Decimal(value), stable, net)


def test_an_adam_without_load_or_with_too_much() -> None:
    assert adam.decode(b"") == Word("unchanged")
    assert adam.decode(b"OL,GS  ------kg\r\n") == flags("over_capacity")
    for line in (b"ST,GS    .512kg\r\n", b"ST,GS   0.512\r\n", b"ST,GS   0.512kg", b"x12.250kg\r\n"):
        with pytest.raises(BadFrame):
            adam.decode(line)


def test_the_flags_of_a_digi() -> None:
    frame = b"%c%c\r0 1.250\r4 0.000\rU  1.99\rT   %b\r\n"
    still = digi_b.decode(frame % (0x40, 0x42, b"2.49"))
    assert still.stable and still.unit == "kg" and not still.price_mismatch
    assert not digi_b.decode(frame % (0x40, 0x40, b"2.49")).stable
    assert digi_b.decode(frame % (0x42, 0x42, b"2.49")).net
    assert digi_b.decode(frame % (0x40, 0x46, b"2.49")).value == Decimal("-1.250")
    assert digi_b.decode(frame % (0x40, 0x42, b"2.50")).price_mismatch
    assert digi_b.decode(frame % (0x50, 0x42, b"2.49")).unit == "lb"
    assert digi_b.decode(frame % (0x40, 0x4A, b"2.49")) == flags("over_capacity")
    assert digi_b.decode(frame % (0x40, 0x52, b"2.49")) == flags("under_zero")
    assert digi_b.decode(frame % (0x41, 0x42, b"2.49") + b"x").value == Decimal("1.250")
    for wrong in (frame % (0x41, 0x42, b"2.49"), frame % (0x40, 0x42, b"2.49") + b"x"):
        with pytest.raises(BadFrame):
            digi_b.decode(wrong)


# ---- HID


def test_reports_are_found_again_after_bytes_were_lost() -> None:
    whole = bytes.fromhex("030403fde204")
    for lost in range(1, 6):
        found = [report for report, _ in usb_hid.reports(whole[lost:] + whole * 3)]
        assert found == [whole] * 3


def test_zero_is_an_output_report() -> None:
    made = Bench("hid")
    made.run(0.5)
    assert made.readings[-1] == LiveWeight(Reading.ZERO)
    assert explain(usb_hid.ZERO, {"model": "hid"}) == {"kind": "request", "request": "zero"}


def test_what_is_asked_and_answered_is_explained() -> None:
    assert explain(b"W", {"model": "toledo8217"}) == {"kind": "request", "request": "weight"}
    assert explain(b"\x0201.250\r", {"model": "toledo8217"})["value"] == Decimal("1.250")
    with pytest.raises(BadFrame, match="no option charset"):
        explain(b"W", {"model": "toledo8217", "charset": "latin1"})


def test_an_exponent_that_makes_nothing_of_a_weight_is_no_report() -> None:
    assert not usb_hid.sound(bytes.fromhex("03040380e204"))
    assert usb_hid.sound(bytes.fromhex("030403fde204")) and usb_hid.sound(bytes.fromhex("030402013200"))


def test_a_hid_scale_is_read_from_its_node_and_zeroed_by_it(tmp_path: Path) -> None:
    """/dev/hidraw gives a report a read and takes one a write; a pipe stands for it."""
    node = tmp_path / "hidraw0"
    os.mkfifo(node)
    config = config_of("hid", port=str(node))
    clock = FlyClock()
    with closing(config.open(usb_hid.redact, clock)) as line:
        talk, codec = Talk(line, clock), usb_hid.codec(config)
        other = os.open(node, os.O_RDWR | os.O_NONBLOCK)
        old, new = bytes.fromhex("030403fd2a00"), bytes.fromhex("030403fde204")
        clock.at(0.1, lambda: os.write(other, old))
        clock.at(0.2, lambda: os.write(other, new))
        assert codec.weigh(talk).live == LiveWeight(Reading.WEIGHT, 1250)
        codec.zero(talk)
        assert os.read(other, 16) == b"\x02\x02"
        os.close(other)
