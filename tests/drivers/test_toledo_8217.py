"""The Toledo 8217 on the wire: what it says is believed, what it does not say is never a weight."""

import random
from contextlib import closing, suppress
from decimal import Decimal
from itertools import cycle, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.line import LineLost, masked
from drivers.scales.config import Toledo8217 as Config
from drivers.scales.frames import BadFrame, Frame, Status, Weight
from drivers.scales.models import driver, worker
from drivers.scales.toledo_8217 import PROFILES, decode
from drivers.simulated.balance import Make
from drivers.simulated.scale_8217 import Mechanism
from drivers.simulated.world import World
from kiosk.checkout import effects
from kiosk.checkout.events import Event, WeightSettled
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Health, LiveWeight, Reading
from tests.drivers.rig import FlyClock, Orders, Rig

TAPES = Path(__file__).resolve().parent.parent / "tapes"
CONFIG = Config(port="socket://127.0.0.1:1")


class Lane:
    """A bag scale with its driver, and the world that it stands in."""

    def __init__(self, config: Config = CONFIG, **make: object) -> None:
        self.world = World()
        self.rig = Rig(lambda data: self.mechanism.answer(data))
        self.mechanism = Mechanism(self.world, "bag", Make(**make), self.rig.clock.now)
        self.scale = driver("bag", config)

    def at(self, time: float, **scene: object) -> None:
        self.rig.clock.at(time, lambda: self.world.change(**scene))

    def run(self, seconds: float) -> LineLost | None:
        return self.rig.run(self.scale, seconds)

    @property
    def readings(self) -> list[LiveWeight]:
        return [event.live for event in self.rig.said(ScaleRead)]

    @property
    def settled(self) -> list[tuple[int, int]]:
        return [(event.before, event.after) for event in self.rig.said(WeightSettled)]


def test_a_tin_is_put_down():
    lane = Lane()
    lane.at(2, bag=412)
    lane.run(5)
    assert lane.readings == [
        LiveWeight(Reading.MOVING),
        LiveWeight(Reading.ZERO),
        LiveWeight(Reading.MOVING),
        LiveWeight(Reading.WEIGHT, 410),
    ]
    assert lane.settled == [(0, 0), (0, 410)]
    first = lane.rig.said(DeviceSeen)[0]
    assert first.device.health is Health.READY


def test_what_is_taken_away_is_settled_too():
    lane = Lane()
    lane.world.change(bag=1000)
    lane.at(2, bag=400)
    lane.run(5)
    assert lane.settled == [(1000, 1000), (1000, 400)]


@pytest.mark.parametrize(
    ("grams", "reading"), [(16_000, Reading.OVERLOADED), (-100, Reading.BELOW_ZERO), (20, Reading.WEIGHT)]
)
def test_what_is_no_weight_is_visible_and_settles_nothing(grams, reading):
    lane = Lane()
    lane.at(2, bag=grams)
    lane.run(5)
    assert lane.readings[-1].reading is reading
    assert lane.settled[1:] == ([(0, 20)] if reading is Reading.WEIGHT else [])


@pytest.mark.parametrize("size", range(1, 9))
def test_an_answer_cut_at_every_byte_is_whole(size):
    lane = Lane()
    lane.world.change(bag=1250)
    lane.rig.through = lambda answer: [answer[:size], answer[size:]]
    lane.run(3)
    assert lane.readings[-1] == LiveWeight(Reading.WEIGHT, 1250)


def test_of_glued_answers_the_last_counts():
    lane = Lane()
    lane.world.change(bag=1250)
    lane.rig.through = lambda answer: [b"\x0200.005\r" + answer]
    lane.run(3)
    assert LiveWeight(Reading.WEIGHT, 5) not in lane.readings
    assert lane.readings[-1] == LiveWeight(Reading.WEIGHT, 1250)


def test_a_late_answer_is_thrown_away_before_the_next_question():
    lane = Lane()
    lane.world.change(bag=1250)
    lane.rig.clock.at(2.01, lambda: lane.rig.say(b"\x0209.000\r"))
    lane.run(4)
    assert LiveWeight(Reading.WEIGHT, 9000) not in lane.readings


def test_garbage_is_no_weight_and_the_next_poll_is():
    lane = Lane()
    lane.world.change(bag=1250)
    answers = iter([[b"\x00\xff\x7f\x80"], [b"\x0201.2"], [b"\r\r\r"], [b"\x02?\r"]])
    lane.rig.through = lambda answer: next(answers, [answer])
    lane.run(3)
    assert lane.readings[-1] == LiveWeight(Reading.WEIGHT, 1250)


