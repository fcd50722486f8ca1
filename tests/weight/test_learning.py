"""What the check learns from the visits of a lane, and what never teaches: a lie, an approval, a wrong end."""

import pytest

from kiosk.weight.talk import BasketEnd, Void
from tests.weight.lane import Lane


@pytest.fixture
def lane():
    return Lane().visit()


def weighs(lane, item, grams):
    """One of `grams` is put down, and what she is asked answered; what was decided in the end, at the payment."""
    lane.visit()
    lane.scan(item)
    lane.put(grams)
    said = lane.pay()
    while said == "wait":
        said = lane.tick()
    if said == "ask":
        lane.press("fine")
        said = lane.pay()
    lane.leave()
    return said, "ask" not in lane.said


def known(lane, item):
    """What is known of an item's weight."""
    return lane.judge.known(item)


def test_a_wrong_catalogue_is_put_right_by_the_first_visits():
    """500 g it says, 560 g they are: then 560 g are as usual, and 480 g are not."""
    lane = Lane()
    assert [weighs(lane, "cheap", grams) for grams in (561, 559, 560)] == [("ok", True)] * 3
    assert known(lane, "cheap").sums.mean == pytest.approx(560, abs=3)
    lane.visit()
    lane.scan("cheap")
    assert lane.put(480) == "wait"


def test_a_new_pack_opens_an_epoch_and_the_old_one_is_still_accepted():
    lane = Lane()
    before = known(lane, "tin")
    assert {weighs(lane, "tin", 445)[0] for _ in range(6)} == {"ok"}
    after = known(lane, "tin")
    assert (after.epoch, after.older) == (before.epoch + 1, before.sums)
    assert after.sums.mean == pytest.approx(445, abs=3)
    assert weighs(lane, "tin", 445) == weighs(lane, "tin", 400) == ("ok", True)


def test_twice_is_not_enough_for_a_new_pack():
    lane = Lane()
    before = known(lane, "tin")
    weighs(lane, "tin", 445)
    weighs(lane, "tin", 445)
    assert (known(lane, "tin").epoch, known(lane, "tin").sums) == (before.epoch, before.sums)


def swapped_with_a_lie(lane, label, grams):
    """Another thing is put down for what was scanned; the card is answered with a lie."""
    lane.visit()
    lane.scan(label)
    said = lane.put(grams)
    if said != "ok":
        lane.until_asked()
        assert lane.press("fine") in ("ok", "wait")
    lane.pay()
    lane.leave()
    return said


@pytest.mark.parametrize(("label", "grams"), [("tin", 520), ("jar", 820), ("yoghurt", 200)])
def test_her_word_alone_moves_no_belief(label, grams):
    """A lie about a swap is remembered at most as a pack that may be coming; it takes three that agree to be one."""
    lane = Lane()
    before = known(lane, label)
    said = []
    for _ in range(2):
        said.append(swapped_with_a_lie(lane, label, grams))
        after = known(lane, label)
        assert (after.epoch, after.sums, after.older) == (before.epoch, before.sums, before.older)
    assert said[0] == "wait"


def test_what_a_colleague_waves_through_teaches_nothing():
    lane = Lane()
    before = known(lane, "tin")
    for _ in range(5):
        lane.visit()
        lane.scan("tin")
        lane.put(1_300)
        lane.until_asked()
        lane.press("fine")
        lane.staff()
        lane.pay()
        lane.leave()
    assert known(lane, "tin") == before


def test_what_is_wrong_to_the_end_teaches_nothing():
    lane = Lane()
    before = known(lane, "yoghurt")
    for _ in range(5):
        lane.visit()
        lane.scan("yoghurt")
        lane.put(1_250)
        lane.tick()
        lane.tick()
        lane.tell(BasketEnd(lane.number))
    assert known(lane, "yoghurt") == before


def test_things_put_down_together_teach_nothing(lane):
    before = known(lane, "tin"), known(lane, "jar")
    lane.scan("tin")
    lane.scan("jar")
    lane.put(1_106)
    lane.pay()
    lane.leave()
    assert (known(lane, "tin"), known(lane, "jar")) == before


def test_what_was_removed_from_the_basket_teaches_nothing(lane):
    before = known(lane, "tin")
    lane.buy("tin")
    lane.take(400)
    lane.tell(Void(1))
    lane.pay()
    lane.leave()
    assert known(lane, "tin") == before


def test_one_thing_put_down_alone_teaches(lane):
    before = known(lane, "tin")
    lane.scan("tin")
    lane.put(405)
    lane.pay()
    lane.leave()
    assert known(lane, "tin").sums.n == before.sums.n + 1
    assert known(lane, "tin").sums.sum == before.sums.sum + 405
