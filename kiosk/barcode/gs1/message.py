"""A whole scan by its AIM symbology identifier (ISO/IEC 15424): plain text, a GTIN, elements, or several of them."""

from typing import NamedTuple

from kiosk.barcode import gtin as gtins
from kiosk.barcode.digits import BarcodeError, Reason
from kiosk.barcode.gs1 import elements as strings
from kiosk.barcode.gs1 import link
from kiosk.barcode.gs1.elements import Element

ELEMENTS = {
    "]C1": "GS1-128", "]e0": "DataBar-or-GS1-composite", "]e1": "GS1 composite", "]e2": "GS1 composite",
    "]d2": "DataMatrix", "]d8": "DataMatrix", "]Q3": "QR", "]J1": "DotCode",
}  # fmt: skip
TEXTS = {
    "]C0": "Code 128",
    "]d1": "DataMatrix",
    "]d7": "DataMatrix",
    "]J0": "DotCode",
    "]Q1": "QR",
    "]X0": "other",
}
RETAIL = {"]E0": ("EAN-13/UPC", 13), "]E4": ("EAN-8", 8)}
COMPOSITE = "|]e0"
"""Begins the second part of a composite symbol whose first is a retail one."""


class Message(NamedTuple):
    """What a scan says. `text` only where it is no GS1 data, `link` where the elements stand in a web address."""

    aim: str
    symbology: str
    text: str | None = None
    gtin: str = ""
    elements: tuple[Element, ...] = ()
    link: bool = False


def parse(scan: str, short_gtins: bool = False, names: bool = False) -> Message:
    """A scan that begins with its identifier, as ]Q3…; rules between elements are not looked at.

    `short_gtins` and `names` as for a Digital Link. Raises BarcodeError.
    """
    aim, data = scan[:3], scan[3:]
    if aim in ELEMENTS:
        return Message(aim, ELEMENTS[aim], elements=strings.parse(data))
    if aim in RETAIL:
        symbology, size = RETAIL[aim]
        number, second, more = data.partition(COMPOSITE)
        gtins.parse(number)
        if len(number) != size:
            raise BarcodeError(Reason.LENGTH)
        return Message(aim, symbology, gtin=number, elements=strings.parse(more) if second else ())
    if aim in TEXTS:
        if link.is_link(data):
            return Message(aim, TEXTS[aim], data, elements=link.parse(data, short_gtins, names), link=True)
        return Message(aim, TEXTS[aim], data)
    raise BarcodeError(Reason.SYMBOLOGY)
