"""A visit once more: the stored facts, played again from before it, with the session as it stood around each turn."""

import sqlite3
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.events import Happened, Restarted
from kiosk.checkout.session import Finishing, Handover, Kept, Paying, Refunding, Session, Shopping
from kiosk.checkout.step import step
from kiosk.journal.book import Journal, JournalError, Turn
from kiosk.journal.glass import LASTING, Glimpse
from kiosk.units import Millis

RUN_UP = 2_000
"""Turns that are played before a visit whose beginning no mark tells: by then language, scale and jobs are as they
were."""
REFUND = "refund "


class FilmError(JournalError):
    """There is no such visit in the journal; says which there are."""


class Scene(Struct, frozen=True):
    """One turn: the session just before it as the glass showed it, and after it; `opened` are panels before it."""

    seq: int
    at: Millis
    facts: tuple[Happened, ...]
    before: Session
    after: Session
    opened: tuple[tuple[Millis, str], ...] = ()

    @property
    def version(self) -> str:
        """The software that made it; empty where the journal does not say."""
        return self.after.kept.policy.version


class Ended(Struct, frozen=True):
    """A visit as the ledger names it; `number` is the receipt's, 0 without one; `version` the software's, if told."""

    id: str
    at: Millis
    number: int
    version: str

    def is_called(self, wanted: str) -> bool:
        """Whether that is its receipt's number: 0187-4-000012, or 12."""
        last = wanted.rpartition("-")[2].lstrip("0")
        return last.isdigit() and self.number == int(last)


class _Body(Struct, frozen=True):
    id: str
    number: int = 0
    ended: int = 0
    at: int = 0
    version: str = ""


def visit(journal: Journal, wanted: str = "") -> list[Scene]:
    """The scenes of a sale, a refund or an abandoned basket by its id or its receipt's number; empty: the last one.

    Raises FilmError.
    """
    first, last = journal.span()
    kept, marked = journal.mark()
    going_on = list(visits(_played(journal, marked + 1, last, kept)))
    for group in reversed(going_on):
        if not wanted or name_of(group[-1].after) == wanted:
            return group
    known = ended(journal)
    named = [one for one in known if wanted in ("", one.id)] or [
        one for one in known if one.is_called(wanted)
    ]
    if named:
        return _found(journal, named[-1], first, last)
    raise FilmError(_unknown(journal, wanted, known, first))


def _found(journal: Journal, one: Ended, first: int, last: int) -> list[Scene]:
    """A visit that has ended: played again, if its counters were not known before."""
    seq = journal.turn_at(one.at)
    kept, marked = journal.mark()
    begin, end = marked + 1, min(last, seq + RUN_UP)
    if not marked < seq:
        begin = max(first, seq - RUN_UP + 1)
        kept = Kept() if begin == 1 else _base(journal, kept, begin, one)
    scenes: list[Scene] = []
    for _ in range(3):  # its id first, by which its payment is known, and then its receipt's number
        scenes = list(_played(journal, begin, end, kept))
        ending = next((scene for scene in scenes if scene.seq == seq), None)
        counted = kept if ending is None else _counted(kept, ending, one)
        if counted == kept:
            break
        kept = counted
    for group in visits(scenes):
        if any(scene.seq == seq for scene in group):
            return group
    raise FilmError(_unknown(journal, one.id, ended(journal), first))


def _base(journal: Journal, kept: Kept, begin: int, one: Ended) -> Kept:
    """What is known of the lane before that turn: the rules it was last started with, and the ledger's version."""
    with sqlite3.connect(f"file:{journal.path}?mode=ro", uri=True) as db:
        row = db.execute(
            "SELECT facts FROM turns WHERE seq < ? AND instr(CAST(facts AS TEXT), '\"Restarted\"') "
            "ORDER BY seq DESC LIMIT 1",
            (begin,),
        ).fetchone()
    facts = msgspec.json.decode(row[0], type=tuple[Happened, ...]) if row else ()
    policy = next((fact.policy for fact in facts if isinstance(fact, Restarted)), None)
    policy = policy or replace(kept.policy, version=one.version)
    return Kept(policy=policy, offers=kept.offers, language=policy.languages[0])


