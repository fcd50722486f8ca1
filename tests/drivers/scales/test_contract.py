"""What every scale's driver keeps, whatever it speaks: the rules a to i, each on each language, over TCP, in no time.

`pytest tests/drivers/scales --real lane.toml` runs what a real scale can be asked instead (`test_real`).
"""

import queue
from typing import Any

import pytest

from drivers.scales.models import language, worker
from drivers.simulated.balance import Make
from drivers.simulated.scale_asked import Adam
from drivers.simulated.scales import balance, peer
from drivers.simulated.world import World
from kiosk.checkout import effects
from kiosk.checkout.events import Event, WeightSettled
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Health, LiveWeight, Reading
from tests.drivers.rig import FlyClock
from tests.drivers.scales.bench import MODELS, REPORT_SECONDS, Bench, Hiss, config_of

PATIENCE = 30.0
LOUD = (*MODELS, "adam cbd")
"""All of them, and the Adam that answers each time."""
TALKERS = tuple(model for model in LOUD if model != "adam")
"""Those that say what there is whenever they are asked; an AZextra says each weight once and nothing else."""
SEVEN_BITS = ("toledo8217", "nci", "cas", "sma", "dialog06")
ZEROES = ("toledo8217", "nci", "sma", "adam cbd", "hid")

WEIGHT, ZERO, MOVING = Reading.WEIGHT, Reading.ZERO, Reading.MOVING
STALE, ABSENT = Reading.STALE, Reading.ABSENT


def bench(model: str, make: Make = Make(), **fields: Any) -> Bench:  # noqa: B008
    made = Bench(model.split()[0], make=make, **fields, **quirks(model))
    if isinstance(made.balance, Adam):
        made.balance.silent = model == "adam"
    return made


def quirks(model: str) -> dict[str, Any]:
    return {"silent": False} if model == "adam cbd" else {}


def weighed(made: Bench) -> set[int]:
    return {live.grams for live in made.readings if live.reading is WEIGHT}


def full_answer(model: str, grams: int) -> bytes:
    """What a scale of that language says of so many grams."""
    clock = FlyClock()
    world = World()
    scale = balance(model.split()[0], world, "bag", Make(settle=0.0), clock.now)
    world.change(bag=grams)
    if model == "hid":
        return bytes(scale.report())  # type: ignore[attr-defined]
    said: list[bytes] = []
    for question in QUESTIONS[model.split()[0]]:
        said = scale.answer(question)
    return said[-1]


QUESTIONS = {
    "toledo8217": (b"W",),
    "nci": (b"W\r",),
    "cas": (b"\x05", b"\x11"),
    "sma": (b"\nW\r",),
    "adam": (b"P\r\n",),
    "digi": (b"\x05",),
    "dialog06": (b"\x04\x0201\x1b001000\x1b\x03", b"\x04\x05"),
}

# ---- a weight, from the plate to the lane


@pytest.mark.parametrize("model", LOUD)
def test_what_is_put_down_is_read_and_settles(model: str) -> None:
    made = bench(model)
    made.at(2, bag=412)
    made.at(6, bag=1000)
    assert made.run(9) is None
    assert made.readings[-1] == LiveWeight(WEIGHT, 1000)
    assert weighed(made) == {410, 1000}
    assert made.settled[-1] == (410, 1000)
    assert made.devices[0].health is Health.READY


# ---- a. no number without a complete valid frame


@pytest.mark.parametrize("model", LOUD)
def test_an_answer_that_stops_anywhere_is_no_weight(model: str) -> None:
    whole = full_answer(model, 1250)
    for size in range(1, len(whole) - (model.startswith("adam"))):  # an Adam's CR ends the line, LF or not
        made = bench(model, Make(settle=0.0))
        made.world.change(bag=1250)
        made.rig.through = lambda answer, size=size: [answer[:size]] if len(answer) > 1 else [answer]
        made.run(2)
        assert not weighed(made), size
        assert ZERO not in {live.reading for live in made.readings}


# ---- b. what moves is never a weight


@pytest.mark.parametrize("model", LOUD)
def test_what_moves_is_no_weight(model: str) -> None:
    made = bench(model, Make(settle=1.0))
    made.at(3.01, bag=412)
    made.run(8)
    early = [live for time, live in made.shown if 3.01 < time < 4.01]
    assert not [live for live in early if live.reading in (WEIGHT, ZERO)]
    if model in TALKERS:
        assert LiveWeight(MOVING) in early
    assert made.readings[-1] == LiveWeight(WEIGHT, 410)


