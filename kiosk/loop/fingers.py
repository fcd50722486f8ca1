"""What SDL reads touches from, so that the loop can sleep on it, and a finger waits for no regular look at the screen.

SDL's own wait polls; what it reads from need not be: the X server's connection, or on the bare console the input
devices. They are only watched here, never read. Where neither is known the loop's regular look has to do.
"""

import ctypes
from pathlib import Path

import pygame


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
