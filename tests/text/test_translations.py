"""French and German are complete, agree with the code, and sound like the house."""

import re
import string
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from kiosk.commands import text
from kiosk.text import FOLDER, Words, catalog
from kiosk.text.extract import said, sentences

SAID = said()
LANGUAGES = ("fr", "de")
FORBIDDEN = {
    "en": ("error", "unexpected", "invalid", "not allowed", "forgot", "failed", "illegal", "abort"),
    "fr": ("erreur", "inattendu", "invalide", "interdit", "oublié", "échec", "échoué", "illégal"),
    "de": ("fehler", "unerwartet", "ungültig", "nicht erlaubt", "verboten", "vergessen", "fehlgeschlagen"),
}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def printed(one: str) -> bool:
    """Words of the paper receipt abbreviate, and a printer's code page has the straight apostrophe."""
    return not SAID[one].place.startswith("screens/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    forms = catalog(language).forms
    assert set(forms) == set(SAID)
    assert not [one for one, given in forms.items() if not given or not all(given)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_agree(language: str) -> None:
    for one, given in catalog(language).forms.items():
        for form in given:
            assert fields(form) == fields(one), f"{language}: {one} -> {form}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_all_their_forms(language: str) -> None:
    for one, given in catalog(language).forms.items():
        assert len(given) == (2 if SAID[one].other else 1), f"{language}: {one}"


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_words_we_never_say(language: str) -> None:
    spoken = (
        [each for given in catalog(language).forms.values() for each in given]
        if language != "en"
        else [text for each in SAID.values() for text in (each.one, each.other)]
    )
    for sentence in spoken:
        for word in FORBIDDEN[language]:
            assert word not in sentence.lower(), f"{language}: {sentence}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_and_full_stops_agree(language: str) -> None:
    for one, given in catalog(language).forms.items():
        for form in given:
            assert form.count("\n") == one.count("\n"), form
            assert form.endswith(".") == one.endswith(".") or printed(one), f"{language}: {one} -> {form}"


def test_french_signs_stand_off_by_a_space_that_does_not_break() -> None:
    for one, given in catalog("fr").forms.items():
        for form in given:
            assert not re.search(r"[^\u00a0\d][:;?!»]|«[^\u00a0]", form), form
            assert "'" not in form or printed(one)


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_translators_tool_reads_the_same(language: str) -> None:
    read = read_po(BytesIO((FOLDER / f"{language}.po").read_bytes()))
    theirs = {
        (m.id if isinstance(m.id, str) else m.id[0]): ((m.string,) if isinstance(m.string, str) else m.string)
        for m in read
        if m.id
    }
    assert catalog(language).forms == theirs
    assert not [m for m in read if m.id and m.fuzzy]


def test_what_is_missing_is_listed_as_entries(capsys: pytest.CaptureFixture[str]) -> None:
    assert text.main(["missing"]) == 0
    assert text.main(["missing", "it"]) == 1
    printed = capsys.readouterr().out
    assert f"# it: {len(SAID)} of {len(SAID)} sentences are not translated" in printed
    assert 'msgid "{n} product"\nmsgid_plural "{n} products"\nmsgstr[0] ""' in printed


def test_what_counts_as_said() -> None:
    code = 'words("a"); self.words("b"); lane.words.n("c", "d", 2); msg("e"); words(f, "x"); words_for("g")'
    assert sorted(each[:2] for each in sentences(code)) == [("a", ""), ("b", ""), ("c", "d"), ("e", "")]


@pytest.mark.parametrize("one", ["{n} product", "{n} more"])
def test_zero_one_and_two(one: str) -> None:
    other = SAID[one].other
    for language in LANGUAGES:
        forms = {n: Words(language).n(one, other, n) for n in (0, 1, 2)}
        assert forms[0].replace("0", "1") == (forms[1] if language == "fr" else forms[2].replace("2", "1"))
