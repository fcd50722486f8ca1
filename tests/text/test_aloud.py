"""Sums, weights and signs as a voice reads them: the text that is given to it, and what espeak-ng makes of it."""

import shutil
import subprocess

import pytest

from drivers.voices import VOICES
from kiosk.text import Words
from kiosk.text.aloud import Aloud

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs the package espeak-ng")


@pytest.mark.parametrize(
    ("language", "minor", "said"),
    [
        ("en", 1250, "12 euros 50"),
        ("en", 100, "1 euro"),
        ("en", -199, "minus 1 euro 99"),
        ("fr", 1250, "12 euros 50"),
        ("de", 1250, "12 Euro 50"),
        ("de", 123450, "1234 Euro 50"),
        ("de", 50, "0 Euro 50"),
        ("es", 1250, "12 euros 50"),
        ("it", 105, "1 euro 5"),
        ("nl", 1250, "12 euro 50"),
        ("pl", 1250, "12 euro 50"),
        ("tr", 1250, "12 Euro 50"),
        ("uk", 1250, "12 євро 50"),
        ("ru", 1250, "12 евро 50"),
    ],
)
def test_a_sum_is_said_as_people_say_it(language: str, minor: int, said: str) -> None:
    words = Words(language)
    assert Aloud(words)(f"{words.money(minor)}.") == f"{said}."


@pytest.mark.parametrize("language", VOICES)
def test_no_sign_of_money_is_left_in_any_language(language: str) -> None:
    words = Words(language)
    text = f"{words.money(1250)}, {words.money(-99)}, {words.per_weight(349, 'kg')}, 2 × {words.money(200)}"
    said = Aloud(words)(text)
    assert not set(said) & set("€/×−"), said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "0.655 kg × €1.79/kg", "655 grams times 1 euro 79 per kilogram"),
        ("de", "0,655 kg × 1,79 €/kg", "655 Gramm mal 1 Euro 79 pro Kilogramm"),
        ("fr", "0,655 kg × 1,79 €/kg", "655 grammes fois 1 euro 79 par kilogramme"),
        ("en", "Whole milk 1 L", "Whole milk 1 liter"),
        ("en", "0:24", "24 seconds"),
        ("de", "Griechischer Joghurt 4 × 125 g", "Griechischer Joghurt 4 mal 125 Gramm"),
        ("en", "3 for 2 −€1.99", "3 for 2 minus 1 euro 99"),
    ],
)
def test_a_weight_and_what_it_costs(language: str, text: str, said: str) -> None:
    words = Words(language)
    nbsp = "\u00a0"
    for unit in ("kg", "g", "€", "L"):
        text = text.replace(f" {unit}", f"{nbsp}{unit}")
    assert Aloud(words)(text).replace(nbsp, " ") == said


@needs_espeak
@pytest.mark.parametrize(
    ("language", "never"),
    [("de", "kOmA"), ("fr", "virgyl"), ("en", "pOInt"), ("es", "kom"), ("it", "gola")],
)
def test_espeak_reads_no_comma_in_a_sum(language: str, never: str) -> None:
    words = Words(language)
    plain, aloud = phonemes(language, words.money(1250)), phonemes(language, Aloud(words)(words.money(1250)))
    assert never in plain.replace("'", "").replace(",", ""), "what espeak-ng says of the sum as it is written"
    assert never not in aloud.replace("'", "").replace(",", ""), aloud


def phonemes(language: str, text: str) -> str:
    run = subprocess.run(
        ["espeak-ng", "-q", "-x", "-v", VOICES[language], text], capture_output=True, text=True, check=True
    )
    return run.stdout
