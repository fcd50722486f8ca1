"""The slots, one rule at a time."""

import pytest
from msgspec.structs import replace

from kiosk.update.release import Formats
from kiosk.update.slots import (
    Activate,
    Asked,
    Bar,
    Commit,
    Committed,
    Doubted,
    Event,
    Failure,
    Healthy,
    NotWritten,
    Offered,
    Refuse,
    Restart,
    Slot,
    Slots,
    Started,
    State,
    Told,
    Unhealthy,
    Write,
    Written,
    formats_refused,
    may_switch,
    step,
)
from kiosk.wire.releases import order
from tests.update.test_any_order import offered, status

FIRST = Started("a", "boot 1", "1.0")


def after(*events: Event, slots: Slots | None = None) -> Slots:
    slots = slots or Slots("a")
    for event in events:
        slots, _ = step(slots, event)
    return slots


def why(slots: Slots, event: Event) -> str:
    same, orders = step(slots, event)
    assert same == slots and len(orders) == 1 and isinstance(orders[0], Refuse)
    return orders[0].why


FRESH = after(FIRST)
WAITING = after(offered("1.1"), Written(), slots=FRESH)
CHOSEN = after(Asked(status()), slots=WAITING)
TRIED = after(Started("b", "boot 2", "1.1"), slots=CHOSEN)
PROVED = after(Committed(), slots=TRIED)


def test_the_way_of_a_good_release() -> None:
    assert (FRESH.running, FRESH.a, FRESH.floor) == ("a", Slot(State.GOOD, "1.0"), "1.0")
    assert step(FRESH, offered("1.1"))[1] == (Write("b"),)
    assert WAITING.b == Slot(State.WRITTEN, "1.1")
    assert step(WAITING, Asked(status()))[1] == (Activate("b"), Restart(trying=True))
    assert CHOSEN.b.state is State.TRYING
    assert (TRIED.running, TRIED.b.state, TRIED.a.state) == ("b", State.UNPROVEN, State.GOOD)
    assert step(TRIED, Healthy())[1] == (Commit("b"),)
    assert (PROVED.b.state, PROVED.a.state, PROVED.floor) == (State.GOOD, State.GOOD, "1.1")


def test_a_release_that_does_not_sell_is_left_and_the_reason_is_kept_until_it_is_told() -> None:
    sick, orders = step(TRIED, Unhealthy("no frame for 40 s"))
    assert orders == (Bar("b"), Restart(trying=False)), "it does not wait until its tries are used up"
    slots, orders = step(sick, Started("a", "boot 3", "1.0"))
    assert orders == (Bar("b"),)
    assert (slots.running, slots.a.state, slots.b.state) == ("a", State.GOOD, State.BAD)
    assert slots.failures == (Failure("1.1", "no frame for 40 s"),)
    assert slots.floor == "1.0"
    told = after(Told("1.1"), slots=slots)
    assert told.failures == (Failure("1.1", "no frame for 40 s", told=True),)
    assert "1.1 has failed here before: no frame" in why(told, offered("1.1"))
    assert step(told, offered("1.1", again=True))[1] == (Write("b"),)
    assert step(told, offered("1.2"))[1] == (Write("b"),)


def test_a_release_that_never_came_up_is_left_as_well() -> None:
    slots = after(Started("a", "boot 2", "1.0"), slots=CHOSEN)
    assert slots.b.state is State.BAD and "did not get as far" in slots.failures[0].why


def test_what_was_doubted_is_told_of_a_release_that_used_up_its_tries() -> None:
    doubted, orders = step(TRIED, Doubted("it does not answer"))
    assert orders == () and doubted.b.state is State.UNPROVEN, "it may still get well"
    left = after(Started("b", "boot 3", "1.1"), Started("a", "boot 4", "1.0"), slots=doubted)
    assert left.failures == (Failure("1.1", "it does not answer"),) and left.why == ""
    assert after(Committed(), slots=doubted) == PROVED


def test_a_release_that_has_proved_itself_is_not_left_for_a_bad_day() -> None:
    assert step(PROVED, Unhealthy("no frame for 40 s")) == (PROVED, ())
    assert step(PROVED, Doubted("no frame for 40 s")) == (PROVED, ())


def test_a_second_try_is_no_failure_yet() -> None:
    assert after(Started("b", "boot 3", "1.1"), slots=TRIED).b.state is State.UNPROVEN


def test_the_same_start_is_looked_at_once() -> None:
    assert step(CHOSEN, FIRST) == (CHOSEN, ())


