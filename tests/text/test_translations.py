"""Every language is complete, agrees with the code, and French and German sound like the house."""

import re
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from kiosk.commands import text
from kiosk.text import FOLDER, PSEUDO, Catalog, Words, catalog, languages, told
from kiosk.text.extract import Said, said, sentences
from kiosk.text.proof import Kind, fields, findings
from kiosk.text.pseudo import STAYS

SAID = said()
LANGUAGES = ("fr", "de")
ALL = [language for language in languages() if language != "en"]
FORBIDDEN = {
    "en": ("error", "unexpected", "invalid", "not allowed", "forgot", "failed", "illegal", "abort"),
    "fr": ("erreur", "inattendu", "invalide", "interdit", "oublié", "échec", "échoué", "illégal"),
    "de": ("fehler", "unerwartet", "ungültig", "nicht erlaubt", "verboten", "vergessen", "fehlgeschlagen"),
}


def printed(one: str) -> bool:
    """Words of the paper receipt abbreviate, and a printer's code page has the straight apostrophe."""
    return not SAID[one].place.startswith("screens/")


@pytest.mark.parametrize("language", ALL)
def test_nothing_is_to_be_put_right(language: str) -> None:
    assert [each for each in findings(language, catalog(language), SAID) if each.kind is not Kind.LONG] == []


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


def test_french_signs_stand_off_by_a_space_that_does_not_break() -> None:
    for one, given in catalog("fr").forms.items():
        for form in given:
            assert not re.search(r"[^\u00a0\d][:;?!»]|«[^\u00a0]", form), form
            assert "'" not in form or printed(one)


@pytest.mark.parametrize("language", languages())
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
    assert text.main(["missing", "tlh"]) == 1
    printed = capsys.readouterr().out
    assert f"# tlh: {len(SAID)} of {len(SAID)} sentences are not translated" in printed
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


HEAD = "Language: pl\nX-Name: Polski\nX-Read-By: \nPlural-Forms: nplurals=3; plural=(n==1 ? 0 : 2);"
ONE = Said("You saved {sum}.", "", "screens/receipt.py:1")
MANY = Said("{n} product", "{n} products", "screens/lane.py:1")


def wrong(language: str, forms: dict[str, tuple[str, ...]], head: str = HEAD) -> set[Kind]:
    fields_ = dict(line.split(": ", 1) for line in head.split("\n"))
    rule = fields_["Plural-Forms"].split("plural=")[1].rstrip(";")
    made = Catalog(fields_, forms, rule)
    said = {each.one: each for each in (ONE, MANY)}
    return {each.kind for each in findings(language, made, said)}


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({}, set()),
        ({ONE.one: ("",)}, {Kind.MISSING}),
        ({ONE.one: ("Oszczędzasz {suma}.",)}, {Kind.PLACEHOLDERS}),
        ({ONE.one: ("Oszczędzasz {sum.",)}, {Kind.PLACEHOLDERS}),
        ({ONE.one: ("Oszczędzasz\n{sum}.",)}, {Kind.LINES}),
        ({ONE.one: ("Oszczędzasz {sum}",)}, {Kind.STOP}),
        ({ONE.one: ("Oszczędzasz \u2068{sum}.",)}, {Kind.MARKS}),
        ({ONE.one: ("Właśnie zaoszczędziłaś aż {sum}.",)}, {Kind.LONG}),
        ({MANY.one: ("{n} produkt", "{n} produkty")}, {Kind.FORMS}),
        ({MANY.one: ("jeden produkt", "{n} produkty", "{n} produktów")}, set()),
        ({"Said no more": ("Nie",)}, {Kind.UNSAID}),
    ],
)
def test_what_a_look_at_a_translation_finds(changed: dict[str, tuple[str, ...]], kinds: set[Kind]) -> None:
    right = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    head = HEAD.replace("nplurals=3; plural=(n==1 ? 0 : 2);", right)
    forms = {ONE.one: ("Oszczędzasz {sum}.",), MANY.one: ("{n} produkt", "{n} produkty", "{n} produktów")}
    assert wrong("pl", forms | changed, head) == kinds


def test_a_plural_rule_that_unicode_does_not_have_is_found() -> None:
    forms = {ONE.one: ("Oszczędzasz {sum}.",), MANY.one: ("a", "b", "c")}
    assert wrong("pl", forms) == {Kind.HEADER}
    assert wrong("pl", forms, HEAD.replace("X-Read-By: \n", "")) == {Kind.HEADER}


def test_six_forms_in_arabic() -> None:
    one = "{n} product"
    forms = [Words("ar").n(one, "", n) for n in (0, 1, 2, 3, 11, 100)]
    assert len(set(forms)) == 6 and forms == list(catalog("ar").forms[one][:3]) + [
        form.replace("{n}", str(n))
        for form, n in zip(catalog("ar").forms[one][3:], (3, 11, 100), strict=True)
    ]


def test_who_has_read_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert text.main(["list"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == len(languages()) + 2
    for language in languages():
        reader = told(language, "X-Read-By") or "nobody yet: made by machine"
        assert f"| {language} | {Words(language).name} | {len(SAID)} of {len(SAID)} | {reader} |" in rows


@pytest.mark.parametrize("one", SAID)
def test_the_pseudo_language_is_longer_and_never_offered(one: str) -> None:
    made = catalog(PSEUDO).forms[one][0]
    assert fields(made) == fields(one) and made.count("\n") == one.count("\n")
    assert len(STAYS.sub("", made)) >= len(STAYS.sub("", one)) * 1.3 and made != one
    assert PSEUDO not in languages()
