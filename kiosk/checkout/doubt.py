"""What nobody knows: an attempt in doubt is asked about until it is known, and "not found" is believed only in time.

A request may still be on its way when a look-up finds nothing. So the terminal is told to abort it, and only a second
"not found", further from the first than any request lives, means that nothing was charged. The time is that of a
timer, not of the clock on the wall, and starts anew with the process.
"""

from msgspec.structs import replace

from kiosk.checkout.effects import Abort, Effect, Remind
from kiosk.checkout.money import Attempt, Stage
from kiosk.checkout.session import Policy

NOT_FOUND = "not_found"


def never_began(attempt: Attempt, reason: str) -> bool:
    """Whether this look-up proves that nothing will ever come of the attempt."""
    return reason == NOT_FOUND and attempt.missed and attempt.outlived


def doubted(
    attempt: Attempt, reason: str, policy: Policy, ask: str, outlived: str
) -> tuple[Attempt, tuple[Effect, ...]]:
    """One more look-up did not settle it (or the first is to come): `ask` and `outlived` are the timers' keys."""
    first, missed = attempt.asked == 0, reason == NOT_FOUND
    asked = attempt.asked + 1
    effects: tuple[Effect, ...] = (Remind(ask, 1 if first else policy.ask_again),)
    if first:
        effects = (Abort(attempt.id), *effects)
    if missed and not attempt.missed:
        effects = (*effects, Remind(outlived, policy.request_life))
    stage = Stage.WITH_STAFF if asked > policy.ask_limit else Stage.CHECKING
    return replace(attempt, stage=stage, asked=asked, missed=attempt.missed or missed), effects


def anew(attempt: Attempt) -> Attempt:
    """The same attempt after a restart: asked about from the beginning."""
    return replace(attempt, stage=Stage.CHECKING, asked=0, missed=False, outlived=False)
