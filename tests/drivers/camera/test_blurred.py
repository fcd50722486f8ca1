"""Codes out of focus: what is read is right, and a picture that no number explains is not read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.camera import blurred
from drivers.camera.decode import Decoder
from drivers.camera.grey import Grey
from drivers.camera.ink import Floats, Ink, ink
from kiosk.barcode.digits import check_digit
from tests.drivers.camera.pictures import blurred as out_of_focus
from tests.drivers.camera.pictures import counter, laid, noisy, symbol

TIN = "4006381333931"
NUMBERS = st.text("0123456789", min_size=13, max_size=13)
PAPER = np.full((150, 560), 220, np.uint8)


def pack(number: str = TIN) -> Grey:
    """A code of three pixels a module on white paper, with its quiet zones."""
    bars = symbol("EAN-13", number)
    return laid(counter(), laid(PAPER, (bars // 255 * 180 + 40)[:120].astype(np.uint8), left=120, top=15))


def strip(number: str) -> Floats:
    """A number of two pixels a module across a strip, blurred by 1.2 modules."""
    strip = np.full((blurred.ROWS, 420), 200, np.float32)
    strip[:, 100:310] -= 150 * ink(1.2).drawn(number).astype(np.float32)
    return strip


@given(NUMBERS, st.sampled_from([0.5, 0.9, 1.3, 1.7]))
def test_of_a_profile_without_noise_the_number_is_found_and_nothing_is_left(
    number: str, sigma: float
) -> None:
    profile = ink(sigma).drawn(number)
    left, found = ink(sigma).nearest(profile)
    assert found == number
    assert abs(left) < 0.01
    assert ink(sigma).least(profile[None])[0] == pytest.approx(left, abs=0.01)
    assert ink(sigma).margin(profile, number) > 0.01


@given(NUMBERS, st.integers(1, 12), st.integers(1, 9))
@settings(max_examples=50)
def test_the_margin_is_what_the_nearest_other_digit_costs(number: str, place: int, more: int) -> None:
    shade = Ink(1.0)
    other = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    apart = float(((shade.drawn(number) - shade.drawn(other)) ** 2).sum())
    assert shade.margin(shade.drawn(number), number) <= apart + 0.01


@pytest.mark.parametrize("pixels", [3.0, 3.3, 3.6])
def test_what_no_decoder_reads_any_more(pixels: float) -> None:
    for number in (TIN, "9780345460950", "5012345678900"):
        picture = noisy(out_of_focus(pack(number), pixels), seed=1, sigma=1.0)
        *others, last = Decoder().stages
        assert [read for stage in others for read in stage(picture)] == []
        assert [read.text for read in last(picture)] == [number]


def test_a_picture_that_is_turned() -> None:
    """One of the two reads from left to right."""
    picture = out_of_focus(pack(), 3.3)
    reads = [blurred.decode(np.rot90(picture, times).copy()) for times in (1, 3)]
    assert sorted(reads, key=str) == [TIN, None]


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 9))
@settings(max_examples=15)
def test_a_wrong_check_digit_is_never_made_right(digits: str, off: int) -> None:
    wrong = digits + str((check_digit(digits) + off) % 10)
    assert blurred.number_of(strip(wrong)) is None


def test_a_right_one_on_the_same_strip_is_read() -> None:
    assert blurred.number_of(strip(TIN)) == TIN


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_stripes_at_random_are_no_code(seed: int) -> None:
    random = np.random.default_rng(seed)
    stripes = np.repeat(random.integers(0, 2, 95), 3).astype(np.uint8) * 180 + 40
    picture = laid(PAPER, np.tile(stripes, (110, 1)), left=140, top=20)
    assert blurred.decode(out_of_focus(picture, 3.3)) is None
