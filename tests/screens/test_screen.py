"""The screen: what moves, what a touch sends, what is kept secret."""

from pathlib import Path

import msgspec
import pygame
import pytest

from kiosk.checkout.events import LineChosen, PayPressed, ReceiptChosen
from kiosk.checkout.passed import PinEntered
from kiosk.units import LineNo
from screens.areas import joined
from screens.lint import findings
from screens.marks import Drawing, Rect
from screens.screen import Digit, Screen, Why
from screens.theme import Panel
from screens.widgets import Headline, Page, Slip
from tests.screens.matrix import page as state

PORTRAIT = Panel((1080, 1920), (194, 344))


def screen_with(name: str, portrait: bool = True) -> Screen:
    screen = Screen(PORTRAIT if portrait else Panel((1920, 1080), (344, 194)))
    screen.show(state(name), 0)
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
    screen = screen_with("basket")
    x, y = middle(screen, "pay")
    assert screen.touch("down", x, y, 1000) is None
    assert screen.touch("up", x, y, 1080) == PayPressed()


def test_sliding_off_a_key_cancels() -> None:
    screen = screen_with("basket")
    x, y = middle(screen, "pay")
    screen.touch("down", x, y, 1000)
    screen.touch("move", x, y - 400, 1050)
    assert screen.touch("up", x, y, 1100) is None


def test_one_tap_reported_twice_acts_once() -> None:
    screen = screen_with("basket")
    x, y = middle(screen, "pay")
    screen.touch("down", x, y, 1000)
    assert screen.touch("up", x, y, 1060) == PayPressed()
    screen.touch("down", x, y, 1062)
    assert screen.touch("up", x, y, 1063) is None


def test_a_key_that_is_off_says_why() -> None:
    screen = screen_with("empty")
    assert screen.press("Pay") == Why("pay", "Scan a product first.")


def test_a_line_of_the_slip_can_be_touched() -> None:
    screen = screen_with("basket")
    x, y = middle(screen, "line:line-2")
    screen.touch("down", x, y, 1000)
    assert screen.touch("up", x, y, 1100) == LineChosen(LineNo(2))


def test_a_pressed_key_looks_pressed_and_comes_back(tmp_path: Path) -> None:
    screen = screen_with("basket")
    rest = pixels(screen, tmp_path)
    screen.touch("down", *middle(screen, "pay"), 1000)
    screen.draw(1000)
    assert pixels(screen, tmp_path) != rest
    screen.touch("up", 0, 0, 1100)
    assert screen.draw(1100)
    assert not screen.draw(1220)
    assert pixels(screen, tmp_path) == rest


def test_a_key_goes_down_by_its_lip_in_60_ms(tmp_path: Path) -> None:
    screen = screen_with("basket")
    screen.touch("down", *middle(screen, "pay"), 1000)
    seen = []
    for now in (1000, 1030, 1060):
        moving = screen.draw(now)
        seen.append(pixels(screen, tmp_path))
    assert not moving and len(set(seen)) == 3
    screen.settle(1100)
    assert pixels(screen, tmp_path) == seen[-1]


def test_a_long_slip_is_paged_back_and_forth() -> None:
    screen = Screen(PORTRAIT)
    many = state("basket-long")
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
    screen.show(msgspec.structs.replace(many, blocks=state("basket").blocks), 1000)
    screen.settle(3000)
    assert state("basket").blocks[0].headline.line.text in screen.words()


def test_a_secret_is_typed_kept_given_once_and_never_shown() -> None:
    screen = screen_with("pin")
    assert isinstance(screen.press("ok"), Why)
    for number, digit in enumerate("7316", 1):
        assert screen.press(digit) == Digit("pin-17", number, False)
    assert screen.press("erase") == Digit("pin-17", 3, False)
    for digit in "428":
        last = screen.press(digit)
    assert last == Digit("pin-17", 6, True)
    assert screen.press("9") == Digit("pin-17", 6, True)
    assert isinstance(screen.press("ok"), PinEntered)
    assert "731428" not in "".join(screen.words())
    assert screen.secret("pin-17") == "731428"
    assert screen.secret("pin-17") == ""
    assert isinstance(screen.press("ok"), Why)


