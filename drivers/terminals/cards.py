"""Card numbers in what terminals write: found wherever they stand, and cut down to their last four digits."""

import re

from kiosk.barcode.digits import is_luhn

GROUPS = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,}")


def masked(text: str) -> str:
    """The text with all but the last four digits of anything in it that may be a card number turned into *.

    That is groups of digits of any script, with single blanks or dashes between them, of 12 to 19 digits that pass the
    check of ISO/IEC 7812.
    """

    def mask(found: re.Match[str]) -> str:
        run, groups = found[0], list(re.finditer(r"\d+", found[0]))
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                start, end = groups[first].start(), groups[last].end()
                digits = "".join(str(int(sign)) for sign in run[start:end] if sign.isdecimal())
                if 12 <= len(digits) <= 19 and is_luhn(digits):
                    keep = [at for at in range(start, end) if run[at].isdecimal()][-4]
                    return run[:start] + re.sub(r"\d", "*", run[start:keep]) + masked(run[keep:])
        return run

    return GROUPS.sub(mask, text)
