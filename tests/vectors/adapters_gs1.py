"""The barcode room, asked in the words of the gs1 vectors; see run.py."""

from decimal import Decimal
from typing import Any

import msgspec

from kiosk.barcode import COUNTRIES, BarcodeError, MeasurePattern, Reason
from kiosk.barcode import gtin as gtins
from kiosk.barcode import plu as plus
from kiosk.barcode import upc as upcs
from kiosk.barcode.digits import check_digit, price_check_digit
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


ADAPTERS = {
    "gtin": gtin,
    "upc": upc,
    "variable_measure": variable_measure,
    "plu": plu,
    "classification": classification,
}
