"""Print jobs: what has to come to paper, and how far that has come. Frozen data, decides nothing.

A job outlives the visit that it belongs to, and a restart: it names a line of the ledger, from which the document is
made again whenever it is printed.
"""

from enum import StrEnum

from msgspec import Struct

from kiosk.checkout.records import FiscalSignature
from kiosk.units import Millis, Minor


class JobState(StrEnum):
    """OFFERED: nobody has asked for paper. HELD: asked for, but the fiscal device has not signed yet.

    SENT: given to the printer, which has not said how it went. PENDING: the printer took nothing of it. UNKNOWN: part
    of it or all may be on paper. PRINTED: the printer has confirmed it. DROPPED: nobody waits for it any more.
    """

    OFFERED = "offered"
    HELD = "held"
    SENT = "sent"
    PENDING = "pending"
    UNKNOWN = "unknown"
    PRINTED = "printed"
    DROPPED = "dropped"


OPEN = frozenset({JobState.HELD, JobState.SENT, JobState.PENDING, JobState.UNKNOWN})
"""Asked for, and not known to be on paper: on the colleague's list."""
UNTOUCHED = frozenset({JobState.OFFERED, JobState.HELD, JobState.PENDING})
"""Nothing of this copy is on paper: it may be printed under the same number."""


class PrintJob(Struct, frozen=True):
    """The ledger's line of that `kind` and id (`of`) as a document; `copy` above 0 is the so-many-th duplicate.

    `number`, `amount` and `at` name it to a colleague, `why` is what the printer said last, `rule` what has it printed
    unasked. A terminal's slip (kind "card") is no ledger line: `slip` has its lines.
    """

    kind: str
    of: str
    at: Millis
    amount: Minor
    number: int = 0
    copy: int = 0
    state: JobState = JobState.OFFERED
    why: str = ""
    rule: str = ""
    slip: tuple[str, ...] = ()
    signature: FiscalSignature | None = None

    @property
    def id(self) -> str:
        """What this copy is called towards the printer: no two prints that may differ share it."""
        return f"{self.of}#{self.copy}"


class TerminalSlip(Struct, frozen=True):
    """The terminal's own slip of an operation that is on no receipt; `rule` is card_failed or card_reversed."""

    id: str
    store: str
    lane: str
    currency: str
    language: str
    at: Millis
    amount: Minor
    lines: tuple[str, ...]
    rule: str
