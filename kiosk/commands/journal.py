"""kiosk journal show|replay FILE: what happened at a lane, and where that leads."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from kiosk.checkout.session import Session
from kiosk.checkout.step import step
from kiosk.journal import Journal, JournalError


def main(argv: list[str]) -> int:
    """0 if the book can be read and its ledger is whole, 1 if the ledger is not, 2 if the file is no journal."""
    parser = argparse.ArgumentParser(prog="kiosk journal", description="Read a journal file.")
    parser.add_argument(
        "what", choices=("show", "replay", "sales"), help="facts; the session they lead to; sales"
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--last", type=int, default=0, help="only the last so many turns")
    options = parser.parse_args(argv)
    if not options.file.exists():
        print(f"kiosk journal: {options.file}: there is no such file", file=sys.stderr)
        return 2
    try:
        journal = Journal(options.file)
        {"show": show, "replay": replay, "sales": sales}[options.what](journal, options.last)
        broken = journal.broken_chain()
        journal.close()
    except JournalError as wrong:
        print(f"kiosk journal: {wrong}", file=sys.stderr)
        return 2
    if broken is not None:
        print(
            f"kiosk journal: {options.file}: the ledger is not whole from number {broken} on", file=sys.stderr
        )
        return 1
    return 0


def show(journal: Journal, last: int) -> None:
    """One line a fact: turn, time in UTC, name, what it says."""
    turns = list(journal.turns())
    for turn in turns[-last:] if last else turns:
        at = datetime.fromtimestamp(turn.at / 1000, UTC).isoformat(timespec="milliseconds")
        for fact in turn.facts:
            said = msgspec.to_builtins(fact)
            name = said.pop("type")
            print(f"{turn.seq:6} {at} {name} {msgspec.json.encode(said).decode()}")


def replay(journal: Journal, last: int) -> None:
    """Play the facts from the last mark on, as a start does, and print the session after each turn."""
    kept, seq = journal.mark()
    session = Session(kept)
    for turn in journal.turns(seq):
        names = []
        for fact in turn.facts:
            session, _ = step(session, fact, turn.at)
            names.append(type(fact).__name__)
        phase = session.kept.phase
        sale = getattr(phase, "sale", None)
        total = sale.priced.total if sale is not None and sale.priced is not None else 0
        print(f"{turn.seq:6} {'+'.join(names):40} {type(phase).__name__:12} {total}")
    print(msgspec.json.format(msgspec.json.encode(session.kept), indent=2).decode())


def sales(journal: Journal, last: int) -> None:
    """The ledger's sales, as the store server gets them."""
    closed = list(journal.sales())
    for sale in closed[-last:] if last else closed:
        print(msgspec.json.encode(sale).decode())
