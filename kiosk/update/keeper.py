"""Keeps the slots: an event is decided, what is kept comes to the disk, and then the orders are carried out."""

import logging
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk.update.lane import Machine
from kiosk.update.rauc import RaucError
from kiosk.update.slots import (
    Activate,
    Bar,
    Commit,
    Committed,
    Event,
    Name,
    NotWritten,
    Order,
    Refuse,
    Restart,
    Slots,
    Write,
    Written,
    step,
)
from kiosk.update.state import StateFile

log = logging.getLogger("kiosk.update")


class RefusedError(Exception):
    """Nothing was done, and why, in a sentence for a technician."""


class Writer(Protocol):
    """What writes slots and tells the boot loader. Raises RaucError."""

    def install(self, bundle: Path) -> None: ...

    def activate(self, slot: Name, running: Name) -> None: ...

    def commit(self) -> None: ...

    def bar(self, slot: Name, running: Name) -> None: ...


class Kept(Protocol):
    """Where the slots are kept between two calls."""

    def load(self) -> Slots: ...

    def save(self, slots: Slots) -> None: ...


class Keeper:
    """One call of a command. `restart` starts the machine anew; it is told whether a slot is being tried."""

    def __init__(self, kept: Kept, writer: Writer, restart: Callable[[bool], None]) -> None:
        self._kept, self._writer, self._restart = kept, writer, restart

    @property
    def slots(self) -> Slots:
        return self._kept.load()

    def take(self, event: Event, bundle: Path | None = None) -> None:
        """One event to its end. RefusedError: it was refused; RaucError, OSError: it could not be done."""
        before = self._kept.load()
        slots, orders = step(before, event)
        if slots != before:
            self._kept.save(slots)
        for order in orders:
            self._do(order, slots, bundle)

    def _do(self, order: Order, slots: Slots, bundle: Path | None) -> None:
        match order:
            case Write():
                assert bundle is not None
                self._write(bundle)
            case Activate(slot=slot):
                self._writer.activate(slot, slots.running)
            case Bar(slot=slot):
                self._bar(slot, slots.running)
            case Commit():
                self._writer.commit()
                self.take(Committed())
            case Restart(trying=trying):
                self._restart(trying)
            case Refuse(why=why):
                raise RefusedError(why)

    def _bar(self, slot: Name, running: Name) -> None:
        """Where it cannot be done the boot loader comes to the same by its own count, only later."""
        try:
            self._writer.bar(slot, running)
        except RaucError as wrong:
            log.error("slot %s: %s", slot, wrong)

    def _write(self, bundle: Path) -> None:
        try:
            self._writer.install(bundle)
        except RaucError:
            self.take(NotWritten())
            raise
        self.take(Written())


def slots_of(
    machine: Machine, writer: Writer, folder: Path, restart: Callable[[bool], None] | None = None
) -> Keeper:
    """The slots of this machine, after this start of it was looked at. NoImageError."""
    keeper = Keeper(StateFile(folder), writer, restart or started_anew)
    keeper.take(machine.started())
    return keeper


def started_anew(trying: bool, asked: Path = Path("/run/kiosk-update")) -> None:
    """Have the machine start anew. Who has few rights leaves a file there, on an image, and a unit of root's sees it.

    A Pi is told with it to try the other slot once.
    """
    once = "0 tryboot" if trying else ""
    try:
        if asked.is_dir():
            new = asked / "restart.new"
            new.write_text(once)
            new.replace(asked / "restart")
            return
        more = [f"--reboot-argument={once}"] if once else []
        subprocess.run(["systemctl", "reboot", *more], check=True, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as wrong:
        raise RaucError(
            "the slot is chosen, but nothing here starts the machine anew: do it by hand"
        ) from wrong
