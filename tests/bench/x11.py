"""From outside: a virtual X server, a finger that touches it (XTEST), and an eye on its pixels (XGetImage)."""

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_uint, c_ulong, c_void_p
from pathlib import Path

WIDTH, HEIGHT = 1920, 1080
PATIENCE = 10.0  # seconds
PAUSE = 0.0002  # seconds between two looks
Z_PIXMAP, ALL_PLANES = 2, 0xFFFFFFFF
LIBRARIES = ("libX11.so.6", "libXtst.so.6")


def missing(*programs: str) -> str:
    """What is not installed of what is needed; empty if all is there."""
    gone = [name for name in ("Xvfb", *programs) if not shutil.which(name)]
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            gone.append(name)
    return ", ".join(gone)


@contextmanager
def server() -> Iterator[str]:
    """A display of its own without a window manager; its name."""
    read, write = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(write),
        "-screen",
        "0",
        f"{WIDTH}x{HEIGHT}x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    process = subprocess.Popen(
        command, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as said:
            yield f":{said.readline().strip()}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


class _Image(ctypes.Structure):
    """The head of XImage, up to its bytes."""

    _fields_ = [
        ("width", c_int),
        ("height", c_int),
        ("xoffset", c_int),
        ("format", c_int),
        ("data", c_void_p),
    ]


class Glass:
    """One display, touched and looked at. Not for two threads at one time."""

    def __init__(self, name: str) -> None:
        self._x, self._test = (ctypes.CDLL(library) for library in LIBRARIES)
        self._x.XOpenDisplay.restype, self._x.XOpenDisplay.argtypes = c_void_p, [c_char_p]
        self._x.XDefaultRootWindow.restype = c_ulong
        self._x.XDefaultRootWindow.argtypes = self._x.XFlush.argtypes = self._x.XCloseDisplay.argtypes = [
            c_void_p
        ]
        self._x.XGetImage.restype = POINTER(_Image)
        self._x.XGetImage.argtypes = [c_void_p, c_ulong, c_int, c_int, c_uint, c_uint, c_ulong, c_int]
        self._x.XDestroyImage.argtypes = [POINTER(_Image)]
        self._test.XTestFakeButtonEvent.argtypes = [c_void_p, c_uint, c_int, c_ulong]
        self._test.XTestFakeMotionEvent.argtypes = [c_void_p, c_int, c_int, c_int, c_ulong]
        self._display = self._x.XOpenDisplay(name.encode())
        assert self._display, f"no display {name}"
        self._root = self._x.XDefaultRootWindow(self._display)

    def close(self) -> None:
        self._x.XCloseDisplay(self._display)

    def pixels(self, x: int, y: int, w: int, h: int) -> bytes:
        """What these pixels are now, four bytes each."""
        image = self._x.XGetImage(self._display, self._root, x, y, w, h, ALL_PLANES, Z_PIXMAP)
        found = ctypes.string_at(image.contents.data, 4 * w * h)
        self._x.XDestroyImage(image)
        return found

    def move(self, x: int, y: int) -> None:
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._x.XFlush(self._display)

    def finger(self, down: bool) -> None:
        self._test.XTestFakeButtonEvent(self._display, 1, int(down), 0)
        self._x.XFlush(self._display)

    def until_changed(self, area: tuple[int, int, int, int], work: Callable[[], None]) -> int:
        """Nanoseconds from the begin of `work` until any pixel of the area is another. Raises TimeoutError."""
        before = self.pixels(*area)
        began = time.monotonic_ns()
        work()
        while self.pixels(*area) == before:
            time.sleep(PAUSE)
            if time.monotonic_ns() - began > PATIENCE * 1e9:
                raise TimeoutError(f"nothing has changed in {area}")
        return time.monotonic_ns() - began

    def until_still(self, area: tuple[int, int, int, int], seconds: float = 0.3) -> None:
        """Wait until nothing has moved there for so long, at most PATIENCE."""
        end, since, last = time.monotonic() + PATIENCE, time.monotonic(), self.pixels(*area)
        while time.monotonic() - since < seconds and time.monotonic() < end:
            time.sleep(0.02)
            if (now := self.pixels(*area)) != last:
                since, last = time.monotonic(), now


@contextmanager
def glass(name: str) -> Iterator[Glass]:
    made = Glass(name)
    try:
        yield made
    finally:
        made.close()


PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #14231d }
button { position: fixed; left: 40px; top: 40px; width: 400px; height: 128px; font-size: 40px }
div { position: fixed; left: 480px; top: 40px; width: 400px; height: 128px; background: #263a32 }
</style><button>Help</button><div></div><script>
let on = false
document.querySelector("button").onpointerdown = () => {
  on = !on
  document.querySelector("div").style.background = on ? "#42dd9c" : "#263a32"
}
</script>"""
BUTTON, CHANGED = (240, 104), (600, 80, 8, 8)
"""Where the page is touched, and where it changes."""


@contextmanager
def chromium(display: str, place: Path) -> Iterator[None]:
    """A bare page in Chromium's kiosk mode, painted."""
    page = place / "page.html"
    page.write_text(PAGE)
    command = [
        "chromium", "--kiosk", "--no-sandbox", "--no-first-run", "--disable-dev-shm-usage",
        f"--user-data-dir={place}/profile", f"--window-size={WIDTH},{HEIGHT}", "--window-position=0,0", page.as_uri(),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env=os.environ | {"DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
