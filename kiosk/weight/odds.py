"""Densities, as natural logarithms per gram."""

from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, pi

LOG_2PI = log(2 * pi)


def normal(off: float, variance: float) -> float:
    """Of being `off` grams from the mean."""
    return -(off * off / variance + log(variance) + LOG_2PI) / 2


@lru_cache(maxsize=1024)
def _height(dof: float) -> float:
    return lgamma((dof + 1) / 2) - lgamma(dof / 2) - log(dof * pi) / 2


def student(off: float, variance: float, dof: float) -> float:
    """Student's t, of scale sqrt(variance): what a few weighings say of the next one."""
    return _height(dof) - log(variance) / 2 - (dof + 1) / 2 * log1p(off * off / (dof * variance))


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
