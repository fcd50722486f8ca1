"""Two reads: when they are one pack, and what is known of it then."""

import pytest

from kiosk.barcode import Carrier, Pack
from kiosk.checkout.effects import Beep
from kiosk.checkout.events import (
    RemovePressed,
    Scanned,
)
from kiosk.checkout.session import Session
from kiosk.checkout.step import step
from kiosk.units import LineNo
from tests.checkout.fresh import (
    CREAM,
    LATER,
    MEAT,
    TOMORROW,
    YESTERDAY,
    L,
    M,
    Shop,
    counted,
    measured,
)
from tests.lane import MILK, TIN, YOGHURT

S1, S2 = {"serial": "S1"}, {"serial": "S2"}
TABLE: list[tuple[str, list[tuple[Carrier, int, dict[str, str]]], int]] = [
    ("linear, then matrix", [(L, 0, {}), (M, 400, {})], 1),
    ("matrix, then linear", [(M, 0, {}), (L, 400, {})], 1),
    ("at the very end of the second", [(L, 0, {}), (M, 1000, {})], 1),
    ("just after it", [(L, 0, {}), (M, 1001, {})], 2),
    ("linear twice", [(L, 0, {}), (L, 100, {})], 2),
    ("matrix twice", [(M, 0, {}), (M, 100, {})], 2),
    ("a scanner that does not tell", [("", 0, {}), ("", 100, {})], 2),
    ("one of two tells", [("", 0, {}), (M, 100, {})], 2),
    ("two packs, L M L", [(L, 0, {}), (M, 200, {}), (L, 200, {})], 2),
    ("two packs, L M L M", [(L, 0, {}), (M, 200, {}), (L, 200, {}), (M, 200, {})], 2),
    ("two packs, L L M M", [(L, 0, {}), (L, 200, {}), (M, 200, {}), (M, 200, {})], 2),
    ("two packs, L M M L", [(L, 0, {}), (M, 200, {}), (M, 200, {}), (L, 200, {})], 2),
    ("the oldest first: both in time", [(L, 0, {}), (L, 500, {}), (M, 400, {}), (M, 500, {})], 2),
    ("ten equal ones", [(M, 50, {})] * 10, 10),
    ("a serial twice at once", [(M, 0, S1), (M, 100, S1)], 1),
    ("a serial again much later", [(M, 0, S1), (M, 60_000, S1)], 1),
    ("two serials", [(M, 0, S1), (M, 100, S2)], 2),
    ("two serials by two kinds", [(L, 0, S1), (M, 100, S2)], 2),
    ("the serial on both sides", [(L, 0, S1), (M, 100, S1)], 1),
    ("two batches by two kinds", [(L, 0, {"batch": "A"}), (M, 100, {"batch": "B"})], 2),
    ("two dates by two kinds", [(L, 0, {"use_by": TOMORROW}), (M, 100, {"use_by": LATER})], 2),
    ("one that was here shows both sides, L first", [(M, 0, S1), (L, 9000, {}), (M, 300, S1)], 1),
    ("one that was here shows both sides, M first", [(M, 0, S1), (M, 9000, S1), (L, 300, {})], 1),
    ("and the next one is another", [(M, 0, S1), (M, 9000, S1), (L, 300, {}), (L, 300, {})], 2),
    ("its own other side before another's", [(L, 0, S1), (L, 100, {}), (L, 100, S1), (M, 100, S1)], 2),
    ("another kind after the pair", [(L, 0, {}), (M, 300, S1), (M, 300, S1), (L, 5000, {})], 2),
]


