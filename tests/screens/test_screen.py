"""The screen: what moves, what a touch sends, what is kept secret."""

from pathlib import Path

import msgspec
import pygame
import pytest

from kiosk.checkout.events import LineChosen, PayPressed, Started
from kiosk.units import LineNo
from screens.areas import joined, turned, upright
from screens.lint import findings
from screens.marks import Rect
from screens.screen import Digit, Screen, Why
from screens.theme import Panel
from screens.widgets import Headline, Page, Slip
from tests.screens.gallery import SAMPLES
from tests.screens.samples import LINES, TO_PAY
from tests.screens.test_views import page

PORTRAIT = Panel((1080, 1920), (194, 344))


def screen_with(name: str, portrait: bool = True) -> Screen:
    screen = Screen(PORTRAIT if portrait else Panel((1920, 1080), (344, 194)))
    screen.show(SAMPLES[name](portrait), 0)
    screen.settle()
    return screen


def middle(screen: Screen, name: str) -> tuple[int, int]:
    assert screen.frame
    hit = next(part.hit for part in screen.frame.parts if part.hit and part.key and part.key.id == name)
    return hit.x + hit.w // 2, hit.y + hit.h // 2


def pixels(screen: Screen, path: Path) -> bytes:
    screen.png(path / "now.png")
    return (path / "now.png").read_bytes()


def test_a_key_acts_when_the_finger_leaves_it() -> None:
    screen = screen_with("03-basket")
    x, y = middle(screen, "go")
    assert screen.touch("down", x, y, 1000) is None
    assert screen.touch("up", x, y, 1080) == PayPressed()


def test_sliding_off_a_key_cancels() -> None:
    screen = screen_with("03-basket")
    x, y = middle(screen, "go")
    screen.touch("down", x, y, 1000)
    screen.touch("move", x, y - 400, 1050)
    assert screen.touch("up", x, y, 1100) is None


def test_one_tap_reported_twice_acts_once() -> None:
    screen = screen_with("03-basket")
    x, y = middle(screen, "go")
    screen.touch("down", x, y, 1000)
    assert screen.touch("up", x, y, 1060) == PayPressed()
    screen.touch("down", x, y, 1062)
    assert screen.touch("up", x, y, 1063) is None


def test_a_key_that_is_off_says_why() -> None:
    screen = screen_with("02-empty")
    assert screen.press("Pay") == Why("go", "Scan a product first")


def test_a_line_of_the_slip_can_be_touched() -> None:
    screen = screen_with("03-basket")
    x, y = middle(screen, "line:2")
    screen.touch("down", x, y, 1000)
    assert screen.touch("up", x, y, 1100) == LineChosen(LineNo(2))


def test_a_pressed_key_looks_pressed_and_comes_back(tmp_path: Path) -> None:
    screen = screen_with("03-basket")
    rest = pixels(screen, tmp_path)
    screen.touch("down", *middle(screen, "go"), 1000)
    screen.draw(1000)
    assert pixels(screen, tmp_path) != rest
    screen.touch("up", 0, 0, 1100)
    assert screen.draw(1100)
    assert not screen.draw(1220)
    assert pixels(screen, tmp_path) == rest


def test_a_key_goes_down_by_its_lip_in_60_ms(tmp_path: Path) -> None:
    screen = screen_with("03-basket")
    screen.touch("down", *middle(screen, "go"), 1000)
    seen = []
    for now in (1000, 1030, 1060):
        moving = screen.draw(now)
        seen.append(pixels(screen, tmp_path))
    assert not moving and len(set(seen)) == 3
    screen.settle(1100)
    assert pixels(screen, tmp_path) == seen[-1]


def test_a_long_slip_is_paged_back_and_forth() -> None:
    screen = Screen(PORTRAIT)
    many = page("basket-long")
    screen.show(many, 0)
    newest = screen.words()
    lines = {line.id for line in many.blocks[0].lines}
    seen = set()
    while True:
        assert screen.frame is not None
        seen |= {part.id.removeprefix("line:") for part in screen.frame.parts if part.id.startswith("line:")}
        assert findings(screen.frame, PORTRAIT) == []
        if "earlier" not in {part.id for part in screen.frame.parts}:
            break
        assert screen.press("earlier") is None
    assert seen == lines
    assert screen.press("newest") is None
    assert screen.words() == newest
    screen.press("earlier")
    screen.show(msgspec.structs.replace(many, blocks=page("basket").blocks), 1000)
    screen.settle(3000)
    assert page("basket").blocks[0].headline.line.text in screen.words()


