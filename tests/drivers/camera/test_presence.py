"""When a code counts: two frames, once, and again only after it was lost for half a second."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from drivers.camera.presence import AGREED, LOST, Presence
from drivers.camera.reads import Read

TIN = Read("EAN-13", "]E0", "4006381333931")
EGGS = Read("EAN-13", "]E0", "3017620422003")
MATRIX = Read("DataMatrix", "]d1", "4006381333931")
LOOKS = 4
PERIOD = 0.1


class Counter:
    def __init__(self) -> None:
        self.presence = Presence(LOOKS)
        self.now = 0.0
        self.counted: list[tuple[float, Read]] = []

    def show(self, *reads: Read, frames: int = 1, period: float = PERIOD) -> "Counter":
        for _ in range(frames):
            self.now += period
            self.counted += [(self.now, read) for read in self.presence.look(reads, self.now)]
        return self

    def codes(self) -> list[Read]:
        return [read for _, read in self.counted]


def test_one_frame_is_not_enough() -> None:
    assert Counter().show(TIN).show(frames=20).show(EGGS).codes() == []


def test_two_frames_count_once_however_long_it_is_shown() -> None:
    assert Counter().show(TIN, frames=100).codes() == [TIN]


def test_a_frame_between_them_may_miss_it() -> None:
    assert Counter().show(TIN).show().show(TIN).codes() == [TIN]


def test_a_code_twice_on_one_frame_is_one_frame() -> None:
    assert Counter().show(TIN, Read("UPC-A", "]E0", TIN.text)).codes() == []


def test_ten_equal_yoghurts_are_ten() -> None:
    counter = Counter()
    for _ in range(10):
        counter.show(TIN, frames=4).show(frames=7)
    assert counter.codes() == [TIN] * 10


def test_less_than_half_a_second_of_absence_is_none() -> None:
    assert Counter().show(TIN, frames=3).show(frames=4).show(TIN, frames=3).codes() == [TIN]


def test_a_code_that_one_stage_of_many_reads_is_not_lost_before_that_had_its_turn_twice() -> None:
    counter = Counter().show(TIN, frames=2, period=0.3)
    counter.show(frames=LOOKS - 1, period=0.3).show(TIN, frames=2)
    assert counter.codes() == [TIN]


def test_linear_and_matrix_of_one_number_are_two_reads() -> None:
    assert Counter().show(TIN, MATRIX, frames=3).codes() == [TIN, MATRIX]


def test_while_nothing_moves_nothing_is_lost() -> None:
    counter = Counter().show(TIN, frames=3)
    for _ in range(100):
        counter.now += PERIOD
        counter.presence.still(counter.now)
    assert counter.show(TIN, frames=3).codes() == [TIN]
    assert counter.show(frames=6).show(TIN, frames=3).codes() == [TIN, TIN]


def test_what_was_lost_before_the_scene_came_to_rest_stays_lost() -> None:
    counter = Counter().show(TIN, frames=3).show(frames=7)
    counter.presence.still(counter.now)
    assert counter.show(TIN, frames=2).codes() == [TIN, TIN]


def test_a_pause_of_the_camera_is_no_absence() -> None:
    counter = Counter().show(TIN, frames=3)
    counter.now += 60
    counter.presence.resumed(counter.now)
    assert counter.show(TIN, frames=3).codes() == [TIN]


def test_a_hiccup_of_the_camera_is_no_absence() -> None:
    counter = Counter().show(TIN, frames=3)
    counter.now += 2 * LOST
    assert counter.show(TIN, frames=3).codes() == [TIN]


@given(st.lists(st.tuples(st.sets(st.sampled_from([TIN, EGGS, MATRIX])), st.floats(0.01, 1)), max_size=60))
def test_whatever_is_shown(frames: list[tuple[set[Read], float]]) -> None:
    """Each count needs two frames that show the code, and half a second without it since the count before."""
    counter = Counter()
    shown: dict[Read, list[float]] = {}
    for reads, period in frames:
        counter.show(*reads, period=period)
        for read in reads:
            shown.setdefault(read, []).append(counter.now)
    for code in (TIN, EGGS, MATRIX):
        times = shown.get(code, [])
        since = 0.0
        for count in [time for time, read in counter.counted if read == code]:
            seen = [time for time in times if since < time <= count]
            assert len(seen) >= AGREED
            if since:
                last = [since, *seen[: -AGREED + 1]]
                assert max(b - a for a, b in pairwise(last)) >= LOST
            since = count