def _counted(kept: Kept, ending: Scene, one: Ended) -> Kept:
    """The base with its counters as they must have been for the visit to have ended under its own number."""
    after = ending.after.kept
    sales, numbers = kept.sales, kept.numbers
    number, here = one.id.rpartition("-")[2], name_of(ending.before).rpartition("-")[2]
    if number.isdigit() and here.isdigit():
        sales += int(number) - int(here)
    if one.number:
        numbers += one.number - after.numbers
    return replace(kept, sales=sales, numbers=numbers)


def visits(scenes: Iterable[Scene]) -> Iterator[list[Scene]]:
    """Scenes by visit; what happens while nobody is here belongs to none."""
    group: list[Scene] = []
    for scene in scenes:
        before, after = name_of(scene.before), name_of(scene.after)
        if group and name_of(group[-1].after) != before:
            yield group
            group = []
        if after and group and after != before:
            yield group
            group = []
        if after or group:
            group.append(scene)
        if group and not after:
            yield group
            group = []
    if group:
        yield group


def name_of(session: Session) -> str:
    """Whose visit it is: the basket's id, through its payment and its receipt; a refund by who gives it."""
    match session.kept.phase:
        case Shopping(sale=sale) | Paying(sale=sale):
            return sale.id
        case Finishing(closed=closed):
            return closed.id
        case Handover(record=record):
            return record.id
        case Refunding(by=by):
            return REFUND + by
        case _:
            return ""


def _played(journal: Journal, begin: int, end: int, kept: Kept) -> Iterator[Scene]:
    """The turns from `begin` to `end`, from what was kept before them."""
    session = Session(kept)
    for note in journal.glimpses(0, begin - 1).values():
        session = note.on(session, LASTING)
    notes = journal.glimpses(begin, end)
    for turn in journal.turns(begin - 1):
        if turn.seq > end:
            return
        scene = _scene(session, turn, notes.get(turn.seq, Glimpse()))
        session = scene.after
        yield scene


def _scene(session: Session, turn: Turn, note: Glimpse) -> Scene:
    if any(isinstance(fact, Restarted) for fact in turn.facts):
        session = Session(session.kept)
    before = note.on(session)
    after = before
    for fact in turn.facts:
        after, _ = step(after, fact, turn.at)
    return Scene(turn.seq, turn.at, turn.facts, before, after, note.opened)


def ended(journal: Journal) -> list[Ended]:
    """Every visit that the ledger has, oldest first."""
    with sqlite3.connect(f"file:{journal.path}?mode=ro", uri=True) as db:
        rows = db.execute(
            "SELECT body FROM ledger WHERE kind IN ('sale', 'refund', 'void', 'handover') ORDER BY number"
        ).fetchall()
    bodies = [msgspec.json.decode(body, type=_Body) for (body,) in rows]
    return [Ended(body.id, Millis(body.ended or body.at), body.number, body.version) for body in bodies]


def _unknown(journal: Journal, wanted: str, known: list[Ended], first: int) -> str:
    """Which visits can be shown instead."""
    oldest = next((turn.at for turn in journal.turns(first - 1)), None)
    here = [one for one in known if oldest is not None and one.at >= oldest]
    what = f"no sale {wanted}" if wanted else "no sale"
    if any(one.id == wanted for one in known):
        what = f"sale {wanted} is in the ledger, but its turns are no longer kept (files.keep_days)"
    if not here:
        return f"{journal.path}: {what}; none is here"
    names = [one.id for one in here]
    shown = ", ".join(names) if len(names) < 8 else f"{names[0]} to {names[-1]} ({len(names)})"
    return f"{journal.path}: {what}; here are {shown}"