def test_a_secret_is_typed_kept_given_once_and_never_shown() -> None:
    screen = screen_with("14-pin")
    assert isinstance(screen.press("enter"), Why)
    for number, digit in enumerate("7316", 1):
        assert screen.press(digit) == Digit("pin", number, False)
    assert screen.press("erase") == Digit("pin", 3, False)
    for digit in "428":
        last = screen.press(digit)
    assert last == Digit("pin", 6, True)
    assert screen.press("9") == Digit("pin", 6, True)
    assert screen.press("enter") == Started()
    assert "731428" not in "".join(screen.words())
    assert screen.secret("pin") == "731428"
    assert screen.secret("pin") == ""
    assert isinstance(screen.press("enter"), Why)


def test_an_address_is_shown_while_it_is_typed_given_once_and_forgotten() -> None:
    screen = screen_with("19-email")
    assert isinstance(screen.press("send"), Why), "nothing is typed yet"
    for sign in "ada@b.c":
        screen.press(sign)
    assert isinstance(screen.press("send"), Why), "that is no address yet"
    screen.press("erase")
    for sign in "org":
        screen.press(sign)
    assert "ada@b.org" in screen.words()
    assert "ada@b.org" not in str(SAMPLES["19-email"](True)), "it is on the glass, and in no page"
    assert isinstance(screen.press("send"), Started)
    assert screen.secret("email") == "ada@b.org"
    assert screen.secret("email") == "" and "ada@b.org" not in screen.words()


def test_an_address_typed_half_is_forgotten_with_its_page() -> None:
    screen = screen_with("19-email")
    screen.press("a")
    screen.show(SAMPLES["11-receipt"](True), 1000)
    screen.show(SAMPLES["19-email"](True), 2000)
    assert screen.secret("email") == ""
    screen.press("b")
    assert "b" in screen.words() and "ab" not in screen.words()


def test_no_address_is_longer_than_its_field() -> None:
    screen = screen_with("19-email")
    for _ in range(80):
        screen.press("w")
    assert screen.secret("email") == "w" * 64


def test_a_secret_typed_half_is_forgotten_with_its_page() -> None:
    screen = screen_with("14-pin")
    for digit in "731":
        screen.press(digit)
    screen.show(SAMPLES["03-basket"](True), 1000)
    screen.show(SAMPLES["14-pin"](True), 2000)
    assert screen.secret("pin") == ""


def test_a_key_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(LookupError, match=r"no key 'Fly'.*'Pay'"):
        screen_with("03-basket").press("Fly")


def with_one_more(page: Page) -> Page:
    slip = Slip(LINES[:6], Headline(LINES[6]))
    total = msgspec.structs.replace(TO_PAY, amount="€24.68")
    return msgspec.structs.replace(page, blocks=(slip,), total=total)


def test_a_new_line_rises_and_comes_to_rest(tmp_path: Path) -> None:
    screen = screen_with("03-basket")
    screen.show(with_one_more(SAMPLES["03-basket"](True)), 1000)
    assert screen.draw(1000)
    first = pixels(screen, tmp_path)
    assert screen.draw(1100)
    assert pixels(screen, tmp_path) != first
    assert not screen.draw(1240)
    moved = pixels(screen, tmp_path)
    screen.settle(1300)
    assert pixels(screen, tmp_path) == moved


def test_reduced_motion_shows_the_end_at_once() -> None:
    screen = Screen(PORTRAIT, reduced=True)
    screen.show(SAMPLES["03-basket"](True), 0)
    screen.draw(0)
    screen.show(with_one_more(SAMPLES["03-basket"](True)), 1000)
    assert not screen.draw(1000)


def test_nothing_is_drawn_when_nothing_changes() -> None:
    screen = screen_with("03-basket")
    screen.flip()
    screen.show(SAMPLES["03-basket"](True), 500)
    assert not screen.draw(500)
    assert screen._present == []


def test_dirty_parts_make_the_same_picture_as_a_whole_one(tmp_path: Path) -> None:
    screen = screen_with("03-basket")
    now = 1000
    for name in ("07-help-and-age", "03-basket", "04-finder", "14-pin", "08-remove-undo", "09-payment"):
        screen.show(SAMPLES[name](True), now)
        for step in (0, 90, 180, 260, 500):
            screen.draw(now + step)
        parts = pixels(screen, tmp_path)
        screen.settle(now + 500)
        assert pixels(screen, tmp_path) == parts, name
        now += 10_000


