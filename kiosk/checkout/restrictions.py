"""Goods that a law or the shop sells only at certain hours, only so many of, or with a tag that comes off first."""

from typing import Annotated

from msgspec import Meta, Struct

from kiosk.units import Millis

Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
MINUTE, DAY = 60_000, 24 * 60


class Restriction(Struct, frozen=True, forbid_unknown_fields=True):
    """One class of goods, as the catalogue names it: not sold between two hours of the shop's clock (over midnight
    where the first is the later one), at most so many in a basket (0: any number), or with a security tag."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    closed: tuple[Clock, Clock] | None = None
    most: Annotated[int, Meta(ge=0)] = 0
    tag: bool = False


def rule(rules: tuple[Restriction, ...], name: str) -> Restriction | None:
    """What holds for goods of that class; None where nothing does."""
    return next((one for one in rules if one.name == name), None) if name else None


def is_closed(one: Restriction, now: Millis, utc_offset_minutes: int) -> bool:
    """Whether goods of that class are not sold at that moment."""
    if one.closed is None:
        return False
    minute = (now // MINUTE + utc_offset_minutes) % DAY
    start, end = (_minutes(text) for text in one.closed)
    return start <= minute < end if start <= end else minute >= start or minute < end


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