@pytest.mark.parametrize(("reads", "packs"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_how_many_packs_were_read(reads: list[tuple[Carrier, int, dict[str, str]]], packs: int) -> None:
    lane = Shop()
    for carrier, after, pack in reads:
        lane.scan(YOGHURT, carrier, after, **pack)
    assert counted(lane) == packs
    assert lane.sale.priced is not None and lane.sale.priced.gross == packs * 199
    assert len(lane.sale.bag.pending) == packs


def test_other_goods_in_between_do_not_matter() -> None:
    lane = Shop().scan(MILK, L).scan(TIN, L, 100).scan(MILK, M, 100).scan(TIN, M, 100)
    assert [(line.item, line.qty) for line in lane.sale.lines] == [(MILK, 1), (TIN, 1)]


def test_a_clock_set_back_makes_no_pair() -> None:
    lane = Shop().scan(MILK, L).scan(MILK, M, -5000)
    assert counted(lane) == 2


def test_a_line_that_was_taken_out_meanwhile_is_no_other_side() -> None:
    lane = Shop().scan(MILK, L).play(RemovePressed(LineNo(1)))
    lane.scan(MILK, M, 200)
    assert counted(lane) == 1


def test_what_the_second_side_says_comes_to_the_line_where_it_stands() -> None:
    lane = Shop().scan(MILK, L)
    lane.scan(MILK, M, 300, batch="A7", serial="S1", best_before=LATER)
    (line,) = lane.sale.lines
    assert (line.no, line.qty, line.gtin) == (1, 1, MILK.gtin)
    assert line.pack == Pack("A7", "S1", best_before=LATER)
    lane.scan(MILK, L, 8000).scan(MILK, M, 300, serial="S2")
    assert [line.pack.serial for line in lane.sale.lines] == ["S1", "S2"]


def test_one_of_several_pieces_parts_from_the_others() -> None:
    lane = Shop().scan(MILK, L, 2000).scan(MILK, L, 2000)
    lane.scan(MILK, M, 300, best_before=LATER)
    plain, dated = lane.sale.lines
    assert (plain.qty, plain.pack, dated.qty, dated.pack) == (1, Pack(), 1, Pack(best_before=LATER))
    assert sorted(thing.line for thing in lane.sale.bag.pending) == [plain.no, dated.no]
    lane.scan(MILK, L, 4000).scan(MILK, M, 300, best_before=LATER)
    assert [line.qty for line in lane.sale.lines] == [1, 2], "the second one joins the first of its kind"
    assert sorted(thing.line for thing in lane.sale.bag.pending) == [plain.no, dated.no, dated.no]


def test_a_pair_makes_one_sound_and_says_nothing() -> None:
    lane = Shop().scan(MILK, L)
    assert [deed for deed in lane.scan(MILK, M, 200).deeds if isinstance(deed, Beep)] == [Beep("scan")]
    assert lane.session.passing.notice == ""


def test_a_serial_that_is_here_is_named_kindly_and_costs_nothing() -> None:
    lane = Shop().scan(MILK, M, serial="S1").scan(TIN)
    total = lane.sale.priced
    lane.scan(MILK, M, 5000, serial="S1")
    assert lane.sale.priced == total and lane.session.passing.notice == "read_before"
    assert lane.sale.focus == 1


def test_the_same_serial_of_another_number_is_another_pack() -> None:
    lane = Shop().scan(MILK, M, serial="S1").scan(TIN, M, serial="S1")
    assert counted(lane) == 2


def test_a_label_with_its_weight_pairs_with_its_own_other_side_only() -> None:
    lane = Shop().play(Scanned(measured(500), L))
    lane.play(Scanned(measured(500, use_by=TOMORROW), M))
    assert [(line.grams, line.pack.use_by) for line in lane.sale.lines] == [(500, TOMORROW)]
    lane.play(Scanned(measured(620), L))
    assert [line.grams for line in lane.sale.lines] == [500, 620]


def test_a_side_without_the_weight_asks_for_none() -> None:
    lane = Shop().play(Scanned(measured(500), M))
    lane.scan(MEAT, L)
    assert [line.grams for line in lane.sale.lines] == [500] and lane.session.passing.panel is None
    lane = Shop().scan(MEAT, L)
    assert lane.session.passing.panel is not None and lane.session.passing.panel.name == "weigh"
    lane.play(Scanned(measured(500), M))
    assert [line.grams for line in lane.sale.lines] == [500] and lane.session.passing.panel is None


def test_a_replay_comes_to_the_same() -> None:
    lane = Shop().scan(MILK, L).scan(MILK, M, 300, serial="S1", best_before=LATER).scan(CREAM, M, 50)
    lane.scan(CREAM, L, 900).scan(CREAM, M, 80, use_by=YESTERDAY).scan(MILK, M, 10, serial="S1")
    session = Session()
    for now, fact in lane.facts:
        session, _ = step(session, fact, now)
    assert session.kept == lane.session.kept
