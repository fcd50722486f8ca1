"""What this machine lacks of what a camera needs, without loading any of it."""

from ctypes.util import find_library
from importlib.util import find_spec

NEEDED = {"cv2": "opencv-python-headless", "numpy": "numpy", "zxingcpp": "zxing-cpp"}


def packages() -> list[str]:
    """The packages without which there is no camera."""
    return [package for module, package in NEEDED.items() if find_spec(module) is None]


def zbar() -> str:
    """Why the second decoder cannot be used, "" where it can; without it some 6 of 100 codes less are read."""
    if find_spec("pyzbar") is None:
        return "the package pyzbar is missing"
    return "" if find_library("zbar") else "the system's library libzbar0 is missing"
