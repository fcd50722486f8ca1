"""Which files of this machine hold secrets: their contents are looked for in whatever leaves it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.diag.scrub import NAMES

STORES = ("etc/credstore", "run/credstore", "run/credentials", "var/lib/kiosk/secrets")
LARGEST = 16_384
"""Bytes: a secret file that is larger is none."""


def known(tables: dict[str, Any], root: Path = Path("/")) -> list[str]:
    """The secrets of the credential stores, and of every file that the configuration names under a secret's key, with
    those that stand in the configuration itself."""
    found = [text for store in STORES for path in sorted((root / store).rglob("*")) if (text := _text(path))]
    for value in _named(tables):
        found.append(_text(Path(value)) if value.startswith("/") else value)
    return [each for each in found if each]


def _named(tables: dict[str, Any]) -> Iterator[str]:
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from _named(value)
        elif isinstance(value, list):
            yield from (each for one in value if isinstance(one, dict) for each in _named(one))
        elif (
            isinstance(value, str)
            and NAMES.search(key.removesuffix("_file"))
            and not value.startswith("sha256/")
        ):
            yield value


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace") if path.is_file() and path.stat().st_size <= LARGEST else ""
    except OSError:
        return ""
