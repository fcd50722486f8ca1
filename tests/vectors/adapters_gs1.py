"""The barcode room, asked in the words of the gs1 vectors; see run.py."""

from decimal import Decimal
from typing import Any

import msgspec

from kiosk.barcode import COUNTRIES, BarcodeError, MeasurePattern, Reason, coupon
from kiosk.barcode import gtin as gtins
from kiosk.barcode import plu as plus
from kiosk.barcode import upc as upcs
from kiosk.barcode.digits import check_digit, price_check_digit
from kiosk.barcode.gs1 import companions, elements, link, message, values
from kiosk.barcode.gs1.elements import Element
from kiosk.barcode.gtin import Use
from kiosk.barcode.measure import pattern_of
from kiosk.units import Gtin

Vector = dict[str, Any]
Answer = tuple[bool, dict[str, Any]]

CURRENCIES = {"de": "EUR", "dk": "DKK", "gb": "GBP", "no": "NOK", "se": "SEK", "us": "USD"}
RESTRICTED = {Use.RESTRICTED_COMPANY: "company", Use.RESTRICTED_GEOGRAPHIC: "geographic"}
LENGTHS = {"gtin8": 8, "gtin12": 12, "gtin13": 13, "gtin14": 14}


def options_of(vector: Vector, *known: str) -> dict[str, Any]:
    """The options, each of them one that the adapter knows."""
    options = vector.get("options") or {}
    if unknown := options.keys() - set(known):
        raise NotImplementedError(f"options {sorted(unknown)}")
    return dict(options)


def gtin(vector: Vector) -> Answer:
    """gtin: check digit, natural length and the other lengths that the number fits in."""
    text, options = vector["input"], options_of(vector, "op", "to")
    try:
        match options.get("op"):
            case "compute_mod10_check_digit":
                return True, {"check_digit": check_digit(text)}
            case None | "rewrite":
                number = gtins.parse(text)
            case unknown:
                raise NotImplementedError(unknown)
        wanted = options.get("to")
        if wanted in LENGTHS:
            return True, {wanted: gtins.written(number, LENGTHS[wanted])}
    except BarcodeError as error:
        wrong = error.reason is Reason.CHECK_DIGIT
        return False, {"correct_check_digit": check_digit(text[:-1])} if wrong else {}
    fields = {"check_digit": number % 10, "natural_length": gtins.natural_length(number)}
    return True, fields | _lengths(number)


def _lengths(number: Gtin) -> dict[str, str]:
    natural = gtins.natural_length(number)
    return {name: gtins.written(number, length) for name, length in LENGTHS.items() if length >= natural}


def upc(vector: Vector) -> Answer:
    """upc: any UPC in the form that options.to names."""
    text, options = vector["input"], options_of(vector, "symbology", "to")
    if options.get("symbology", "UPC") != "UPC":
        raise NotImplementedError(options["symbology"])
    try:
        upc_a = gtins.written(gtins.parse(text), 12) if len(text) == 12 else upcs.expand(text)
        match options.get("to", "parse"):
            case "upc_e":
                return True, {"upc_e": upcs.compress(upc_a)}
            case "upc_a" | "gtin12" | "gtin13" | "gtin14" | "parse":
                fields = {"upc_a": upc_a, "number_system": int(upc_a[0]), "check_digit": int(upc_a[-1])}
                return True, fields | _lengths(gtins.parse(upc_a))
            case unknown:
                raise NotImplementedError(unknown)
    except BarcodeError:
        return False, {}


def variable_measure(vector: Vector) -> Answer:
    """variable_measure: price check digits, and numbers read by the patterns of a country."""
    text = vector["input"]
    options = options_of(vector, "op", "region", "verify_price_check_digit")
    try:
        match options.get("op"):
            case "gs1_price_check_digit_any":
                return True, {"price_check_digit": price_check_digit(text)}
            case "gs1_price_check_digit_4" | "gs1_price_check_digit_5" as op:
                return len(text) == int(op[-1]), {"price_check_digit": price_check_digit(text)}
            case "strip_variable_measure":
                return _stripped(text, options.get("region"))
            case None:
                return _measure(text, options.get("region"), options.get("verify_price_check_digit", True))
            case unknown:
                raise NotImplementedError(unknown)
    except BarcodeError:
        return False, {}


def _stripped(text: str, region: str | None) -> Answer:
    number = gtins.parse(text)
    if region is None and gtins.use(number) is Use.RESTRICTED_GEOGRAPHIC:
        return False, {}
    pattern = pattern_of(number, COUNTRIES[region.upper()]) if region else None
    digits = gtins.written(number, 13)
    return True, {"lookup_gtin13": gtins.written(pattern.item(digits), 13) if pattern else digits}


def _measure(text: str, region: str | None, verify: bool) -> Answer:
    number = gtins.parse(text)
    fields: dict[str, Any] = {"restricted": RESTRICTED.get(gtins.use(number)), "item_reference": None}
    pattern = pattern_of(number, COUNTRIES[region.upper()]) if region else None
    if pattern is None or region is None:
        return True, fields
    if not verify:
        pattern = _unverified(pattern)
    digits = gtins.written(number, 13)
    amount = pattern.amount(digits)
    fields["item_reference"] = pattern.part("P", digits)
    match pattern.measure:
        case "grams":
            fields["weight_kg"] = Decimal(amount) / 1000
        case "price":
            fields |= {"price": Decimal(amount) / 100, "currency": CURRENCIES.get(region)}
        case "count":
            fields["count"] = Decimal(amount)
    return True, fields


