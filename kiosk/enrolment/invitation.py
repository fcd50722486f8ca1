"""What a new lane is told: a file on its boot partition, or the same text as a QR code before its camera. Pure.

[lane]
store = "0001"
number = "4"
[link]
server = "https://192.168.10.10:8700"
pin = "sha256/…"
code = "7K4M-9QXT-W2HD"
"""

import re
import tomllib
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from kiosk.enrolment.edit import Value, edited
from kiosk.mistakes import explain

LONGEST = 4096
"""Characters; a QR code holds fewer."""
SECRET = re.compile(r"[\x21-\x7e]+")


class InvitationError(Exception):
    """This is no invitation, or not a whole one; says which line and what was expected, and never a secret."""


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Lane(Strict, frozen=True, kw_only=True):
    store: Annotated[str, Meta(min_length=1, max_length=20)]
    number: Annotated[str, Meta(min_length=1, max_length=20)]


class Link(Strict, frozen=True, kw_only=True):
    """Where the store server is, its key's `pin`, and either a one-time `code` or the lane's `token` itself."""

    server: Annotated[str, Meta(pattern=r"^https?://[^\s\"\\]+$")]
    pin: Annotated[str, Meta(pattern=r"^(sha256/[A-Za-z0-9+/]{43}=)?$")] = ""
    code: Annotated[str, Meta(max_length=40)] = ""
    token: Annotated[str, Meta(max_length=200)] = ""


class Terminal(Strict, frozen=True, kw_only=True):
    port: Annotated[str, Meta(pattern=r"^(socket://|/dev/)[^\s\"\\]+$")]


class Shop(Strict, frozen=True, kw_only=True):
    """What differs from the shop in the file that the image brought; empty: nothing."""

    name: Annotated[str, Meta(max_length=40)] = ""
    country: Annotated[str, Meta(pattern=r"^([A-Z]{2}(-[A-Z]{2})?)?$")] = ""
    timezone: str = ""
    languages: tuple[str, ...] = ()


class Invitation(Strict, frozen=True, kw_only=True):
    """`pepper` is the shop's secret for PINs, where its staff shall be known at this lane."""

    lane: Lane
    link: Link | None = None
    terminal: Terminal | None = None
    shop: Shop = Shop()
    pepper: Annotated[str, Meta(max_length=200)] = ""

    def values(self, token_file: str, pepper_file: str) -> list[tuple[str, str, Value]]:
        """Table, key and value of all that goes into the configuration: no secret does."""
        found: list[tuple[str, str, Value]] = [
            ("lane", "store", self.lane.store),
            ("lane", "number", self.lane.number),
            *(("shop", key, value) for key, value in msgspec.structs.asdict(self.shop).items() if value),
        ]
        if self.terminal:
            found.append(("terminal", "port", self.terminal.port))
        if self.pepper:
            found.append(("files", "pepper", pepper_file))
        if self.link:
            found += [("link", "server", self.link.server), ("link", "pin", self.link.pin)]
            found.append(("link", "token_file", token_file))
        return found

    def configuration(self, base: str, token_file: str, pepper_file: str) -> str:
        """The base file with what this lane was told; its comments and the rest of it stay."""
        for table, key, value in self.values(token_file, pepper_file):
            base = edited(base, table, key, value)
        return base


def parse(text: str, name: str) -> Invitation:
    """Raises InvitationError."""
    if len(text) > LONGEST:
        raise InvitationError(f"{name}: too long for an invitation")
    try:
        invitation = msgspec.convert(tomllib.loads(text), Invitation)
    except tomllib.TOMLDecodeError as wrong:
        place = re.search(r"line \d+|end of document", str(wrong))
        raise InvitationError(f"{name}: not TOML{f', {place[0]}' if place else ''}") from None
    except msgspec.ValidationError as wrong:
        raise InvitationError(explain(str(wrong), text, name, Invitation)) from None
    _check(invitation, name)
    return invitation


def _check(told: Invitation, name: str) -> None:
    if told.link is None:
        return
    if bool(told.link.code) == bool(told.link.token):
        raise InvitationError(f"{name}, link: either a code or a token is expected")
    if not all(
        SECRET.fullmatch(secret) for secret in (told.link.code or told.link.token, told.pepper or "-")
    ):
        raise InvitationError(f"{name}: code, token and pepper have no spaces and no accents")
