"""What a simulated ZVT terminal's messages carry of an entry of its book."""

from datetime import timedelta

from drivers.simulated.terminal_book import Entry
from drivers.terminals.zvt.messages import PrintBlock, StatusInformation

EXPIRY = "3012"


def status_of(entry: Entry, skew: timedelta) -> StatusInformation:
    """The 04 0F of an entry, by a clock that is `skew` off."""
    when = entry.when + skew
    return StatusInformation(
        result_code=entry.result,
        amount=entry.amount,
        currency=entry.currency,
        trace=f"{entry.trace:06}",
        time=f"{when:%H%M%S}",
        date=f"{when:%m%d}",
        last4=entry.card.last4,
        orig_trace=None if entry.reverses is None else f"{entry.reverses:06}",
        authorisation="291675",
        receipt_no=f"{entry.receipt:04}",
        card_type=0x2E,
        card_name=entry.card.name,
    )


def receipt_of(entry: Entry, kind: int, terminal_id: str, number: str) -> PrintBlock:
    """The merchant's (1) or the customer's receipt (2); `number` is a card number that it does not mask."""
    return PrintBlock(
        receipt_type=kind,
        lines=(
            "** HÄNDLERBELEG **" if kind == 1 else "** KUNDENBELEG **",
            f"Terminal-ID: {terminal_id}",
            f"Beleg-Nr. {entry.receipt:04}  Trace-Nr. {entry.trace:06}",
            entry.card.name,
            f"Nr. {number or '*' * 12 + entry.card.last4}",
            f"EUR {entry.amount // 100},{entry.amount % 100:02}",
            "ZAHLUNG ERFOLGT",
        ),
    )


def in_clear(number: str) -> bytes:
    """Number, expiry and track 2 in clear, as some terminals send them."""
    track = f"{number}d{EXPIRY}2010000000000".ljust(38, "f")
    return (
        b"\x22\xf0\xf8" + bytes.fromhex(number)
        + b"\x0e" + bytes.fromhex(EXPIRY)
        + b"\x23\xf1\xf9" + bytes.fromhex(track)
    )  # fmt: skip
