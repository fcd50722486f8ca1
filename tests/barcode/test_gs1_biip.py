"""biip as a second opinion: where it reads a vector otherwise than is stated, each with the reason why."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import biip
import pytest
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_messages import GS1Message
from hypothesis import given
from hypothesis import strategies as st

from kiosk.barcode.gs1 import elements, link, values
from kiosk.barcode.gs1.elements import Element
from tests.barcode.ais import checked, some_elements
from tests.conftest import VECTORS

DIFFERENCES: dict[str, dict[str, str]] = {
    "element_strings_raw": {
        "takes a text for an element string though no FNC1 led it": "011 012",
        "takes any length from 6 to 12 for one or two dates": "053 054 055",
    },
    "element_strings_bracketed": {
        "knows no escaped bracket": "008",
        "leaves out an identifier without a value": "015",
    },
    "element_values": {},
    "element_content": {
        "looks at characters and lengths, check digits and some dates, at no further rule":
            "009 012 013 015 018 019 020 022 024 027 031 033 034 035 036 040 041",
    },
    "element_associations": {
        "has no rules between elements":
            "006 007 008 009 012 013 014 015 016 019 020 022 024 026 029 032 034 045 047 060 063",
    },
    "digital_link": {
        "takes what no domain may have": "040",
        "takes the first primary key of the path, not the last": "052",
        "has no names for identifiers": "054 055 056",
        "always fills up a short GTIN in the path, and never one in the query": "060 062 065 067",
        "leaves out values that are empty and identifiers that are unknown": "081 082 125",
        "takes qualifiers in the query, and an identifier twice": "119 122 123",
    },
    "scan_data": {
        "raises an IndexError": "003",
        "finds a message in a scan without any data": "005 006 011 020 034",
        "knows no text that is no code": "008 009 010 015 017 018 025 026",
        "reads no Digital Link behind an identifier": "014 022 029",
        "does not know DotCode": "028 056",
        "reads no second message of a composite": "051",
    },
}  # fmt: skip


def accepts(read: Callable[[], Any]) -> bool:
    """Whether biip finds something, and nothing wrong with it."""
    try:
        found = read()
    except biip.ParseError:
        return False
    except IndexError:
        return True  # no refusal either
    if isinstance(found, biip.ParseResult):
        return any((found.gs1_message, found.gs1_digital_link_uri, found.gtin))
    return not any(each.gtin_error or each.gln_error or each.sscc_error for each in found.element_strings)


def read_by_biip(group: str, vector: dict[str, Any]) -> bool:
    text, options = vector["input"], vector.get("options", {})
    match group:
        case "element_strings_raw" | "element_values":
            config = biip.ParseConfig(separator_chars=options.get("separators", ["\x1d"]))
            return accepts(lambda: GS1Message.parse(text, config=config))
        case "digital_link":
            return accepts(lambda: GS1DigitalLinkURI.parse(text))
        case "scan_data":
            return accepts(lambda: biip.parse(text))
        case _:
            return accepts(lambda: GS1Message.parse_hri(text))


def vectors(group: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / "gs1" / f"{group}.json").read_text())["vectors"]
    return found


@pytest.mark.parametrize("group", DIFFERENCES)
def test_every_difference_is_explained_and_every_explanation_is_of_a_difference(group: str) -> None:
    differ = {v["id"] for v in vectors(group) if read_by_biip(group, v) is not v["valid"]}
    explained = " ".join(DIFFERENCES[group].values()).split()
    assert differ == {f"{group}-{number}" for number in explained}
    assert len(explained) == len(set(explained))


def test_it_does_not_look_into_north_american_coupons() -> None:
    brackets = [vector for vector in vectors("coupons") if vector["input"].startswith("(")]
    assert brackets and all(read_by_biip("coupons", vector) for vector in brackets)


def near(each: Element) -> bool:
    """Years on the edge of a century are left out: biip asks the clock for it."""
    return values.day(each) == "" or "1990" <= values.day(each) <= "2060"


@given(st.lists(some_elements.filter(near), min_size=1, max_size=6))
def test_what_both_read_they_read_alike(found: list[Element]) -> None:
    theirs = GS1Message.parse(elements.raw(tuple(found)))
    assert [(each.ai.ai, each.value) for each in theirs.element_strings] == found
    for ours, each in zip(found, theirs.element_strings, strict=True):
        if each.date is not None:
            assert values.day(ours) == each.date.isoformat()
        if each.datetime is not None:
            assert values.moment(ours) == each.datetime.isoformat()
        if each.decimal is not None and len(each.pattern_groups[-1]) >= int(ours.ai[3]):
            assert decimal(ours) == each.decimal


def decimal(each: Element) -> Decimal | None:
    amount = values.amount(each)
    return None if amount is None else Decimal(amount.units).scaleb(-amount.decimals)


def test_it_takes_ten_cents_for_one_where_a_price_has_fewer_digits_than_decimals() -> None:
    (theirs,) = GS1Message.parse("39221").element_strings
    assert (decimal(Element("3922", "1")), theirs.decimal) == (Decimal("0.01"), Decimal("0.1"))


@given(checked(14), st.text("ABC/%(", min_size=1, max_size=9))
def test_links_are_written_alike(gtin: str, batch: str) -> None:
    theirs = GS1DigitalLinkURI.parse(f"https://a/01/{gtin}/10/{quote(batch, safe='')}?99=Y&400=Z")
    ours = link.parse(theirs.value)
    assert link.write(ours) == theirs.as_canonical_uri()
    assert link.write(ours, "shop.example", "p") == theirs.as_uri(domain="shop.example", prefix="p")
