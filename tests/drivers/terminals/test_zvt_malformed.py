"""What a terminal must not say, said in place of an approval: an error or UNKNOWN, never a success, never a crash."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulated.terminal_zvt import ZvtTerminal
from drivers.terminals.zvt import Config
from drivers.terminals.zvt.driver import Terminal
from drivers.terminals.zvt.explain import explain
from drivers.terminals.zvt.fields import ZvtError
from drivers.terminals.zvt.frames import Apdus, serial_written
from drivers.terminals.zvt.messages import StatusInformation, decode
from drivers.terminals.zvt.serial import SerialLine
from kiosk.checkout.money import Outcome
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from tests.drivers.terminals.virtual import Till

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/payments/zvt_tcp.json").read_text())
GOOD = bytes.fromhex(next(v["hex"] for v in VECTORS if v["name"] == "status_payment_20_40"))
SERIAL = serial_written(GOOD)
TORN = {f"cut to {length}": GOOD[:length] for length in (1, 2, 3, 5, 40, len(GOOD) - 1)}
BAD = {v["name"]: bytes.fromhex(v["hex"]) for v in VECTORS if not v["expect"]["valid"]} | TORN | {
    "length too great": GOOD[:2] + bytes([GOOD[2] + 3]) + GOOD[3:],
    "length too small": GOOD[:2] + bytes([GOOD[2] - 3]) + GOOD[3:],
    "unknown bitmap": b"\x04\x0f\x03\x27\x00\xfe",
    "amount no decimal": b"\x04\x0f\x09\x27\x00\x04\x00\x00\x00\x00\x20\x4a",
    "two amounts": b"\x04\x0f\x10\x27\x00\x04\x00\x00\x00\x00\x20\x40\x04\x00\x00\x00\x00\x20\x41",
    "no length of a text": b"\x04\x0f\x05\x27\x00\x3c\x12\x34",
    "tlv cut short": b"\x04\x0f\x06\x27\x00\x06\x09\x1f\x73",
    "no result": b"\x04\x0f\x00",
    "nothing": b"",
}  # fmt: skip
BAD_SERIAL = {
    "wrong crc": SERIAL[:-1] + bytes([SERIAL[-1] ^ 1]),
    "no end": SERIAL[:-4],
    "no start": SERIAL[2:],
    "a single 10": SERIAL[:20] + b"\x10" + SERIAL[20:],
    "bare": GOOD,
}


class Misspoken(ZvtTerminal):
    """Says these bytes instead of its approvals, and `after` them."""

    instead = after = b""

    def wire(self, frame):
        if frame[:2] != b"\x04\x0f" or not self.book.entries:
            return super().wire(frame)
        super().wire(frame)
        return self.instead + self.after


def first_word(framing, instead, how):
    """What a payment comes to first, the bytes fed whole, byte by byte, or glued to the message after them."""
    config = Config(port="virtual", framing=framing)
    till = Till(Misspoken, Terminal(config), config.life, serial=framing == "serial")
    if framing == "serial":
        till.wrap = lambda line: SerialLine(line, till.clock, config.t1, config.t2)
    till.asks_on = False
    till.peer.instead = instead
    if how == "byte by byte":
        till.peer.faults.split = (1,)
    if how == "glued":
        end = b"\x06\x0f\x00"
        till.peer.after = serial_written(end) if framing == "serial" else end
    try:
        return till.pay(), till
    finally:
        till.peer.close()


HOW = ["whole", "byte by byte", "glued"]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", BAD)
def test_a_malformed_approval_is_none(name, how):
    word, till = first_word("tcp", BAD[name], how)
    assert word.outcome is Outcome.UNKNOWN
    assert not any(isinstance(e, DeviceSeen) and e.device.health is Health.FAULT for e in till.events)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", BAD_SERIAL)
def test_a_malformed_frame_is_asked_for_again_or_given_up(name, how):
    word, till = first_word("serial", BAD_SERIAL[name], how)
    if word.outcome is Outcome.APPROVED:  # it was said again, and well
        assert till.peer.book.charged == word.amount == 2040
    assert not any(isinstance(e, DeviceSeen) and e.device.health is Health.FAULT for e in till.events)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("vector", [v for v in VECTORS if v["expect"]["valid"]], ids=lambda v: v["name"])
def test_any_other_message_in_its_place_is_no_approval_that_says_something_else(vector, how):
    word, till = first_word("tcp", bytes.fromhex(vector["hex"]), how)
    assert not any(isinstance(e, DeviceSeen) and e.device.health is Health.FAULT for e in till.events)
    if word.outcome is Outcome.APPROVED:
        said = decode(bytes.fromhex(vector["hex"]))
        assert isinstance(said, StatusInformation) and said.result_code == 0
        assert said.amount in (None, 2040) and said.terminal_id in (None, "29001006")


@given(st.binary(max_size=80))
def test_nothing_but_its_own_error_leaves_the_codec(noise):
    for read in (
        lambda: explain(noise, {}),
        lambda: explain(noise, {"framing": "serial"}),
        lambda: decode(noise),
    ):
        try:
            read()
        except ZvtError:
            continue
    try:
        list(Apdus().feed(noise))
    except ZvtError:
        return


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_a_damaged_approval_is_refused_or_another_message_but_no_crash(at, change):
    damaged = GOOD[:at] + bytes([GOOD[at] ^ change]) + GOOD[at + 1 :]
    try:
        explain(damaged, {})
    except ZvtError:
        return