# ---- c. decimal, never float


@pytest.mark.parametrize("model", MODELS)
def test_every_division_is_exact(model: str) -> None:
    decode = language(model).decode
    for grams in range(5, 15_000, 35):
        frame = decode(full_answer(model, grams))
        assert (frame.grams, frame.price_mismatch) == (grams, False)


# ---- d. a stale answer is never returned


@pytest.mark.parametrize("model", [model for model in TALKERS if model != "hid"])
def test_a_late_answer_is_thrown_away_before_the_next_question(model: str) -> None:
    made = bench(model)
    made.world.change(bag=1250)
    for tenth in range(20, 60):
        made.rig.clock.at(tenth / 10 + 0.003, lambda: made.rig.say(full_answer(model, 9000)))
    made.run(7)
    assert weighed(made) == {1250}


@pytest.mark.parametrize("model", ["hid", "adam"])
def test_what_was_there_before_the_line_was_opened_is_thrown_away(model: str) -> None:
    made = bench(model)
    made.world.change(bag=1250)
    made.rig.say(full_answer(model, 9000))
    made.rig.arrive()
    made.run(3)
    assert weighed(made) == {1250}


# ---- e. bit 7 is parity where seven bits are read as eight


@pytest.mark.parametrize("model", SEVEN_BITS)
@pytest.mark.parametrize("odd", [False, True])
def test_parity_is_stripped(model: str, odd: bool) -> None:
    made = bench(model)
    made.world.change(bag=1250)
    made.rig.through = lambda answer: [bytes(b | ((b.bit_count() & 1) ^ odd) << 7 for b in answer)]
    made.run(3)
    assert weighed(made) == {1250}


# ---- f. unplugged is absent, plugged in again is well


@pytest.mark.parametrize("model", LOUD)
def test_an_unplugged_scale_is_absent_at_once_even_in_mid_frame(model: str) -> None:
    made = bench(model)
    made.world.change(bag=1250)

    def pull() -> None:
        made.rig.through = lambda answer: [answer[:4]]
        made.rig.clock.at(made.rig.clock.time + 0.2, made.rig.unplug)

    made.rig.clock.at(5, pull)
    assert made.run(20) is not None
    assert made.readings[-1] == LiveWeight(ABSENT)
    assert made.rig.clock.time < 7


@pytest.mark.parametrize("model", LOUD)
def test_a_scale_that_is_plugged_in_again_is_well_without_a_restart(model: str) -> None:
    events: queue.Queue[Event] = queue.Queue()

    def until(wanted: Event) -> None:
        while events.get(timeout=PATIENCE) != wanted:
            pass

    world = World()
    with peer(model.split()[0], world, "bag", Make(settle=0.02)) as scale:
        if isinstance(scale.balance, Adam):
            scale.balance.silent = model == "adam"
        config = config_of(model.split()[0], port=scale.port, hold=0.2, **quirks(model))
        thread = worker("bag", config, events.put)
        thread.start()
        world.put("bag", 500)
        until(ScaleRead("bag", LiveWeight(WEIGHT, 500)))
        scale.unplug()
        until(ScaleRead("bag", LiveWeight(ABSENT)))
        world.put("bag", 250)
        scale.replug()
        until(ScaleRead("bag", LiveWeight(WEIGHT, 750)))
        assert thread.stop(PATIENCE)


# ---- g. and i. silence ages the reading, then loses the scale


@pytest.mark.parametrize("model", TALKERS)
def test_silence_is_stale_after_one_second_and_lost_after_three(model: str) -> None:
    made = bench(model)
    made.world.change(bag=1250)
    made.through(5, lambda answer: [])
    assert made.run(20) is not None
    times = {live.reading: time for time, live in made.shown if time > 4}
    assert 5.8 <= times[STALE] <= 6.4
    assert 7.8 <= times[ABSENT] <= 9.2


def test_an_adam_may_be_silent_but_what_it_said_grows_old() -> None:
    made = bench("adam", keep=10.0)
    made.at(2, bag=1250)
    assert made.run(30) is None
    assert {device.health for device in made.devices} == {Health.READY}
    said, old = made.shown[-2:]
    assert said[1] == LiveWeight(WEIGHT, 1250) and old[1] == LiveWeight(STALE)
    assert 12 <= old[0] <= 13.5


