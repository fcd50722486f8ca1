"""What shoppers pick by name is counted by hour of the week, in the commit that closes the sale."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.records import ClosedSale
from kiosk.journal import Commit, Journal
from kiosk.journal.picked import DAY, HALVED, HOUR, WEEK, hour_of, ranked, weight
from kiosk.units import Gtin, ItemId, Millis
from tests.shop import item, sale

MONDAY_NOON = Millis(1_780_315_200_000)  # 2026-06-01, 12:00 UTC


def sold(number: int, at: int, *items: int, scanned: bool = False, training: bool = False) -> ClosedSale:
    one = sale(f"0187-4-{number}")
    line = one.lines[0]
    code = Gtin(4006381333931) if scanned else None
    lines = tuple(replace(line, item=item(each), gtin=code) for each in items)
    return replace(one, number=number, ended=Millis(at), lines=lines, training=training)


def commit(journal: Journal, one: ClosedSale) -> None:
    journal.commit(Commit(one.ended, (), (one,))).result()


def opened(path: Path, source: str = "ours") -> Journal:
    journal = Journal(path / "j.db")
    journal.source = source
    return journal


def test_what_was_picked_at_this_hour_comes_first_and_survives_a_restart(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    evening = MONDAY_NOON + 7 * HOUR
    for number, (at, *items) in enumerate(
        [(MONDAY_NOON, 1, 2), (MONDAY_NOON, 1), (evening, 3), (evening, 3), (evening + DAY * HOUR, 3, 4)], 1
    ):
        commit(journal, sold(number, at, *items))
    journal.close()
    journal = opened(tmp_path)
    assert journal.picked(MONDAY_NOON) == (1, 2, 3, 4)
    assert journal.picked(Millis(evening)) == (3, 4, 1, 2)
    journal.close()


def test_what_is_scanned_and_practised_is_not_counted(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    commit(journal, sold(1, MONDAY_NOON, 1, scanned=True))
    commit(journal, sold(2, MONDAY_NOON, 2, training=True))
    commit(journal, sold(3, MONDAY_NOON, 0))
    assert journal.picked(MONDAY_NOON) == ()
    journal.close()


def test_another_catalogue_has_other_ids_and_begins_anew(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    commit(journal, sold(1, MONDAY_NOON, 1))
    journal.source = "theirs"
    assert journal.picked(MONDAY_NOON) == ()
    commit(journal, sold(2, MONDAY_NOON, 2))
    assert journal.picked(MONDAY_NOON) == (2,)
    journal.close()


def test_last_summers_fruit_goes(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    for number in (1, 2):
        commit(journal, sold(number, MONDAY_NOON, 1))
    commit(journal, sold(3, MONDAY_NOON, 5))
    later = MONDAY_NOON + HALVED * HOUR
    commit(journal, sold(4, later, 2))
    assert journal.picked(Millis(later)) == (1, 2)
    commit(journal, sold(5, later + HALVED * HOUR, 2))
    assert journal.picked(Millis(later)) == (2,)
    journal.close()


@given(st.integers(0, WEEK - 1), st.integers(0, WEEK - 1))
def test_the_same_hour_counts_most_and_the_same_day_of_the_week_more(hour: int, now: int) -> None:
    assert 1 <= weight(hour, now) == weight(now, hour) <= weight(now, now)
    assert weight((hour + DAY) % WEEK, now) >= 1
    assert weight(now, now) > weight((now + DAY) % WEEK, now) > weight((now + 12) % WEEK, now) == 1


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, WEEK - 1), st.integers(1, 9))),
    st.integers(0, WEEK - 1),
)
def test_the_order_does_not_hang_on_the_order_of_counting(
    counts: list[tuple[int, int, int]], now: int
) -> None:
    assert ranked(counts, now) == ranked(reversed(counts), now)
    assert set(ranked(counts, now)) == {ItemId(one[0]) for one in counts}


def test_hours_begin_in_1970() -> None:
    assert hour_of(MONDAY_NOON) % DAY == 12
