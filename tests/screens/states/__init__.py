"""Every screen in every state, by name: those of `sessions`, and one module of its own for each later part of the shop.

A module here plays its states with what `sessions` has, and names them in a `BUILD` of its own.
"""

import pkgutil
from collections.abc import Callable
from importlib import import_module

from msgspec.structs import replace

from kiosk.checkout.session import Session
from kiosk.units import Millis
from tests.lane import Lane
from tests.screens import sessions

PARTS = [sessions, *(import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))]
BUILD: dict[str, Callable[[], Lane]] = {name: build for part in PARTS for name, build in part.BUILD.items()}


def session(name: str, language: str = "en") -> tuple[Session, Millis]:
    """The session of a state in a language, and the time it is there."""
    lane = BUILD[name]()
    kept = replace(lane.session.kept, language=language)
    return replace(lane.session, kept=kept), lane.now