# ---- h. six things that are not the same


@pytest.mark.parametrize("model", TALKERS)
@pytest.mark.parametrize(
    ("grams", "reading"),
    [(0, ZERO), (16_000, Reading.OVERLOADED), (-100, Reading.BELOW_ZERO), (20, WEIGHT)],
)
def test_zero_overloaded_and_below_zero_are_told_apart(model: str, grams: int, reading: Reading) -> None:
    made = bench(model)
    made.world.change(bag=500)
    made.at(2, bag=grams)
    made.run(5)
    assert made.readings[-1].reading is reading
    levels = {after for _, after in made.settled}
    assert levels == ({500, grams} if reading in (WEIGHT, ZERO) else {500})


def test_what_an_azextra_says_late_is_not_lost() -> None:
    made = bench("adam")
    made.rig.late = 0.07
    made.at(2, bag=1250)
    made.run(5)
    assert weighed(made) == {1250}


def test_an_overloaded_azextra_grows_old() -> None:
    made = bench("adam", keep=2.0)
    made.world.change(bag=500)
    made.at(3, bag=16_000)
    made.run(8)
    assert made.readings[-1] == LiveWeight(STALE) and weighed(made) == {500}


# ---- how fast, and how often


@pytest.mark.parametrize("model", TALKERS)
def test_a_change_is_read_within_a_poll_and_a_second_look(model: str) -> None:
    """Of a scale that does not move on its way."""
    made = bench(model, Make(settle=0.0))
    for step in range(1, 60):
        made.at(2 + step * 0.517, bag=100 * step)
    made.run(34)
    for step in range(1, 60):
        changed = 2 + step * 0.517
        later = [time for time, live in made.shown if live == LiveWeight(WEIGHT, 100 * step)]
        assert later and later[0] - changed <= max(made.period, 2 * REPORT_SECONDS) + 0.001


@pytest.mark.parametrize("model", [model for model in TALKERS if model not in ("hid", "cas", "dialog06")])
def test_two_wake_ups_a_poll(model: str) -> None:
    made = bench(model)
    made.run(100)
    assert made.rig.clock.waits <= 2 * made.config.rate * 100 + 20


@pytest.mark.parametrize("model", ZEROES)
def test_zero_is_asked_for_and_done(model: str) -> None:
    made = bench(model)
    made.world.change(bag=30)
    made.rig.clock.at(2, lambda: made.rig.orders.put(effects.TestDevice("zero_scales")))
    made.run(4)
    assert made.readings[-1] == LiveWeight(ZERO)
    assert made.settled == [(30, 30), (30, 0)]


# ---- noise


@pytest.mark.parametrize("model", TALKERS)
def test_no_wrong_weight_through_noise(model: str) -> None:
    """1 % of bytes are others, for 300 seconds: every weight shown lies there, and every level is read."""
    made = bench(model, Make(settle=0.1))
    made.rig.through = Hiss(model)
    levels = [(0.0, 0)] + [(10.0 * step, 10 * (step * 997 % 1500)) for step in range(1, 30)]
    for time, grams in levels[1:]:
        made.at(time, bag=grams)
    assert made.run(300) is None
    for time, live in made.shown:
        if live.reading in (WEIGHT, ZERO):
            assert live.grams == max(level for level in levels if level[0] <= time)[1]
    assert weighed(made) == {grams for _, grams in levels[1:] if grams}
    assert {device.health for device in made.devices} == {Health.READY}


@pytest.mark.parametrize("model", TALKERS)
def test_noise_is_over_after_one_poll(model: str) -> None:
    for seed in range(20):
        made = bench(model, Make(settle=0.0))
        made.world.change(bag=1250)
        made.rig.through = Hiss((model, seed), share=0.3)
        made.at(1.0, bag=2500)
        made.through(1.5, lambda answer: [answer])
        assert made.run(1.5 + max(made.period, 2 * REPORT_SECONDS) + 0.1) is None
        assert made.readings[-1] == LiveWeight(WEIGHT, 2500), seed
        assert weighed(made) <= {1250, 2500}


def test_weight_settled_is_what_the_bag_scale_says_besides() -> None:
    made = Bench("nci", name="produce")
    made.at(2, bag=412)
    made.run(5)
    assert made.readings[-1] == LiveWeight(WEIGHT, 410)
    assert made.rig.said(WeightSettled, DeviceSeen) == made.rig.said(DeviceSeen)
