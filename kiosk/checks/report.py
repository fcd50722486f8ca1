"""Everything that can be looked at, in one report."""

from datetime import UTC, datetime
from pathlib import Path

from kiosk.checks.books import books
from kiosk.checks.devices import devices, told
from kiosk.checks.disk import disk
from kiosk.checks.machine import machine
from kiosk.checks.release import release
from kiosk.checks.shop import shop
from kiosk.checks.software import software
from kiosk.config import Config
from kiosk.readiness.report import Report


def report(config: Config, quiet: bool = False) -> Report:
    """Takes some seconds: devices are waited for. A `quiet` one starts no device, writes nothing and calls nobody: of
    devices it has what a running kiosk says of them."""
    ours = release()
    journal = Path(config.files.journal)
    return Report(
        store=config.lane.store,
        lane=config.lane.number,
        version=ours.version,
        slot_hash=ours.slot_hash,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        checks=(
            *software(config),
            *machine(),
            *books(journal),
            *(told() if quiet else (disk(journal.parent), *shop(config), *devices(config))),
        ),
    )
