"""A lane whose RAUC reads real bundles and whose boot partition is a folder."""

import json
import sys
from pathlib import Path

from kiosk.commands import health, update
from kiosk.commands.update import Place
from kiosk.loop.status import StatusSocket
from kiosk.update import lane
from kiosk.update.rauc import Rauc
from kiosk.wire import LaneStatus
from tests.update.machine import uki
from tests.update.signed import Authority

WELL = LaneStatus(True, 40, 900, False, 0, 0, "1.0", {"storage": "ready", "printer": "offline"})
CONFIG = """
[lane]
store = "0187"
number = "4"
[shop]
name = "Tilleul"
[files]
journal = "{0}/journal.db"
catalogue = "{0}/catalogue.db"
status = "{0}/status.sock"
"""
SERVICE = """#!/bin/sh
# RAUC as on a lane: it reads bundles itself; its service, which writes slots, is played here.
PYTHONPATH={root}; KIOSK_ESP={boot}; export PYTHONPATH KIOSK_ESP
boot() {{ {python} -m kiosk.update.boot "$@"; }}
case "$*" in *" info "*) exec rauc "$@" ;; esac
shift 2
running=$(cat {boot}/running); other=b; [ "$running" = a ] || other=a
case "$1 $2 $3" in
install*) boot set-state $other bad
    rm -rf {boot}/content; rauc --keyring {keyring} extract "$2" {boot}/content >/dev/null || exit 1
    boot put-kernel $other {boot}/content/kernel.efi ;;
"status mark-active other") boot set-primary $other ;;
"status mark-active booted") boot set-primary $running ;;
"status mark-good booted") boot set-state $running good ;;
"status mark-bad other") boot set-state $other bad ;;
"status mark-bad booted") boot set-state $running bad ;;
esac
"""


class Box:
    """A lane as its files: `up` is a start of the machine from a slot, with the image that is in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.boots = folder, 0
        self.ours = Authority(folder / "ours")
        self.efi = folder / "boot" / "EFI" / "Linux"
        self.efi.mkdir(parents=True)
        (self.efi / "kiosk-a.efi").write_bytes(uki("1.0"))
        self.config = folder / "kiosk.toml"
        self.config.write_text(CONFIG.format(folder))
        (folder / "system.conf").write_text("[system]\ncompatible=kiosk-amd64\n")
        program = folder / "rauc"
        root = Path(__file__).parent.parent.parent
        text = SERVICE.format(
            root=root, boot=folder / "boot", python=sys.executable, keyring=self.ours.keyring
        )
        program.write_text(text)
        program.chmod(0o755)
        names = ("release.json", "told", "cmdline", "boot_id", "system.conf")
        self.restarts: list[bool] = []
        self.now = 0.0
        self.place = Place(
            lane.Machine(*(folder / name for name in names)),
            Rauc(keyring=self.ours.keyring, program=str(program)),
            folder,
            self.restarts.append,
            lambda: self.now,
            self.sleep,
        )
        self.status = WELL
        self.door = StatusSocket(folder / "status.sock", lambda: self.status)
        self.up("a", "1.0")

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def up(self, slot: str, version: str, release: bool = True) -> None:
        self.boots += 1
        image = {"version": version, "built": "2026-11-30", "slot_hash": "", "release": release}
        (self.folder / "release.json").write_text(json.dumps(image))
        (self.folder / "cmdline").write_text(f"quiet rauc.slot={slot}\n")
        (self.folder / "boot_id").write_text(f"start {self.boots}\n")
        (self.folder / "boot" / "running").write_text(slot)

    def run(self, what: str, *arguments: str) -> int:
        return update.main([what, "--config", str(self.config), *arguments], self.place)

    def health(self, *more: str) -> int:
        arguments = [str(self.config), "--wait", "0", *more]
        return health.main(arguments, self.place.machine, self.place.keeper)

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.efi.iterdir()}
