"""Bars of a barcode as a string of 1 (black) and 0, a character a module, without quiet zones."""

CODE_128 = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
    "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
    "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
    "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
    "211232"
).split()
STOP = "2331112"
START_B = 104
LEFT_ODD = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
PARITY = "LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL".split()


def code128(text: str) -> str:
    """Code set B of printable ASCII (ISO/IEC 15417)."""
    values = [START_B] + [ord(letter) - 32 for letter in text]
    check = (START_B + sum(i * value for i, value in enumerate(values))) % 103
    widths = "".join(CODE_128[value] for value in [*values, check]) + STOP
    return "".join(("1" if i % 2 == 0 else "0") * int(width) for i, width in enumerate(widths))


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
