"""The tactile keypad: what its records mean, whatever is cut, repeated, bounced or unplugged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.keypads import EV_SW, Config, Keypad, Keys, keys
from drivers.scanners.evdev import DOWN, EV_KEY, EV_SYN, SYN_DROPPED, SYN_REPORT
from drivers.simulated.keyboard import press, record, stroke
from drivers.simulated.keypad import CODES, switched
from kiosk.checkout.passed import DeviceSeen, HeadsetSeen, KeypadPressed
from kiosk.checkout.session import Health
from tests.drivers.rig import Rig

CONFIG = Config(port="socket://127.0.0.1:1")


def fed(data: bytes, config: Config = CONFIG, now: float = 0.0) -> list[object]:
    return list(Keys(config).feed(data, now))


@pytest.mark.parametrize("name", CODES)
def test_every_key_of_the_keypad_has_a_name(name: str) -> None:
    assert fed(stroke(CODES[name])) == [KeypadPressed(name)]


def test_what_a_blind_shopper_needs_is_on_it() -> None:
    needed = "left right up down ok back help louder quieter repeat audio curtain".split()
    assert {*needed, *"0123456789"} <= set(keys(CONFIG).values())


def test_another_keypad_sends_other_codes() -> None:
    config = Config(port="x", codes={"ok": 183, "plugged": 185, "unplugged": 186})
    assert fed(stroke(183), config) == [KeypadPressed("ok")]
    assert fed(stroke(185) + stroke(186), config) == [HeadsetSeen(True), HeadsetSeen(False)]


def test_a_held_key_repeats_nothing() -> None:
    held = press(CODES["right"], 1) + press(CODES["right"], 2) * 40 + press(CODES["right"], 0)
    assert fed(held) == [KeypadPressed("right")]


@pytest.mark.parametrize("debounce", [0.08, 0.5, 1.0])
def test_the_same_key_within_the_debounce_counts_once(debounce: float) -> None:
    reader = Keys(Config(port="x", debounce=debounce))
    key, other = stroke(CODES["ok"]), stroke(CODES["left"])
    assert reader.feed(key, 10.0) and not reader.feed(key, 10.0 + debounce * 0.9)
    assert reader.feed(other, 10.0 + debounce * 0.9), "another key is not held up"
    assert reader.feed(key, 10.0 + debounce * 3)


def test_headphones_in_and_out() -> None:
    assert fed(switched(True) + switched(False)) == [HeadsetSeen(True), HeadsetSeen(False)]
    assert fed(record(EV_SW, 4, 1)) == [], "the microphone's switch is another one"


def test_what_was_lost_by_the_kernel_presses_nothing() -> None:
    lost = record(EV_SYN, SYN_DROPPED, 0) + record(EV_KEY, CODES["ok"], DOWN) + record(EV_SYN, SYN_REPORT, 0)
    assert fed(lost + stroke(CODES["left"])) == [KeypadPressed("left")]


@given(st.binary(max_size=600), st.lists(st.integers(1, 50)))
def test_no_bytes_make_it_raise_and_no_cut_changes_what_they_mean(data: bytes, cuts: list[int]) -> None:
    whole = Keys(CONFIG).feed(data, 0.0)
    reader, found = Keys(CONFIG), []
    for size in cuts:
        found += reader.feed(data[:size], 0.0)
        data = data[size:]
    assert found + reader.feed(data, 0.0) == whole


def test_the_driver_is_ready_and_tells_what_is_pressed() -> None:
    rig = Rig()
    rig.say(stroke(CODES["help"]))
    rig.run(Keypad("keypad", CONFIG), 1)
    (ready,) = rig.said(DeviceSeen)
    assert isinstance(ready, DeviceSeen) and ready.device.health is Health.READY
    assert rig.said(KeypadPressed) == [KeypadPressed("help")]


def test_who_pulls_the_keypad_out_pulls_the_headset_out() -> None:
    rig = Rig()
    rig.say(switched(True))
    rig.clock.at(1, rig.unplug)
    assert rig.run(Keypad("keypad", CONFIG), 5) is not None
    assert rig.said(HeadsetSeen) == [HeadsetSeen(True), HeadsetSeen(False)]
