"""Benchmarks: each module here has `rows(quick)`; `python -m tests.bench` prints them all as one table."""

from msgspec import Struct


class Row(Struct, frozen=True):
    """One figure of merit: what was measured, goal and value in words with their unit, and whether it is met.

    `ratio` is the measured value over its yardstick: a floor or another system of the same run, else the goal.
    """

    what: str
    goal: str
    measured: str
    ratio: float | None
    ok: bool