def test_silence_is_stale_after_one_second_and_lost_after_three():
    lane = Lane()
    lane.world.change(bag=1250)
    lane.rig.clock.at(5, lambda: setattr(lane.rig, "through", lambda answer: []))
    assert lane.run(20) is not None
    times = {event.live.reading: time for time, event in lane.rig.events if isinstance(event, ScaleRead)}
    assert 5.9 <= times[Reading.STALE] <= 6.3
    assert 7.9 <= times[Reading.ABSENT] <= 9.2


def test_an_unplugged_scale_is_absent_at_once_even_in_mid_frame():
    lane = Lane()
    lane.world.change(bag=1250)

    def unplug() -> None:
        lane.rig.through = lambda answer: [answer[:4]]
        lane.rig.clock.at(lane.rig.clock.time + 0.2, lane.rig.unplug)

    lane.rig.clock.at(5, unplug)
    assert lane.run(20) is not None
    assert lane.readings[-1] == LiveWeight(Reading.ABSENT)
    assert lane.rig.clock.time < 6


def test_a_weight_counts_once_it_was_said_twice():
    lane = Lane()
    lane.world.change(bag=1250)
    answers = iter([[b"\x0201.350\r"], [b"\x0201.450\r"]])
    lane.rig.through = lambda answer: next(answers, [answer])
    lane.run(4)
    assert lane.readings == [LiveWeight(Reading.MOVING), LiveWeight(Reading.WEIGHT, 1250)]


def test_a_weight_between_two_divisions_flickers_and_settles_all_the_same():
    lane = Lane()
    answers = cycle([[b"\x0200.410\r"], [b"\x0200.415\r"]])
    lane.rig.clock.at(2, lambda: setattr(lane.rig, "through", lambda answer: next(answers)))
    lane.run(5)
    assert lane.readings[-1].grams in (410, 415)
    assert lane.settled == [(0, 0), (0, 410)]


def test_the_reason_of_silence_is_told():
    rig = Rig(lambda data: [b"\x0202.35\r"] * data.count(b"W"))
    lost = rig.run(driver("bag", CONFIG), 20)
    assert str(lost) == "no valid answer for 3 s: the scale speaks lb"


def test_no_wrong_weight_through_noise():
    """1 % of bytes are others, for 20,000 polls: every weight shown lies there, every level settles."""
    chance = random.Random(7)
    lane = Lane(settle=0.1)
    levels = [(0.0, 0)]

    def place() -> None:
        levels.append((lane.rig.clock.time, 10 * chance.randrange(1500)))
        lane.world.change(bag=levels[-1][1])

    for time in range(10, 2500, 10):
        lane.rig.clock.at(time, place)
    lane.rig.through = lambda answer: [
        bytes(chance.randrange(256) if chance.random() < 0.01 else byte for byte in answer)
    ]
    assert lane.run(2500) is None
    shown = [(t, e.live.grams) for t, e in lane.rig.events if isinstance(e, ScaleRead) and e.live.grams]
    assert len(shown) >= 249
    for time, grams in shown:
        assert grams == max(level for level in levels if level[0] <= time)[1]
    grams = [level[1] for level in levels]
    assert lane.settled == [
        (0, 0),
        *((a, b) for a, b in pairwise(grams) if a != b),
    ]


def test_a_tape_of_an_independent_simulator():
    """emupos 0.4.0 over a pty: 0, 1250 g, 1253 g after moving, 16 kg on 15 kg, -100 g, 0."""
    clock = FlyClock()
    config = Config(port=f"tape://{TAPES / 'toledo_8217_emupos.jsonl'}", rate=4)
    events: list[Event] = []
    driver = worker("bag", config, events.append, clock).driver
    with closing(config.open(masked, clock)) as line, pytest.raises(LineLost, match="closed by"):
        driver.run(line, Orders(clock), events.append)
    assert [event.live for event in events if isinstance(event, ScaleRead)] == [
        LiveWeight(Reading.MOVING),
        LiveWeight(Reading.ZERO),
        LiveWeight(Reading.MOVING),
        LiveWeight(Reading.WEIGHT, 1250),
        LiveWeight(Reading.MOVING),
        LiveWeight(Reading.WEIGHT, 1255),
        LiveWeight(Reading.OVERLOADED),
        LiveWeight(Reading.BELOW_ZERO),
        LiveWeight(Reading.MOVING),
        LiveWeight(Reading.ZERO),
        LiveWeight(Reading.ABSENT),
    ]
    settled = [(event.before, event.after) for event in events if isinstance(event, WeightSettled)]
    assert settled == [(0, 0), (0, 1250), (1250, 0)]


