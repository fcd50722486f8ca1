"""What is painted is read back from its pixels: prices in sentences of every script, joined letters, no empty boxes."""

import unicodedata

import numpy as np
import pygame
import pytest

from kiosk.text import Words, catalog, languages
from kiosk.text.bidi import bare
from kiosk.text.fonts import CJK, FAMILIES, LATIN, SIGNS, face, family_of
from screens.marks import Glyphs, Rect
from screens.text import Type

PX = 96
TYPE = Type()
ALIKE = 0.96
"""How much a place must be like a digit, of 1."""
SENTENCES = {
    "ar": "وفّرت {} اليوم",
    "he": "חסכתם {} היום",
    "hi": "आपने आज {} बचाए",
    "zh": "今天节省了{}。",
    "ja": "本日は{}お得です。",
    "ru": "Вы сэкономили {} сегодня",
    "uk": "Ви заощадили {} сьогодні",
    "tr": "Bugün {} kazandınız: İıŞşĞğ",
    "pl": "Zaoszczędzono {} dziś: ąćęłńóśźż",
}
FONTS = {"ar": "Arabic", "he": "Hebrew", "hi": "Devanagari", "zh": "CJK", "ja": "CJK", "ru": "", "uk": ""}


def needs(language: str) -> None:
    """A machine without a script's font cannot show what its pixels say."""
    if language not in FONTS:
        return
    name = f"Noto Sans {FONTS[language]}".strip()
    if face(next(each for each in FAMILIES if each.name == name), True) is None:
        pytest.skip(f"needs the font {name}")


def picture(text: str, language: str = "en", px: int = PX) -> np.ndarray:
    """How dark each pixel of a text is."""
    TYPE.read_by(language)
    mark = Glyphs(Rect(0, 0, 0, 0), text, px, True, (0, 0, 0), 0, 0, "", 0)
    surface, _ = TYPE.surface(mark)
    ink = pygame.surfarray.array_alpha(surface).astype(float)
    return np.pad(ink, ((4, 4), (0, 0)))[:, inked(ink)]


def inked(ink: np.ndarray) -> slice:
    rows = np.flatnonzero(ink.sum(axis=0))
    return slice(rows[0], rows[-1] + 1) if len(rows) else slice(0, 0)


def on_baseline(text: str) -> np.ndarray:
    """Rows from the capitals' top to below the baseline, so that pictures of different fonts can be compared."""
    mark = Glyphs(Rect(0, 0, 0, 0), text, PX, True, (0, 0, 0), 0, 0, "", 0)
    surface, baseline = TYPE.surface(mark)
    ink = pygame.surfarray.array_alpha(surface).astype(float)
    top = baseline - round(0.72 * PX)
    ink = np.pad(ink, ((8, 8), (max(0, -top), PX)))
    top = max(0, top)
    return ink[:, top : top + round(0.95 * PX)]


