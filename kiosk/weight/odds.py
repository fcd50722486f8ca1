"""Densities, as natural logarithms per gram."""

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi

LOG_2PI = log(2 * pi)
MANY = 60.0  # degrees of freedom from which Student's t is as good as normal


def normal(off: float, variance: float) -> float:
    """Of being `off` grams from the mean."""
    return -(off * off / variance + log(variance) + LOG_2PI) / 2


@lru_cache(maxsize=1024)
def _height(degrees: float) -> float:
    return lgamma((degrees + 1) / 2) - lgamma(degrees / 2) - log(degrees * pi) / 2


def student(off: float, variance: float, degrees: float) -> float:
    """Student's t of scale sqrt(variance): what a few weighings say of the next one; of many, it is the normal."""
    if degrees > MANY:
        return normal(off, variance)
    return _height(degrees) - log(variance) / 2 - (degrees + 1) / 2 * log1p(off * off / (degrees * variance))


def lognormal(grams: float, middle: float, spread: float) -> float:
    """A mass whose logarithm is normal about `middle`; -inf for none."""
    if grams <= 0:
        return -inf
    off = (log(grams) - middle) / spread
    return -(off * off + LOG_2PI) / 2 - log(spread * grams)


def total(logs: list[float]) -> float:
    """log(sum(exp(logs))); -inf for none."""
    most = max(logs, default=-inf)
    if most == -inf:
        return -inf
    return most + log(sum(exp(each - most) for each in logs))
