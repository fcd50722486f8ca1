"""A captured message in words, for a technician: every field with what it means, nothing of a card but four digits."""

from typing import Any

from msgspec.structs import asdict

from drivers.terminals.cards import masked
from drivers.terminals.concert import layout
from drivers.terminals.concert.layout import SIGNS, Answer, ConcertError, decode
from drivers.terminals.concert.meaning import verdict

MEANS = {
    "status": {layout.ACCEPTED: "accepted", layout.REFUSED: "refused", layout.NOT_VERIFIED: "not verified"},
    "mode": {layout.CARD: "card", layout.CHEQUE: "cheque"},
    "type": {layout.DEBIT: "debit", layout.CREDIT: "credit", layout.CANCEL: "cancel", "4": "automatic"},
    "answer": {layout.SHORT_ANSWER: "short", layout.LONG_ANSWER: "long"},
    "delay": {layout.AT_THE_END: "answer at the end", layout.AT_ONCE: "answer at once"},
    "auto": {layout.AS_THE_BANK_LIKES: "as set", layout.ONLINE: "authorisation forced"},
}


def explain(data: bytes, options: dict[str, str]) -> dict[str, Any]:
    """What these bytes say: one frame, or one control byte. ConcertError if they do not; there are no options."""
    if options:
        raise ConcertError(f"no option {', '.join(sorted(options))}")
    if data in SIGNS:
        return {"protocol": "concert-e-plus", "kind": SIGNS[data]}
    message = decode(data)
    answer = isinstance(message, Answer)
    told: dict[str, Any] = {"protocol": "concert-e-plus", "kind": "answer" if answer else "request"}
    fields = {
        name: masked(value) if isinstance(value, str) else value for name, value in asdict(message).items()
    }
    told |= {
        "pos": fields.pop("pos"),
        "amount_minor": fields.pop("amount"),
        "card_last4": fields.pop("last4", ""),
    }
    told |= fields
    told["means"] = {name: MEANS[name].get(value, "?") for name, value in fields.items() if name in MEANS}
    told |= {"lrc": f"{data[-1]:02x}", "total_length": len(data)}
    return told | ({"verdict": verdict(message).name} if isinstance(message, Answer) else {})
