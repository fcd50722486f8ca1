"""The table of application identifiers is the dictionary's, and the lists beside it are whole."""

from itertools import pairwise

import pytest
from babel import Locale

from drivers.terminals.currencies import CURRENCIES
from kiosk.barcode.gs1 import iso
from kiosk.barcode.gs1.lint import CHARSETS, LINTERS
from kiosk.barcode.gs1.lookup import BY_CODE
from kiosk.barcode.gs1.table import AIS
from tests.barcode.ai_table import DICTIONARY, TABLE, DictionaryError, entries, made


def test_the_table_is_what_the_script_makes_of_the_dictionary_today() -> None:
    assert TABLE.read_text(encoding="utf-8") == made(DICTIONARY.read_text(encoding="utf-8"))


@pytest.mark.parametrize("line", ["01 *% N14", "01 * N14 sometimes", "x N14", "01 * N14,csum rek=1"])
def test_a_line_that_we_do_not_understand_is_named(line: str) -> None:
    with pytest.raises(DictionaryError, match="line 2: "):
        list(entries(f"# nothing\n{line}\n"))


def test_no_identifier_begins_another() -> None:
    codes = sorted(BY_CODE)
    assert not [pair for pair in pairwise(codes) if pair[1].startswith(pair[0])]


def test_every_rule_of_the_dictionary_is_built_and_every_rule_built_is_the_dictionarys() -> None:
    named = {name for ai in AIS for part in ai.parts for name in part.linters}
    assert named == LINTERS.keys()
    assert {part.charset for ai in AIS for part in ai.parts} == CHARSETS.keys()


def test_only_the_last_parts_of_a_value_vary() -> None:
    for ai in AIS:
        assert all(part.least == part.most for part in ai.parts[:-1]), ai.first


def test_countries_and_currencies_agree_with_what_others_hold_them_to_be() -> None:
    places = {code for code in Locale("en").territories if len(code) == 2}
    assert iso.COUNTRIES < places
    assert len(iso.COUNTRIES) == len(iso.COUNTRY_NUMBERS) == 249
    known = set(Locale("en").currencies)
    assert set(iso.CURRENCIES.values()) - known == {"XBA", "XBB", "XBC", "XBD", "XAU", "XAG"} - known
    for letters, number in CURRENCIES.items():
        assert iso.CURRENCIES[f"{number:03}"] == letters
