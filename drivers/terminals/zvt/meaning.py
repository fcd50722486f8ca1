"""What a terminal's messages mean for the money: results, prompts, and what became of a payment. Pure."""

from typing import NamedTuple

from msgspec.structs import replace

from drivers.terminals.currencies import LETTERS
from drivers.terminals.zvt.messages import IntermediateStatus, StatusInformation
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.units import Minor

NOT_FOUND = "not_found"
REFUSALS = {0x64, 0x6A, 0x6B, 0x6C, 0x6F, 0x77, 0x78, 0x83, 0x9C, 0xB5, 0xC2, 0xC3, 0xE4, 0xF0}

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


class Sought(NamedTuple):
    """What one attempt is about: what a result must not contradict to be its own.

    `partial`: less may be authorised. `reverses` is what the attempt gives back, if it does.
    """

    amount: Minor
    currency: int
    mark: Mark
    partial: bool = False
    reverses: PaymentResult | None = None


def fits(status: StatusInformation, sought: Sought) -> bool:
    """Whether a result contradicts nothing of the attempt; what it does not say contradicts nothing."""
    of = status.orig_trace
    reverses = sought.reverses
    return (
        _amount_fits(status.amount, sought)
        and status.currency in (None, sought.currency)
        and (not status.terminal_id or sought.mark.terminal_id in ("", status.terminal_id))
        and (of is None or (reverses is not None and reverses.trace in ("", of)))
    )


def is_new(status: StatusInformation, sought: Sought) -> bool:
    """Whether an approval fits and may have come after the mark: no number that it tells is of before."""
    before = sought.mark.receipt_no
    older = status.receipt_no and before and not comes_after(status.receipt_no, before)
    return fits(status, sought) and (sought.reverses is not None or not older)


def _amount_fits(amount: int | None, sought: Sought) -> bool:
    return amount in (None, sought.amount) or (sought.partial and 0 < (amount or 0) < sought.amount)


def comes_after(number: str, before: str) -> bool:
    """Whether a receipt or trace number is a later one, where counting starts again after all nines.

    Later is what lies less than half the circle ahead; False where either is unknown.
    """
    if not (number.isdecimal() and before.isdecimal()) or len(number) != len(before):
        return False
    circle = int("9" * len(before))
    return 0 < (int(number) - int(before)) % circle < circle // 2


def settled(status: StatusInformation, sought: Sought, here: str) -> tuple[Outcome, str]:
    """What became of an attempt, by the repeat of the last receipt (06 20) and the mark before sending; and why not.

    `here` is the id that the terminal registered with. After the mark only this attempt and its undoing can have
    come, since nothing else is started while one is open. Whatever does not fit in there does not settle it. A
    receipt that is the one of before means that the attempt is not in the book, or not yet.
    """
    mark, unclear = sought.mark, (Outcome.UNKNOWN, "")
    if (status.terminal_id or here) != mark.terminal_id or not mark.receipt_no or status.result_code is None:
        return unclear
    if status.receipt_no == mark.receipt_no and trace(status) == mark.trace:
        return Outcome.UNKNOWN, NOT_FOUND
    later = comes_after(status.receipt_no or "", mark.receipt_no)
    newer = later or (status.receipt_no == mark.receipt_no and comes_after(trace(status), mark.trace))
    if not newer:
        return unclear
    if status.result_code != 0:
        return (Outcome.NOT_CHARGED, "") if _amount_fits(status.amount, sought) else unclear
    if comes_after(status.orig_trace or "", mark.trace):
        undone = fits(replace(status, orig_trace=None), sought)
        return (Outcome.NOT_CHARGED, "") if undone else unclear
    told = later or (sought.reverses is not None and status.orig_trace is not None)
    return (Outcome.APPROVED, "") if told and fits(status, sought) else unclear


def refuses(code: int | None) -> bool:
    """Whether a result code says that a reversal was not done and will not be; the others leave it open.

    No connection (7D, 9B, A3), protocol (9A) and system errors (FF) may follow what the bank has done already.
    """
    return code is not None and (0x01 <= code <= 0x63 or code in REFUSALS)
