"""`kiosk terminal CONFIG`: the process that asks a terminal in the cloud, so that the one with the screen need not."""

import argparse
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from drivers.line import CLOCK, FileLine, Line, LineLost
from drivers.terminals import nexo
from drivers.terminals.apart import deeds
from drivers.terminals.nexo.driver import worker
from drivers.worker import Emit, Worker
from kiosk.checkout.events import Event
from kiosk.config import ConfigError, read
from kiosk.frames import FrameError, framed

NAME = "terminal"
STOP_SECONDS = 5.0
_log = logging.getLogger("kiosk.terminal")

MakeWorker = Callable[[Emit], Worker[Line]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. 78: the configuration is wrong, and where."""
    parser = argparse.ArgumentParser(
        "kiosk terminal", description="Ask a card terminal in the cloud for this lane."
    )
    parser.add_argument("config", type=Path, help="the kiosk's configuration (TOML), its table [terminal]")
    arguments = parser.parse_args(argv)
    try:
        config = read(arguments.config).terminal
    except ConfigError as wrong:
        print(f"kiosk terminal: {wrong}", file=sys.stderr)
        return os.EX_CONFIG
    if not isinstance(config, nexo.Config) or not config.socket:
        print(f"kiosk terminal: {arguments.config}: no nexo terminal with a `socket`", file=sys.stderr)
        return os.EX_CONFIG
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    reader, writer = socket.socketpair()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: writer.close())
    serve(Path(config.socket), lambda emit: worker(NAME, config, emit), reader)
    return 0


def serve(path: Path, make: MakeWorker, stop: socket.socket) -> None:
    """Serve one loop after the other on that socket, each with a worker of its own, until `stop` can be read."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        path.chmod(0o660)
        listener.listen(1)
        try:
            while stop.fileno() not in _ready(listener, stop):
                connection, _ = listener.accept()
                attend(FileLine(connection.detach(), "the kiosk"), make, stop)
        finally:
            path.unlink(missing_ok=True)


def attend(line: FileLine, make: MakeWorker, stop: socket.socket) -> None:
    """Do what one loop orders until it goes away; then the driver ends, and what it had not sent is never sent."""
    saying = threading.Lock()

    def say(event: Event) -> None:
        with saying, suppress(LineLost):
            line.write(framed(event))

    worker, frames = make(say), deeds()
    worker.start()
    try:
        while stop.fileno() not in _ready(line, stop):
            for deed in frames.feed(line.read(0)):
                worker.order(deed)
    except (LineLost, FrameError) as gone:
        _log.info("the kiosk is gone: %s", gone)
    finally:
        if not worker.stop(STOP_SECONDS):
            _log.error("the driver does not end")
        with saying:
            line.close()


def _ready(*files: socket.socket | FileLine) -> list[int]:
    """Those that can be read, as soon as one can."""
    while not (ready := CLOCK.wait([file.fileno() for file in files], 3600.0)):
        continue
    return ready


if __name__ == "__main__":
    sys.exit(main())
