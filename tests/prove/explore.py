"""Visiting every state of the model, breadth first: each once, and each checked."""

from hashlib import blake2b
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from kiosk.checkout.session import Policy
from tests.prove.model import Model
from tests.prove.modelled import Facts, State, Violation

_encode = msgspec.json.Encoder().encode


def key(state: State) -> bytes:
    """States that differ only in how often was asked, beyond every limit, are one."""
    session, world = state
    kept = session.kept
    most = kept.policy.ask_limit + 1
    phase = kept.phase
    attempt = getattr(phase, "attempt", None)
    if attempt is not None and attempt.asked > most:
        phase = replace(phase, attempt=replace(attempt, asked=most))
    back = tuple(replace(each, asked=min(each.asked, most)) for each in kept.giving_back)
    plain = replace(kept, policy=Policy(), offers=None, phase=phase, giving_back=back)
    return blake2b(
        _encode((plain, sorted(world.timers), world._replace(timers=frozenset()))), digest_size=12
    ).digest()


class Found(NamedTuple):
    """What an exploration came to: `open` states were not gone on from, the depth being reached."""

    states: int
    steps: int
    depth: int
    open: int
    violations: list[tuple[str, list[str]]]


def explore(model: Model, depth: int, most: int = 10_000_000) -> Found:
    """Breadth first from the beginning; each violation with the shortest way to it, and nothing beyond it."""
    seen = {key(model.begin)}
    level: list[tuple[State, Facts | None, tuple]] = [(model.begin, model.facts, ())]  # type: ignore[type-arg]
    steps = reached = 0
    violations: list[tuple[str, list[str]]] = []
    while level and reached < depth and len(seen) < most:
        reached += 1
        following = []
        for state, facts, way in level:
            nexts = model.nexts(state, facts)
            while True:
                try:
                    what, after, new = next(nexts)
                    steps += 1
                    mark = key(after)
                    if mark in seen:
                        continue
                    seen.add(mark)
                    model.check(after)
                except StopIteration:
                    break
                except Violation as wrong:
                    violations.append((str(wrong), path(way)))
                    continue
                line = facts
                for fact in new or ():
                    line = Facts(fact, line)
                following.append((after, line, (what, new, way)))
        level = following
    return Found(len(seen), steps, reached, len(level), violations)


def path(way: tuple) -> list[str]:  # type: ignore[type-arg]
    """The steps that led there, the first one first."""
    lines: list[str] = []
    while way:
        what, new, way = way
        names = [type(fact).__name__ for fact in new or ()]
        lines.append(" ".join(filter(None, [what, *names])))
    return lines[::-1]