def test_the_sill_rests_before_it_changes_under_a_scan() -> None:
    screen = screen_with("03-basket")
    screen.touch("up", 0, 0, 0)
    screen.show(SAMPLES["03-basket"](True), 900)
    page = msgspec.structs.replace(SAMPLES["03-basket"](True), tools=SAMPLES["06-self-fix"](True).tools)
    screen.show(page, 1000)
    assert "Quantity" in screen.words()
    assert screen.draw(1399)
    assert "Quantity" in screen.words()
    screen.draw(1400)
    assert "None of these" in screen.words()


def test_pages_that_come_quickly_do_not_hold_the_sill_for_ever() -> None:
    screen = screen_with("03-basket")
    page = SAMPLES["03-basket"](True)
    screen.show(page, 900)
    other = msgspec.structs.replace(page, tools=SAMPLES["06-self-fix"](True).tools)
    for now in range(1000, 1400, 100):
        screen.show(
            msgspec.structs.replace(other, total=msgspec.structs.replace(TO_PAY, label=str(now))), now
        )
        screen.draw(now)
    screen.draw(1400)
    assert "None of these" in screen.words()


def test_a_key_that_was_renamed_under_the_finger_does_not_act() -> None:
    screen = screen_with("03-basket")
    x, y = middle(screen, "go")
    screen.touch("down", x, y, 1000)
    page = SAMPLES["03-basket"](True)
    screen.press("Quantity")
    screen.show(msgspec.structs.replace(page, go=msgspec.structs.replace(page.go, text="Buy it all")), 1050)
    assert screen.touch("up", x, y, 1100) is None


def test_another_page_is_deaf_for_a_moment() -> None:
    screen = screen_with("01-start")
    screen.show(SAMPLES["01-start"](True), 900)
    screen.show(SAMPLES["03-basket"](True), 1000)
    x, y = middle(screen, "go")
    screen.touch("down", x, y, 1200)
    assert screen.touch("up", x, y, 1250) is None
    screen.touch("down", x, y, 1500)
    assert screen.touch("up", x, y, 1560) == PayPressed()


def test_the_sill_answers_a_touch_at_once() -> None:
    screen = screen_with("03-basket")
    screen.press("Quantity")
    page = msgspec.structs.replace(SAMPLES["03-basket"](True), tools=SAMPLES["06-self-fix"](True).tools)
    screen.show(page, 1000)
    assert "None of these" in screen.words()


def test_the_keypad_goes_round_the_sill_from_the_go_key() -> None:
    screen = screen_with("03-basket")
    order = screen.order()
    assert order[0] == "go" and len(order) == len(set(order))
    assert {"find", "help", "access"} <= set(order)
    screen.focus("find")
    screen.settle()
    assert screen.frame is not None


def test_dots_wait_and_bars_run_out() -> None:
    screen = screen_with("10-payment-checking")
    assert screen.draw(100)
    undo = screen_with("08-remove-undo")
    assert undo.draw(4000)
    assert not undo.draw(5001)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_touch_is_turned_with_the_panel(rotation: int) -> None:
    panel = Panel((1080, 1920), (194, 344), rotation)
    wide, high = (1920, 1080) if rotation % 180 else (1080, 1920)
    corners = {upright(panel, x, y) for x in (0, wide - 1) for y in (0, high - 1)}
    assert corners == {(0, 0), (1079, 0), (0, 1919), (1079, 1919)}


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_what_is_drawn_is_turned_as_touches_are(rotation: int) -> None:
    panel = Panel((1080, 1920), (194, 344), rotation)
    place = turned(panel, Rect(10, 20, 30, 40))
    assert upright(panel, place.x, place.y) in {(10, 20), (10, 59), (39, 20), (39, 59)}
    assert upright(panel, place.right - 1, place.bottom - 1) in {(10, 20), (10, 59), (39, 20), (39, 59)}


def test_a_turned_panel_shows_the_same_picture() -> None:
    plain, turned_one = Screen(PORTRAIT), None
    plain.show(SAMPLES["03-basket"](True), 0)
    plain.settle()
    wanted = plain._canvas.copy()
    turned_one = Screen(Panel((1080, 1920), (194, 344), 90))
    turned_one.show(SAMPLES["03-basket"](True), 0)
    turned_one.settle()
    turned_one.flip()
    back = pygame.transform.rotate(turned_one._window, 90)
    assert pygame.image.tobytes(back, "RGB") == pygame.image.tobytes(wanted, "RGB")


def test_dirty_rectangles_are_joined_where_they_meet() -> None:
    bounds = Rect(0, 0, 100, 100)
    areas = [Rect(0, 0, 10, 10), Rect(5, 5, 10, 10), Rect(50, 50, 10, 10), Rect(90, 90, 50, 50)]
    assert joined(areas, bounds) == [Rect(0, 0, 15, 15), Rect(50, 50, 10, 10), Rect(90, 90, 10, 10)]