def places(line: np.ndarray, sign: str) -> list[int]:
    """Where the picture of a sign stands in that of a line, from left to right."""
    one = on_baseline(sign)
    columns = np.flatnonzero(one.sum(axis=1))
    one = one[columns[0] - 1 : columns[-1] + 2]
    wide, found = len(one), []
    scores = [
        float((one * line[x : x + wide]).sum())
        / (float(np.linalg.norm(one)) * float(np.linalg.norm(line[x : x + wide])) + 1e-9)
        for x in range(len(line) - wide)
    ]
    for x, score in enumerate(scores):
        if score > ALIKE and score == max(scores[max(0, x - wide // 2) : x + wide // 2]):
            found.append(x)
    return found


def digits(text: str, language: str) -> str:
    """The digits that can be read in the picture of a text, from left to right."""
    TYPE.read_by(language)
    line = on_baseline(text)
    return "".join(sign for _, sign in sorted((x, sign) for sign in "0123456789" for x in places(line, sign)))


@pytest.mark.parametrize("language", SENTENCES)
def test_a_price_in_a_sentence_reads_as_a_price(language: str) -> None:
    needs(language)
    price = Words(language).money(12_50)
    sentence = SENTENCES[language].format(price)
    assert digits(sentence, language) == "1250"
    if language in ("ar", "he"):
        assert digits(SENTENCES[language].format("12,50\u00a0€"), language) == "1250", (
            "even without an isolate"
        )
        assert digits("\u202e12,50 €", language) == "0521", "and a wrong order would be seen"


@pytest.mark.parametrize("language", ["ar", "he"])
def test_a_price_is_the_same_picture_alone_and_in_a_sentence(language: str) -> None:
    needs(language)
    price = Words(language).money(12_50)
    alone, inside = on_baseline(price), on_baseline(SENTENCES[language].format(price))
    columns = np.flatnonzero(alone.sum(axis=1))
    alone = alone[columns[0] - 1 : columns[-1] + 2]
    apart = [np.abs(inside[x : x + len(alone)] - alone).mean() for x in range(len(inside) - len(alone))]
    assert min(apart) < 6, "the same ink, but for parts of a pixel"


def wide(text: str, language: str) -> float:
    TYPE.read_by(language)
    return TYPE.measure(text, PX, True)


def test_arabic_letters_join() -> None:
    needs("ar")
    assert wide("حليب", "ar") < sum(wide(letter, "ar") for letter in "حليب") * 0.85


def test_devanagari_makes_conjuncts() -> None:
    needs("hi")
    assert wide("क्ष", "hi") < wide("क", "hi") + wide("ष", "hi") - 5
    assert wide("हिन्दी", "hi") < wide("हिन\u200cदी", "hi") + 1
    first, second = picture("कि", "hi"), picture("क", "hi")
    assert first[:20].sum() != second[:20].sum(), "the vowel i stands before its letter"


def test_chinese_and_japanese_readers_see_their_own_forms() -> None:
    needs("ja")
    ours = {language: picture("直骨", language) for language in ("ja", "zh", "en")}
    assert ours["ja"].shape != ours["zh"].shape or not np.array_equal(ours["ja"], ours["zh"])
    assert np.array_equal(ours["en"], ours["ja"])


def test_turkish_i_with_and_without_its_dot() -> None:
    dotted, plain = picture("İ"), picture("I")
    assert dotted.shape[1] > plain.shape[1] * 1.15, "a dot above the capital"
    assert picture("i").shape[1] > picture("ı").shape[1] * 1.15


@pytest.mark.parametrize("language", languages())
def test_every_letter_of_a_language_has_a_font(language: str) -> None:
    needs(language)
    texts = [form for forms in catalog(language).forms.values() for form in forms]
    signs = {sign for sign in bare("".join(texts)) + Words(language).name if sign > " "}
    without = {sign for sign in signs if not drawn(sign)}
    assert without == set()


@pytest.mark.parametrize("sign", "€£¥₹₪₺₴ÄäßŁłİıŞğ×−–…„“«»·")
def test_signs_of_money_and_of_european_languages_are_no_boxes(sign: str) -> None:
    needs("ru")
    assert drawn(sign)
    assert not np.array_equal(picture(sign), picture("\u0378"))


def drawn(sign: str) -> bool:
    """Whether the font that draws a sign has it, whole or as its letter and its mark."""
    found = face(family_of(sign), True)
    if found is None:
        return False
    font = pygame.font.Font(found.path, 20)
    return any(
        None not in (font.metrics(form) or [None]) for form in (sign, unicodedata.normalize("NFD", sign))
    )


def test_japanese_opens_no_font_before_it_is_read() -> None:
    letters = Type()
    letters.measure("To pay €16.78", 40, True)
    assert {family for family, *_ in letters._fonts} == {LATIN}
    assert CJK in FAMILIES and LATIN not in SIGNS