def test_two_wake_ups_a_poll():
    lane = Lane()
    lane.run(100)
    assert lane.rig.clock.waits <= 2 * 8 * 100 + 10


def test_zero_is_asked_for_and_done():
    lane = Lane()
    lane.world.change(bag=30)
    lane.rig.clock.at(2, lambda: lane.rig.orders.put(effects.TestDevice("zero_scales")))
    lane.run(4)
    assert b"Z" in lane.rig.heard
    assert lane.readings[-1] == LiveWeight(Reading.ZERO)
    assert lane.settled == [(30, 30), (30, 0)]


def test_outside_its_zero_range_the_scale_needs_a_technician():
    rig = Rig(lambda data: [b"\x02?\x48\r"] * data.count(b"W"))
    rig.run(driver("bag", CONFIG), 2)
    assert rig.said(ScaleRead)[-1].live == LiveWeight(Reading.STALE)
    assert rig.said(DeviceSeen)[-1].device.health is Health.FAULT


def test_the_other_unit_is_refused():
    rig = Rig(lambda data: [b"\x0202.35\r"] * data.count(b"W"))
    assert rig.run(driver("bag", CONFIG), 20) is not None
    assert not any(event.live.grams for event in rig.said(ScaleRead))


def test_pounds_are_exact_to_the_gram():
    assert Weight(value=Decimal("30.00"), unit="lb").grams == 13608
    assert Weight(value=Decimal("0.01"), unit="lb").grams == 5
    rig = Rig(lambda data: [b"\x0202.35\r"] * data.count(b"W"))
    rig.run(driver("bag", Config(port="x", unit="lb")), 2)
    assert rig.said(ScaleRead)[-1].live == LiveWeight(Reading.WEIGHT, 1066)


def test_a_7e1_line_read_as_8n1_is_understood_and_its_parity_checked():
    frame = bytes(b | (b.bit_count() & 1) << 7 for b in b"\x0201.250\r")
    assert decode(frame) == Weight(value=Decimal("1.250"), unit="kg")
    with pytest.raises(BadFrame):
        decode(frame[:3] + bytes([frame[3] ^ 1]) + frame[4:])


def test_bits_that_makers_use_as_they_like_decide_nothing():
    for fixed in (0x00, 0x40, 0x60):
        frame = decode(bytes([2, 0x3F, fixed | 0x02, 13]), PROFILES["benchpro"])
        assert frame == Status(frozenset({"over_capacity"}))
    assert decode(b"\x02?\x62\r", PROFILES["emupos"]) == Status(
        frozenset({"over_capacity", "net", "bad_command"})
    )
    assert decode(b"\x02?\x0d\r") == Status(frozenset({"motion", "under_zero", "outside_zero_capture"}))


def test_pounds_of_an_8213_have_three_digits():
    assert decode(b"\x02012.35\r", PROFILES["8213"]) == Weight(value=Decimal("12.35"), unit="lb")
    for profile, frame in (("8213", b"\x0202.35\r"), ("diva", b"\x02012.35\r")):
        with pytest.raises(BadFrame, match="digits before the point"):
            decode(frame, PROFILES[profile])


def test_ten_times_finer():
    assert decode(b"\x0201.2505\r", tenfold=True) == Weight(value=Decimal("1.2505"), unit="kg")
    with pytest.raises(BadFrame):
        decode(b"\x0201.2505\r")


@given(st.binary(max_size=64))
def test_no_bytes_make_the_codec_raise_anything_else(data):
    with suppress(BadFrame):
        assert isinstance(decode(data), Frame)


@given(st.lists(st.sampled_from([b"\x02", b"?", b"\r", b"N", b"0", b"1", b".", b"E", b" ", b"\x80"])))
def test_nor_do_bytes_that_look_right(parts):
    test_no_bytes_make_the_codec_raise_anything_else.hypothesis.inner_test(b"".join(parts))


@given(st.integers(0, 99_999), st.booleans())
def test_what_the_mechanism_says_is_what_is_read(grams, net):
    said = b"\x02%02d.%03d" % divmod(grams, 1000) + b"N" * net + b"\r"
    frame = decode(said)
    assert isinstance(frame, Weight) and (frame.grams, frame.net) == (grams, net)
