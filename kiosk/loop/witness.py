"""What belongs on the chain and no turn brings: a clock that was set, a store server that is away, the next anchor."""

import logging
from collections.abc import Callable
from concurrent.futures import Future

from kiosk.checkout.records import Technical
from kiosk.journal import Journal
from kiosk.units import Millis

log = logging.getLogger(__name__)

JUMP = 2_000  # milliseconds that the time of day may gain or lose between two looks
AWAY = 60_000  # milliseconds until it counts that the store server has come or gone


class Witness:
    """Looks after each round of the loop; `wall` is the time of day, `steady` a clock that nobody sets (ms)."""

    def __init__(self, journal: Journal, wall: Callable[[], int], steady: Callable[[], int]) -> None:
        self._journal, self._wall, self._steady = journal, wall, steady
        self._offset: int | None = None
        self._server = self._told = True
        self._since = steady()

    def look(self, server: bool) -> None:
        """`server`: the store server is there, or none is configured."""
        steady, now = self._steady(), Millis(self._wall())
        offset, before = now - steady, self._offset
        self._offset = offset
        if before is not None and abs(offset - before) > JUMP:
            self._write(Technical("clock", now, {"by": offset - before}))
        if server != self._server:
            self._server, self._since = server, steady
        elif server != self._told and steady - self._since >= AWAY:
            self._told = server
            self._write(Technical("online" if server else "offline", now, {"since": self._since + offset}))
        self._journal.anchor(now)

    def doubts(self, detail: str) -> None:
        """The time of day is no longer believed (`detail`: how far off the system's is), or is again (empty)."""
        fields: dict[str, str | int] = {"system": detail} if detail else {"believed": 1}
        self._write(Technical("clock", Millis(self._wall()), fields))

    def start(self, version: str, before: str) -> None:
        """The process has begun; with another software than before, that is said as well."""
        now = Millis(self._wall())
        self._write(Technical("start", now, {"version": version}))
        if before not in ("", version):
            self._write(Technical("update", now, {"from": before, "to": version}))

    def weighing(self, module: str, plate: str, tare_max: int, unit_price: str) -> None:
        """What prices by weight come from now: the hash of their code, and the parameters it obeys."""
        fields: dict[str, str | int] = {"module": module, "plate": plate}
        fields |= {"tare_max": tare_max, "unit_price": unit_price}
        self._write(Technical("weighing", Millis(self._wall()), fields))

    def stop(self) -> None:
        """The process ends: the last line, and an anchor behind it."""
        now = Millis(self._wall())
        self._write(Technical("stop", now)).exception()
        self._journal.anchor(now, due=False)

    def _write(self, record: Technical) -> "Future[None]":
        done = self._journal.note(record.at, record)
        done.add_done_callback(_logged)
        return done


def _logged(done: "Future[None]") -> None:
    if (wrong := done.exception()) is not None:
        log.error("%s", wrong)
