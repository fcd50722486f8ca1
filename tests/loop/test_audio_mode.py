"""Audio mode from the headphones to the loudspeaker: what begins it, what cuts it, and what is never said aloud."""

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from msgspec.structs import replace

from drivers.voices import gain
from kiosk.barcode import Product
from kiosk.checkout.events import PinAccepted, Scanned, Started
from kiosk.checkout.passed import HeadsetSeen, KeypadPressed, StaffNamed, WhyNot
from kiosk.checkout.session import Hearing, Idle, Shopping
from kiosk.units import Gtin
from tests.loop.ear import LOUD_DBA, Ear
from tests.screens.sessions import LOAF, MILK

WITHIN = 0.2
"""Seconds after an action by which it is silent (EN 301 549, 5.1.3.5)."""


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(tmp_path)
    yield made
    made.close()


def scan(item: object) -> Scanned:
    return Scanned(Product(Gtin(item.gtin)))  # type: ignore[attr-defined]


# ---- begin and end


def test_headphones_begin_it_and_pulling_them_out_mutes_at_once(ear: Ear) -> None:
    ear.plug()
    assert ear.session.passing.speaking and ear.speaker.busy()
    assert "This checkout speaks." in ear.speaker.said[0]
    ear.plug(False)
    assert not ear.session.passing.speaking and not ear.speaker.busy()
    assert ear.listens() == []


def test_one_key_begins_it_and_ends_it_anywhere(ear: Ear) -> None:
    ear.hear(Started())
    ear.press("audio")
    assert ear.session.passing.speaking
    assert any("Scan your first product" in said for said in ear.listens())
    ear.press("audio")
    assert not ear.session.passing.speaking and ear.listens() == []


def test_nothing_is_said_to_whom_did_not_ask(ear: Ear) -> None:
    ear.hear(Started(), scan(MILK))
    ear.press("right", "right", "down")
    assert ear.listens() == [] and ear.engine.rendered == []


def test_begun_and_left_alone_it_ends_by_itself(ear: Ear) -> None:
    ear.press("audio")
    ear.listens()
    ear.passes(ear.session.kept.policy.suspend_after + 1_000)
    assert not ear.session.passing.speaking


def test_the_next_shopper_has_volume_pace_and_screen_as_they_were(ear: Ear) -> None:
    ear.press("audio")
    ear.hear(Started())
    ear.press("louder", "louder", "louder", "faster", "curtain")
    assert ear.session.passing.hearing.volume == 8 and ear.page.curtain
    ear.hear(PinAccepted("17", "Sam"))
    ear.press("audio", "audio")
    leave(ear)
    assert isinstance(ear.session.kept.phase, Idle)
    assert not ear.session.passing.speaking and ear.session.passing.hearing == Hearing()
    assert not ear.page.curtain


def leave(ear: Ear) -> None:
    from kiosk.checkout.events import SaleCancelled

    ear.hear(SaleCancelled())


def test_after_a_crash_the_volume_is_what_it_was_for_everybody(ear: Ear) -> None:
    ear.press("audio")
    ear.hear(Started(), scan(MILK))
    ear.press("louder", "louder")
    ear.crash()
    assert isinstance(ear.session.kept.phase, Shopping), "her basket is still there"
    assert not ear.session.passing.speaking and ear.session.passing.hearing == Hearing()


def test_who_left_the_headphones_in_is_spoken_to(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started(), PinAccepted("17", "Sam"))
    ear.press("louder")
    leave(ear)
    hearing = ear.session.passing.hearing
    assert ear.session.passing.speaking and replace(hearing, said="") == Hearing(headset=True)


# ---- interrupted and repeated


@pytest.mark.parametrize("action", ["right", "up", "ok", "help", "louder", "5", "back"])
def test_every_key_is_followed_by_silence_within_a_fifth_of_a_second(ear: Ear, action: str) -> None:
    ear.plug()
    ear.passes(500)
    pressed_at = ear.millis / 1000
    assert ear.speaker.busy()
    ear.inbox.put(KeypadPressed(action))
    ear.loop.once(0.0)
    silent = [played.at for played in ear.speaker.trace if not played.text]
    assert silent and silent[0] - pressed_at <= WITHIN


def test_a_scan_interrupts_all_speech(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started(), scan(MILK))
    ear.passes(300)
    assert ear.speaker.busy()
    scanned_at = ear.millis / 1000
    ear.hear(scan(LOAF))
    after = [played for played in ear.speaker.trace if played.at >= scanned_at]
    assert after[0].text == "" and after[0].at - scanned_at <= WITHIN
    assert after[1].text.startswith("Sourdough loaf")
    heard = [after[1].text, *ear.listens()]
    assert not any("Whole milk" in said for said in heard), "only the news"


def test_a_finger_on_the_glass_interrupts(ear: Ear) -> None:
    ear.plug()
    ear.passes(500)
    touched_at = ear.millis / 1000
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, touch=False, pos=(5, 5)))
    ear.passes(100)
    silent = [played.at for played in ear.speaker.trace if not played.text]
    assert silent and silent[0] - touched_at <= WITHIN


def test_zero_says_it_again(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started())
    ear.listens()
    ear.press("right")
    (first,) = [ear.speaker.said[-1]]
    ear.listens()
    ear.press("0")
    assert ear.speaker.said[-1] == first


