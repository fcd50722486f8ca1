"""kiosk update WHAT: install a release into the idle slot, change over to it when nobody shops, go back."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kiosk.config import Config, ConfigError, read
from kiosk.link.client import NoStoreError, RefusedError, StoreClient
from kiosk.update import fetch, lane
from kiosk.update.asking import lane_status
from kiosk.update.keeper import Keeper, slots_of, started_anew
from kiosk.update.keeper import RefusedError as NotDone
from kiosk.update.rauc import Rauc, RaucError
from kiosk.update.slots import Asked, Offered, State, Told, failed_before, may_switch
from kiosk.update.state import FOLDER
from kiosk.wire.releases import ReleaseFailed, ReleaseQuestion

LOOK = 5.0  # seconds between two looks at the lane
QUIET = 60.0  # seconds that nobody may have been here before it changes over by itself
FAULTS = (NotDone, RaucError, NoStoreError, RefusedError, fetch.FetchError, lane.NoImageError, OSError)


class Place(Struct, frozen=True):
    """The machine, its RAUC, where the updater keeps its files, and how it waits (seconds)."""

    machine: lane.Machine
    rauc: Rauc
    folder: Path
    restart: Callable[[bool], None] = started_anew
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def keeper(self) -> Keeper:
        return slots_of(self.machine, self.rauc, self.folder, self.restart)


def main(argv: list[str], place: Place | None = None) -> int:
    """0: done; 1: not done, and why on standard error; 2: there is no configuration."""
    options = _parser().parse_args(argv)
    place = place or Place(lane.Machine(), Rauc(), FOLDER)
    try:
        return int(options.run(options, place))
    except ConfigError as wrong:
        print(f"kiosk update: {wrong}", file=sys.stderr)
        return 2
    except FAULTS as wrong:
        print(f"kiosk update: {wrong}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk update", description="The releases of this lane.")
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    for name, run, words in (
        ("status", _status, "what runs, what waits, what failed"),
        ("install", _install, "write a bundle to the idle slot; the lane sells meanwhile"),
        ("switch", _switch, "start the release that waits, as soon as nobody shops"),
        ("rollback", _rollback, "go back to the release before, as soon as nobody shops"),
        ("check", _check, "ask the store server what this lane is to run, and see to it"),
    ):
        one = commands.add_parser(name, help=words, description=words)
        one.add_argument("--config", type=Path, default=Path("/etc/kiosk/kiosk.toml"))
        one.set_defaults(run=run)
        if name == "status":
            one.add_argument("--json", action="store_true")
        if name == "install":
            one.add_argument("bundle", type=Path)
            one.add_argument("--again", action="store_true", help="even if it has failed here before")
        if name == "check":
            one.add_argument("--wait", type=float, default=3600.0, help="seconds to wait for a free lane")
    return parser


def _status(options: argparse.Namespace, place: Place) -> int:
    slots, image = place.keeper().slots, place.machine.image()
    if options.json:
        print(msgspec.json.encode({"slots": slots, "image": image}).decode())
        return 0
    for name in ("a", "b"):
        slot = slots.slot("a" if name == "a" else "b")
        here = "  runs" if name == slots.running else ""
        print(f"slot {name}  {slot.version or '-':12} {slot.state.value}{here}")
    print(f"nothing older than {slots.floor} is installed")
    for failure in slots.failures:
        print(f"left again: {failure.version}: {failure.why}")
    return 0


def _install(options: argparse.Namespace, place: Place) -> int:
    version = _written(options.bundle, read(options.config), place, options.again)
    print(f"{version} is written; it starts with `kiosk update switch`")
    return 0


def _written(bundle: Path, config: Config, place: Place, again: bool = False) -> str:
    """Look at the bundle, and have it written to the idle slot; its version."""
    offer = place.rauc.info(bundle)
    journal = lane.journal_format(Path(config.files.journal))
    event = Offered(
        offer,
        compatible=place.machine.compatible(),
        journal=journal,
        reads=lane.OWN,
        bench=not place.machine.image().release,
        again=again,
    )
    place.keeper().take(event, bundle)
    return offer.version


def _switch(options: argparse.Namespace, place: Place) -> int:
    return _change(read(options.config), place, back=False)


def _rollback(options: argparse.Namespace, place: Place) -> int:
    return _change(read(options.config), place, back=True)


def _change(config: Config, place: Place, back: bool) -> int:
    place.keeper().take(Asked(lane_status(Path(config.files.status)), back))
    print("it starts now")
    return 0


def _check(options: argparse.Namespace, place: Place) -> int:
    config = read(options.config)
    if config.link is None:
        print(f"{options.config}: there is no table [link]: no store server decides about releases")
        return 0
    client = StoreClient(replace(config.link, token_file=own_token(config.link.token_file)))
    try:
        return _seen_to(client, config, place, options.wait)
    finally:
        client.close()


def _seen_to(client: StoreClient, config: Config, place: Place, wait: float) -> int:
    keeper, compatible = place.keeper(), place.machine.compatible()
    slots = keeper.slots
    running = slots.slot(slots.running)
    untold = [one for one in slots.failures if not one.told]
    failed = tuple(ReleaseFailed(one.version, one.why[:400]) for one in untold)
    proved = running.state is State.GOOD
    wanted = client.release(ReleaseQuestion(compatible, running.version, slots.running, proved, failed))
    for one in untold:
        keeper.take(Told(one.version))
    if not wanted.version:
        print(f"{running.version} stays: {wanted.why}")
        return 0
    if why := failed_before(slots, wanted.version):
        raise NotDone(why)  # before it is fetched
    if slots.slot(slots.idle).state is not State.WRITTEN or slots.slot(slots.idle).version != wanted.version:
        bundle = fetch.fetch(client, wanted, compatible, place.folder)
        try:
            if place.rauc.info(bundle).version != wanted.version:
                raise fetch.FetchError(f"{wanted.version}: the server's bundle is of another version")
            _written(bundle, config, place)
        finally:
            bundle.unlink(missing_ok=True)
    print(f"{wanted.version} is written")
    status = Path(config.files.status)
    patience = min(wait, wanted.seconds)
    if not quiet(lambda: not may_switch(lane_status(status)), patience, place.clock, place.sleep):
        print("the lane was not free: later")
        return 0
    return _change(config, place, back=False)


def quiet(
    free: Callable[[], bool], seconds: float, clock: Callable[[], float], sleep: Callable[[float], None]
) -> bool:
    """Wait until the lane has been free for a while; False: it was not within so many seconds."""
    since = clock()
    until = since + seconds
    while (now := clock()) < until:
        if not free():
            since = now
        elif now - since >= QUIET:
            return True
        sleep(LOOK)
    return False


def own_token(token_file: str) -> str:
    """The token that systemd has lent this unit under the same name as the link's; else the link's file."""
    lent = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nowhere")) / Path(token_file).name
    return str(lent) if lent.exists() else token_file
