"""The status socket: health check, updater and technician ask there how the kiosk is, and the loop never waits."""

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from kiosk.checkout.jobs import OPEN
from kiosk.checkout.session import Idle, OutOfService, Paying, Session
from kiosk.version import VERSION
from kiosk.wire.status import LaneStatus

log = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds for whoever asks to take the line


def status(session: Session, *, ready: bool, frame_ms: int, journal_ms: int) -> LaneStatus:
    """The lane as an updater needs to know it. A lane that is closed, by whomever, is ready as well."""
    kept = session.kept
    paying = isinstance(kept.phase, Paying) and kept.phase.attempt is not None
    return LaneStatus(
        ready=ready,
        frame_ms=frame_ms,
        journal_ms=journal_ms,
        open_basket=not isinstance(kept.phase, Idle | OutOfService),
        unresolved=int(paying) + len(kept.giving_back) + bool(kept.totals),
        unprinted=sum(job.state in OPEN for job in kept.jobs),
        version=VERSION,
        devices={device.name: device.health.value for device in session.passing.devices},
    )


class StatusSocket:
    """Answers every connection with one line of JSON, from a thread of its own; it reads nothing.

    `tell` is called on that thread. Where the folder of `path` is missing (a bench) there is no socket.
    """

    def __init__(self, path: Path, tell: Callable[[], LaneStatus]) -> None:
        self._path, self._tell = path, tell
        self._listener: socket.socket | None = None
        try:
            path.unlink(missing_ok=True)
            self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._listener.bind(str(path))
            path.chmod(0o660)
            self._listener.listen(8)
        except OSError as wrong:
            log.info("no status socket at %s: %s", path, wrong.strerror)
            self.close()
            return
        threading.Thread(target=self._serve, args=(self._listener,), name="status", daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                there, _ = listener.accept()
            except OSError:
                return  # closed
            with there, suppress(OSError):
                there.settimeout(PATIENCE)
                there.sendall(msgspec.json.encode(self._tell()) + b"\n")

    def close(self) -> None:
        listener, self._listener = self._listener, None
        if listener is None:
            return
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread
        listener.close()
        self._path.unlink(missing_ok=True)
