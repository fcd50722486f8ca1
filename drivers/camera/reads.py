"""What a camera reads, in the words of a scanner. Pure."""

from msgspec import Struct

from drivers.camera.config import Symbology
from kiosk.barcode import Carrier, Measured, Product, ShopCodes, carrier, read
from kiosk.barcode.upc import compress


class Read(Struct, frozen=True):
    """A code on a picture: its symbology, and AIM identifier and text as a scanner would send them."""

    symbology: Symbology
    aim: str
    text: str

    @property
    def carrier(self) -> Carrier:
        return carrier(self.aim)

    @property
    def gtin(self) -> str | None:
        """The trade item's number in 14 digits; None where the text has none that the till understands."""
        match read(self.text, self.aim, ShopCodes()):
            case Product(gtin=number) | Measured(item=number):
                return f"{number:014}"
            case _:
                return None


def as_printed(symbology: Symbology, aim: str, text: str) -> Read:
    """Decoders make 13 digits of every UPC; a pack bears 12 or 8."""
    if symbology in ("EAN-13", "UPC-A") and len(text) == 13:
        symbology, text = ("UPC-A", text[1:]) if text[0] == "0" else ("EAN-13", text)
    elif symbology == "UPC-E" and len(text) == 13:
        text = compress(text[1:])
    return Read(symbology, aim, text)
