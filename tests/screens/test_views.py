"""Every screen in every state and language, as text; and what must hold on each of them."""

import os
import re
from functools import lru_cache
from itertools import chain

import pytest
from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.session import Panel, Session
from kiosk.text import Words
from screens.reading import SIGNS, script, spoken_key
from screens.view import view
from screens.widgets import Dots, Field, Headline, Key, Page, QrCode, SlipLine, Tile
from tests.conftest import ROOT
from tests.screens.sessions import Shop, mailing, ways
from tests.screens.states import BUILD, session
from tests.screens.written import written

GOLDEN = ROOT / "tests" / "golden" / "views"
LANGUAGES = ("en", "fr", "de")
NEVER = re.compile(
    r"error|unexpected|invalid|not allowed|forgot|erreur|interdit|fehler|ungültig|verboten", re.I
)
words_for = lru_cache(Words)
reached = lru_cache(session)


def page(name: str, language: str = "en") -> Page:
    return view(*seen(name, language))


def seen(name: str, language: str) -> tuple[Session, object, object]:
    here, now = reached(name, language)
    return here, words_for, now


def keys(shown: Page) -> list[Key]:
    on_strips = (
        key
        for block in shown.blocks
        if hasattr(block, "strips")
        for strip in block.strips
        for key in strip.keys
    )
    sill = (*shown.tools, *chain.from_iterable(shown.letters), *([shown.go] if shown.go else []), *shown.foot)
    return [*on_strips, *sill]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILD)
def test_as_written_down(name: str, language: str) -> None:
    path = GOLDEN / language / f"{name}.txt"
    text = written(page(name, language))
    if os.environ.get("UPDATE_GOLDENS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"UPDATE_GOLDENS=1 rewrites {path.relative_to(ROOT)}"


def test_no_golden_is_left_over() -> None:
    assert {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.txt")} == {
        f"{language}/{name}.txt" for language in LANGUAGES for name in BUILD
    }


@pytest.mark.parametrize("name", BUILD)
def test_what_holds_on_every_page(name: str) -> None:
    shown = page(name)
    pressable = keys(shown)
    assert len({key.id for key in pressable}) == len(pressable), "two keys with one id"
    assert sum(key.kind == "go" for key in pressable) <= 1, "two go keys"
    for key in pressable:
        assert key.text or key.icon in {"erase", "check"}, f"{key.id} has no words"
        assert (key.kind == "wait") == (not key.off and key.sends is None and not key.digit), key
        assert bool(key.why) == key.off, f"{key.id} does not say why it is off"
    assert shown.language == "en" and script(words_for("en"), shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILD)
def test_words_we_never_say(name: str, language: str) -> None:
    for said in script(words_for(language), page(name, language)):
        assert not NEVER.search(said.replace("weight.unexpected", "")), said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILD)
def test_speech_has_every_price_total_and_key(name: str, language: str) -> None:
    shown = page(name, language)
    said = " ".join(script(words_for(language), shown))
    for key in keys(shown):
        assert spoken_key(words_for(language), key) in said, key.text
        code = key.id == "language" and key.text.isupper()  # EN: its name is said
        assert code or key.text in SIGNS or key.text.replace("\n", " ").rstrip(".") in said, key.text
        assert (key.why or "") in said
    for text in chain.from_iterable(texts(block) for block in shown.blocks):
        assert all(part.rstrip(".") in said for part in text.split("\n")), text
    assert shown.total is None or shown.total.amount in said


def texts(block: Struct) -> list[str]:
    """The texts of a block that hold an amount."""
    found: list[str] = []
    for name in set(block.__struct_fields__) - {"was"}:
        each = getattr(block, name)
        parts = each if isinstance(each, tuple) else (each,)
        for part in parts:
            if isinstance(part, Struct):
                found += texts(part)
            elif isinstance(part, str) and "€" in part:
                found.append(part)
    return found


@pytest.mark.parametrize("name", BUILD)
def test_the_same_page_in_another_language_differs_in_words_only(name: str) -> None:
    english = page(name)
    for language in ("fr", "de"):
        other = page(name, language)
        assert [key.id for key in keys(other)] == [key.id for key in keys(english)]
        assert [key.icon for key in keys(other)] == [key.icon for key in keys(english)]


def test_every_panel_of_the_model_has_a_page() -> None:
    named = re.search(r"page: (.+?)\.", str(Panel.__doc__).replace("\n", " "))
    assert named is not None
    for name in re.split(r",\s*", named[1]):
        shop = Shop().full().staff() if name in {"staff", "service", "price", "remove"} else Shop().full()
        if name in {"gift_card", "deposit_voucher", "other_ways"}:
            shop = ways()
        if name == "email":
            shop = mailing()
        bare = view(shop.session, words_for, shop.now)
        shop.open(name, item=BUILD["weigh-stable"]().session.passing.panel.item)
        shown = view(shop.session, words_for, shop.now)
        assert shown.name != "basket", name
        assert shown != bare or name == "staff", f"panel {name} shows nothing of its own"


