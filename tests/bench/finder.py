"""Typing in the finder at 100,000 names: what a keystroke costs beside a bare FTS5 prefix query of the same letters,
and what the lists for it add to the catalogue's file and intake."""

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from kiosk.catalogue import Catalogue, Intake
from kiosk.catalogue.folding import words_of
from kiosk.checkout.model import Item
from kiosk.units import Gtin, ItemId, Minor
from kiosk.wire import CataloguePage, Entry, Terms
from tests.bench import Row
from tests.bench.rig import folder, percentile, pss

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST = 12  # keystrokes of one word
PAGE = 1_000
SLIPS, SECOND = 0.25, 0.3  # words typed with a slip, and with another word after them
FLOOR = "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rowid LIMIT 24"


def vocabulary(chance: random.Random, count: int) -> list[str]:
    """Words of two to five syllables."""
    syllables = [
        a + b + c for a in "bcdfghklmnprstvwz" for b in "aeiou" for c in ("", "", "n", "r", "l", "s")
    ]
    return ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(count)]


def names(chance: random.Random, count: int) -> list[str]:
    """Names of two to five words, some words a thousand times as common as others."""
    words = vocabulary(chance, 30_000)
    weights = [1 / (rank + 20) for rank in range(len(words))]
    picked = iter(chance.choices(words, weights, k=count * 5))
    return [" ".join(next(picked) for _ in range(chance.randint(2, 5))) for _ in range(count)]


def stock(path: Path, texts: list[str]) -> float:
    """A catalogue of these names; seconds from the last page to its use."""
    with closing(Intake(path)) as intake:
        for start in range(0, len(texts), PAGE):
            entries = tuple(
                Entry(
                    Item(id=ItemId(number), name=text, price=Minor(199), tax="R"),
                    (Gtin(10**9 + number),) if number % 50 else (),
                    number,
                )
                for number, text in enumerate(texts[start : start + PAGE], start + 1)
            )
            last = start + PAGE >= len(texts)
            terms = Terms() if last else None
            page = CataloguePage("bench", 0, 1, 1, entries[-1].item.id, entries, last=last, terms=terms)
            body, began = msgspec.json.encode(page), time.perf_counter()
            intake.take(body)
    return time.perf_counter() - began


def slipped(chance: random.Random, word: str) -> str:
    """The word with a letter missing, wrong, too many, or two the wrong way round."""
    at, letter = chance.randrange(len(word)), chance.choice(LETTERS)
    head, rest = word[:at], word[at:]
    ways = (head + rest[1:], head + letter + rest[1:], head + letter + rest)
    return chance.choice((*ways, head + rest[1:2] + rest[:1] + rest[2:]))


def typed(chance: random.Random, texts: list[str]) -> Iterator[str]:
    """What stands in the field after each keystroke, for somebody who looks for one of the names."""
    words = chance.choice(texts).split()
    first = chance.choice(words)
    first = slipped(chance, first) if chance.random() < SLIPS else first
    text = first + (" " + chance.choice(words) if chance.random() < SECOND else "")
    for length in range(min(len(text), LONGEST) + 1):
        yield text[:length]


def keystrokes(
    catalogue: Catalogue, bare: sqlite3.Connection, texts: list[str], count: int
) -> tuple[list[int], ...]:
    """CPU nanoseconds of searches, and of bare queries of the same letters: other processes share these cores."""
    chance, selling = random.Random(2), tuple(ItemId(n) for n in range(50, 5_000, 50))
    ours: list[int] = []
    floor: list[int] = []
    catalogue.search("", selling=selling)
    while len(ours) < count:
        for text in typed(chance, texts):
            began = time.thread_time_ns()
            catalogue.search(text, selling=selling)
            ours.append(time.thread_time_ns() - began)
            if query := " ".join(f'"{word}"*' for word in words_of(text)):
                began = time.thread_time_ns()
                bare.execute(FLOOR, (query,)).fetchall()
                floor.append(time.thread_time_ns() - began)
    return ours, floor


def size(db: sqlite3.Connection, *tables: str) -> float:
    """MB that these tables take in the file."""
    query = f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({','.join('?' * len(tables))})"
    return float(db.execute(query, tables).fetchone()[0]) / 1e6


def rows(quick: bool) -> Iterator[Row]:
    texts = names(random.Random(1), 100_000)
    with folder() as place:
        path = place / "catalogue.db"
        took = stock(path, texts)
        with Catalogue.open(path) as catalogue, closing(sqlite3.connect(path)) as bare:
            before = pss(os.getpid())
            ours, floor = keystrokes(catalogue, bare, texts, 1_000 if quick else 10_000)
            grown = pss(os.getpid()) - before
            (p50, p99), (low, high) = (
                (percentile(each, 50) / 1e6, percentile(each, 99) / 1e6) for each in (ours, floor)
            )
            lists, whole = size(bare, "tails"), path.stat().st_size / 1e6
    yield Row(
        what=f"a keystroke in the finder, p99 of {len(ours)}, 100,000 names",
        goal="<= 2 ms of CPU",
        measured=f"{p99:.2f} ms (p50 {p50:.2f}), bare FTS5 prefix {high:.2f} ms (p50 {low:.2f})",
        ratio=p99 / high,
        ok=p99 <= 2,
    )
    yield Row(
        what="100,000 names taken in, in the link's process",
        goal="<= 30 s; insides <= 1/4 of the file",
        measured=f"{took:.1f} s, insides {lists:.1f} of {whole:.0f} MB",
        ratio=lists / whole,
        ok=took <= 30 and lists <= whole / 4,
    )
    yield Row(
        what=f"memory grown in {len(ours)} keystrokes",
        goal="<= 4 MB",
        measured=f"{grown:.1f} MB",
        ratio=None,
        ok=grown <= 4,
    )
