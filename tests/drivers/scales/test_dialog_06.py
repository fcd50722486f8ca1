"""Checkout-Dialog 06: whom the scale trusts, one weighing for one item, and a price that is not the product."""

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.scales.dialog_06 import decode, priced, proof, redact, remainder, turned
from drivers.scales.frames import BadFrame, Challenge, Verdict
from drivers.simulated.scale_dialog06 import Dialog06
from kiosk.checkout.session import Health, LiveWeight, Reading
from tests.drivers.scales.bench import Bench

CHECKSUM, POLYNOMIAL = 0x1A2B, 0x8005


@pytest.fixture
def secret(tmp_path: Path) -> str:
    (tmp_path / "polynomial").write_text(f"{POLYNOMIAL:04X}\n")
    return str(tmp_path / "polynomial")


def bench(**fields: object) -> tuple[Bench, Dialog06]:
    made = Bench("dialog06", name="produce", **fields)
    assert isinstance(made.balance, Dialog06)
    made.balance.secret = CHECKSUM, POLYNOMIAL
    made.world.change(bag=1250)
    return made, made.balance


def test_a_scale_that_asks_is_answered_and_weighs(secret: str) -> None:
    made, scale = bench(secret=secret, checksum="1A2B")
    made.run(2)
    assert made.readings[-1] == LiveWeight(Reading.WEIGHT, 1250)
    assert scale.proved == 1


def test_it_asks_again_every_so_many_weighings(secret: str) -> None:
    made, scale = bench(secret=secret, checksum="1A2B")
    scale.trusts = 3
    for step in range(1, 20):
        made.at(2.0 * step, bag=100 * step)
    made.run(42)
    assert made.readings[-1] == LiveWeight(Reading.WEIGHT, 1900)
    assert 6 <= scale.proved <= 8


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "configure secret and checksum"),
        ({"secret": "/nowhere"}, "no polynomial of four hex digits in /nowhere"),
    ],
)
def test_without_the_secret_there_is_no_weight_and_a_technician_is_told_why(
    fields: dict[str, object], why: str
) -> None:
    made, _ = bench(**fields)
    assert made.run(5) is None
    assert {live.reading for live in made.readings} == {Reading.STALE}
    assert made.devices[-1].health is Health.FAULT and why in made.devices[-1].detail


def test_a_wrong_checksum_is_refused(secret: str) -> None:
    made, scale = bench(secret=secret, checksum="1A2C")
    made.run(5)
    assert {live.reading for live in made.readings} == {Reading.STALE}
    assert (scale.proved, made.devices[-1].detail) == (0, "the scale refuses our checksums")


def test_the_secret_is_in_no_tape_and_no_event(secret: str) -> None:
    made, _ = bench(secret=secret, checksum="1A2B")
    made.run(2)
    sent = proof(CHECKSUM, POLYNOMIAL, decode(b"\x0211\x1b2%02X\x03" % made.balance._drawn).random)
    assert sent in made.rig.heard
    assert sent[6:14] not in redact(made.rig.heard)
    assert len(redact(made.rig.heard)) == len(made.rig.heard)
    assert f"{POLYNOMIAL:04X}" not in repr(made.rig.events)


def test_the_remainder_is_a_division_of_polynomials() -> None:
    """CRC-16 of two bytes without reflection, worked out by hand for one bit and one word."""
    assert remainder(0x0001, 0x8005) == 0x8005
    assert remainder(0x0002, 0x8005) == (0x8005 << 1 ^ 0x18005) & 0xFFFF
    assert remainder(0, 0x1021) == 0
    for checksum in range(0, 0x10000, 257):
        rest = checksum << 16 | remainder(checksum, 0x1021)
        while rest >= 0x10000:
            rest ^= 0x11021 << (rest.bit_length() - 17)
        assert rest == 0


def test_what_is_turned_comes_round() -> None:
    assert turned(0x1234, 4) == 0x2341 and turned(0x1234, 12) == 0x4123 and turned(0x1234, 16) == 0x1234
    rest = remainder(CHECKSUM, POLYNOMIAL)
    assert proof(CHECKSUM, POLYNOMIAL, "00") == b"\x04\x0210\x1b1A2B%04X\x03" % rest
    assert proof(CHECKSUM, POLYNOMIAL, "40") == b"\x04\x0210\x1bA2B1%04X\x03" % rest
    assert proof(CHECKSUM, POLYNOMIAL, "04") == b"\x04\x0210\x1b1A2B%04X\x03" % turned(rest, 12)
    assert proof(CHECKSUM, POLYNOMIAL, "@") == proof(CHECKSUM, POLYNOMIAL, "40")


def test_a_challenge_and_a_refusal() -> None:
    assert decode(b"\x0211\x1b2A7\x03") == Challenge("A7")
    assert decode(b"\x0211\x1b0\x03") == Verdict(False)


def test_every_answer_is_acknowledged_and_every_question_begins_anew() -> None:
    made, scale = bench()
    scale.secret = None
    made.run(1.5)
    assert made.rig.heard.startswith(priced(1000, 6) + b"\x04" + b"\x04\x05" + b"\x04")


def test_what_lies_there_is_weighed_once_and_stands_until_it_moves() -> None:
    made, scale = bench()
    scale.secret = None
    made.at(20, bag=0)
    made.at(22, bag=300)
    made.run(25)
    assert [live for live in made.readings if live.reading is Reading.WEIGHT] == [
        LiveWeight(Reading.WEIGHT, 1250),
        LiveWeight(Reading.WEIGHT, 300),
    ]
    assert made.rig.heard.count(b"08\x03") > 100


def test_a_price_that_is_not_weight_times_unit_price_is_flagged() -> None:
    """The scale says so again and again: it is the legal source, and nobody recomputes it."""
    result = b"\x0202\x1b3\x1b01250\x1b000199\x1b000250\x03"
    made = Bench(
        "dialog06",
        lambda data: [result] if b"\x05" in data else [b"\x06"] if b"\x02" in data else [],
        name="produce",
        unit_price=199,
    )
    made.run(2)
    assert made.readings[-1] == LiveWeight(Reading.WEIGHT, 1250)
    assert made.devices[-1].health is Health.FAULT
    assert made.devices[-1].detail == "its price 2.50 is not weight x 1.99"


def test_a_result_at_another_price_is_none() -> None:
    result = b"\x0202\x1b3\x1b01250\x1b000299\x1b000374\x03"
    made = Bench("dialog06", lambda data: [result] if b"\x05" in data else [b"\x06"], name="produce")
    assert "priced 2.99, not 10.00" in str(made.run(6))


@pytest.mark.parametrize("unit", [b"0", b"2"])
def test_units_of_which_nobody_told_us_how_they_are_written_are_refused(unit: bytes) -> None:
    with pytest.raises(BadFrame, match="set the scale to kilograms"):
        decode(b"\x0202\x1b%b\x1b01250\x1b000199\x1b000249\x03" % unit)
    pounds = decode(b"\x0202\x1b1\x1b01250\x1b000199\x1b002488\x03")
    assert (pounds.value, pounds.unit) == (Decimal("12.50"), "lb")
