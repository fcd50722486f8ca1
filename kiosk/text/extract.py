"""Which sentences the code says: every literal given to words(), words.n() and msg(), found by reading the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ROOMS = ("kiosk", "screens", "drivers", "store")
ROOT = Path(__file__).parents[2]


class Said(Struct, frozen=True):
    """One English sentence, its plural (empty: none), and where it is said first, as path:line."""

    one: str
    other: str
    place: str


def said(root: Path = ROOT) -> dict[str, Said]:
    """Every sentence of the code below `root`, by its English."""
    found: dict[str, Said] = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            for one, other, line in sentences(path.read_text(encoding="utf-8")):
                place = f"{path.relative_to(root)}:{line}"
                if one not in found or (other and not found[one].other):
                    found[one] = Said(one, other, place)
    return found


def sentences(source: str) -> Iterator[tuple[str, str, int]]:
    """(one, other, line) of each call that says something."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            match [each.value if isinstance(each, ast.Constant) else None for each in node.args[:2]]:
                case [str(one), *_] if _name(node.func) in {"words", "msg"}:
                    yield one, "", node.lineno
                case [str(one), str(other)] if _name(node.func) == "words.n":
                    yield one, other, node.lineno


def _name(func: ast.expr) -> str:
    if isinstance(func, ast.Name):
        return func.id
    if isinstance(func, ast.Attribute):
        return "words.n" if func.attr == "n" and _name(func.value) == "words" else func.attr
    return ""
