"""The camera's own process: watches while a lane listens, and says on the socket what counts.

A read leaves as a scanner sends it, AIM identifier, text and CR. The lane sends `-` to hold the camera, which then
looks at nothing, and `+` to let it go on.
"""

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from math import inf
from pathlib import Path

from drivers.camera.config import Config
from drivers.camera.decode import Decoder
from drivers.camera.frames import Capture, Frames
from drivers.camera.reads import Read
from drivers.camera.watch import Watch
from drivers.line import CLOCK, Clock, FileLine, Line, LineLost

HOLD, GO_ON = b"-", b"+"
BACKOFF = 0.5  # seconds
log = logging.getLogger(__name__)


def serve(config: Config, frames: Callable[[Config], Frames] = Capture, clock: Clock = CLOCK) -> None:
    """Serve one lane after the other, until an exception that is not LineLost ends it.

    There is a socket only while there is a camera, so that the lane knows of one that is unplugged.
    """
    watch = Watch(Decoder(config.symbologies).stages, config.share / 100)
    said = ""
    while True:
        try:
            with closing(frames(config)) as source, lane(Path(config.socket), clock) as line:
                said = ""
                attend(line, source, watch, 1 / config.rate, clock)
        except LineLost as lost:
            if str(lost) != said:
                said = str(lost)
                log.warning("%s", said)
            clock.wait([], BACKOFF)


@contextmanager
def lane(path: Path, clock: Clock) -> Iterator[FileLine]:
    """The line to the lane that connects first; nobody else can while it is there."""
    path.unlink(missing_ok=True)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(path))
            path.chmod(0o660)
            listener.listen(1)
            while not clock.wait([listener.fileno()], inf):
                continue
            connection, _ = listener.accept()
    except OSError as error:
        raise LineLost(f"{path}: {error.strerror}") from error
    finally:
        path.unlink(missing_ok=True)
    with closing(FileLine(connection.detach(), "the lane", clock=clock)) as line:
        yield line


def attend(line: Line, frames: Frames, watch: Watch, period: float, clock: Clock) -> None:
    """Watch for this lane, a frame every `period` seconds, until LineLost is raised."""
    held, due = False, clock.now()
    watch.resumed(due)
    while True:
        if clock.wait([line.fileno()], inf if held else due - clock.now()):
            held = line.read(0).endswith(HOLD)
            watch.resumed(due := clock.now())
            continue
        now = clock.now()
        for read in watch.look(frames.frame(), now):
            if scan := wire(read):
                line.write(scan)
        due = max(due + period, clock.now())


def wire(read: Read) -> bytes:
    """As a scanner says it; b"" for a text that no scanner could, and no goods bear: other letters, more lines."""
    text = read.aim + read.text
    if "\r" in text or "\n" in text or not all(letter < "\u0100" for letter in text):
        return b""
    return text.encode("latin-1") + b"\r"