def test_no_secret_is_in_a_page() -> None:
    shown = page("pin")
    assert any(isinstance(block, Dots) for block in shown.blocks)
    digits = [key for key in chain.from_iterable(shown.letters) if key.digit]
    assert len(digits) == 11 and all(key.sends is None for key in digits)
    for name in ("email", "email-signs"):
        shown = page(name)
        assert any(isinstance(block, Field) for block in shown.blocks)
        typing = [key for key in chain.from_iterable(shown.letters) if key.digit]
        assert len(typing) > 15 and all(key.sends is None for key in typing)


def test_staff_pages_need_an_accepted_pin() -> None:
    for name in ("staff", "service", "price"):
        shop = Shop().full().open(name)
        assert view(shop.session, words_for, shop.now).name == "staff_number"


def test_six_readings_are_six_states() -> None:
    names = (
        "weigh-zero",
        "weigh-moving",
        "weigh-below-zero",
        "weigh-overloaded",
        "weigh-stale",
        "weigh-absent",
    )
    for language in LANGUAGES:
        states = [page(name, language).blocks[0] for name in (*names, "weigh-stable")]
        assert len({state.state for state in states}) == 7
        assert len({state.state_icon for state in states}) == 7
    assert [name for name in names if page(name).go.off] == list(names)


def test_while_a_payment_is_in_doubt_nothing_says_try_again() -> None:
    for name in ("pay-checking", "pay-checking-staff-knows", "pay-with-staff"):
        shown = page(name)
        assert not any(key.id == "pay" for key in keys(shown))
        assert any("do not pay again" in said for said in script(words_for("en"), shown))


def test_the_code_on_the_screen_is_the_receipts_address() -> None:
    import zxingcpp
    from PIL import Image

    (code,) = (block for block in page("receipt").blocks if isinstance(block, QrCode))
    size = len(code.rows) + 8
    picture = Image.new("L", (size, size), 255)
    for y, row in enumerate(code.rows):
        for x, module in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if module == "1" else 255)
    read = zxingcpp.read_barcodes(picture.resize((size * 6, size * 6), Image.Resampling.NEAREST))
    assert [each.text for each in read] == ["https://tilleul.example/r/j0-1"]


def test_without_an_address_the_code_holds_the_receipt() -> None:
    from screens.lane import Lane
    from screens.receipt import MOST_BYTES, fitting, receipt_text

    shop = Shop(replace(Shop().session.kept.policy, receipt_url="")).paid()
    text = receipt_text(Lane(shop.session, words_for, shop.now), shop.session.kept.phase.closed)
    assert text.splitlines()[0] == "Tilleul 0187/4"
    assert "Greek yoghurt 4 × 125 g €3.98" in text and text.endswith("Paid €16.78")
    many = [f"line number {n}" for n in range(100)]
    short = fitting(words_for("en"), many, MOST_BYTES)
    assert len(short.encode()) <= MOST_BYTES
    shown = short.count("line number")
    assert short.endswith(f"and {100 - shown} more lines\n")


def test_touching_an_older_line_brings_it_up() -> None:
    (slip,) = page("basket").blocks
    assert isinstance(slip.headline, Headline) and slip.headline.line.text == "Cherry tomatoes 250 g"
    assert all(isinstance(line, SlipLine) and line.touch for line in slip.lines)


def test_nothing_is_offered_to_somebody_who_waits_for_help() -> None:
    for name, offered in (("basket", True), ("help-wanted", False), ("bag-colleague", False)):
        (slip,) = page(name).blocks
        assert (slip.headline.hint is not None) is offered, name


def test_a_match_is_found_with_accents() -> None:
    from screens.finder import match

    assert match("Pâtes complètes", "comple") == (6, 12)
    assert match("Œufs", "x") is None
    assert match("Straße", "STRASSE") is None
    tiles = [tile for block in page("finder-typed").blocks for tile in block.tiles]
    assert all(isinstance(tile, Tile) and tile.text[slice(*tile.match)].lower() == "to" for tile in tiles)


def test_no_panel_hides_that_the_payment_runs() -> None:
    for name in ("finder", "weigh", "quantity", "remove", "coupon", "price_check", "more"):
        shop = Shop().paying()
        passing = replace(shop.session.passing, panel=Panel(name))
        assert view(replace(shop.session, passing=passing), words_for, shop.now).name == "payment"
