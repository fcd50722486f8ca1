"""A German lane: the TSE on the wire signs each sale after its commit, and nothing but paper waits for it."""

from pathlib import Path

import pytest

from drivers.simulated.tse import Chip, TsePeer
from kiosk.checkout.records import Signed
from kiosk.checkout.session import Session
from kiosk.commands.fiscal import ledger
from kiosk.fiscal.qr import read, why_not_genuine
from tests.journeys.rig import CARD, Journey
from tests.lane import MILK


def german(peer: TsePeer, wait: int = 20_000) -> str:
    """The table of a TSE for the tax codes of the tests' shop."""
    return f"""
[fiscal]
wait = {wait}
[fiscal.device]
model = "tse"
port = "{peer.port}"
client = "0187-4"
within = 60
tax_keys = {{ R = 2, N = 1 }}
"""


def codes(journey: Journey) -> list[str]:
    return [
        mark.text
        for paper in journey.lane.printer.papers
        for mark in paper.marks
        if getattr(mark, "text", "").startswith("V0;")
    ]


def nothing_awaited(session: Session) -> bool:
    return not session.kept.fiscal


@pytest.fixture
def chip() -> Chip:
    return Chip(key=11)


def test_sold_signed_and_printed_with_its_code(tmp_path: Path, chip: Chip) -> None:
    with TsePeer(chip) as peer, Journey(tmp_path, link=german(peer)) as journey:  # type: ignore[attr-defined]
        journey.devices_ready()
        journey.buy(MILK)
        journey.pay_by_card(CARD)
        journey.print()
        (code,) = codes(journey)
    said = read(code)
    assert why_not_genuine(said) == "" and said.process_data == "Beleg^0.00_1.25_0.00_0.00_0.00^1.25:Unbar"
    assert [name.split("_")[5] for name in chip.log] == ["Start", "Finish"]
    (signed,) = [each for _, each in ledger(tmp_path / "journal.db") if isinstance(each, Signed)]
    assert signed.signature.signature == said.signature


def test_a_device_that_is_out_stops_nobody_and_is_on_paper_and_record(tmp_path: Path, chip: Chip) -> None:
    with TsePeer(chip) as peer, Journey(tmp_path, link=german(peer)) as journey:  # type: ignore[attr-defined]
        journey.devices_ready()
        peer.service.out = True  # type: ignore[attr-defined]
        journey.buy(MILK)
        journey.pay_by_card(CARD)
        journey.print()
        (paper,) = journey.lane.printer.papers
        assert "TSE ausgefallen" in paper.text and not codes(journey)
    assert chip.counter == 0 or not any("Finish" in name for name in chip.log)


def test_killed_before_the_answer_and_signed_once(tmp_path: Path, chip: Chip) -> None:
    with TsePeer(chip) as peer, Journey(tmp_path, link=german(peer)) as journey:  # type: ignore[attr-defined]
        journey.devices_ready()
        journey.buy(MILK)
        peer.faults.half_open = True
        journey.pay_by_card(CARD)
        journey.stop()
        peer.faults.half_open = False
        journey.start()
        journey.until(nothing_awaited, "a signature")
        journey.print()
        (code,) = codes(journey)
    assert why_not_genuine(read(code)) == ""
    assert sum("Finish" in name for name in chip.log) == 1
