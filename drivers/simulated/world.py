"""The small world around a simulated lane: what lies on the plates, the paper, the hand with the card."""

import threading
from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace


class Card(Struct, frozen=True):
    """A card in a shopper's hand, and what its bank will say. No number: a test card needs none."""

    name: str = "Visa"
    last4: str = "0119"
    contactless: bool = True
    bank: Literal["approves", "declines", "wrong_pin"] = "approves"


class Scene(Struct, frozen=True):
    """How things stand: grams on each plate, millimetres of paper, `lamp` colours that are lit."""

    produce: int = 0
    bag: int = 0
    noise: int = 0
    paper: int = 80_000
    cover_open: bool = False
    card: Card | None = None
    lamp: tuple[str, ...] = ()


class World:
    """One Scene that peers read and change, from any thread."""

    def __init__(self, scene: Scene = Scene()) -> None:  # noqa: B008
        self.scene = scene
        self._lock = threading.Lock()
        self._observers: list[Callable[[Scene], None]] = []

    def change(self, **fields: Any) -> None:
        """Set fields of the scene, then tell the observers, in the caller's thread."""
        with self._lock:
            self.scene = scene = replace(self.scene, **fields)
        self._tell(scene)

    def put(self, plate: Literal["produce", "bag"], grams: int) -> None:
        """Add so many grams to a plate; take them away with less than zero."""
        with self._lock:
            self.scene = scene = replace(self.scene, **{plate: getattr(self.scene, plate) + grams})
        self._tell(scene)

    def watch(self, observer: Callable[[Scene], None]) -> None:
        self._observers.append(observer)

    def _tell(self, scene: Scene) -> None:
        for observer in self._observers:
            observer(scene)
