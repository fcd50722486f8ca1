"""A receipt to the bytes of one print job, from initialising to the request that proves it printed."""

from functools import lru_cache

from drivers.printers import commands
from drivers.printers.page import Page
from kiosk.msg import msg
from kiosk.receipt import Barcode, Cut, Heading, Plain, QrCode, Receipt, Rule, Text
from kiosk.text.cells import clean
from kiosk.text.receipt_lines import Row, set_rows, words_for


def job(receipt: Receipt, page: Page, *, columns: int, dots: int, logo: str = "") -> bytes:
    """All bytes of a receipt. Ends with the cut and with GS r 1, answered when all of it is on paper."""
    parts = [commands.INIT, commands.AUTO_STATUS, page.select]
    if logo:
        parts += [commands.CENTRE, _logo(logo, dots), commands.LEFT]
    for row in set_rows(receipt, words_for(receipt), columns, page.spell):
        match row:
            case Row():
                parts.append(page.line(row, columns, receipt.language))
            case QrCode(text):
                parts += [b"\n", commands.CENTRE, commands.qr(clean(text)), commands.LEFT, b"\n"]
            case Barcode(text) if (
                text.isascii() and text.isprintable() and commands.code128_dots(text) <= dots
            ):
                parts += [commands.CENTRE, commands.code128(text), b"\n", commands.LEFT]
            case Barcode(text):
                parts.append(page.line(Row(page.spell(text), centred=True), columns, receipt.language))
            case Cut():
                parts.append(commands.CUT)
    return b"".join([*parts, commands.DONE])


@lru_cache(maxsize=4)
def _logo(path: str, dots: int) -> bytes:
    from drivers.printers.raster import logo

    return commands.raster(*logo(path, dots))


def test_slip(shop: str, language: str, currency: str, columns: int) -> Receipt:
    """What a technician's test prints: the columns, the letters of the page, both kinds of codes."""
    ruler = "".join(str((i + 1) % 10) for i in range(columns))
    blocks = (
        Heading(shop),
        Text(msg("Printer test"), strong=True),
        Rule(),
        Plain(ruler),
        Plain("ÀÉÎÕÜ àéîõü çñß Œœ £ € × 0123456789"),
        Rule(),
        QrCode("printer test"),
        Barcode("TEST-0123456789"),
        Cut(),
    )
    return Receipt(language, currency, 2, blocks)
