"""Scanners that type: layouts, dead keys, Alt codes, and what must not leak from one scan into the next."""

import queue
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanners import evdev
from drivers.scanners.evdev import ALT, ALT_GR, Keys
from drivers.scanners.layouts import LAYOUTS, Name
from drivers.simulated.keyboard import (
    CTRL,
    ENTER,
    SHIFT,
    SPACE,
    Keyboard,
    alt_codes,
    press,
    record,
    stroke,
    strokes,
)
from kiosk.barcode import ReceiptCode, ShopCodes
from kiosk.checkout.events import Event, Scanned
from kiosk.checkout.passed import DeviceSeen

PATIENCE = 60.0
PRINTABLE = "".join(map(chr, range(32, 127)))
NAMES: tuple[Name, ...] = tuple(LAYOUTS)
CAPS = 58
texts = st.text(PRINTABLE + "\x1d", min_size=1, max_size=60)


@given(st.sampled_from(NAMES), texts)
def test_every_text_of_ascii_and_gs_comes_as_it_was_typed(name: Name, text: str) -> None:
    assert Keys(name).feed(strokes(text, name) + stroke(ENTER)) == [(text, "")]


@given(st.sampled_from(NAMES), texts, st.sampled_from((3, 4)))
def test_every_text_comes_as_it_was_typed_by_numbers(name: Name, text: str, digits: int) -> None:
    assert Keys(name).feed(alt_codes(text, digits) + stroke(ENTER)) == [(text, "")]


@given(st.sampled_from(NAMES), st.lists(texts, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_wherever_the_records_are_cut(name: Name, wanted: list[str], chance: random.Random) -> None:
    data = b"".join(strokes(text, name) + stroke(ENTER) for text in wanted)
    keys, scans = Keys(name), []
    while data:
        size = chance.randint(1, 100)
        scans += keys.feed(data[:size])
        data = data[size:]
    assert scans == [(text, "") for text in wanted]


@pytest.mark.parametrize("name", NAMES)
def test_control_and_the_key_right_of_p_and_one_is_gs(name: Name) -> None:
    """Scanners think of the US place of ], whatever stands on the key."""
    assert Keys(name).feed(stroke(27, CTRL) + stroke(ENTER)) == [("\x1d", "")]


@pytest.mark.parametrize(("typed", "text"), [("233", "Θ"), ("0233", "é"), ("29", "\x1d"), ("065", "A")])
def test_an_alt_code_is_of_two_code_pages(typed: str, text: str) -> None:
    pads = {"0": 82, "2": 80, "3": 81, "5": 76, "6": 77, "9": 73}
    data = press(ALT, 1) + b"".join(stroke(pads[digit]) for digit in typed) + press(ALT, 0)
    assert Keys("us").feed(data + stroke(ENTER)) == [(text, "")]


def test_alt_without_numbers_types_nothing() -> None:
    data = stroke(2) + press(ALT, 1) + press(ALT, 0) + stroke(3)
    assert Keys("us").feed(data + stroke(ENTER)) == [("12", "")]


CIRCUMFLEX = {"de": 41, "fr": 26}


@pytest.mark.parametrize("name", CIRCUMFLEX)
def test_a_dead_key_waits_for_the_next(name: Name) -> None:
    dead = stroke(CIRCUMFLEX[name])
    e, one, end = stroke(18), strokes("1", name), stroke(ENTER)
    assert Keys(name).feed(dead + stroke(SPACE) + end) == [("^", "")]
    assert Keys(name).feed(dead + e + end) == [("ê", "")]
    assert Keys(name).feed(dead + one + end) == [("^1", "")]
    assert Keys(name).feed(dead + dead + one + end) == [("^^1", "")]
    assert Keys(name).feed(dead + end) == [("^", "")]


def test_the_accent_of_a_cut_scan_is_not_the_next_ones() -> None:
    keys = Keys("de")
    keys.feed(stroke(41))
    assert keys.waiting
    assert keys.cut() == ("", "cut")
    assert keys.feed(stroke(18) + stroke(ENTER)) == [("e", "")]


def test_altgr_is_also_control_and_alt() -> None:
    """As Windows has it, and so some scanners send it."""
    both = press(CTRL, 1) + press(ALT, 1) + stroke(12) + press(ALT, 0) + press(CTRL, 0)
    assert Keys("fr").feed(both + stroke(12, ALT_GR) + stroke(ENTER)) == [("]]", "")]


def test_caps_lock_turns_letters_over_and_leaves_digits() -> None:
    data = stroke(CAPS) + strokes("aB1", "de") + stroke(CAPS) + strokes("aB1", "de")
    assert Keys("de").feed(data + stroke(ENTER)) == [("Ab1aB1", "")]


def test_after_keys_were_dropped_nothing_is_held_down() -> None:
    """The releases of shift, Alt and its digits may be among what was lost; so may caps lock."""
    lost = stroke(CAPS) + press(SHIFT, 1) + press(ALT, 1) + stroke(79) + record(0, 3, 0) + record(0, 0, 0)
    keys = Keys("us")
    assert keys.feed(lost + press(ALT, 0) + stroke(ENTER)) == [("", "dropped")]
    assert keys.feed(strokes("ab1") + stroke(ENTER)) == [("ab1", "")]


def test_two_wedges_of_two_layouts_at_once() -> None:
    """A thousand scans each, every key a packet of its own, and both at full speed: 0 lost, 0 cut, 0 mixed."""
    events: dict[Name, queue.Queue[Event]] = {name: queue.Queue() for name in ("fr", "de")}
    peers = {name: Keyboard(layout=name) for name in events}
    workers = []
    for name, peer in peers.items():
        peer.faults.split = (48,)
        config = evdev.Config(port=peer.port, layout=name, gap=5.0)
        workers.append(evdev.worker(name, config, ShopCodes(), lambda *_: None, events[name].put))
        workers[-1].start()
        assert isinstance(events[name].get(timeout=PATIENCE), DeviceSeen)
    for number in range(1000):
        for name, peer in peers.items():
            peer.scan(f"{name}-1-{number:06}")
    for name, heard in events.items():
        got = [heard.get(timeout=PATIENCE) for _ in range(1000)]
        assert got == [Scanned(ReceiptCode(f"{name}-1-{number:06}")) for number in range(1000)]
    for worker in workers:
        assert worker.stop(PATIENCE)
    for peer in peers.values():
        peer.close()
