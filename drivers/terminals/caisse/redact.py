"""What may be written down of a stream of Caisse-AP: card data masked, every length kept."""

from drivers.terminals.caisse.messages import unmarked
from drivers.terminals.caisse.tags import HEAD, HEADER, LINE_END, TAGS, Kind, Secret


def redact(run: bytes) -> bytes:
    """As many bytes, with nothing of a card but its last four digits; what cannot be read is all masked."""
    safe = bytearray()
    while run:
        head = HEADER.match(run)
        end = HEAD + int(head[2]) if head else 0
        if run[:1] in (LINE_END[:1], LINE_END[1:]):
            head, end = None, 1
        elif head is None or end > len(run):
            return bytes(safe) + b"*" * len(run)
        safe += run[:end] if head is None else run[:HEAD] + _value(head[1].decode("ascii"), run[HEAD:end])
        run = run[end:]
    return bytes(safe)


def legible(run: bytes) -> str:
    """The same for a log: one word a tag, so that no digits of two tags run together."""
    words, run = [], redact(run).strip(LINE_END)
    while head := HEADER.match(run):
        end = HEAD + int(head[2])
        words.append(f"{head[1].decode('ascii')}={run[HEAD:end].decode('latin-1')}")
        run = run[end:].lstrip(LINE_END)
    return " ".join([*words, *([f"{len(run)} bytes more"] if run else [])])


def _value(tag: str, value: bytes) -> bytes:
    row = TAGS.get(tag)
    if row is None or row.secret is Secret.ALL:
        return b"*" * len(value)
    if row.secret is Secret.CARD:
        return b"*" * (len(value) - 4) + value[-4:] if len(value) >= 8 else b"*" * len(value)
    return (
        value
        if row.kind is Kind.CODE and row.longest < 13
        else unmarked(value.decode("latin-1")).encode("latin-1")
    )
