"""A terminal that tells too much: nothing of it is in any event, log or tape."""

import json
import logging
import re

import msgspec

from drivers.line import open_line
from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_words import EXPIRY
from drivers.terminals.zvt.messages import RepeatReceipt
from drivers.terminals.zvt.redact import redact
from drivers.terminals.zvt.talk import Talk
from drivers.worker import Orders
from kiosk.barcode.digits import is_luhn
from kiosk.checkout.money import Outcome

NUMBER = "5413330089604111"  # a test number of the card schemes
RUN = re.compile(r"(?:\d[ -]?){12,18}\d")


def suspicious(text):
    return [run for run in RUN.findall(text) if is_luhn(re.sub(r"\D", "", run))]


def test_nothing_of_a_card_leaves_the_driver(rig, terminal, caplog):
    caplog.set_level(logging.DEBUG)
    terminal.tells_in_clear = NUMBER
    terminal.script = {25: Fault.CUT_AFTER}
    till = rig()
    result = till.settle()
    assert (result.outcome, result.last4) == (Outcome.APPROVED, "4111")
    till.pay()
    number, expiry = NUMBER, EXPIRY
    written = [msgspec.json.encode(event).decode() for event in till.events]
    assert not suspicious("\n".join(written)) and number not in "".join(written)
    logged = [record.getMessage() for record in caplog.records]
    assert any("22 f0 f8" in line for line in logged)
    frames = b"".join(bytes.fromhex(line.partition(": ")[2]) for line in logged if ": " in line)
    assert not suspicious(frames.decode("latin-1"))
    for secret in (bytes.fromhex(number), number.encode(), b"\x0e" + bytes.fromhex(expiry)):
        assert secret not in frames and secret in b"".join(terminal.log)


def test_nothing_of_a_card_is_on_a_tape(terminal, tmp_path):
    terminal.tells_in_clear = NUMBER
    tape = tmp_path / "terminal.tape"
    line = open_line(terminal.port, record=tape, redact=redact)
    talk = Talk(line, Orders(), "auto", 20.0, 20.0)
    talk.perform(RepeatReceipt(password="000000", service_byte=3))
    line.close()
    rows = [json.loads(row) for row in tape.read_text().splitlines()]
    told = b"".join(bytes.fromhex(row["hex"]) for row in rows)
    number = NUMBER
    assert bytes.fromhex("22f0f8eeeeeeeeeeee4111") in told
    assert bytes.fromhex(number) not in told and not suspicious(told.decode("latin-1"))
