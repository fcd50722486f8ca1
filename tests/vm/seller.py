"""The lane inside the small guest: what people do comes in on a serial line, what they see goes out on it, as JSON.

Whenever it comes to rest for the first time since its start, it opens its books.
"""

import os
from pathlib import Path
from typing import Any

import msgspec

from kiosk.checkout.session import Idle, Session
from kiosk.commands.run import Kiosk
from kiosk.config import parse
from kiosk.journal import Journal
from tests.prove.child import listening, told

CONFIG = """
[lane]
store = "0187"
number = "4"

[shop]
name = "Tilleul"
timezone = "Europe/Paris"

[rules]
tenders = ["meal_voucher", "card"]
receipt_wait = 60000
thank_you = 60000
ask_again = 1000

[screen]
px = [320, 240]
mm = [150, 112]
fullscreen = false
sound = false

[terminal]
model = "zvt"
port = "socket://10.0.2.100:20007"
omits = ["terminal_id"]

[files]
journal = "/data/journal.db"
catalogue = "/data/catalogue.db"
"""

DEVICES = """
[[scanners]]
model = "serial"
port = "/dev/ttyUSB0"

[[scanners]]
model = "evdev"
port = "{keyboard}"

[scales.produce]
model = "toledo8217"
port = "/dev/ttyUSB1"

[scales.bag]
model = "toledo8217"
port = "/dev/ttyUSB2"

[printer]
model = "escpos"
port = "/dev/ttyUSB3"
"""
"""Serial devices by the order of their ports: there is nobody here who would name them."""


def keyboard() -> str:
    """The input node of QEMU's USB keyboard."""
    names = Path("/sys/class/input").glob("event*/device/name")
    return next((f"/dev/input/{each.parts[-3]}" for each in names if "Keyboard" in each.read_text()), "")


def books(journal: Journal, session: Session) -> dict[str, Any]:
    """What this lane says it has sold, and whether its ledger is whole."""
    lines, waiting = (
        journal._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("ledger", "outbox")
    )
    return {
        "sales": [[sale.id, [tender.amount for tender in sale.tenders]] for sale in journal.sales()],
        "cases": [case.amount for case in session.kept.cases],
        "broken": journal.broken_chain(),
        "unreported": lines - waiting,
    }


def main() -> None:
    config = CONFIG + (DEVICES.format(keyboard=keyboard()) if "LANE_DEVICES" in os.environ else "")
    kiosk = Kiosk(parse(config, "lane.toml"))
    if control := os.environ.get("LANE_SYNCHRONOUS"):
        kiosk.journal._db.execute(f"PRAGMA synchronous={control}")
    opened = False

    def tell(session: Session) -> None:
        nonlocal opened
        now = msgspec.json.decode(told(session))
        now["devices"] = {device.name: device.health for device in session.passing.devices}
        if not opened and now["ready"] and isinstance(session.kept.phase, Idle) and not now["giving"]:
            opened = True
            now["books"] = books(kiosk.journal, session)
        print(msgspec.json.encode(now).decode(), flush=True)

    kiosk.watchers.append(tell)
    listening(kiosk)
    kiosk.live()


if __name__ == "__main__":
    main()
