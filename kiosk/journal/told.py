"""A stored fact in a sentence for people who were not there: English, for the desk where a dispute is settled."""

from collections.abc import Callable
from typing import Any

from kiosk.checkout import events
from kiosk.checkout.events import Happened
from kiosk.text import Words

Say = Callable[[Any, Words], str]

SAID: dict[type, Say] = {
    events.Restarted: lambda f, w: (
        f"The kiosk started, with software {f.policy.version or 'of unknown version'}"
    ),
    events.Started: lambda f, w: "Start was pressed",
    events.OffersTaken: lambda f, w: "A basket was opened",
    events.LanguageChosen: lambda f, w: f"The language was chosen: {f.language}",
    events.Scanned: lambda f, w: "A code was read",
    events.ItemFound: lambda f, w: f"It is {f.item.name}",
    events.ItemUnknown: lambda f, w: "Its code is not in the catalogue",
    events.Picked: lambda f, w: "A product was picked in the finder",
    events.AddWeighed: lambda f, w: f"{f.item.name} was added by weight: {w.weight(f.grams)}",
    events.QuantityChosen: lambda f, w: f"The quantity of line {f.line} was set to {f.qty}",
    events.RemovePressed: lambda f, w: f"Remove was pressed for line {f.line}",
    events.UndoPressed: lambda f, w: "Undo was pressed",
    events.LeaveOutPressed: lambda f, w: f"Line {f.line} stays out of the bag",
    events.OwnBagPressed: lambda f, w: "My own bag was pressed",
    events.BagAnswered: lambda f, w: f"The question about the bag was answered: {f.answer.replace('_', ' ')}",
    events.HelpPressed: lambda f, w: "Help was pressed",
    events.MemberFound: lambda f, w: "A member's card was recognised",
    events.WeightSettled: lambda f, w: (
        f"The bag scale came to rest at {w.grams(f.after)}, before {w.grams(f.before)}"
    ),
    events.PayPressed: lambda f, w: "Pay was pressed",
    events.BackPressed: lambda f, w: "Back to basket was pressed",
    events.ReadyToSend: lambda f, w: "The card terminal is ready",
    events.ResultReceived: lambda f, w: f"The card terminal says: {f.result.outcome.value.replace('_', ' ')}",
    events.TerminalAnswered: lambda f, w: f"The payment ended: {f.result.outcome.value.replace('_', ' ')}",
    events.NoAnswer: lambda f, w: "The card terminal did not answer",
    events.ReceiptChosen: lambda f, w: f"The receipt was chosen: {f.kind}",
    events.Printed: lambda f, w: "The receipt was printed",
    events.PrintFailed: lambda f, w: f"The printer did not print: {f.code.replace('_', ' ')}",
    events.FinishPressed: lambda f, w: "Finish was pressed",
    events.PinAccepted: lambda f, w: f"A colleague's PIN was accepted: {f.name}",
    events.Approved: lambda f, w: f"The colleague said yes: {f.why}",
    events.Refused: lambda f, w: f"The colleague said no: {f.why}",
    events.PriceOverridden: lambda f, w: f"The colleague set line {f.line} to {w.money(f.price)}: {f.reason}",
    events.LineVoided: lambda f, w: f"The colleague removed line {f.line}",
    events.Reminded: lambda f, w: f"A time was over: {f.key}",
}


def said(facts: tuple[Happened, ...], words: Words) -> str:
    """All that happened in one turn."""
    return ". ".join(SAID[type(fact)](fact, words) if type(fact) in SAID else plain(fact) for fact in facts)


def plain(fact: Happened) -> str:
    """The name of a fact as words: RefundLineChosen is "Refund line chosen"."""
    name = type(fact).__name__
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip().capitalize()
