"""The end of a process that is told to stop, as an event that any thread may wait for, the main one too."""

import signal
import threading


def signalled() -> threading.Event:
    """Set as soon as somebody wants this process to end. Called by the main thread, once.

    Not by the signal's own hand: it comes between two steps of the main thread, which may just hold the lock of the
    event, and would wait for that for ever.
    """
    stop = threading.Event()

    def end(*_: object) -> None:
        threading.Thread(target=stop.set, name="stop", daemon=True).start()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, end)
    return stop
