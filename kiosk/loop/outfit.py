"""The lane's outfit: a worker for every device that the configuration names, the link's door, the PIN desk."""

import logging
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from drivers.camera.config import Config as Camera
from drivers.scanners import evdev, hid_pos, serial
from drivers.terminals import caisse, concert, nexo, zvt
from drivers.worker import Emit
from kiosk.catalogue import Catalogue
from kiosk.config import Config
from kiosk.journal import Journal
from kiosk.loop.clock import Clock
from kiosk.loop.face import Glass
from kiosk.loop.hands import Hands, Takes
from kiosk.loop.inbox import Inbox
from kiosk.loop.pins import PinDesk
from kiosk.loop.telemetry import Telemetry

log = logging.getLogger(__name__)

Secret = Callable[[str, str], None]


def outfit(
    config: Config,
    *,
    inbox: Inbox,
    journal: Journal,
    catalogue: Catalogue,
    glass: Glass,
    telemetry: Telemetry,
    clock: Clock,
) -> Hands:
    """Everything that the loop reaches out with, started. A device without a table in the file is absent."""
    hands = Hands(
        inbox=inbox,
        journal=journal,
        catalogue=catalogue,
        timezone=ZoneInfo(config.shop.timezone),
        pins=PinDesk(pepper(config.files.pepper), inbox.put, codes=config.rules.staff_codes),
        typed=glass.screen.secret,
        beep=glass.beep,
        telemetry=telemetry,
        excerpt=config.profile.excerpt,
        clock=clock,
    )
    hands.workers.update(scanners(config, hands.secret, inbox.put))
    hands.workers.update(devices(config, inbox.put))
    if config.link is not None:
        from kiosk.link.door import Door

        hands.door = Door(Path(config.link.socket), inbox.put)
    for worker in hands.workers.values():
        worker.start()
    return hands


def pepper(path: str) -> bytes:
    """The shop's secret that PINs are mixed with before they are hashed; empty where none is configured."""
    return Path(path).read_bytes().strip() if path else b""


def scanners(config: Config, secret: Secret, emit: Emit) -> dict[str, Takes]:
    from drivers.camera import lane as camera

    found: dict[str, Takes] = {}
    for number, one in enumerate(config.scanners, 1):
        name = "scanner" if number == 1 else f"scanner {number}"
        match one:
            case serial.Config():
                found[name] = serial.worker(name, one, config.codes, secret, emit)
            case evdev.Config():
                found[name] = evdev.worker(name, one, config.codes, secret, emit)
            case hid_pos.Config():
                found[name] = hid_pos.worker(name, one, config.codes, secret, emit)
            case Camera():
                found[name] = camera.worker(name, one, config.codes, secret, emit)
    return found


def devices(config: Config, emit: Emit) -> dict[str, Takes]:
    """Scales, terminal, printer, light, fiscal device and guard, by the names under which the lane knows them."""
    from drivers import keyboards, keypads
    from drivers.fiscal import tse
    from drivers.lights import gpio
    from drivers.printers import escpos
    from drivers.scales import models as scales

    found: dict[str, Takes] = {}
    if config.scales.produce is not None:
        found["produce"] = scales.worker("produce", config.scales.produce, emit)
    if config.scales.bag is not None:
        found["bag"] = scales.worker("bag", config.scales.bag, emit)
    if config.terminal is not None:
        found["terminal"] = terminal("terminal", config.terminal, emit)
    if config.printer is not None:
        found["printer"] = escpos.worker(
            "printer", config.printer, config.details(), config.shop.currency, emit
        )
    if config.light is not None:
        found["light"] = gpio.worker("light", config.light, emit)
    if config.keyboards is not None:
        ports = [one.port for one in config.scanners if not isinstance(one, Camera)]
        ports += [port for port in (config.keypad.port, config.keypad.jack) if port] if config.keypad else []
        found["keyboards"] = keyboards.worker(config.keyboards, ports, emit)
    if config.keypad is not None:
        found |= keypads.workers(config.keypad, emit)
    if config.fiscal is not None:
        found["fiscal"] = tse.worker("fiscal", config.fiscal.device, emit)
    return found


def terminal(
    name: str, config: zvt.Config | caisse.Config | concert.Config | nexo.Config, emit: Emit
) -> Takes:
    """The worker of the family that the table names; behind a socket where it has a process of its own.

    Of four drivers a lane loads one.
    """
    match config:
        case zvt.Config():
            from drivers.terminals.zvt import driver as zvt_driver

            return zvt_driver.worker(name, config, emit)
        case caisse.Config():
            from drivers.terminals.caisse import driver as caisse_driver

            return caisse_driver.worker(name, config, emit)
        case concert.Config():
            from drivers.terminals.concert import driver as concert_driver

            return concert_driver.worker(name, config, emit)
        case nexo.Config(socket=""):
            from drivers.terminals.nexo import driver as nexo_driver

            return nexo_driver.worker(name, config, emit)
        case nexo.Config():
            from drivers.terminals import apart

            return apart.worker(name, config.socket, emit)
