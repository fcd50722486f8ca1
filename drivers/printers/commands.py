"""The few ESC/POS commands that a receipt needs, as bytes. Source: Epson's TM command reference, by name."""

INIT = b"\x1b@"  # ESC @: also switches automatic status off
AUTO_STATUS = b"\x1da\xff"  # GS a: answered at once by four bytes, and by four more at every change
USA = b"\x1bR\x00"  # ESC R: no national letters in place of [ \ ] { | }
DONE = b"\x1dr\x01"  # GS r 1: answered by one byte, in order, after everything before it is printed
LEFT = b"\x1ba\x00"
CENTRE = b"\x1ba\x01"
CUT = b"\x1dVB\x00"  # GS V 66 0: feed to the knife, cut all but one point
NOTHING = b"\0"  # outside a picture or a code; inside one it is data

CODECS = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859_7",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 34: "cp855", 36: "cp862", 45: "cp1250", 46: "cp1251",
    47: "cp1253", 48: "cp1254",
}  # fmt: skip
"""Code pages by their number in ESC t, as Epson numbers them."""


def ask(what: int) -> bytes:
    """DLE EOT: 1 printer, 2 why offline, 3 error, 4 paper; answered by one byte at once, even when offline."""
    return bytes((0x10, 0x04, what))


def page(number: int) -> bytes:
    """ESC t: the code page of what follows."""
    return bytes((0x1B, 0x74, number))


def text(line: str, codec: str, *, strong: bool = False, big: bool = False) -> bytes:
    """One line of letters and its end. What the codec lacks is a `?`; no control byte can pass."""
    letters = bytes(byte for byte in line.encode(codec, "replace") if byte >= 0x20 and byte != 0x7F)
    on, off = b"", b""
    if strong:
        on, off = on + b"\x1bE\x01", off + b"\x1bE\x00"
    if big:
        on, off = on + b"\x1d!\x11", off + b"\x1d!\x00"
    return on + letters + b"\n" + off


def raster(bits: bytes, width: int) -> bytes:
    """GS v 0: rows of `width` dots, a multiple of 8, the highest bit leftmost, 1 black.

    Some printers obey DLE EOT, DLE ENQ and DLE DC4 (the drawer) even inside a picture, so it may not hold them.
    """
    across = width // 8
    for order in (b"\x04", b"\x05", b"\x14"):
        bits = bits.replace(b"\x10" + order, bytes((0x10, order[0] | 0x08)))
    return b"\x1dv0\x00" + across.to_bytes(2, "little") + (len(bits) // across).to_bytes(2, "little") + bits


def qr(text: str) -> bytes:
    """GS ( k: a QR code, model 2, correction M, drawn by the printer."""
    data = text.encode()
    size = 6 if len(data) <= 200 else 4
    settings = (b"1A2\x00", b"1C" + bytes((size,)), b"1E1", b"1P0" + data, b"1Q0")
    return b"".join(b"\x1d(k" + len(part).to_bytes(2, "little") + part for part in settings)


def code128(text: str) -> bytes:
    """GS k 73: Code 128 of printable ASCII, 9 mm high, its text below."""
    data = b"{B" + text.encode("ascii").replace(b"{", b"{{")
    return b"\x1dh\x48\x1dw\x02\x1dH\x02\x1dkI" + bytes((len(data),)) + data


def code128_dots(text: str) -> int:
    """How wide that is: start, letters, check, stop, and the quiet zones."""
    return 2 * (11 * (len(text) + 2) + 13 + 20)
