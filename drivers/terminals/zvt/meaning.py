"""What a terminal's messages mean for the money: results, prompts, and what became of a payment. Pure."""

from drivers.terminals.zvt.messages import IntermediateStatus, StatusInformation
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.units import Minor

CURRENCIES = {
    "AUD": 36, "BAM": 977, "BGN": 975, "CAD": 124, "CHF": 756, "CZK": 203, "DKK": 208, "EUR": 978, "GBP": 826,
    "HUF": 348, "ISK": 352, "JPY": 392, "NOK": 578, "PLN": 985, "RON": 946, "RSD": 941, "SEK": 752,
    "TRY": 949, "UAH": 980, "USD": 840,
}  # fmt: skip
"""ISO 4217 letters and numbers."""
LETTERS = {number: letters for letters, number in CURRENCIES.items()}

PROMPTS = {
    0x00: "confirm_amount", 0x01: "look_at_terminal", 0x02: "look_at_terminal",
    0x03: "not_accepted", 0x04: "please_wait", 0x05: "reversing", 0x06: "please_wait",
    0x07: "not_accepted", 0x08: "not_accepted", 0x09: "card_expired",
    0x0A: "present_card", 0x0B: "remove_card", 0x0C: "card_unreadable",
    0x0D: "failed", 0x0E: "please_wait", 0x0F: "please_wait", 0x10: "not_accepted",
    0x12: "failed", 0x13: "failed", 0x14: "declined", 0x15: "pin_wrong",
    0x16: "declined", 0x17: "please_wait", 0x18: "pin_blocked", 0x19: "card_unreadable",
    0x1C: "please_wait", 0x1D: "declined", 0x28: "look_at_terminal",
    0x29: "look_at_terminal", 0x2C: "look_at_terminal", 0xCC: "enter_pin",
    0xD2: "please_wait", 0xD3: "please_wait", 0xE0: "look_at_terminal",
    0xE1: "look_at_terminal", 0xF2: "please_wait",
}  # fmt: skip
"""Intermediate status codes (PA00P015, 04 FF) as message keys."""


def prompt(message: IntermediateStatus) -> str:
    """What to tell the shopper: the terminal's own words where it sends some, else a message key, or nothing.

    41 to 67 are 01 to 27 with the card still in: it is to be taken out.
    """
    if words := " ".join(line.strip() for line in message.lines if line.strip()):
        return words
    code = message.status
    return "remove_card" if 0x41 <= code <= 0x67 else PROMPTS.get(code, "")


def result(status: StatusInformation, outcome: Outcome) -> PaymentResult:
    """What is kept of a 04 0F."""
    return PaymentResult(
        outcome=outcome,
        amount=None if status.amount is None else Minor(status.amount),
        currency=None if status.currency is None else LETTERS.get(status.currency, f"{status.currency:03}"),
        terminal_id=status.terminal_id or "",
        receipt_no=status.receipt_no or "",
        trace=trace(status),
        authorisation=status.authorisation or "",
        card_name=status.card_name or "",
        last4=status.last4 or "",
        result_code="" if status.result_code is None else f"{status.result_code:02X}",
    )


def why(code: int | None, waited: bool = False) -> str:
    """Why no money was taken, in the words that the screens know; nothing for what a shopper need not know.

    01 to 63 are the bank's own response codes, in hex. 6C is the time-out as well as the abort key: `waited` says
    that the terminal was still waiting for a card.
    """
    match code:
        case 55:
            return "pin_wrong"
        case 0x64:
            return "card_unreadable"
        case 0x6C:
            return "no_card" if waited else "cancelled"
        case 0x9C:
            return "busy"
        case int() if 0x01 <= code <= 0x63:
            return "declined"
        case _:
            return ""


def trace(status: StatusInformation) -> str:
    """The trace number; 000000 says that it stands in tag 1F2B, with eight digits."""
    if status.long_trace and not (status.trace or "").strip("0"):
        return status.long_trace
    return status.trace or ""


def is_payment(status: StatusInformation, amount: Minor, currency: int, mark: Mark) -> bool:
    """Whether an approval is that of this payment: same amount, same currency, same terminal, a later receipt.

    Currency and terminal id may be missing, then they are those of the registration; an amount may not.
    """
    return (
        status.amount == amount
        and status.currency in (None, currency)
        and status.terminal_id in (None, mark.terminal_id)
        and status.orig_trace is None
        and (not status.receipt_no or not mark.receipt_no or comes_after(status.receipt_no, mark.receipt_no))
    )


def comes_after(number: str, before: str) -> bool:
    """Whether a receipt or trace number is a later one, where counting starts again after all nines.

    Later is what lies less than half the circle ahead; False where either is unknown.
    """
    if not (number.isdecimal() and before.isdecimal()) or len(number) != len(before):
        return False
    circle = int("9" * len(before))
    return 0 < (int(number) - int(before)) % circle < circle // 2


def settled(status: StatusInformation, amount: Minor, currency: int, here: str, mark: Mark) -> Outcome:
    """What became of a payment, by the repeat of the last receipt (06 20) and the mark before sending.

    `here` is the id that the terminal registered with. After the mark only this payment and its reversal
    can have come, since nothing else is started while one is open. Whatever does not fit in there does not
    settle it.
    """
    if (status.terminal_id or here) != mark.terminal_id or not mark.receipt_no or status.result_code is None:
        return Outcome.UNKNOWN
    failed = status.result_code != 0
    if status.receipt_no == mark.receipt_no:
        return Outcome.NOT_CHARGED if failed or trace(status) == mark.trace else Outcome.UNKNOWN
    if not comes_after(status.receipt_no or "", mark.receipt_no):
        return Outcome.UNKNOWN
    if failed:
        return Outcome.NOT_CHARGED if status.amount in (None, amount) else Outcome.UNKNOWN
    if status.amount != amount or status.currency not in (None, currency):
        return Outcome.UNKNOWN
    if status.orig_trace is None:
        return Outcome.APPROVED
    return Outcome.NOT_CHARGED if comes_after(status.orig_trace, mark.trace) else Outcome.UNKNOWN
