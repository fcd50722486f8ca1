"""Beliefs about weights are shared: the lane's own sums go to the server, and everybody else's come back."""

import logging
import threading
from pathlib import Path

from kiosk.catalogue import SharedIntake
from kiosk.link.client import RefusedError, StoreClient
from kiosk.units import ItemId
from kiosk.wire import HeartbeatAnswer, Teach, Weighed, WeightSums

BATCH = 500
_log = logging.getLogger("kiosk.link.sharing")


class Sharing:
    """What the loop has told since it came, and how much of that the server has heard from us.

    All of it is told again after a restart, and to a server that has gone back: that costs some bytes and counts
    nothing twice. `exchange` and `close` are one thread's, `joined` and `put` another's.
    """

    def __init__(self, catalogue: Path) -> None:
        self._path = catalogue
        self._intake: SharedIntake | None = None
        self._lock = threading.Lock()
        self._journal = self._source = ""
        self._lessons: dict[tuple[ItemId, int], Weighed] = {}
        self._told: dict[tuple[ItemId, int], int] = {}

    def joined(self) -> None:
        """The loop has come anew and tells everything again."""
        with self._lock:
            self._journal = ""
            self._forget()

    def put(self, order: Teach) -> None:
        with self._lock:
            if (order.source, order.journal) != (self._source, self._journal):
                self._source, self._journal = order.source, order.journal
                self._forget()
            self._lessons.update({(one.item, one.epoch): one for one in order.items})

    def exchange(self, client: StoreClient, answer: HeartbeatAnswer) -> None:
        """Tell what is new, then fetch what is new. CatalogueError, NoStoreError; a server that does not share is let
        be, and so is one whose items have other ids than those that were weighed."""
        with self._lock:
            journal, source = self._journal, self._source
        if answer.weights is None or not journal:
            return
        if source == answer.source:
            self._teach(client, source, journal)
        intake = self._intake = self._intake or SharedIntake(self._path)
        while (since := intake.version(answer.source, journal)) != answer.weights:
            body = client.weights_page(journal, answer.source, since)
            page = intake.take(body, answer.source, journal)
            if page.since < since:
                _log.warning("the server has gone back to weights version %d", page.version)
                with self._lock:
                    self._told.clear()
            if page.last:
                return

    def close(self) -> None:
        if self._intake is not None:
            self._intake.close()
            self._intake = None

    def _teach(self, client: StoreClient, source: str, journal: str) -> None:
        while batch := self._untold():
            try:
                client.teach(WeightSums(source, journal, batch))
            except RefusedError as error:
                _log.error("weights are refused: %s", error)
            with self._lock:
                if (source, journal) != (self._source, self._journal):
                    return
                self._told.update({(one.item, one.epoch): one.count for one in batch})

    def _untold(self) -> tuple[Weighed, ...]:
        with self._lock:
            new = [one for key, one in self._lessons.items() if self._told.get(key, 0) < one.count]
        return tuple(new[:BATCH])

    def _forget(self) -> None:
        self._lessons.clear()
        self._told.clear()
