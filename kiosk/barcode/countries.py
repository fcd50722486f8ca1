"""The labels that the GS1 organisation of a country asks for, by ISO 3166 letters; a shop may have its own.

Facts as published by the GS1 organisations; Norway's are the Swedish ones, by products seen. Prices have two
decimals unless step says otherwise. Great Britain's and the United States' are for a price of four digits.
"""

from kiosk.barcode.measure import MeasurePattern

_FINLAND_AND_BALTIC = (
    MeasurePattern("23PPPPPPVVVVC", "grams", 1),
    MeasurePattern("24PPPPPPVVVVC", "grams", 10),
    MeasurePattern("25PPPPPPVVVVC", "grams", 100),
)
_SCANDINAVIA = (
    MeasurePattern("20PPPPPPVVVVC", "price", 1),
    MeasurePattern("21PPPPPPVVVVC", "price", 10),
    MeasurePattern("22PPPPPPVVVVC", "price", 100),
    *_FINLAND_AND_BALTIC,
)

COUNTRIES: dict[str, tuple[MeasurePattern, ...]] = {
    "DE": (
        MeasurePattern("22PPPPCVVVVVC", "price"),
        MeasurePattern("23PPPPCVVVVVC", "price"),
        MeasurePattern("25PPPPCVVVVVC", "count"),
        MeasurePattern("26PPPPCVVVVVC", "count"),
        MeasurePattern("28PPPPCVVVVVC", "grams"),
        MeasurePattern("29PPPPCVVVVVC", "grams"),
    ),
    "DK": (
        MeasurePattern("21PPPPVVVVVVC", "price"),
        MeasurePattern("22PPPPVVVVVVC", "price"),
        MeasurePattern("23PPPPVVVVVVC", "price"),
        MeasurePattern("24PPPPVVVVVVC", "price"),
        MeasurePattern("26PPPPVVVVVVC", "grams"),
        MeasurePattern("27PPPPPVVVVVC", "grams"),
        MeasurePattern("28PPPPVVVVVVC", "grams"),
    ),
    "EE": _FINLAND_AND_BALTIC,
    "FI": _FINLAND_AND_BALTIC,
    "GB": (MeasurePattern("20PPPPPCVVVVC", "price"),),
    "LT": _FINLAND_AND_BALTIC,
    "LV": _FINLAND_AND_BALTIC,
    "NO": _SCANDINAVIA,
    "SE": _SCANDINAVIA,
    "US": (MeasurePattern("02PPPPPCVVVVC", "price"),),
}