# ---- what is said


def test_a_scan_says_the_line_and_the_total_and_nothing_else(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started(), scan(MILK))
    ear.listens()
    at = len(ear.speaker.said)
    ear.hear(scan(LOAF))
    ear.listens()
    assert ear.speaker.said[at:] == [
        "Sourdough loaf 500 grams. 6 euros 80 per kilogram. 3 euros 40.",
        "To pay 4 euros 65. 2 products.",
    ]


def test_a_key_that_is_off_says_why_once(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started())
    ear.listens()
    assert ear.session.kept.phase
    ear.press("1")
    assert ear.speaker.said[-1] == "Pay. Not now: Scan a product first."
    ear.listens()
    ear.press("ok")
    assert [*ear.speaker.said[-1:], *ear.listens()] == ["Scan a product first."]
    assert ear.session.passing.notice == "why:Scan a product first.", "and shows it"


def test_an_unreadable_code_is_named_and_what_to_do(ear: Ear) -> None:
    from kiosk.checkout.passed import UnreadableScanned

    ear.plug()
    ear.hear(Started(), UnreadableScanned("check_digit"))
    ear.passes(0)
    assert any("Hold it flat to the glass" in said for said in [*ear.speaker.said, *ear.listens()])


def test_time_that_runs_out_is_said_more_than_once(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started(), scan(MILK))
    ear.listens()
    for _ in range(140):  # nobody moves, three times as long as who sees
        ear.passes(1_000)
        if ear.page.name == "more_time":
            break
    for _ in range(80):
        ear.passes(1_000)
    said = ear.speaker.said
    asked, *again = [at for at, text in enumerate(said) if text.startswith("Do you need more time?")]
    assert "90 seconds left" in said[asked]
    assert ["60 seconds left" in said[again[0]], "30 seconds left" in said[again[1]]] == [True, True]
    assert "More time." in said[asked:]
    ear.press("ok")
    ear.passes(20_000)
    assert ear.page.name == "basket", "one press is enough"


def test_nothing_moves_and_the_words_are_printed(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started())
    ear.press("right")
    assert ear.page.still
    ear.passes(500)
    assert any("Find a product" in text and "“" in text for text in ear.screen.words())


def test_the_curtain_is_black(ear: Ear) -> None:
    ear.press("audio")
    ear.hear(Started())
    ear.press("curtain")
    ear.passes(100)
    shown = pygame.display.get_surface()
    assert shown is not None
    assert {shown.get_at((x, y))[:3] for x in range(0, 1366, 37) for y in range(0, 768, 37)} == {(0, 0, 0)}
    ear.press("curtain")
    ear.passes(100)
    assert len({shown.get_at((x, y))[:3] for x in range(0, 1366, 37) for y in range(0, 768, 37)}) > 2


# ---- what is private


def test_digits_of_a_secret_are_a_tone(ear: Ear) -> None:
    ear.plug()
    ear.hear(StaffNamed("17"))
    ear.listens()
    at = len(ear.speaker.said)
    ear.press("4", "7", "1", "1")
    assert ear.beeps == ["key"] * 4
    assert ear.speaker.said[at:] == [] and ear.listens() == []
    assert not any("4711" in text or "4, 7" in text for text, _, _ in ear.engine.rendered)


@pytest.mark.parametrize("headset", [True, False])
def test_the_keys_of_a_secret_are_named_to_the_headset_only(ear: Ear, headset: bool) -> None:
    ear.plug() if headset else ear.press("audio")
    ear.hear(StaffNamed("17"))
    ear.listens()
    heard = []
    for _ in range(len(ear.keys())):
        ear.press("right")
        heard.append(ear.speaker.said[-1])
    assert ("7." in heard) is headset
    assert ("Plug in headphones to hear this key." in heard) is not headset


# ---- how loud


def test_the_loudspeaker_goes_up_to_65_dba_and_the_headset_to_all_there_is() -> None:
    from math import log10

    levels = [LOUD_DBA + 20 * log10(gain(level, False, LOUD_DBA)) for level in range(1, 11)]
    assert levels == pytest.approx([35 + 3 * level for level in range(1, 11)])
    assert max(levels) == pytest.approx(65)
    assert gain(10, True, LOUD_DBA) == 1 and gain(1, True, LOUD_DBA) < 0.05
    assert max(gain(10, False, dba) for dba in (50.0, 60.0)) == 1, "a weak loudspeaker gives what it has"


def test_the_keypad_sets_the_volume_step_by_step(ear: Ear) -> None:
    ear.press("audio")
    gains = []
    for _ in range(7):
        ear.press("louder")
        gains += [played.gain for played in ear.speaker.trace[-1:] if played.text.startswith("Volume")]
    assert gains == sorted(gains) and gains[-1] == pytest.approx(gain(10, False, LOUD_DBA))
    assert "Volume 10." in ear.speaker.said


def test_a_headset_again_is_no_second_beginning(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started())
    ear.listens()
    ear.hear(HeadsetSeen(True))
    assert ear.listens() == []


def test_why_not_is_said_where_the_page_has_no_room_for_it(ear: Ear) -> None:
    ear.plug()
    ear.hear(Started(), WhyNot("Scan a product first."))
    assert any("Scan a product first." in said for said in [*ear.speaker.said, *ear.listens()])
