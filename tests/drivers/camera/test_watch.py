"""A stream of frames: a still counter costs nothing, a stage has its turn, and each pack is read once."""

import numpy as np
import pytest

from drivers.camera.change import Change
from drivers.camera.decode import Decoder
from drivers.camera.grey import Grey
from drivers.camera.reads import Read
from drivers.camera.watch import SPARED, Watch
from tests.drivers.camera.pictures import counter, laid, noisy, symbol

PERIOD = 0.1
TIN = Read("EAN-13", "]E0", "4006381333931")
PAGE = Read("QR", "]Q1", "http://example.com")


class Scene:
    """A camera of so many frames a second before a counter."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.now = 0.0
        self.frames = 0
        self.counted: list[Read] = []

    def show(self, picture: Grey, frames: int = 1, moving: bool = False) -> list[Read]:
        """The codes that count meanwhile."""
        counted = []
        for _ in range(frames):
            self.now += PERIOD
            self.frames += 1
            frame = np.roll(picture, 5 * self.frames, axis=1) if moving else picture
            counted += self.watch.look(noisy(frame, self.frames), self.now)
        return counted


class Looks:
    """Ways of reading that say what they are told to, and count how often they were asked."""

    def __init__(self, *reads: list[Read]) -> None:
        self.asked = [0] * len(reads)
        self.reads = list(reads)

    def stages(self):
        def stage(number):
            def look(grey: Grey) -> list[Read]:
                self.asked[number] += 1
                return self.reads[number]

            return look

        return [stage(number) for number in range(len(self.reads))]


@pytest.fixture
def scene() -> Scene:
    return Scene(Watch(Decoder().stages))


def test_a_pack_is_read_once_and_its_neighbour_too(scene: Scene) -> None:
    scene.show(counter(), 5)
    tin = laid(counter(), symbol("EAN-13", "4006381333931"))
    assert scene.show(tin, 5) == [TIN]
    assert scene.show(tin, 30) == []
    eggs = laid(tin, symbol("EAN-13", "3017620422003"), left=40, top=260)
    assert [read.text for read in scene.show(eggs, 30)] == ["3017620422003"]


def test_the_same_pack_again_after_it_was_away(scene: Scene) -> None:
    tin = laid(counter(), symbol("EAN-13", "4006381333931"))
    for _ in range(3):
        assert scene.show(tin, 12) == [TIN]
        assert scene.show(counter(), 12) == []


def test_a_pack_in_a_moving_hand_is_read_once(scene: Scene) -> None:
    assert scene.show(laid(counter(), symbol("EAN-13", "4006381333931")), 60, moving=True) == [TIN]


def test_a_long_rest_loses_nothing_and_keeps_nothing(scene: Scene) -> None:
    tin = laid(counter(), symbol("EAN-13", "4006381333931"))
    assert scene.show(tin, 200) == [TIN]
    assert scene.show(tin, 10, moving=True) == []
    assert scene.show(counter(), 200) == []
    assert scene.show(tin, 10) == [TIN]


def test_a_counter_at_rest_is_not_looked_at() -> None:
    looks = Looks([], [], [])
    scene = Scene(Watch(looks.stages()))
    scene.show(counter(), 20)
    before = sum(looks.asked)
    assert 6 <= before < 20
    scene.show(counter(), 500)
    assert sum(looks.asked) == before


def test_stages_take_turns_while_something_moves() -> None:
    looks = Looks([], [], [])
    Scene(Watch(looks.stages())).show(laid(counter(), symbol("QR", "x")), 30, moving=True)
    assert looks.asked == [10, 10, 10]


def test_a_stage_that_reads_goods_stays_and_one_that_reads_an_advertisement_does_not() -> None:
    looks = Looks([], [TIN], [])
    scene = Scene(Watch(looks.stages()))
    assert scene.show(laid(counter(), symbol("QR", "x")), 31, moving=True) == [TIN]
    assert looks.asked == [1, 30, 0]
    looks = Looks([PAGE], [TIN])
    scene = Scene(Watch(looks.stages()))
    assert scene.show(laid(counter(), symbol("QR", "x")), 10, moving=True) == [PAGE, TIN]


def test_looking_keeps_to_its_share_of_a_core_and_loses_nothing_by_it() -> None:
    """A look that takes 0.1 s of ten frames a second would take a whole core."""
    looks = Looks([], [TIN])
    scene = Scene(Watch(looks.stages(), share=0.2, spent=lambda: sum(looks.asked) * PERIOD))
    pack = laid(counter(), symbol("QR", "x"))
    assert scene.show(pack, 200, moving=True) == [TIN]
    assert 0.2 * 20 - 0.2 <= sum(looks.asked) * PERIOD <= 0.2 * (20 + SPARED) + 0.2


def test_a_frame_that_comes_again_is_no_second_frame(scene: Scene) -> None:
    frozen = noisy(laid(counter(), symbol("EAN-13", "4006381333931")), seed=7)
    assert [scene.watch.look(frozen, now / 10) for now in range(20)] == [[]] * 20


def test_noise_and_flickering_lamps_are_no_change() -> None:
    change = Change()
    hand = counter()
    hand[100:180, 200:260] = 150
    assert change.seen(noisy(hand, 0))
    for seed, light in enumerate((0, 10, -10, 20, 5), 1):
        assert not change.seen(noisy(hand.astype(np.int16) + light, seed, sigma=6))


def test_a_hand_is_a_change_and_so_is_what_creeps() -> None:
    change = Change()
    assert change.seen(counter())
    hand = counter()
    hand[100:180, 200:260] = 150
    assert change.seen(hand)
    assert not change.seen(hand)
    creeping = [hand.copy() for _ in range(40)]
    for step, frame in enumerate(creeping):
        frame[300:400, 100:200] = 90 + step
    assert any(change.seen(frame) for frame in creeping)
