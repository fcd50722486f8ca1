"""What a simulated ZVT terminal's messages carry of an entry of its book."""

from collections.abc import Sequence
from datetime import timedelta

from drivers.simulated.terminal_book import Entry, net
from drivers.terminals.zvt.fields import CARDS, CardTotal, DayTotals
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


GROUPS = {"jcb": 1, "mastercard": 2, "amex": 3, "visa": 4, "diners": 5}
"""Which total of BMP 60 a card counts in, by the first word of its name; girocard is 0, all others 6."""


def totals_of(entries: Sequence[Entry], last: int, currency: int) -> StatusInformation:
    """The 04 0F of an end of day; below zero BMP 60 cannot say it, and is left out."""
    groups: dict[int, list[Entry]] = {}
    for entry in entries:
        name = entry.card.name.lower().split()[0]
        groups.setdefault(0 if name == "girocard" else GROUPS.get(name, 6), []).append(entry)
    sums = [net(groups.get(group, [])) for group in range(len(CARDS))]
    first = f"{entries[0].receipt if entries else last:04}"
    totals = DayTotals(
        first,
        f"{last:04}",
        tuple(CardTotal(len(groups.get(group, [])) % 256, sums[group]) for group in range(len(CARDS))),
    )
    fits = min(sums) >= 0
    return StatusInformation(
        result_code=0,
        amount=sum(sums) if fits else None,
        currency=currency,
        totals=totals if fits else None,
    )


def day_receipt(entries: Sequence[Entry], terminal_id: str) -> PrintBlock:
    """The receipt of an end of day, for the shop's own papers."""
    return PrintBlock(
        receipt_type=3,
        lines=(
            "** KASSENSCHNITT **",
            f"Terminal-ID: {terminal_id}",
            f"EUR {net(entries) // 100},{net(entries) % 100:02}",
        ),
    )
