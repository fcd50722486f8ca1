"""Who a member is: what a lane asks the store server, and what it is told. Numbers are kept by neither side."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from kiosk.units import Minor

By: TypeAlias = Literal["card", "phone"]


class MemberQuestion(Struct, frozen=True):
    """A card's number or a code of the app as scanned, or a phone number as typed."""

    number: Annotated[str, Meta(min_length=1, max_length=160)]
    by: By = "card"


class MemberAnswer(Struct, frozen=True):
    """Who that is, as a token that means nothing elsewhere; points, credit and vouchers before this sale.

    `tiers` are all that she has reached. `spends`: credit and vouchers may be used after this look-up.
    """

    token: str
    points: int = 0
    credit: Minor = Minor(0)
    vouchers: tuple[Minor, ...] = ()
    tiers: tuple[str, ...] = ()
    spends: bool = False


class FindMember(Struct, frozen=True, tag=True):
    """Ask who has this number; `ask` comes back with the answer. The number is dropped once it was asked."""

    ask: int
    number: bytes
    by: By = "card"


class MemberFound(Struct, frozen=True, tag=True):
    """The server's answer, under the same names."""

    ask: int
    token: str
    points: int = 0
    credit: Minor = Minor(0)
    vouchers: tuple[Minor, ...] = ()
    tiers: tuple[str, ...] = ()
    spends: bool = False


class MemberUnknown(Struct, frozen=True, tag=True):
    """Nobody has that number; `asked` is False where the server could not be asked, or has heard too many."""

    ask: int
    asked: bool = True