def _unverified(pattern: MeasurePattern) -> MeasurePattern:
    return msgspec.structs.replace(pattern, digits=pattern.digits[:12].replace("C", "X") + "C")


def plu(vector: Vector) -> Answer:
    """plu: produce numbers by the rule of the world-wide range."""
    if options_of(vector, "rule").get("rule", "ifps_global_range") != "ifps_global_range":
        raise NotImplementedError(vector["options"]["rule"])
    try:
        number, organic = plus.parse(vector["input"])
    except BarcodeError:
        return False, {}
    return True, {"plu": str(number), "organic": organic}


def classification(vector: Vector) -> Answer:
    """classification: what a number is for by its prefix."""
    options_of(vector)
    try:
        return True, {"class": gtins.use(gtins.parse(vector["input"])).value}
    except BarcodeError:
        return False, {}


def said(found: tuple[Element, ...]) -> dict[str, Any]:
    return {"elements": [list(each) for each in found], "raw": elements.raw(found)}


def element_strings_raw(vector: Vector) -> Answer:
    """element_strings_raw: what a scanner sends behind the leading FNC1, which may be stated to be missing."""
    options = options_of(vector, "separators", "leading_fnc1")
    if not options.get("leading_fnc1", True):
        return False, {}  # without it the symbol holds no element strings, whatever it looks like
    try:
        return True, said(elements.parse(vector["input"], "".join(options.get("separators", elements.GS))))
    except BarcodeError:
        return False, {}


def element_strings_bracketed(vector: Vector) -> Answer:
    """element_strings_bracketed, element_content: as people write them."""
    options_of(vector)
    try:
        return True, said(elements.parse_bracketed(vector["input"]))
    except BarcodeError:
        return False, {}


def element_values(vector: Vector) -> Answer:
    """element_values: one element, and what its value means."""
    options_of(vector)
    try:
        (each,) = elements.parse(vector["input"])
    except BarcodeError:
        return False, {}
    fields: dict[str, Any] = {"ai": each.ai, "value": each.value}
    if each.ai in ("01", "02", "03"):
        fields["gtin"] = each.value
    if day := values.day(each):
        fields["date"] = day
    if moment := values.moment(each):
        fields["datetime"] = moment
    if amount := values.amount(each):
        fields["decimal"] = Decimal(amount.units).scaleb(-amount.decimals)
        fields["currency"] = amount.currency or None
    return True, fields


RULES = {
    "repeats_must_match": companions.check_repeats,
    "mutually_exclusive": companions.check_excluded,
    "required_companions": companions.check_required,
    "digsig_serialised": companions.check_signature,
}


def element_associations(vector: Vector) -> Answer:
    """element_associations: the one rule that the vector is about, or all of them."""
    rule = options_of(vector, "rule").get("rule")
    try:
        found = elements.parse_bracketed(vector["input"])
        (RULES[rule] if rule else companions.check)(found)
        return True, said(found)
    except BarcodeError:
        return False, {}


def scan_data(vector: Vector) -> Answer:
    """scan_data: a scan with its AIM identifier."""
    options_of(vector)
    try:
        scan = message.parse(vector["input"])
    except BarcodeError:
        return False, {}
    fields: dict[str, Any] = {"aim": scan.aim, "symbology": scan.symbology, "gs1": scan.text is None}
    found = [list(each) for each in scan.elements]
    if scan.text is not None:
        fields["text"] = scan.text
    if scan.gtin:
        fields |= {"gtin": scan.gtin, "composite": found}
    elif found:
        fields["digital_link_elements" if scan.link else "elements"] = found
    return True, fields


def digital_link(vector: Vector) -> Answer:
    """digital_link: the elements of a web address, and an address with the same elements."""
    options = options_of(vector, "op", "domain", "prefix", "permit_short_gtin", "permit_alpha_keys")
    if options.get("op", "rewrite") != "rewrite":
        raise NotImplementedError(options["op"])
    try:
        found = link.parse(
            vector["input"],
            short_gtins=options.get("permit_short_gtin", False),
            names=options.get("permit_alpha_keys", False),
        )
    except BarcodeError:
        return False, {}
    uri = link.write(found, options.get("domain") or "id.gs1.org", options.get("prefix") or "")
    return True, said(found) | {"uri": uri}


def coupons(vector: Vector) -> Answer:
    """coupons: 8110 and 8112 in brackets, and the coupons of the common currency."""
    text = vector["input"]
    if text.startswith("("):
        return element_strings_bracketed(vector)
    options_of(vector)
    try:
        found = coupon.parse(text)
    except BarcodeError:
        return False, {}
    fields = {"issuer": found.issuer, "reference": found.promotion, "value": Decimal(found.value).scaleb(-2)}
    return True, fields | {"kind": "euro_coupon", "currency": "EUR"}


ADAPTERS = {
    "gtin": gtin,
    "upc": upc,
    "variable_measure": variable_measure,
    "plu": plu,
    "classification": classification,
    "element_strings_raw": element_strings_raw,
    "element_strings_bracketed": element_strings_bracketed,
    "element_values": element_values,
    "element_content": element_strings_bracketed,
    "element_associations": element_associations,
    "scan_data": scan_data,
    "digital_link": digital_link,
    "coupons": coupons,
}
