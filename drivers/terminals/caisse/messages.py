"""Messages of Caisse-AP: read from a stream that says neither where one ends nor how many come. Pure.

A message is whole when all that it must have is there and the length of its last tag is satisfied; whether something
still follows only time or the end of the connection can tell. Nothing of a card but its last four digits comes out.
"""

import base64
import binascii
import re

from msgspec import Struct

from drivers.terminals.caisse.tags import (
    MONEY,
    PERFORMED,
    TAGS,
    TAKEN_INTO_ACCOUNT,
    CaisseError,
    Secret,
    checked,
    parts,
)
from drivers.terminals.cards import masked

ALWAYS = frozenset({"CZ", "CA", "CD"})
OF_MONEY = frozenset({"CB", "CE"})
LONGEST = 16384
HIDDEN = re.compile(r"\d+(?=[#*xX]{2,})")


class Message(Struct, frozen=True):
    """A request or an answer: `tags` without anything secret, `slip` the shopper's ticket as lines."""

    tags: dict[str, str]
    last4: str = ""
    slip: tuple[str, ...] = ()

    def get(self, tag: str) -> str:
        """The value of a tag, "" where there is none: no tag is ever empty."""
        return self.tags.get(tag, "")

    @property
    def amount(self) -> int | None:
        return int(self.tags["CB"]) if "CB" in self.tags else None

    @property
    def why(self) -> str:
        """The first two characters of AF."""
        return self.get("AF")[:2]


def is_request(message: Message) -> bool:
    """Whether that is all that a request must have."""
    needs = ALWAYS | (OF_MONEY if message.get("CD") in MONEY else frozenset())
    return needs <= message.tags.keys()


def is_answer(message: Message) -> bool:
    """Whether that is all that an answer must have; only money that was moved must be named.

    An Ingenico Desk/5000 leaves the amount out when the payment was broken off with the red key.
    """
    moved = message.get("AE") == PERFORMED and message.get("CD") in MONEY
    needs = ALWAYS | {"AE"} | (OF_MONEY if moved else frozenset())
    return needs <= message.tags.keys()


def decode(data: bytes) -> Message:
    """The one message that these bytes are. CaisseError if they are cut short, too many, or no message."""
    stream = Stream()
    stream.feed(data)
    if stream.rest or len(stream.messages) != 1:
        raise CaisseError("cut short" if stream.rest else f"{len(stream.messages)} messages")
    return stream.messages[0]


class Stream:
    """What comes on one connection, cut anywhere: `messages` so far, and the `rest` that is not whole yet.

    Every message begins with CZ. The same message once more is no other one.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.rest = b""
        self._tags: list[list[tuple[str, bytes]]] = []
        self._size = 0

    def feed(self, data: bytes) -> None:
        """CaisseError at what is no tag, or a value that its tag cannot have: the whole stream is lost then."""
        self._size += len(data)
        if self._size > LONGEST:
            raise CaisseError("does not end")
        found, self.rest = parts(self.rest + data)
        for tag, value in found:
            if tag == "CZ":
                self._tags.append([])
            elif not self._tags:
                raise CaisseError(f"begins with {tag}")
            self._tags[-1].append((tag, value))
        messages = [_message(tags) for tags in self._tags]
        self.messages = [each for at, each in enumerate(messages) if each not in messages[:at]]

    @property
    def final(self) -> Message | None:
        """The last message, if nothing is left over and it is more than "taken into account"."""
        last = self.messages[-1] if self.messages and not self.rest else None
        return last if last and last.get("AE") != TAKEN_INTO_ACCOUNT else None

    @property
    def contradicts(self) -> bool:
        """Whether two different results came."""
        return sum(message.get("AE") != TAKEN_INTO_ACCOUNT for message in self.messages) > 1


def _message(found: list[tuple[str, bytes]]) -> Message:
    tags: dict[str, str] = {}
    last4 = ""
    slip: tuple[str, ...] = ()
    for tag, raw in found:
        if tag not in TAGS:
            continue
        value = checked(tag, raw)
        if tags.setdefault(tag, value) != value:
            raise CaisseError(f"two different {tag}")
        if tag == "AA":
            last4 = _last4(value)
        if tag in ("ZT", "AK"):
            slip = _slip(raw if tag == "ZT" else b"AK%03d%s" % (len(raw), raw)) or slip
    return Message({t: v for t, v in tags.items() if TAGS[t].secret is Secret.NO}, last4, slip)


def _last4(number: str) -> str:
    """The last four digits of a card number, whose others may be masked; "" if not even these are there."""
    return number[-4:] if len(number) >= 8 and number[-4:].isdecimal() else ""


def _slip(container: bytes) -> tuple[str, ...]:
    """The lines of a ticket, with what is left of a card number masked. A ticket that cannot be read is none."""
    try:
        found, _ = parts(container)
        texts = [base64.b64decode(raw + b"=" * (-len(raw) % 4)) for tag, raw in found if tag == "AK"]
    except (CaisseError, binascii.Error):
        return ()
    return tuple(
        unmarked(line.rstrip()) for text in texts[-1:] for line in text.decode("latin-1").splitlines()
    )


def unmarked(text: str) -> str:
    """A text without card numbers, the first digits of half-masked ones included."""
    return masked(HIDDEN.sub(lambda found: "*" * len(found[0]), text))
