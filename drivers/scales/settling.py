"""When has the level of a bag scale changed and held?"""

from statistics import median_low

from kiosk.checkout.events import WeightSettled
from kiosk.checkout.session import LiveWeight, Reading
from kiosk.units import Grams


class Settling:
    """Turns live readings into WeightSettled, once per level.

    A level is settled when every reading for `hold` seconds was a weight within one `division` (grams); its
    value is their median. It is reported if it is more than a division away from the last one. The first
    level of all is reported as before == after: where the scale stands, whatever happened before.
    """

    def __init__(self, division: int, hold: float) -> None:
        self._division = division
        self._hold = hold
        self._since = 0.0
        self._grams: list[int] = []
        self._level: Grams | None = None

    def feed(self, now: float, live: LiveWeight) -> WeightSettled | None:
        """One reading at `now` (monotonic seconds)."""
        if live.reading not in (Reading.WEIGHT, Reading.ZERO):
            self._grams = []
            return None
        grams = [*self._grams, live.grams]
        if len(grams) == 1 or max(grams) - min(grams) > self._division:
            self._grams, self._since = [live.grams], now
            return None
        self._grams = grams
        if now - self._since < self._hold:
            return None
        after = Grams(median_low(self._grams))
        self._grams, self._since = [live.grams], now
        before = after if self._level is None else self._level
        if self._level is not None and abs(after - before) <= self._division:
            return None
        self._level = after
        return WeightSettled(before, after)