def test_an_address_is_shown_while_it_is_typed_given_once_and_forgotten() -> None:
    screen = screen_with("email")
    assert isinstance(screen.press("send"), Why), "nothing is typed yet"
    for sign in "ada@b.c":
        screen.press(sign)
    assert isinstance(screen.press("send"), Why), "that is no address yet"
    screen.press("erase")
    for sign in "org":
        screen.press(sign)
    assert "ada@b.org" in screen.words()
    assert "ada@b.org" not in str(state("email")), "it is on the glass, and in no page"
    assert screen.press("send") == ReceiptChosen("email")
    assert screen.secret("email") == "ada@b.org"
    assert screen.secret("email") == "" and "ada@b.org" not in screen.words()


def test_an_address_typed_half_is_forgotten_with_its_page() -> None:
    screen = screen_with("email")
    screen.press("a")
    screen.show(state("receipt"), 1000)
    screen.show(state("email"), 2000)
    assert screen.secret("email") == ""
    screen.press("b")
    assert "b" in screen.words() and "ab" not in screen.words()


def test_no_address_is_longer_than_its_field() -> None:
    screen = screen_with("email")
    for _ in range(80):
        screen.press("w")
    assert screen.secret("email") == "w" * 64


def test_a_secret_typed_half_is_forgotten_with_its_page() -> None:
    screen = screen_with("pin")
    for digit in "731":
        screen.press(digit)
    screen.show(state("basket"), 1000)
    screen.show(state("pin"), 2000)
    assert screen.secret("pin-17") == ""


def test_a_key_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(LookupError, match=r"no key 'Fly'.*'Pay'"):
        screen_with("basket").press("Fly")


def with_one_more(page: Page) -> Page:
    (slip,) = page.blocks
    assert isinstance(slip, Slip) and slip.headline and page.total
    newest = msgspec.structs.replace(
        slip.headline.line, id="line-99", text="Côtes du Rhône 75 cl", price="€7.90"
    )
    longer = Slip((*slip.lines, slip.headline.line), Headline(newest))
    total = msgspec.structs.replace(page.total, amount="€24.68")
    return msgspec.structs.replace(page, blocks=(longer,), total=total)


def test_a_new_line_rises_and_comes_to_rest(tmp_path: Path) -> None:
    screen = screen_with("basket")
    screen.show(with_one_more(state("basket")), 1000)
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
    screen.show(state("basket"), 0)
    screen.draw(0)
    screen.show(with_one_more(state("basket")), 1000)
    assert not screen.draw(1000)


def test_on_a_still_page_nothing_moves_and_on_the_next_one_it_does() -> None:
    screen = screen_with("basket")
    still = msgspec.structs.replace(with_one_more(state("basket")), still=True)
    screen.show(still, 1000)
    assert not screen.draw(1000)
    screen.show(state("basket"), 2000)
    screen.draw(2000)
    screen.show(with_one_more(state("basket")), 3000)
    assert screen.draw(3000)


def test_nothing_is_drawn_when_nothing_changes() -> None:
    screen = screen_with("basket")
    screen.flip()
    screen.show(state("basket"), 500)
    assert not screen.draw(500)
    assert screen._present == []


def test_dirty_parts_make_the_same_picture_as_a_whole_one(tmp_path: Path) -> None:
    screen = screen_with("basket")
    now = 1000
    for name in ("age", "basket", "finder-typed", "pin", "removed", "pay-present"):
        screen.show(state(name), now)
        for step in (0, 90, 180, 260, 500):
            screen.draw(now + step)
        parts = pixels(screen, tmp_path)
        screen.settle(now + 500)
        assert pixels(screen, tmp_path) == parts, name
        now += 10_000


def test_the_sill_rests_before_it_changes_under_a_scan() -> None:
    screen = screen_with("basket")
    screen.touch("up", 0, 0, 0)
    screen.show(state("basket"), 900)
    page = msgspec.structs.replace(state("basket"), tools=state("bag-heavier").tools)
    screen.show(page, 1000)
    assert "Quantity" in screen.words()
    assert screen.draw(1399)
    assert "Quantity" in screen.words()
    screen.draw(1400)
    assert "None of these" in screen.words()


