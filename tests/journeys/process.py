"""A kiosk in a process of its own, to be killed: keys come in by name, what the lane has come to goes out.

As `kiosk run CONFIG`, signals and all, and each line of the standard input is a key that is pressed; after every turn
one line of JSON says where the lane is.
"""

import json
import sys
import threading
from pathlib import Path

from kiosk.checkout.session import Paying, Session, Shopping
from kiosk.commands.run import Kiosk
from kiosk.config import read
from kiosk.stopping import signalled


def told(session: Session) -> str:
    """What the test may wait for."""
    phase = session.kept.phase
    sale = phase.sale if isinstance(phase, Shopping | Paying) else None
    attempt = getattr(phase, "attempt", None)
    return json.dumps(
        {
            "phase": type(phase).__name__,
            "pieces": sum(line.qty for line in sale.lines) if sale else 0,
            "open": [question.why.value for question in sale.open] if sale else [],
            "stage": attempt.stage.value if attempt else "",
            "declined": getattr(phase, "declined", ""),
            "panel": session.passing.panel.name if session.passing.panel else "",
            "notice": session.passing.notice,
            "aside": [each.released for each in session.kept.aside],
            "staff": session.kept.staff is not None,
            "found": getattr(phase, "sale", None) is not None,
            "refunded": getattr(phase, "done", None) is not None,
            "server": session.passing.server,
            "queue": session.passing.queue,
            "says": session.passing.terminal_says,
            "paper": session.kept.jobs[-1].state.value if session.kept.jobs else "",
            "ready": sorted(d.name for d in session.passing.devices if d.health == "ready"),
        }
    )


def main() -> None:
    kiosk = Kiosk(read(Path(sys.argv[1])))
    kiosk.ending.told = signalled()
    kiosk.watchers.append(lambda session: print(told(session), flush=True))

    def press() -> None:
        with open(0, "rb", buffering=0, closefd=False) as keys:
            for key in keys:
                kiosk.glass.press(key.decode().strip()).result(20)

    threading.Thread(target=press, daemon=True).start()
    try:
        kiosk.live()
    finally:
        kiosk.close()


if __name__ == "__main__":
    main()
