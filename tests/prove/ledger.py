"""What our own books say was given back after a sale."""

from collections import Counter

import msgspec

from kiosk.checkout.records import Refund
from kiosk.journal import Journal
from kiosk.units import AttemptId


def refunds(journal: Journal) -> list[Refund]:
    rows = journal._db.execute("SELECT body FROM ledger WHERE kind = 'refund' ORDER BY number").fetchall()
    return [msgspec.json.decode(body, type=Refund) for (body,) in rows]


def refunded(journal: Journal) -> Counter[AttemptId | None]:
    """How much of each payment was given back after its sale, as our books have it."""
    sums: Counter[AttemptId | None] = Counter()
    for record in refunds(journal):
        for tender in record.tenders:
            sums[tender.attempt] += tender.amount
    return sums
