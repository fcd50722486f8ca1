"""The lane's end of a camera: a scanner whose line is a unix socket, and whose scans are marked as read by it."""

from pathlib import Path

from msgspec.structs import replace

from drivers.camera.config import Config
from drivers.line import CLOCK, Clock, Line, open_line
from drivers.scanners.scanner import Scanner, Secret
from drivers.scanners.serial import Lines, redact
from drivers.worker import Emit, Worker
from kiosk.barcode import ShopCodes
from kiosk.checkout.events import Event, Scanned
from kiosk.checkout.passed import UnreadableScanned


def worker(
    name: str, config: Config, shop: ShopCodes, secret: Secret, emit: Emit, clock: Clock = CLOCK
) -> Worker[Line]:
    """The camera's scanner in a thread of its own, not yet started.

    What is no code of the shop's is passed over: packs bear addresses of web pages, too, and nobody showed those.
    """

    def heard(event: Event) -> None:
        match event:
            case Scanned():
                emit(replace(event, by_camera=True))
            case UnreadableScanned():
                return
            case _:
                emit(event)

    def line() -> Line:
        record = Path(config.record) if config.record else None
        return open_line(
            f"unix://{config.socket}", record=record, redact=lambda run: redact(run, shop), clock=clock
        )

    driver = Scanner(
        name, Lines, config.gap, shop, secret, lambda line, held: line.write(b"-" if held else b"+")
    )
    return Worker(name, line, driver, heard, clock)