def test_pages_that_come_quickly_do_not_hold_the_sill_for_ever() -> None:
    screen = screen_with("basket")
    page = state("basket")
    screen.show(page, 900)
    other = msgspec.structs.replace(page, tools=state("bag-heavier").tools)
    for now in range(1000, 1400, 100):
        screen.show(
            msgspec.structs.replace(
                other, total=msgspec.structs.replace(state("basket").total, label=str(now))
            ),
            now,
        )
        screen.draw(now)
    screen.draw(1400)
    assert "None of these" in screen.words()


def test_a_key_that_was_renamed_under_the_finger_does_not_act() -> None:
    screen = screen_with("basket")
    x, y = middle(screen, "pay")
    screen.touch("down", x, y, 1000)
    page = state("basket")
    screen.press("Quantity")
    screen.show(msgspec.structs.replace(page, go=msgspec.structs.replace(page.go, text="Buy it all")), 1050)
    assert screen.touch("up", x, y, 1100) is None


def test_another_page_is_deaf_for_a_moment() -> None:
    screen = screen_with("start")
    screen.show(state("start"), 900)
    screen.show(state("basket"), 1000)
    x, y = middle(screen, "pay")
    screen.touch("down", x, y, 1200)
    assert screen.touch("up", x, y, 1250) is None
    screen.touch("down", x, y, 1500)
    assert screen.touch("up", x, y, 1560) == PayPressed()


def test_the_sill_answers_a_touch_at_once() -> None:
    screen = screen_with("basket")
    screen.press("Quantity")
    page = msgspec.structs.replace(state("basket"), tools=state("bag-heavier").tools)
    screen.show(page, 1000)
    assert "None of these" in screen.words()


def test_the_keypad_goes_round_the_sill_from_the_go_key() -> None:
    screen = screen_with("basket")
    order = screen.order()
    assert order[0] == "pay" and len(order) == len(set(order))
    assert {"find", "help", "access"} <= set(order)
    screen.focus("find")
    screen.settle()
    assert screen.frame is not None


def test_dots_wait_and_bars_run_out() -> None:
    screen = screen_with("pay-checking")
    assert screen.draw(100)
    undo = screen_with("removed")
    assert undo.draw(4000)
    assert not undo.draw(5001)


def test_dirty_rectangles_are_joined_where_they_meet() -> None:
    bounds = Rect(0, 0, 100, 100)
    areas = [Rect(0, 0, 10, 10), Rect(5, 5, 10, 10), Rect(50, 50, 10, 10), Rect(90, 90, 50, 50)]
    assert joined(areas, bounds) == [Rect(0, 0, 15, 15), Rect(50, 50, 10, 10), Rect(90, 90, 10, 10)]


def test_a_shop_has_its_own_pictures_and_an_unknown_symbol_its_first_letters(tmp_path: Path) -> None:
    red = pygame.Surface((30, 60))
    red.fill((200, 10, 20))
    pygame.image.save(red, tmp_path / "tomato-vine.png")
    slip = state("basket-one").blocks[0]
    assert isinstance(slip, Slip) and slip.headline
    line = msgspec.structs.replace(slip.headline.line, symbol="tomato-vine")
    block = msgspec.structs.replace(slip, headline=msgspec.structs.replace(slip.headline, line=line))
    shown = msgspec.structs.replace(state("basket-one"), blocks=(block,))
    letters = Screen(PORTRAIT)
    letters.show(shown, 0)
    assert line.text[:2] in letters.words()
    screen = Screen(PORTRAIT, pictures=tmp_path)
    screen.show(shown, 0)
    screen.settle()
    assert line.text[:2] not in screen.words() and screen.frame
    box = next(
        mark.box for part in screen.frame.parts for mark in part.marks
        if isinstance(mark, Drawing) and mark.name == "tomato-vine"
    )  # fmt: skip
    assert screen._canvas.get_at((box.x + box.w // 2, box.y + box.h // 2))[:3] == (200, 10, 20)
    assert screen._canvas.get_at((box.x + 2, box.y + 2))[:3] != (200, 10, 20), "it is drawn whole, not cut"
