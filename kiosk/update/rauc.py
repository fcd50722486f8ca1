"""RAUC as this product needs it: is a bundle's signature good, write it, and what the boot loader does next."""

import re
import subprocess
from pathlib import Path

import msgspec
from msgspec import Struct

from kiosk.update.release import Claims, Offer
from kiosk.update.slots import Name
from kiosk.wire.releases import VERSION

LOOK, WRITE = 120, 3 * 3600  # seconds that RAUC may take
DEVELOPMENT = re.compile(
    r"^\s*(?:\d+ )?(?:Subject|Issuer):.*\b(?:OU|CN) ?= ?[^,\n]*\bdevelopment\b", re.MULTILINE | re.IGNORECASE
)
"""A certificate in the chain that names itself so signs for benches only."""


class RaucError(Exception):
    """RAUC would not do it: its own last words."""


class _Told(Struct):
    """The parts of `rauc info --output-format=json` that count."""

    compatible: str
    version: str
    description: str = ""


class Rauc:
    """Calls the program; it asks RAUC's service over the bus where something is to be written.

    `config` and `keyring` are the machine's own where they are left out.
    """

    def __init__(
        self, config: Path | None = None, keyring: Path | None = None, program: str = "rauc"
    ) -> None:
        self._call = [program]
        self._call += ["--conf", str(config)] if config else []
        self._call += ["--keyring", str(keyring)] if keyring else []

    def info(self, bundle: Path) -> Offer:
        """What the bundle is, if one of our keys has signed it. Its payload is checked block by block as it is read."""
        said = self._run("info", "--output-format=json", str(bundle))
        try:
            told = msgspec.json.decode(said.strip().splitlines()[0], type=_Told)
            claims = msgspec.json.decode(told.description, type=Claims)
        except (IndexError, msgspec.DecodeError) as wrong:
            raise RaucError(
                f"{bundle.name}: no bundle of ours: its description claims nothing ({wrong})"
            ) from wrong
        if not re.match(VERSION, told.version):
            raise RaucError(f"{bundle.name}: no bundle of ours: version {told.version!r}")
        chain = self._run("info", str(bundle)).partition("Certificate Chain:")[2]
        if "Subject:" not in chain:
            raise RaucError(f"{bundle.name}: rauc does not say who has signed it")
        return Offer(told.compatible, told.version, claims, DEVELOPMENT.search(chain) is not None)

    def install(self, bundle: Path) -> None:
        """Write it to the slot that is idle, from which nothing starts meanwhile."""
        self._run("install", str(bundle), patience=WRITE)

    def activate(self, slot: Name, running: Name) -> None:
        self._run("status", "mark-active", "booted" if slot == running else "other")

    def commit(self) -> None:
        """The running slot is good."""
        self._run("status", "mark-good", "booted")

    def bar(self, slot: Name, running: Name) -> None:
        self._run("status", "mark-bad", "booted" if slot == running else "other")

    def _run(self, *arguments: str, patience: int = LOOK) -> str:
        try:
            done = subprocess.run(
                [*self._call, *arguments], capture_output=True, text=True, timeout=patience, env=_plain()
            )
        except (OSError, subprocess.TimeoutExpired) as wrong:
            raise RaucError(f"rauc {arguments[0]}: {wrong}") from wrong
        if done.returncode:
            words = [
                line
                for line in done.stderr.splitlines()
                if line.strip() and not line.startswith("rauc-Message")
            ]
            raise RaucError(words[-1] if words else f"rauc {arguments[0]}: ended with {done.returncode}")
        return done.stdout


def _plain() -> dict[str, str]:
    """The words are read again: no colours, no translation."""
    import os

    return os.environ | {"LC_ALL": "C.UTF-8", "TERM": "dumb"}
