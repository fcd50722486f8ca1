"""Bars of the barcodes that goods and receipts bear, as `kiosk.barcode.bars` writes them."""

from kiosk.barcode.bars import code128 as code128

LEFT_ODD = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
PARITY = "LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL".split()


def ean13(digits: str) -> str:
    """12 digits, or 13 with their check digit (ISO/IEC 15420)."""
    if len(digits) == 12:
        digits += str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10)
    left = "".join(
        LEFT_ODD[int(digit)] if side == "L" else _turned(_inverse(LEFT_ODD[int(digit)]))
        for digit, side in zip(digits[1:7], PARITY[int(digits[0])], strict=True)
    )
    right = "".join(_inverse(LEFT_ODD[int(digit)]) for digit in digits[7:])
    return f"101{left}01010{right}101"


def _inverse(modules: str) -> str:
    return modules.translate({48: "1", 49: "0"})


def _turned(modules: str) -> str:
    return modules[::-1]
