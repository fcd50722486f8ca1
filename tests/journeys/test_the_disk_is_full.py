"""The journal's disk takes no more: nothing is shown as accepted, nothing is lost, and it goes on afterwards."""

import resource
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.checkout.session import Finishing, Health, Session
from kiosk.journal import wal
from tests.journeys.rig import CARD, STAMPS, Journey
from tests.lane import EGGS, MILK

LOG_HEAD, FRAME_HEAD = 32, 24
"""Bytes: SQLite's file format, 4.1 and 4.2."""


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """This process writes nowhere beyond what the journal's log holds now (the index beside it says how much)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    page, frames = struct.unpack_from("=HI", (folder / "journal.db-shm").read_bytes(), 14)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LOG_HEAD + frames * (FRAME_HEAD + page), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def storage(health: Health) -> object:
    def seen(session: Session) -> bool:
        return any(d.name == "storage" and d.health is health for d in session.passing.devices)

    return seen


def test_a_scan_is_not_accepted_and_the_lane_says_so(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(EGGS)
        with full(tmp_path):
            journey.lane.scanner.scan(f"{MILK.gtin:013d}")
            journey.until(storage(Health.FAULT), "the disk to be missed")
            journey.until_says("No more products here, for now")
            assert not journey.says(MILK.name)
            assert journey.pieces(journey.session, MILK) == 0
            journey.press("pay")
            journey.until_says("A colleague comes. Your basket is kept.")
        journey.until(storage(Health.READY), "the disk to be back")
        journey.buy(MILK)
        journey.pay_by_card(CARD)
        assert journey.sold == [454]
        assert journey.charged == 454


def test_the_attract_page_closes_and_opens_again(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        with full(tmp_path):
            journey.lane.scanner.scan(f"{MILK.gtin:013d}")
            journey.until(storage(Health.FAULT), "the disk to be missed")
            journey.until_page("start")
            journey.until_says("Please use another checkout.")
        journey.until(storage(Health.READY), "the disk to be back")
        journey.buy(MILK)
        journey.stop()
        journey.start()
        assert journey.pieces(journey.session, MILK) == 1
        assert journey.session.kept.sales == 1
        journey.devices_ready()
        journey.finish()
        assert journey.sold == [125]


@pytest.mark.parametrize("moment", ["say 04 0f", "say 06 0f"])
def test_money_that_moved_while_the_disk_was_full_is_not_forgotten(moment: str, tmp_path: Path) -> None:
    with Journey(tmp_path, terminal="commit = 3.0\nissue = 6") as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.ask_for_card()
        limit = full(tmp_path)

        def step(said: str) -> None:
            if said == moment:
                journey.lane.terminal.on_step = lambda said: None
                limit.__enter__()

        journey.lane.terminal.on_step = step
        journey.present()
        try:
            journey.until(storage(Health.FAULT), "the disk to be missed")
            assert journey.sold == []
        finally:
            limit.__exit__(None, None, None)
        journey.until_phase(Finishing)
        assert journey.sold == [119]
        assert journey.charged == 119


def test_the_disk_is_nearly_full_and_the_basket_that_has_begun_is_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        with monkeypatch.context() as little:
            little.setattr(wal, "ROOM", 1 << 62)
            journey.finish()
            assert journey.sold == [125]
            journey.until_page("start")
            journey.lane.scanner.scan(f"{EGGS.gtin:013d}")
            journey.until(storage(Health.FAULT), "the disk to be missed")
            journey.until_says("Please use another checkout.")
        journey.until(storage(Health.READY), "the disk to be back")
        journey.buy(EGGS)
