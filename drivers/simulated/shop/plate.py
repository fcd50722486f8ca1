"""The plate of a simulated bag scale: what lies and leans on it, as a scale reads it, settled as the kiosk settles."""

from heapq import heappop, heappush
from math import exp, log
from random import Random

from drivers.scales.settling import Settling
from drivers.simulated.shop.rates import Rates
from kiosk.checkout.session import LiveWeight, Reading
from kiosk.units import Grams

EVERY = 0.1
LAG = 0.3
PATIENCE = 1.5  # seconds after the load has come to rest in which a level that is noisy may still settle
FAR = 4  # divisions from rest at which each reading is another


class Plate:
    """Sampled at 10 Hz, but only while something may still change: a plate at rest says nothing new.

    The load follows a change exponentially; the reading is it, its slow drift and noise, in whole divisions.
    `every_rest` also tells a rest at the level of the last one. Times are seconds since the visit began.
    """

    def __init__(self, rates: Rates, rng: Random) -> None:
        self._rates, self._d, self._rng = rates, rates.division, rng
        self._settling = Settling(rates.division, rates.hold)
        self._drift = rng.choice((-1, 1)) * rates.drift / 60
        self._load = 0.0
        self._off, self._since = 0.0, 0.0  # how far the reading still was from the load, and when
        self._sampled, self._quiet_from = -1.0, 0.0
        self._ends: list[tuple[float, float]] = []
        self._told = True
        self.until(0.0)

    def put(self, now: float, grams: float) -> None:
        """So many grams more (less than zero: fewer) lie there."""
        self._off = self._off_at(now) - grams
        self._load += grams
        self._since = now
        near = self._d / 2
        away = LAG * log(max(1.0, abs(self._off) / near))
        skipped = LAG * log(max(1.0, abs(self._off) / (FAR * self._d)))
        self._sampled = max(self._sampled, now + skipped - EVERY)
        self._quiet_from = now + away + self._rates.hold + PATIENCE
        self._told = False

    def lean(self, now: float, grams: float, seconds: float) -> None:
        """A hand or a hip: a load that goes by itself."""
        heappush(self._ends, (now + seconds, -grams))
        self.put(now, grams)

    def until(self, stop: float) -> tuple[float, int] | None:
        """The first settled reading up to `stop` and its time; None if there is none."""
        while self._ends and self._ends[0][0] <= stop:
            at, grams = self._ends[0]
            found = self._sample(at)
            if found:
                return found
            heappop(self._ends)
            self.put(at, grams)
        return self._sample(stop)

    def _off_at(self, now: float) -> float:
        return self._off * exp((self._since - now) / LAG) if self._off else 0.0

    def _sample(self, stop: float) -> tuple[float, int] | None:
        last = min(stop, self._quiet_from)
        feed, reading = self._settling.feed, self._reading
        now = self._sampled + EVERY
        while now <= last:
            self._sampled = now
            settled = feed(now, reading(now))
            if settled:
                self._quiet_from, first, self._told = now, settled.before == settled.after, True
                return None if first and not settled.after else (now, settled.after)
            now += EVERY
        if stop >= self._quiet_from:
            self._sampled = max(self._sampled, stop - EVERY)
            if self._rates.every_rest and not self._told:
                self._told = True
                return self._quiet_from, self._reading(self._quiet_from).grams
        return None

    def _reading(self, now: float) -> LiveWeight:
        raw = self._load + self._off_at(now) + self._drift * now + self._rng.gauss(0.0, self._rates.noise)
        if raw > self._rates.capacity:
            return LiveWeight(Reading.OVERLOADED)
        grams = max(0, self._d * round(raw / self._d))
        return LiveWeight(Reading.WEIGHT if grams else Reading.ZERO, Grams(grams))
