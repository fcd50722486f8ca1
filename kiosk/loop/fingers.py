"""Wakes the loop as soon as SDL has something to read, so that a finger waits for no regular look at the screen.

SDL's own wait polls; what it reads from does not: the X server's connection, or on the bare console the input devices.
The thread here only watches them and never reads. Where neither is known the loop's regular look has to do.
"""

import ctypes
import select
import threading
from collections.abc import Callable
from pathlib import Path

import pygame

AGAIN = 0.05  # seconds to wait for the loop before it is woken once more
PATIENCE = 500  # ms between looks whether to go on


def sources() -> list[int]:
    """File descriptors that SDL reads touches from; none for a driver without any."""
    match pygame.display.get_driver():
        case "x11":
            return x11()
        case "kmsdrm":
            return [int(fd.name) for fd in Path("/proc/self/fd").iterdir() if is_input(fd)]
        case _:
            return []


def x11() -> list[int]:
    """The connection to the X server, by SDL's own handle of it."""
    capsule = pygame.display.get_wm_info().get("display")
    try:
        library = ctypes.CDLL("libX11.so.6")
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        library.XConnectionNumber.argtypes = [ctypes.c_void_p]
        return [library.XConnectionNumber(pointer(capsule, b"display"))]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def is_input(fd: Path) -> bool:
    """Whether a link of /proc/self/fd leads to an input device; one that is just closed does not."""
    try:
        return fd.readlink().as_posix().startswith("/dev/input/event")
    except OSError:
        return False


class Fingers:
    """`wake` is called from a thread when one of `watched` can be read; not again before `seen`."""

    def __init__(self, wake: Callable[[], None], watched: list[int]) -> None:
        self._wake, self._seen, self._closing = wake, threading.Event(), False
        self._poll = select.poll()
        for fd in watched:
            self._poll.register(fd, select.POLLIN)
        self._thread = threading.Thread(target=self._run, name="fingers", daemon=True)
        if watched:
            self._thread.start()

    def _run(self) -> None:
        while not self._closing:
            if any(ready & select.POLLIN for _, ready in self._poll.poll(PATIENCE)):
                self._seen.clear()
                self._wake()
                self._seen.wait(AGAIN)

    def seen(self) -> None:
        """SDL has read what there was."""
        self._seen.set()

    def close(self) -> None:
        self._closing = True
        self._seen.set()
        if self._thread.is_alive():
            self._thread.join(2 * PATIENCE / 1000)
