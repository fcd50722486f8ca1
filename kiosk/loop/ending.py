"""When a kiosk that is told to stop does so: at once, but not while a card is with the terminal."""

import logging
import threading
from collections.abc import Callable

from kiosk import notify
from kiosk.checkout.money import IN_DOUBT
from kiosk.checkout.session import Paying, Session

log = logging.getLogger(__name__)

MOST = 90_000
"""Milliseconds that a payment is waited for. What has no end by then is in the journal; the next start asks for it."""
ASK_AGAIN = 3_000  # ms between two requests to systemd for more time
SECONDS = 15  # that each of them asks for


class Ending:
    """`told` is set by whoever wants the end; `steady` is a clock that nobody sets, in milliseconds."""

    def __init__(self, steady: Callable[[], int]) -> None:
        self.told = threading.Event()
        self._steady = steady
        self._since: int | None = None
        self._asked = 0

    def now(self, session: Session) -> bool:
        """Whether the loop ends with this round; while it does not, systemd is asked for more time."""
        if not self.told.is_set():
            return False
        at = self._steady()
        if self._since is None:
            self._since, self._asked = at, at - ASK_AGAIN
        if not moving(session):
            return True
        if at - self._since >= MOST:
            log.warning("stopped while a payment had no end: the next start asks the terminal about it")
            return True
        if at - self._asked >= ASK_AGAIN:
            self._asked = at
            notify.stopping("waits for the end of a payment", SECONDS)
        return False


def moving(session: Session) -> bool:
    """Money is on its way, or on its way back, and whoever moves it will answer by itself."""
    kept = session.kept
    paying = kept.phase.attempt if isinstance(kept.phase, Paying) else None
    back = next((attempt for attempt in kept.giving_back if attempt.ordered), None)
    return any(attempt is not None and attempt.stage not in IN_DOUBT for attempt in (paying, back))
