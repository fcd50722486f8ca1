"""French terminals that tell too much: nothing of it is in any event, log or tape."""

import json
import logging
import re

import msgspec
import pytest

from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_caisse import EXPIRY_DATE, CaisseTerminal
from drivers.simulated.terminal_concert import ConcertTerminal
from drivers.simulated.world import Card, Scene, World
from drivers.terminals.caisse import driver as caisse
from drivers.terminals.concert import driver as concert
from kiosk.barcode.digits import is_luhn
from kiosk.checkout.money import Outcome
from tests.drivers.terminals.till import FASTER, PATIENCE, Till

NUMBER = "5413330089604111"  # a test number of the card schemes
RUN = re.compile(r"(?:\d[ -]?){12,18}\d")


@pytest.mark.parametrize(("family", "kind"), [(caisse, CaisseTerminal), (concert, ConcertTerminal)])
def test_nothing_of_a_card_leaves_the_driver(family, kind, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    tape = tmp_path / "terminal.tape"
    with kind(World(Scene(card=Card(last4="4111")))) as terminal:
        terminal.tells_in_clear = NUMBER
        till = Till(family, terminal, record=str(tape), answer=FASTER * PATIENCE, life=FASTER * PATIENCE)
        try:
            result = till.pay()
            terminal.script = {len(terminal.steps) + at: Fault.TWICE for at in range(20)}
            till.pay()
        finally:
            till.close()
        assert NUMBER.encode() in b"".join(terminal.log)
    assert (result.outcome, result.last4) == (Outcome.APPROVED, "4111")
    rows = [json.loads(row) for row in tape.read_text().splitlines()]
    taped = b"".join(bytes.fromhex(row["hex"]) for row in rows).decode("latin-1")
    told = "\n".join(msgspec.json.encode(event).decode() for event in till.events)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "4111" in logged
    for written in (told, logged):
        assert not [run for run in RUN.findall(written) if is_luhn(re.sub(r"\D", "", run))]
    for written in (taped, told, logged):
        assert NUMBER[:12] not in written and f"AB004{EXPIRY_DATE}" not in written
