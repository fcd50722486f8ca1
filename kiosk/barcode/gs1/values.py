"""What values mean: amounts with their decimals, currencies, days and hours."""

from typing import NamedTuple

from kiosk.barcode.gs1 import dates, iso
from kiosk.barcode.gs1.elements import NO_HOUR, Element
from kiosk.barcode.gs1.lookup import BY_CODE

DATE_RULES = frozenset({"yymmdd", "yymmd0", "yyyymmdd"})
MEASURES = ("31", "32", "33", "34", "35", "36")
AMOUNTS = ("390", "391", "392", "393", "394", "395")


class Amount(NamedTuple):
    """`units` with their last `decimals` digits behind the point; `currency` in letters where it is told."""

    units: int
    decimals: int
    currency: str = ""


def amount(each: Element) -> Amount | None:
    """The amount of a measure, price or percentage; None for every other element."""
    if not each.ai.startswith(MEASURES + AMOUNTS) or len(each.ai) != 4:
        return None
    told = BY_CODE[each.ai].parts[0].linters == ("iso4217",)
    currency, digits = (iso.CURRENCIES[each.value[:3]], each.value[3:]) if told else ("", each.value)
    return Amount(int(digits), int(each.ai[3]), currency)


def day(each: Element) -> str:
    """2026-11-30, the first day where there are two; "" for an element that begins with no date."""
    first = BY_CODE[each.ai].parts[0]
    return dates.date(each.value[: first.most]) if DATE_RULES & set(first.linters) else ""


def moment(each: Element) -> str:
    """2026-11-30T14:30:00; "" where no hour is told."""
    first, *more = BY_CODE[each.ai].parts
    hour = each.value[first.most :]
    if not (day(each) and more and more[0].linters[0].startswith("hh") and hour and hour != NO_HOUR):
        return ""
    return f"{day(each)}T{dates.clock(hour)}"
