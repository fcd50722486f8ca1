"""What colleagues do: each of these facts needs somebody whose PIN was accepted, but those that say so."""

from kiosk.checkout.fact import Fact
from kiosk.checkout.money import Outcome
from kiosk.units import AttemptId, LineNo, Minor


class PinAccepted(Fact, frozen=True):
    person: str
    name: str
    technician: bool = False


class PinRefused(Fact, frozen=True):
    person: str


class StaffEnded(Fact, frozen=True):
    pass


class Approved(Fact, frozen=True):
    """A colleague answers an open question with yes."""

    why: str
    line: LineNo | None = None
    reason: str = ""


class Refused(Fact, frozen=True):
    why: str
    line: LineNo | None = None
    reason: str = ""


class LineVoided(Fact, frozen=True):
    line: LineNo
    reason: str = ""


class PriceOverridden(Fact, frozen=True):
    """Another price of each piece; above the shop's limit a second colleague has to say yes."""

    line: LineNo
    price: Minor
    reason: str


class SaleCancelled(Fact, frozen=True):
    reason: str = ""


class LaneClosed(Fact, frozen=True):
    reason: str


class LaneOpened(Fact, frozen=True):
    pass


class OutcomeDecided(Fact, frozen=True):
    """A colleague has read the terminal and says what happened to an UNKNOWN payment."""

    attempt: AttemptId
    outcome: Outcome


class PrintedAgain(Fact, frozen=True):
    """A colleague wants that document printed, marked as a duplicate if it may be on paper already.

    Without a name: the receipt on the screen, or else the last one.
    """

    of: str = ""


class JobDropped(Fact, frozen=True):
    """A colleague says that nobody waits for that paper any more."""

    of: str


class CaseCleared(Fact, frozen=True):
    """A colleague has seen to an open case about money."""

    id: AttemptId


class DayClosed(Fact, frozen=True):
    """A colleague ends the day: closing of the books, and the terminal's."""


class TrainingChosen(Fact, frozen=True):
    """A colleague switches training on or off, at an idle lane."""

    on: bool
    reason: str = ""


# ---- giving back


class RefundBegun(Fact, frozen=True):
    """A colleague takes something back: the receipt is asked for."""


class ReceiptNamed(Fact, frozen=True):
    """The number of a receipt was typed."""

    number: str


class RefundLineChosen(Fact, frozen=True):
    """So many pieces of that line are given back; 0 takes it off the list again."""

    line: LineNo
    qty: int


class RefundAllChosen(Fact, frozen=True):
    """All that may still be given back of this sale."""


class RefundConfirmed(Fact, frozen=True):
    reason: str


class RefundEnded(Fact, frozen=True):
    """Back to the lane, refunded or not."""


# ---- a staffed till, and a second look


class AssistBegun(Fact, frozen=True):
    """A colleague serves here: the lane is a staffed till until she ends it, or has gone."""


class AssistEnded(Fact, frozen=True):
    pass


class CountersignDropped(Fact, frozen=True):
    """No second colleague comes: what the first one asked for is not done."""


class AuditBegun(Fact, frozen=True):
    """A colleague begins the rescan that is asked for, or one that is not, and then says why."""

    reason: str = ""


class AuditCounted(Fact, frozen=True):
    """A line of the rescan that has no code to scan is there, as the basket has it."""

    line: LineNo


class AuditSolved(Fact, frozen=True):
    """The basket gets what was counted; without a line: the so-many-th thing that is on no line."""

    line: LineNo | None = None
    extra: int = 0


class AuditEnded(Fact, frozen=True):
    """The rescan is over; what still differs stays as the basket has it."""


Staffed = (
    PinAccepted
    | PinRefused
    | StaffEnded
    | Approved
    | Refused
    | LineVoided
    | PriceOverridden
    | SaleCancelled
    | LaneClosed
    | LaneOpened
    | OutcomeDecided
    | PrintedAgain
    | JobDropped
    | CaseCleared
    | DayClosed
    | TrainingChosen
    | RefundBegun
    | ReceiptNamed
    | RefundLineChosen
    | RefundAllChosen
    | RefundConfirmed
    | RefundEnded
    | AssistBegun
    | AssistEnded
    | CountersignDropped
    | AuditBegun
    | AuditCounted
    | AuditSolved
    | AuditEnded
)
