"""kiosk journal show|replay|sales|verify|check|export FILE: what happened at a lane, and whether the book is true.

A look at a lane's own book, where its device key lies, is written into that book; a copy is left as it is.
"""

import argparse
import getpass
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from kiosk.checkout.records import Technical
from kiosk.checkout.session import Session
from kiosk.checkout.step import step
from kiosk.config import ConfigError
from kiosk.journal import Journal, JournalError
from kiosk.journal.check import checked
from kiosk.journal.export import ExportError, export
from kiosk.journal.seal import Seal, SealError
from kiosk.journal.verify import Anchor, NoJournalError, Verdict, verified
from kiosk.units import Millis


class MisuseError(Exception):
    """What was asked for cannot be done; says why."""


def main(argv: list[str]) -> int:
    """0 if the book can be read and its ledger is whole, 1 if the ledger is not, 2 if the file is no journal."""
    options = _parser().parse_args(argv)
    if not options.file.exists():
        print(f"kiosk journal: {options.file}: there is no such file", file=sys.stderr)
        return 2
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads it has seen enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (JournalError, NoJournalError, ExportError, SealError, MisuseError, ConfigError, OSError) as wrong:
        print(f"kiosk journal: {wrong}", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk journal", description="Read and prove a journal file.")
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, run, words in (
        ("show", _read, "every fact, one a line"),
        ("replay", _read, "the session that the facts lead to"),
        ("sales", _read, "the ledger's sales, as JSON lines"),
        ("verify", _verify, "is every line of the ledger what was written, and is none missing?"),
        (
            "check",
            _check,
            "quick, after a power cut: FILE is the lane's configuration, its kiosk does not run",
        ),
        ("export", _export, "days of the ledger as a signed archive that proves itself"),
    ):
        one = commands.add_parser(name, help=words, description=words)
        one.add_argument("file", type=Path)
        one.add_argument("--device-key", type=Path, help="the lane's key file (default: beside the journal)")
        one.set_defaults(run=run)
        if run is _read:
            one.add_argument("--last", type=int, default=0, help="only the last so many")
    again = commands.choices["replay"]
    again.add_argument(
        "--film",
        nargs="?",
        const="",
        metavar="SALE",
        help="draw the screens of a sale, refund or abandoned basket again, by id or receipt number (none: the last)",
    )
    again.add_argument("--out", type=Path, help="with --film: a folder for pictures, or a file.mp4")
    again.add_argument(
        "--config", type=Path, help="with --film: the lane's configuration, for its panel and brand"
    )
    _proving(commands.choices["verify"], commands.choices["export"])
    return parser


def _proving(verify: argparse.ArgumentParser, archive: argparse.ArgumentParser) -> None:
    verify.add_argument("--anchors", type=Path, help="what `store anchors` printed for this lane")
    verify.add_argument("--key", action="append", default=[], help="public key (base64, or a file with it)")
    verify.add_argument(
        "--every", action="store_true", help="work out signatures that later ones vouch for, too"
    )
    archive.add_argument("--from", dest="first", required=True, type=_day, help="first day, YYYY-MM-DD")
    archive.add_argument("--to", dest="last", required=True, type=_day, help="last day, YYYY-MM-DD")
    archive.add_argument("out", type=Path)


def _day(text: str) -> str:
    return datetime.strptime(text, "%Y-%m-%d").date().isoformat()


def now() -> Millis:
    return Millis(time.time_ns() // 1_000_000)


def _key_of(options: argparse.Namespace) -> Path:
    given: Path | None = options.device_key
    return given or options.file.with_name("device.key")


def noted(options: argparse.Namespace, name: str, **fields: str | int) -> None:
    """Write into the lane's own book that somebody has looked at it; not into a copy, which has no key."""
    if not _key_of(options).exists():
        return
    journal = Journal(options.file, device_key=_key_of(options))
    said: dict[str, str | int] = {"command": options.what, "user": getpass.getuser(), **fields}
    try:
        journal.note(now(), Technical(name, now(), said)).result()
    finally:
        journal.close()


# ---- reading


def _read(options: argparse.Namespace) -> int:
    if getattr(options, "film", None) is not None:
        return _film(options)
    verdict = verified(options.file)
    noted(options, "access")
    journal = Journal(options.file)
    try:
        {"show": show, "replay": replay, "sales": sales}[options.what](journal, options.last)
    finally:
        journal.close()
    wrong = [finding for finding in verdict.findings if finding.fault]
    if wrong:
        print(f"kiosk journal: {options.file}: {wrong[0].what} (see `kiosk journal verify`)", file=sys.stderr)
    return int(bool(wrong))


def _film(options: argparse.Namespace) -> int:
    """The screens of one visit, drawn again; the look is written down like every other."""
    if options.out is None:
        raise MisuseError("--film needs --out: a folder for pictures, or a file.mp4")
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    from kiosk.commands.film import shoot
    from kiosk.config import read
    from screens.theme import Panel

    panel, brand = Panel(), ""
    if options.config is not None:
        screen = read(options.config).screen
        panel, brand = Panel(screen.px, screen.mm), screen.brand
    noted(options, "access", film=options.film or "last")
    journal = Journal(options.file)
    try:
        pictures = shoot(journal, options.film, options.out, panel, brand)
    finally:
        journal.close()
    print(f"{options.out}: {pictures} pictures")
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
        total = sale.priced.total if sale is not None and getattr(sale, "priced", None) is not None else 0
        print(f"{turn.seq:6} {'+'.join(names):40} {type(phase).__name__:12} {total}")
    print(msgspec.json.format(msgspec.json.encode(session.kept), indent=2).decode())


def sales(journal: Journal, last: int) -> None:
    """The ledger's sales, as the store server gets them."""
    closed = list(journal.sales())
    for sale in closed[-last:] if last else closed:
        print(msgspec.json.encode(sale).decode())


# ---- proving


def _verify(options: argparse.Namespace) -> int:
    keys = [key_in(key) for key in options.key]
    verdict = verified(options.file, anchors_in(options.anchors), keys, options.every)
    for line in told(verdict, now(), options.anchors is not None, bool(options.key)):
        print(line)
    wrong = [finding for finding in verdict.findings if finding.fault]
    if wrong:
        noted(options, "integrity", faults=len(wrong), first=wrong[0].number)
    else:
        noted(options, "access")
    return int(bool(wrong))


def anchors_in(path: Path | None) -> list[Anchor]:
    """The server's anchors, a JSON object a line."""
    if path is None:
        return []
    try:
        return msgspec.json.Decoder(Anchor).decode_lines(path.read_bytes())
    except (OSError, msgspec.MsgspecError, ValueError) as wrong:
        raise MisuseError(f"{path}: not the anchors of a store server ({wrong})") from wrong


def key_in(text: str) -> str:
    path = Path(text)
    return path.read_text().strip() if len(text) < 200 and path.is_file() else text


def told(verdict: Verdict, at: Millis, asked_server: bool, pinned: bool) -> Sequence[str]:
    """The verdict in lines for people, worst first."""
    ordered = sorted(verdict.findings, key=lambda finding: not finding.fault)
    lines = [f"{'WRONG' if finding.fault else 'note '} {finding.what}" for finding in ordered]
    books = verdict.books
    sums = f"; sold {books.sold}, given back {books.refunded} (minor units, ever)" if verdict.whole else ""
    lines.append(
        f"journal {verdict.journal}: {verdict.lines} lines, {verdict.signatures} of them signed{sums}"
    )
    own = "" if pinned else ", by the word of the ledger itself: give the one that you know with --key"
    lines += [f"key {key}{own}" for key in verdict.keys]
    lines.append(f"last good signature of the device key: {_last(verdict.signed, verdict, at)}")
    if asked_server:
        lines.append(f"last anchor that file and store server share: {_last(verdict.anchored, verdict, at)}")
    else:
        lines.append(
            "not compared with the store server: a disk rolled back as a whole shows only with --anchors"
        )
    lines.append("the ledger is whole" if verdict.whole else "the ledger is NOT whole")
    return lines


def _last(vouched: tuple[int, int], verdict: Verdict, at: Millis) -> str:
    number, then = vouched
    if not number:
        return "none"
    when = datetime.fromtimestamp(then / 1000, UTC).isoformat(timespec="seconds")
    return f"line {number} ({when}, {max(0, at - then) // 60_000} min old), {verdict.lines - number} lines after it"


def _check(options: argparse.Namespace) -> int:
    """What kiosk-journal-check.service runs; a file with a fault is marked, so that no kiosk sells on with it."""
    from kiosk.config import read

    journal = Path(read(options.file).files.journal)
    wrong = checked(journal)
    print(f"{journal}: {wrong or 'nothing is wrong'}")
    return int(bool(wrong))


def _export(options: argparse.Namespace) -> int:
    key = _key_of(options)
    if not key.exists():
        raise MisuseError(f"{key}: the device key is needed to sign an archive (--device-key)")
    if options.out.exists():
        raise MisuseError(f"{options.out}: there is such a file already")
    done = export(options.file, options.out, Seal(key), options.first, options.last)
    days = {"from": options.first, "to": options.last}
    noted(options, "export", **days, first=done.first, last=done.last)
    print(f"{options.out}: lines {done.first} to {done.last}; `python {options.out}` proves it anywhere")
    wrong = [finding for finding in done.findings if finding.fault]
    for finding in wrong:
        print(f"WRONG {finding.what}")
    return int(bool(wrong))
