"""The time of day that a lane goes by: never before what has happened, never a month on at once, and still in order."""

from kiosk.loop.clock import AHEAD, BEHIND, DAY, EARLIEST, Clock

NOON = 1_795_950_000_000


class Board:
    """A board whose two clocks are told."""

    def __init__(self, wall: int) -> None:
        self.wall, self.steady = wall, 5_000

    def clock(self, newest: int = 0) -> Clock:
        return Clock(newest, lambda: self.wall, lambda: self.steady)

    def passes(self, millis: int) -> None:
        self.wall += millis
        self.steady += millis


def test_a_right_clock_is_followed() -> None:
    board = Board(NOON)
    clock = board.clock(NOON - 3 * DAY)
    assert clock.now() == NOON and clock.believed and clock.detail == ""
    board.passes(60_000)
    assert clock.now() == NOON + 60_000


def test_a_board_that_wakes_in_1970_goes_on_from_its_books() -> None:
    board = Board(0)
    clock = board.clock(NOON)
    assert clock.now() == NOON and not clock.believed
    board.passes(10_000)
    assert clock.now() == NOON + 10_000, "sales keep their order"
    assert clock.detail == f"{NOON // DAY} days behind"
    board.wall = NOON + 2 * DAY
    assert clock.now() == board.wall and clock.believed, "the network has told it"


def test_a_new_lane_believes_any_time_but_one_before_its_software() -> None:
    assert Board(NOON + 900 * DAY).clock().believed
    clock = Board(0).clock()
    assert clock.now() == EARLIEST and not clock.believed


def test_small_corrections_are_followed_both_ways() -> None:
    board = Board(NOON)
    clock = board.clock(NOON)
    board.wall -= BEHIND
    assert clock.now() == NOON - BEHIND and clock.believed
    board.wall += AHEAD
    assert clock.now() == board.wall and clock.believed


def test_set_back_by_an_hour_it_is_not_followed_and_set_right_again_it_is() -> None:
    board = Board(NOON)
    clock = board.clock(NOON)
    board.wall -= 3_600_000
    assert clock.now() == NOON and clock.detail == "1 h 0 min behind"
    board.wall += 3_600_000
    assert clock.now() == NOON and clock.believed


def test_a_year_ahead_is_not_followed_until_somebody_says_that_it_is_right() -> None:
    board = Board(NOON + 365 * DAY)
    clock = board.clock(NOON)
    assert clock.now() == NOON and clock.detail == "365 days ahead"
    board.passes(DAY)
    assert clock.now() == NOON + DAY
    clock.trust()
    assert clock.now() == board.wall and clock.believed
