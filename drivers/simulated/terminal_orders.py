"""What a technician tells a simulated terminal, a line at a time, and how its book looks as JSON."""

import json
from datetime import timedelta
from typing import Any

from drivers.simulated.terminal import Fault, TerminalPeer
from drivers.simulated.terminal_book import Entry, Rule
from drivers.simulated.world import Card

HELP = """\
card | card declines | card wrong_pin | nocard        what the shopper holds out
script 6 cut_after | script +2 lose | script          a fault at a step (+: from now on), or none any more
rule keeps | reverses | reverses_and_shows_it | reverses_and_shows_failed
authorises 1500 | authorises                          another amount than asked for, or again what is asked for
busy 2 | busy_with 999                                so many questions; with an amount of before
skew 7200 | late 6                                    seconds: its clock, and what the fault "late" means
reboot | steps | ledger                               the last two print JSON lines"""


def tell(peer: TerminalPeer, verb: str, rest: list[str]) -> str | None:
    """Do what the line says and answer it; None if a terminal does not know it. ValueError, IndexError."""
    match verb:
        case "card":
            peer.world.change(card=Card(bank=_bank(rest[0]) if rest else "approves"))
        case "nocard":
            peer.world.change(card=None)
        case "script":
            _script(peer, rest)
        case "rule":
            peer.book.rule = _named(Rule, rest[0])
        case "authorises":
            peer.authorises = int(rest[0]) if rest else None
        case "busy":
            peer.busy_answers = int(rest[0]) if rest else 1
        case "busy_with":
            peer.busy_with = int(rest[0])
        case "skew":
            peer.clock_skew = timedelta(seconds=float(rest[0]))
        case "late":
            peer.late_seconds = float(rest[0])
        case "reboot":
            peer.later(0.0, peer.reboot)
        case "steps":
            return _lines([{"step": number, "what": step} for number, step in enumerate(list(peer.steps))])
        case "ledger":
            return _lines([told(entry) for entry in list(peer.book.entries)])
        case _:
            return None
    return ""


def told(entry: Entry) -> dict[str, Any]:
    """An entry of the book as JSON: amounts in minor units, `reverses` a trace number."""
    return {
        "receipt": entry.receipt,
        "trace": entry.trace,
        "amount": entry.amount,
        "currency": entry.currency,
        "card": f"{entry.card.name} {entry.card.last4}",
        "state": entry.state.value,
        "reverses": entry.reverses,
        "refund": entry.refund,
        "when": entry.when.isoformat(timespec="seconds"),
    }


def _script(peer: TerminalPeer, rest: list[str]) -> None:
    if not rest:
        peer.script = {}
        return
    at = len(peer.steps) + int(rest[0][1:]) if rest[0].startswith("+") else int(rest[0])
    peer.script = peer.script | {at: _named(Fault, rest[1])}


def _named(kind: Any, name: str) -> Any:
    try:
        return kind[name.upper()]
    except KeyError:
        raise ValueError(f"one of {', '.join(each.name.lower() for each in kind)}") from None


def _bank(word: str) -> Any:
    if word not in ("approves", "declines", "wrong_pin"):
        raise ValueError("one of approves, declines, wrong_pin")
    return word


def _lines(rows: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(row) for row in rows)
