"""Every pair of phase and event is handled or listed as ignored; the list only changes by being true."""

import ast
import os
from pathlib import Path
from typing import get_args

import pytest

from kiosk.checkout import events, passed

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("ignored.txt")
PHASES = {
    "Idle": ("finishing.py", "nobody", "finishing.py", "next_one"),
    "Shopping": ("shopping.py", "shopping", "audit.py", "counting"),
    "Paying": ("paying.py", "paying", "paying.py", "told"),
    "Finishing": ("finishing.py", "finishing", "finishing.py", "next_one"),
    "Handover": ("finishing.py", "handed_over", "finishing.py", "next_one"),
    "Refunding": ("refunding.py", "refunding"),
    "OutOfService": ("finishing.py", "out_of_service"),
}
ANYWHERE = [
    ("step.py", "anywhere"),
    ("staff.py", "acts"),
    ("assisted.py", "assisted"),
    ("duties.py", "duties"),
    ("audit.py", "auditing"),
    ("recalls.py", "recalls"),
    ("members.py", "members"),
    ("giving.py", "giving"),
    ("printing.py", "printing"),
    ("day.py", "day"),
    ("fiscal.py", "fiscal"),
    ("aside.py", "aside"),
]


def handled(file: str, function: str) -> set[str]:
    """The event classes that a reducer names in the cases of its match, or in its isinstance check."""
    tree = ast.parse((ROOT / "kiosk" / "checkout" / file).read_text())
    body = next(
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function
    )
    names = set()
    for node in ast.walk(body):
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name):
            names.add(node.cls.id)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
            names |= {name.id for name in ast.walk(node.args[1]) if isinstance(name, ast.Name)}
    return names


def facts() -> list[str]:
    return sorted(kind.__name__ for kind in get_args(events.Happened))


def test_every_fact_in_every_phase_is_handled_or_listed_as_ignored() -> None:
    anywhere = set().union(*(handled(*place) for place in ANYWHERE))
    ignored = [
        f"{phase} {fact}"
        for phase, place in PHASES.items()
        for fact in facts()
        if fact not in anywhere | set().union(*map(handled, place[::2], place[1::2]))
    ]
    if os.environ.get("UPDATE_GOLDENS"):
        LIST.write_text("\n".join(ignored) + "\n")
    listed = LIST.read_text().split("\n")[:-1]
    assert sorted(set(ignored) - set(listed)) == [], "neither handled nor listed"
    assert sorted(set(listed) - set(ignored)) == [], "listed, but handled by now"


def test_every_hint_is_handled() -> None:
    hints = {kind.__name__ for kind in get_args(passed.Passed)}
    assert hints == handled("hints.py", "hint") & hints


@pytest.mark.parametrize("kind", get_args(events.Happened) + get_args(passed.Passed))
def test_an_event_is_either_a_fact_or_a_hint(kind: type) -> None:
    assert issubclass(kind, events.Fact) != issubclass(kind, passed.Hint)
