"""Where a line of text may end: at spaces, at soft hyphens, and between the characters of Chinese and Japanese."""

from collections.abc import Iterator
from unicodedata import east_asian_width

SOFT_HYPHEN, BREAK = "\u00ad", "\u200b"
SEAMS = (" ", BREAK, SOFT_HYPHEN)
NEVER_FIRST = frozenset(
    "、。，．・：；？！‥…ー々〻’”）〕］｝〉》」』】〗〙゛゜％℃°"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    ",.:;?!)]}%"
)
UNITS = frozenset(
    "g kg mg ml mL cl dl l L cm m % € г кг мл л غ كغ مل ل لتر غرام ק״ג ג׳ גרם ל׳ מ״ל ליטר किग्रा ग्रा ग्राम लीटर मिली"
    " 克 千克 升 毫升".split()
)
"""What a line may not begin with, after its number."""
NEVER_LAST = frozenset("‘“（〔［｛〈《「『【〖〘￥＄€$¥([{")


def pieces(text: str) -> Iterator[str]:
    """The stretches of a text that stay whole, each with the space, hyphen or break that ends it."""
    start, plain = 0, text.isascii()
    for at, sign in enumerate(text, 1):
        if (
            (sign in SEAMS and not _measured(text, at))
            or _joined(text, at)
            or (not plain and at < len(text) and _between(sign, text[at]))
        ):
            yield text[start:at]
            start = at
    if text[start:]:
        yield text[start:]


def _joined(text: str, at: int) -> bool:
    """Whether a hyphen between two letters ends there: a line may end behind it."""
    return text[at - 1] == "-" and text[at - 2 : at - 1].isalpha() and text[at : at + 1].isalpha()


def _measured(text: str, at: int) -> bool:
    """Whether a number stands before the space that ends there, and its unit behind it."""
    return (
        text[at - 2 : at - 1].isdigit()
        and text[at - 1] == " "
        and text[at:].partition(" ")[0].rstrip(".,،") in UNITS
    )


def _between(before: str, after: str) -> bool:
    """Whether a line may end between two characters without a space; a number keeps what counts it."""
    if not (_wide(before) or _wide(after)) or before.isdigit():
        return False
    return after not in NEVER_FIRST and before not in NEVER_LAST and after not in SEAMS and after != "\u00a0"


def _wide(sign: str) -> bool:
    return sign >= "\u2e80" and east_asian_width(sign) in "WF"
