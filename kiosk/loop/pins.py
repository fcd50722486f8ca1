"""The desk where PINs and rotating codes are compared: a thread of its own, so that hashing never holds up the screen.

A PIN is typed into the screen's secret field, handed over once, and forgotten with the comparison. What comes
back is PinAccepted or PinRefused; nothing else ever leaves.
"""

import os
import queue
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from kiosk.checkout.events import PinAccepted, PinRefused
from kiosk.wire import codes, peppered


class Stored(NamedTuple):
    """What the catalogue keeps of a colleague: no PIN, only its argon2id hash."""

    name: str
    pin_hash: str
    technician: bool


class _Slip(NamedTuple):
    person: str
    pin: str
    stored: Stored | None


class PinDesk:
    """Compares one PIN after the other; somebody unknown takes as long as somebody known."""

    def __init__(
        self,
        pepper: bytes,
        emit: Callable[[PinAccepted | PinRefused], None],
        *,
        codes: bool = False,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        """`codes`: a colleague's rotating code is as good as her PIN, each of them once; not without a pepper."""
        self._pepper, self._emit, self._seconds = pepper, emit, seconds
        self._codes = codes and bool(pepper)
        self._used: dict[str, int] = {}
        self._slips: queue.SimpleQueue[_Slip | None] = queue.SimpleQueue()
        self._nobody = ""
        self._thread = threading.Thread(target=self._work, name="pins", daemon=True)
        self._thread.start()

    def compare(self, person: str, pin: str, stored: Stored | None) -> None:
        self._slips.put(_Slip(person, pin, stored))

    def close(self) -> None:
        self._slips.put(None)
        self._thread.join(5)

    def _work(self) -> None:
        while (slip := self._slips.get()) is not None:
            self._emit(self._answer(slip))

    def _answer(self, slip: _Slip) -> PinAccepted | PinRefused:
        import argon2

        hasher, stored = argon2.PasswordHasher(), slip.stored
        self._nobody = self._nobody or hasher.hash(os.urandom(16))
        pin_hash = stored.pin_hash if stored else self._nobody
        is_code = self._codes and self._is_code(slip, pin_hash)
        try:
            hasher.verify(pin_hash, peppered(slip.pin, self._pepper))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            if not is_code:
                return PinRefused(slip.person)
        if stored is None:
            return PinRefused(slip.person)
        return PinAccepted(slip.person, stored.name, stored.technician)

    def _is_code(self, slip: _Slip, pin_hash: str) -> bool:
        """Whether it is a code of hers that was not used yet; one that was seen over her shoulder is worth nothing."""
        key = codes.key_of(self._pepper, slip.person, pin_hash)
        step = codes.step_of(key, slip.pin, int(self._seconds()))
        if step is None or step <= self._used.get(slip.person, -1):
            return False
        self._used[slip.person] = step
        return True
