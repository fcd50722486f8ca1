"""Every page by ear: all of it can be heard, every key can be gone to, and no page holds the focus fast."""

import re
from functools import lru_cache

import pytest
from msgspec.structs import replace

from kiosk.checkout.session import Hearing, Session
from kiosk.loop.keypad import Keypad
from kiosk.text import Words
from screens.lane import FULL
from screens.reading import Heard, paper, script, sill
from screens.screen import Screen
from screens.speech import discreet, news
from screens.theme import Panel
from screens.view import view
from screens.widgets import Key, Page
from tests.screens.states import BUILD, session

LANGUAGES = ("en", "fr", "de")
LANDSCAPE, PORTRAIT = Panel((1920, 1080), (344, 194)), Panel((1080, 1920), (194, 344))
MOST_WORDS = 18
"""In one sentence, for whom hears it once."""
words_for = lru_cache(Words)
reached = lru_cache(session)


def spoken(name: str, language: str = "en", said: str = "") -> tuple[Session, Page]:
    """The state in audio mode with a headset, and its page."""
    here, now = reached(name, language)
    passing = replace(here.passing, speaking=True, hearing=Hearing(True, said=said))
    here = replace(here, passing=passing)
    return here, view(here, words_for, now)


class Fingers:
    """Goes through a page with the keypad, and remembers what was said."""

    def __init__(self, name: str, panel: Panel = LANDSCAPE) -> None:
        self.session, self.page = spoken(name)
        self.said: list[str] = []
        self.screen = Screen(panel)
        self.keypad = Keypad(self.screen, self.said.append, lambda: None)
        self.screen.show(self.page, 0)
        self.screen.settle(0)
        self.keypad.shown(self.page, words_for("en"), True)

    def press(self, key: str) -> list[object]:
        return list(self.keypad.pressed(key, self.session, self.page, words_for("en")))

    def heard(self, key: str, times: int) -> list[str]:
        for _ in range(times):
            self.press(key)
        return self.said[len(self.said) - times :]


def things(name: str) -> tuple[Heard, ...]:
    _, page = spoken(name)
    return (*paper(words_for("en"), page), *sill(words_for("en"), page))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILD)
def test_every_state_speaks_in_its_language(name: str, language: str) -> None:
    words, (_, page) = words_for(language), spoken(name, language)
    assert page.language == language and page.still
    told = script(words, page)
    assert all(told) and len(told) >= 2
    assert news(words, None, page, True), "a page that appears says something"
    assert not any("{" in text for text in told)
    for text in told:
        for sentence in re.split(r"[.?!:;]\s", text):
            assert len(sentence.split()) <= MOST_WORDS, sentence


@pytest.mark.parametrize("name", ["basket", "basket-large"])
def test_the_key_of_the_languages_says_what_it_does(name: str) -> None:
    assert "English. Choose your language." in [each.text for each in things(name)]


@pytest.mark.parametrize("name", BUILD)
def test_nothing_of_a_page_that_stays_is_said_twice(name: str) -> None:
    _, page = spoken(name)
    _, again = spoken(name, said="Whatever is spoken now.")
    assert news(words_for("en"), page, again, True) == ()


@pytest.mark.parametrize("panel", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("name", BUILD)
def test_every_key_on_the_glass_can_be_gone_to(name: str, panel: Panel) -> None:
    fingers = Fingers(name, panel)
    frame = fingers.screen.frame
    assert frame is not None
    shown = {
        part.key.id for part in frame.parts if part.key and part.key.kind != "wait" and part.key.skip is None
    }
    assert shown <= {each.id for each in things(name)}


@pytest.mark.parametrize("name", BUILD)
def test_the_arrows_go_round_and_are_never_held(name: str) -> None:
    fingers = Fingers(name)
    keys = [each for each in sill(words_for("en"), fingers.page) if each.key and each.key.kind != "wait"]
    around = fingers.heard("right", 2 * len(keys))
    assert set(around) == {each.text for each in keys} and around[: len(keys)] == around[len(keys) :]
    there = paper(words_for("en"), fingers.page)
    assert set(fingers.heard("down", len(there))) == {each.text for each in there}
    assert set(fingers.heard("left", len(keys))) == {each.text for each in keys}, "and back to the keys"


@pytest.mark.parametrize("name", BUILD)
def test_help_is_one_key_away_everywhere(name: str) -> None:
    assert Fingers(name).press("help")


@pytest.mark.parametrize("name", [name for name in BUILD if reached(name)[0].passing.panel is not None])
def test_back_leads_out_of_every_panel(name: str) -> None:
    fingers = Fingers(name)
    assert fingers.press("back") or fingers.said, "it leads back, or says why not now"


@pytest.mark.parametrize("panel", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("name", BUILD)
def test_what_is_spoken_is_printed(name: str, panel: Panel) -> None:
    _, page = spoken(name, said="Whole milk. €1.25.")
    if any(isinstance(block, FULL) for block in page.blocks) or page.head.tone != "shop":
        return  # no room for it there
    if page.large and not any(getattr(block, "headline", None) for block in page.blocks):
        return
    screen = Screen(panel)
    screen.show(page, 0)
    screen.settle(0)
    assert any("Whole milk. €1.25." in text for text in screen.words()), screen.words()


@pytest.mark.parametrize("name", BUILD)
def test_pictures_that_mean_something_have_words(name: str) -> None:
    _, page = spoken(name)
    for each in sill(words_for("en"), page):
        assert isinstance(each.key, Key) and each.text.strip("."), each.key


def test_the_loudspeaker_names_no_card_and_no_person() -> None:
    here, page = spoken("receipt")
    instead = discreet(words_for("en"), here)
    assert instead["Card ending in 4417"] == "Paid by card"
    assert any("Card ending in 4417" in text for text in script(words_for("en"), page))


def test_the_receipt_is_told() -> None:
    _, before = spoken("pay-present")
    _, page = spoken("receipt")
    said = " ".join(each.text for each in news(words_for("en"), before, page, True))
    for part in ("Paid: €16.78", "Card ending in 4417", "9 products", "saved €2.39", "Done. without paper"):
        assert part in said, part
    _, after = spoken("thanks-printed")
    said = " ".join(each.text for each in news(words_for("en"), page, after, True))
    assert "Your receipt is below" in said and "You saved €2.39" in said


def test_the_amount_is_told_before_the_card_is_asked_for() -> None:
    _, before = spoken("basket")
    _, page = spoken("pay-present")
    first = news(words_for("en"), before, page, True)[0].text
    assert first.startswith("Please present your card. €16.78.")


@pytest.mark.parametrize(
    ("name", "item", "problem"),
    [
        ("basket-past-date", "Whole milk 1 L", "past its date"),
        ("basket-recalled", "Whole milk 1 L", "not for sale today"),
        ("bag-missing", "Sourdough loaf 500 g", "put it in the bag"),
        ("basket-no-price", "", "needs a price"),
        ("empty-unreadable", "", "could not read this code"),
        ("basket-unknown-code", "", "code is new to us"),
    ],
)
def test_what_went_wrong_is_named_with_its_item(name: str, item: str, problem: str) -> None:
    _, before = spoken("basket")
    _, page = spoken(name)
    said = [each.text for each in news(words_for("en"), before, page, True)]
    assert any(item in text and problem in text for text in said), said
