"""How a message's fields become bytes and back, whatever message it is.

A message is a frozen struct whose annotations say where each field stands: `At` in front without a tag, `Bitmap`
under a one-byte tag, `Tlv` in the container of bitmap 06. What a message carries besides is skipped.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Annotated, Any, ClassVar, NamedTuple, get_type_hints

from msgspec import Struct

from drivers.terminals.zvt.fields import (
    AUTO,
    BITMAPS,
    Binary,
    Kind,
    Text,
    ZvtError,
    ber_length,
    tag_written,
    tags,
    text_written,
)


class At(NamedTuple):
    """A field in front, without a tag. It may be missing "never", in an "empty" message, or "freely"."""

    kind: Kind
    left_out: str = "never"


class Bitmap(NamedTuple):
    """A field under a tag of one byte."""

    tag: int


class Tlv(NamedTuple):
    """A field in the TLV container, perhaps inside another element; `many` gathers all of them."""

    tag: int
    kind: Kind
    parent: int = 0
    many: bool = False


class Rest(NamedTuple):
    """Text without a length, up to the end or to a TLV container that ends there."""


Place = At | Bitmap | Tlv | Rest


class Message(Struct, frozen=True, kw_only=True):
    """Any message. `msg_seq_id` detects losses where a terminal supports it."""

    code: ClassVar[bytes] = b""

    msg_seq_id: Annotated[int | None, Tlv(0x1F73, Binary(3))] = None


CLASSES = {0x01, 0x04, 0x05, 0x06, 0x08, 0x0F, 0x80, 0x84}
"""First bytes of everything that ZVT says."""


def framed(code: bytes, data: bytes) -> bytes:
    """An APDU: two control bytes, a length of one byte or FF and two, low byte first, and the data."""
    if len(data) < 0xFF:
        return code + bytes([len(data)]) + data
    return code + b"\xff" + len(data).to_bytes(2, "little") + data


def body(frame: bytes) -> tuple[bytes, bytes]:
    """Control bytes and data of one APDU, whose length must be right."""
    start = size(frame)
    if start is None or start != len(frame):
        raise ZvtError("not the length that it says")
    return frame[:2], frame[5 if frame[2] == 0xFF else 3 :]


def size(data: bytes) -> int | None:
    """How long the APDU that begins here will be, None if that cannot be told yet. ZvtError if it is none."""
    if data and data[0] not in CLASSES:
        raise ZvtError(f"not ZVT: begins with {data[0]:02X}")
    if len(data) < 3 or (data[2] == 0xFF and len(data) < 5):
        return None
    return 5 + int.from_bytes(data[3:5], "little") if data[2] == 0xFF else 3 + data[2]


def bitmaps(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and bytes of each bitmap. ZvtError at an unknown one, of which nobody knows the length."""
    while data:
        tag, data = data[0], data[1:]
        if tag not in BITMAPS:
            raise ZvtError(f"unknown bitmap {tag:02X}")
        raw, data = BITMAPS[tag].cut(data)
        yield tag, raw


@cache
def layout_of(kind: type[Message]) -> dict[str, Place]:
    """Where each field of a message stands, in the order in which they are written."""
    hints = get_type_hints(kind, include_extras=True)
    places = {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}
    return {name: places[name] for name in sorted(places, key=lambda name: name == "msg_seq_id")}


def read(kind: type[Message], data: bytes, charset: str, **known: Any) -> Message:
    """A message of that kind from its data, with what is already known of it. ZvtError."""
    layout = layout_of(kind)
    fields, rest = parted(kind, data, charset)
    found = list(bitmaps(rest))
    elements = [element for tag, raw in found if tag == 0x06 for element in tags(raw)]
    for name, place in layout.items():
        if isinstance(place, Bitmap):
            values = {raw for tag, raw in found if tag == place.tag}
            if len(values) > 1:
                raise ZvtError(f"two different {name}")
            for raw in values:
                fields[name] = BITMAPS[place.tag].read(raw, charset)
        elif isinstance(place, Tlv):
            inside = [e.value for e in elements if e.tag == place.tag and place.parent in (0, e.parent)]
            if place.many:
                fields[name] = tuple(place.kind.read(raw, charset) for raw in inside)
            elif inside:
                fields[name] = place.kind.read(inside[0], charset)
    return kind(**fields, **known)


def parted(kind: type[Message], data: bytes, charset: str = AUTO) -> tuple[dict[str, Any], bytes]:
    """The untagged fields in front, and the bitmaps after them as bytes that are known to be whole.

    Of the fields that may be left out, as few are read as will do: only so can the manual's forms be told
    apart.
    """
    layout = layout_of(kind)
    places = {name: place for name, place in layout.items() if isinstance(place, At)}
    optional = [
        n for n, p in places.items() if p.left_out == "freely" or (p.left_out == "empty" and not data)
    ]
    error = ZvtError("cut short")
    for there in sorted(product((False, True), repeat=len(optional)), key=sum):
        left_out = {name for name, is_there in zip(optional, there, strict=True) if not is_there}
        fields, rest = {}, data
        try:
            for name, place in places.items():
                if name not in left_out:
                    raw, rest = place.kind.cut(rest)
                    fields[name] = place.kind.read(raw, charset)
            for name in (name for name, place in layout.items() if isinstance(place, Rest)):
                fields[name], rest = _text(rest, charset)
            list(bitmaps(rest))
        except ZvtError as wrong:
            error = wrong
        else:
            return fields, rest
    raise error


def _text(data: bytes, charset: str) -> tuple[str, bytes]:
    """A text up to the end, or up to a TLV container that ends there."""
    ends = (at for at in range(len(data)) if data[at] == 0x06 and _is_container(data[at + 1 :]))
    end = next(ends, len(data))
    return Text().read(data[:end], charset), data[end:]


def _is_container(data: bytes) -> bool:
    try:
        length, rest = ber_length(data)
        tags(rest)
    except ZvtError:
        return False
    return length == len(rest)


def written(message: Message, charset: str) -> bytes:
    """The data of a message; None is left out."""
    layout = layout_of(type(message))
    front, tagged = bytearray(), bytearray()
    container: dict[int, bytes] = {}
    for name, place in layout.items():
        value = getattr(message, name)
        match place:
            case _ if value is None or value == ():
                continue
            case At(kind):
                front += kind.wrap(kind.write(value, charset))
            case Rest():
                front += text_written(value, charset)
            case Bitmap(tag):
                tagged += bytes([tag]) + BITMAPS[tag].wrap(BITMAPS[tag].write(value, charset))
            case Tlv(tag, kind, parent, many):
                elements = [
                    tag_written(tag, kind.write(one, charset)) for one in (value if many else (value,))
                ]
                container[parent or tag] = container.get(parent or tag, b"") + b"".join(elements)
    parents = {place.parent for place in layout.values() if isinstance(place, Tlv)}
    inner = b"".join(tag_written(tag, part) if tag in parents else part for tag, part in container.items())
    return bytes(front + tagged) + (b"\x06" + BITMAPS[0x06].wrap(inner) if inner else b"")
