"""The kiosk as a process of its own, to be killed: facts come in as lines of JSON, where the lane is goes out.

`python -m tests.prove.child SETTINGS.json`: as `kiosk run`, with the terminal and the rules that the settings name.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from drivers.worker import Emit
from kiosk.checkout.events import Happened
from kiosk.checkout.money import TenderKind
from kiosk.checkout.session import Session
from kiosk.commands.run import Kiosk
from kiosk.config import parse
from kiosk.loop import outfit
from tests.prove.real import CONFIG, SHORT, real_worker


def told(session: Session) -> str:
    """What people at the lane may see of it."""
    kept = session.kept
    phase = kept.phase
    sale, attempt = getattr(phase, "sale", None), getattr(phase, "attempt", None)
    return json.dumps(
        {
            "phase": type(phase).__name__,
            "pieces": sum(line.qty for line in sale.lines) if sale else 0,
            "tenders": [tender.kind.value for tender in sale.tenders] if sale else [],
            "declined": getattr(phase, "declined", ""),
            "receipt": getattr(phase, "receipt", ""),
            "sale": getattr(getattr(phase, "closed", None), "id", ""),
            "attempt": attempt.id if attempt else "",
            "stage": attempt.stage.value if attempt else "",
            "amount": attempt.amount if attempt else 0,
            "giving": [[each.id, each.stage.value, each.amount] for each in kept.giving_back],
            "cases": len(kept.cases),
            "ready": any(d.name == "terminal" and d.health == "ready" for d in session.passing.devices),
        }
    )


def main() -> None:
    settings: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    config = parse(CONFIG.format(folder=settings["folder"]), "proof.toml")
    devices = outfit.devices

    def with_terminal(config: Any, emit: Emit) -> Any:
        return devices(config, emit) | {"terminal": real_worker(settings["family"], settings["port"], emit)}

    outfit.devices = with_terminal
    kiosk = Kiosk(config)
    kiosk.loop.policy = replace(
        kiosk.loop.policy, tenders=tuple(TenderKind(kind) for kind in settings["tenders"]), **SHORT
    )
    kiosk.watchers.append(lambda session: print(told(session), flush=True))
    listening(kiosk)
    kiosk.live()


def listening(kiosk: Kiosk) -> None:
    """What people do comes in as lines of JSON, and happens."""
    facts = msgspec.json.Decoder(Happened)

    def hear() -> None:
        for line in sys.stdin:
            kiosk.inbox.put(facts.decode(line))

    threading.Thread(target=hear, daemon=True).start()


if __name__ == "__main__":
    main()