def test_half_a_release_is_none() -> None:
    half = after(offered("1.1"), slots=FRESH)
    assert half.b.state is State.WRITING
    assert after(Started("a", "boot 2", "1.0"), slots=half).b == Slot()
    assert after(NotWritten(), slots=half).b == Slot()
    assert "no release is waiting" in why(half, Asked(status()))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (offered("1.1", development=True), "development key"),
        (replace(offered("1.1"), compatible="kiosk-arm64"), "for kiosk-amd64, and this is kiosk-arm64"),
        (offered("1.0"), "what runs"),
        (offered("1.0.0"), "what runs"),
        (offered("0.9"), "older than 1.0"),
    ],
)
def test_what_is_refused(event: Offered, words: str) -> None:
    assert words in why(FRESH, event)


def test_a_bench_takes_its_own_keys() -> None:
    event = replace(offered("1.1", development=True), bench=True)
    assert step(FRESH, event)[1] == (Write("b"),)


def test_the_floor_rises_and_only_a_signed_recovery_gets_below_it() -> None:
    newer = after(offered("1.10"), Written(), Asked(status()), Started("b", "boot 2", "1.10"), slots=FRESH)
    newer = after(Committed(), slots=newer)
    assert "older than 1.10" in why(newer, offered("1.9"))
    back = after(
        offered("1.9", recovery=True),
        Written(),
        Asked(status()),
        Started("a", "boot 3", "1.9"),
        slots=newer,
    )
    assert back.floor == "1.10", "not before it has proved itself"
    assert after(Committed(), slots=back).floor == "1.9"


def test_nothing_is_written_over_the_way_back() -> None:
    assert "way back" in why(TRIED, offered("1.2"))
    assert "chosen for the next start" in why(CHOSEN, offered("1.2"))


def test_sales_that_were_not_sent_hold_nothing_up_and_shoppers_do() -> None:
    assert may_switch(status()) == ""
    assert may_switch(status(basket=True)) == "a basket is open"
    assert "payments" in may_switch(status(unresolved=1))
    assert "papers" in may_switch(status(unprinted=2))
    assert "does not answer" in may_switch(None)
    assert why(WAITING, Asked(status(basket=True))) == "a basket is open"
    assert why(CHOSEN, Asked(status(basket=True))) == "a basket is open"


def test_by_hand_back_to_the_release_before() -> None:
    slots, orders = step(PROVED, Asked(status(), back=True))
    assert orders == (Activate("a"), Restart(trying=True)) and slots.b.state is State.GOOD
    old = after(Started("a", "boot 3", "1.0"), Committed(), slots=slots)
    assert (old.running, old.a.state, old.floor, old.failures) == ("a", State.GOOD, "1.1", ())
    assert why(FRESH, Asked(status(), back=True)) == "there is no release before"


def test_by_hand_back_from_one_that_has_not_proved_itself() -> None:
    slots, orders = step(TRIED, Asked(status(), back=True))
    assert orders == (Bar("b"), Restart(trying=False)) and slots.a.state is State.GOOD
    old = after(Started("a", "boot 3", "1.0"), slots=slots)
    assert old.failures == (Failure("1.1", "taken back by hand"),)


@pytest.mark.parametrize(
    ("coming", "reads", "journal", "words"),
    [
        (Formats(1, 2, 2), Formats(1, 2, 2), 2, ""),
        (Formats(2, 3, 2), Formats(1, 2, 2), 2, ""),
        (Formats(2, 3, 3), Formats(1, 2, 2), 2, "could not read after a way back"),
        (Formats(2, 3, 3), Formats(2, 3, 2), 2, ""),
        (Formats(3, 3, 3), Formats(2, 3, 3), 2, "has format 2, and it reads 3 to 3"),
        (Formats(1, 1, 1), Formats(1, 2, 2), 2, "has format 2, and it reads 1 to 1"),
        (Formats(2, 3, 3), Formats(2, 3, 2), 0, ""),
    ],
)
def test_the_old_slot_reads_what_the_new_one_writes(
    coming: Formats, reads: Formats, journal: int, words: str
) -> None:
    assert words in (formats_refused(coming, reads, journal) or "")
    assert bool(formats_refused(coming, reads, journal)) is bool(words)


def test_a_release_reads_what_it_writes() -> None:
    with pytest.raises(ValueError, match="read what it writes"):
        Formats(1, 2, 3)


def test_versions_come_by_number() -> None:
    assert order("1.10") > order("1.9.9") > order("1.9") == order("1.9.0")
    with pytest.raises(ValueError, match=r"such as 1\.4\.0"):
        order("1.0-rc1")
