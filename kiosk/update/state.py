"""What is known of the slots, in one small file of the data partition: whole as it was, or whole as it is now."""

import os
from pathlib import Path

import msgspec

from kiosk.update.boot import sync
from kiosk.update.slots import Slots

FOLDER = Path("/var/lib/kiosk/update")


class StateFile:
    """Updater and health check both write it, as members of one group. A file that cannot be read counts as none."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._path = folder / "slots.json"

    def load(self) -> Slots:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Slots)
        except (FileNotFoundError, msgspec.DecodeError):
            return Slots("a")

    def save(self, slots: Slots) -> None:
        """On the disk when this returns. OSError: it is as it was."""
        new = self._path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with new.open("xb") as file:
            file.write(msgspec.json.encode(slots))
            file.flush()
            os.fchmod(file.fileno(), 0o660)
            os.fsync(file.fileno())
        new.replace(self._path)
        sync(self._path.parent)
