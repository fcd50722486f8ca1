"""A captured message in words, for a technician: every tag with its meaning, nothing of a card but four digits."""

from typing import Any

from drivers.terminals.caisse.meaning import verdict
from drivers.terminals.caisse.messages import Message, Stream, is_answer, unmarked
from drivers.terminals.caisse.tags import ACTIONS, APPLICATIONS, TAGS, WHY, CaisseError

MEANS = {
    "AE": {"10": "performed", "01": "not performed", "11": "taken into account, no result"},
    "CD": ACTIONS,
    "CC": APPLICATIONS,
    "BA": {"0": "at the end", "1": "at once"},
    "CI": {"1": "contact", "2": "contactless", "3": "stripe", "4": "typed"},
}


def explain(data: bytes, options: dict[str, str]) -> dict[str, Any]:
    """What these bytes say. CaisseError if they are no whole messages; there are no options."""
    if options:
        raise CaisseError(f"no option {', '.join(sorted(options))}")
    stream = Stream()
    stream.feed(data)
    if stream.rest or not stream.messages:
        raise CaisseError("cut short")
    messages = [_message(message) for message in stream.messages]
    more = {"messages": messages} if len(messages) > 1 else messages[0]
    return {"protocol": "caisse-ap-ip"} | more


def _message(message: Message) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": "answer" if "AE" in message.tags else "request"}
    told["tags"] = [_tag(tag, value) for tag, value in message.tags.items()]
    if message.amount is not None:
        told["amount_minor"] = message.amount
    if currency := message.get("CE"):
        told["currency"] = int(currency)
    if message.last4:
        told["card_last4"] = message.last4
    if message.slip:
        told["ticket"] = list(message.slip)
    if told["kind"] == "answer":
        told |= {"whole": is_answer(message), "verdict": verdict(message).name}
    return told


def _tag(tag: str, value: str) -> dict[str, str]:
    told = {"tag": tag, "meaning": TAGS[tag].meaning, "value": unmarked(value)}
    means = WHY.get(value[:2]) if tag == "AF" else MEANS.get(tag, {}).get(value)
    return told | ({"means": means} if means else {})
