"""Money on its way: what is asked of whom, how far that has come, and what came of it. Frozen data, decides nothing.

One attempt is one try to move money once: to take it, or to give it back (`reverses`). It is asked of a card
terminal or, for value that the store server holds, of the server; either way it ends as one of three outcomes.
"""

from enum import StrEnum

from msgspec import Struct

from kiosk.units import AttemptId, Millis, Minor


class Outcome(StrEnum):
    """APPROVED: done as asked. NOT_CHARGED: nothing was moved, and nothing will be. UNKNOWN: to be asked about."""

    APPROVED = "approved"
    NOT_CHARGED = "not_charged"
    UNKNOWN = "unknown"


class TenderKind(StrEnum):
    """What can be paid with, by its POSLog tender type in lower case."""

    MEAL_VOUCHER = "meal_voucher"
    DEPOSIT_VOUCHER = "deposit_voucher"
    GIFT_CARD = "gift_card"
    CREDIT = "credit"
    VOUCHER = "voucher"
    WALLET = "wallet"
    CARD = "card"
    TRAINING = "training"


OF_MEMBER = frozenset({TenderKind.CREDIT, TenderKind.VOUCHER})
AT_SERVER = OF_MEMBER | {TenderKind.DEPOSIT_VOUCHER, TenderKind.GIFT_CARD, TenderKind.WALLET}
MAY_BE_LESS = OF_MEMBER | {TenderKind.MEAL_VOUCHER, TenderKind.GIFT_CARD, TenderKind.DEPOSIT_VOUCHER}
"""Tenders of which less than what was asked for may be authorised; the rest is paid otherwise."""


class PaymentResult(Struct, frozen=True):
    """What terminal or server said about one attempt; `last4` is all that is kept of a card number.

    `amount` and `currency` (ISO 4217 letters) are what was really authorised, None where that was not said.
    `trace`, `receipt_no`, `terminal_id` and `reference` (nexo: the POI's transaction id and time) find the payment
    again. `reason` is a key for the screens, or for a look-up that found nothing "not_found", "in_progress".
    """

    outcome: Outcome
    amount: Minor | None = None
    currency: str | None = None
    terminal_id: str = ""
    receipt_no: str = ""
    trace: str = ""
    authorisation: str = ""
    card_name: str = ""
    last4: str = ""
    result_code: str = ""
    reason: str = ""
    slip: tuple[str, ...] = ()
    reference: str = ""


class Mark(Struct, frozen=True):
    """Where a terminal's own book stood before an attempt: what a later look-up compares with.

    In the terminal's own spelling; `receipt_no` and `trace` are empty where it has none to tell.
    """

    terminal_id: str = ""
    receipt_no: str = ""
    trace: str = ""


class Stage(StrEnum):
    """How far an attempt has come; each step is on disk before the next byte leaves."""

    INTENT = "intent"
    SENT = "may_be_sent"
    RESULT = "result"
    CHECKING = "checking"
    WITH_STAFF = "with_staff"


IN_DOUBT = frozenset({Stage.CHECKING, Stage.WITH_STAFF})


class Attempt(Struct, frozen=True):
    """One try to move money, found again by its id; `mark` is None while no byte of it can have left.

    `asked` counts look-ups. `outlived` says that a request of it cannot be under way any more, `missed` that a
    look-up before that found nothing: only both together make "not found" an answer. `shown` is a wallet's code.
    A reversal gives back what `reverses` took under the id `of`, as a refund where the terminal needs the card again;
    `ordered`: the driver has it and will answer, so that it is not given to it twice.
    """

    id: AttemptId
    amount: Minor
    started: Millis
    kind: TenderKind = TenderKind.CARD
    stage: Stage = Stage.INTENT
    mark: Mark | None = None
    result: PaymentResult | None = None
    cancelled: bool = False
    asked: int = 0
    missed: bool = False
    outlived: bool = False
    shown: str = ""
    reverses: PaymentResult | None = None
    of: AttemptId | None = None
    refund: bool = False
    ordered: bool = False


class Ended(Struct, frozen=True, array_like=True):
    """How an attempt ended, so that a later answer to it is known for what it is; `of` is there for a reversal."""

    id: AttemptId
    outcome: Outcome
    amount: Minor = Minor(0)
    kind: TenderKind = TenderKind.CARD
    of: AttemptId | None = None


class Tender(Struct, frozen=True):
    """Money taken: how much, by which attempt, and what terminal or server said of it."""

    kind: TenderKind
    amount: Minor
    attempt: AttemptId | None = None
    result: PaymentResult | None = None


class CaseWhy(StrEnum):
    """Why a payment waits for a colleague."""

    LATE_APPROVAL = "late_approval"
    LATE_REVERSAL = "late_reversal"
    NOT_REVERSED = "not_reversed"
    TOTALS_DIFFER = "totals_differ"


class Case(Struct, frozen=True):
    """Something about money that only a person can clear: open until a named colleague has seen to it."""

    id: AttemptId
    why: CaseWhy
    amount: Minor
    raised: Millis
    result: PaymentResult | None = None
