"""`python -m tests.vm.update [--image FILE] [--cuts N] [--seed S]`: the lane in a box takes releases while it sells.

Releases are made from the image's own parts, by its own code. A good one is installed, tried and kept; one that never
gets ready and one whose kernel does not come up are left again by the lane itself, which says why; what must be refused
is; the store server hands one out; and the power goes at random moments of installing and changing over.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from drivers.simulated.lane import SimulatedLane
from tests.vm.bench import (
    KIOSK,
    STICK,
    WRITING,
    Bench,
    begin,
    plugged,
    ready,
    slots,
    started,
    state,
    switched,
    written,
)
from tests.vm.channel import Silence
from tests.vm.device import Device
from tests.vm.halfway import HALFWAY, cut
from tests.vm.releases import Releases
from tests.vm.store import Store
from tests.vm.whole import (
    DEVICES,
    LANE,
    MILK,
    START,
    YOGHURT,
    Box,
    Report,
    asked,
    bag,
    built,
    first_start,
    lacking,
    pay,
    sale,
)

ROLLBACK = 900.0
GOOD, SICK, DEAD, RING = "0.2.0", "0.3.0", "0.4.0", "0.5.0"
FAULT = 'raise ImportError("a part of this release is missing")\n'
SHOP = "0187"
OTHER = {"a": "b", "b": "a"}


def prepared(image: Path, keys: Path, folder: Path, cuts: bool) -> None:
    """All releases that the parts need, with `cuts` those for them as well, and the disk they are on."""
    made = Releases(image, keys, folder)
    made.release(SICK, {"kiosk/loop/outfit.py": FAULT})
    made.release(RING)
    for version in HALFWAY if cuts else ():
        made.release(version, recovery=True)
    made.release(GOOD)
    made.dead(DEAD)
    made.empty("foreign", "0.9.0", signing=made.foreign())
    made.empty("older", "0.0.9")
    made.empty("pi", "0.9.0", "kiosk-arm64")
    made.done()


def refusal(box: Box, device: Device, what: str, command: str, words: str) -> None:
    plugged(device)
    ran = device.shell.run(f"{KIOSK} update {command}", 120)
    box.report.check(f"refused: {what}", ran.status == 1 and words in ran.output, ran)
    print(f"    {ran.output.strip().splitlines()[-1] if ran.output.strip() else ran.status}", flush=True)


def known_good(box: Box, device: Device, version: str, slot: str) -> None:
    """The new release runs, has proved itself, and says so."""
    device.until("it is known to be good", lambda d: slots(d)[slot]["state"] == "good", START)
    box.report.check(f"{version} runs", device.status["version"] == version, device.status)
    box.report.check("nothing older is taken any more", slots(device)["floor"] == version, slots(device))
    files = device.shell.good("ls /efi/EFI/Linux").split()
    box.report.check("the boot loader knows", f"kiosk-{slot}.efi" in files, files)


def books(device: Device) -> list[str]:
    """The ids of all sales in its journal, and the words of the ledger's check."""
    journal = "/var/lib/kiosk/journal/journal.db"
    return device.shell.good(f"{KIOSK} journal verify {journal}", 120).splitlines()


# ---- the parts


def refusals(box: Box, device: Device) -> None:
    """Nothing of it is written."""
    before = state(device)
    refusal(box, device, "a key that it does not know", f"install {STICK}/foreign.raucb", "erif")
    refusal(
        box, device, "older than what has run here", f"install {STICK}/older.raucb", "0.0.9 is older than"
    )
    refusal(box, device, "for another machine", f"install {STICK}/pi.raucb", "it is for kiosk-arm64")
    refusal(box, device, "nothing waits", "switch", "no release is waiting")
    box.report.check("nothing was written", state(device) == before, state(device))


def while_selling(box: Box, device: Device) -> None:
    """Written with a basket open; the shopper does not wait, and the change-over does."""
    papers = len(box.lane.printer.papers)
    bag(box, device, MILK, box.lane.scanner.scan)
    began = time.monotonic()
    begin(device, GOOD)
    scans = time.monotonic()
    bag(box, device, YOGHURT, lambda code: device.guest.qmp.type(code + "\n"))
    box.report.row("meanwhile a thing is scanned and bagged", time.monotonic() - scans)
    box.report.check("the install went on meanwhile", device.shell.run("test -s /run/ended").status == 1)
    written(device)
    box.report.row(f"{GOOD}: kiosk update install", time.monotonic() - began)
    refusal(box, device, "a basket is open", "switch", "a basket is open")
    pay(box, device)
    refusal(box, device, "the shopper has not gone", "switch", "a basket is open")
    device.tap("print", "the paper", lambda d: len(box.lane.printer.papers) > papers)
    box.lane.world.change(bag=0)
    device.until("the next shopper", lambda d: d.phase("Idle"), 120)


def changed_over(box: Box, device: Device) -> None:
    """Into the new release, which proves itself, has all books, and sells."""
    turns, sold = device.seq, len(box.store.sales())
    began, boot = time.monotonic(), switched(device)
    seen = started(device, boot, "b", START)
    box.report.check("it starts from slot b", seen == ["b"], seen)
    ready(device)
    box.report.row(f"{GOOD}: switch to ready", time.monotonic() - began)
    known_good(box, device, GOOD, "b")
    box.report.row(f"{GOOD}: switch to known as good", time.monotonic() - began)
    device.until("all devices", lambda d: d.well(*DEVICES), START)
    box.report.check("the journal goes on", device.seq > turns > 0 and sold == 1, (turns, device.seq, sold))
    device.look("the page that waits for shoppers")
    sale(box, device)
    print("\n".join(f"    {line}" for line in books(device)), flush=True)


def left_again(box: Box, device: Device, version: str, why: str) -> None:
    """Tried, left by the lane itself, told why, and not taken again."""
    running = slots(device)["running"]
    begin(device, version)
    written(device)
    began, boot = time.monotonic(), switched(device)
    seen = started(device, boot, running, ROLLBACK)
    ready(device)
    box.report.row(f"{version}: switch to the release before, ready", time.monotonic() - began)
    told = device.shell.good(f"{KIOSK} update status")
    print("\n".join(f"    {line}" for line in [f"starts seen from {seen}", *told.splitlines()]), flush=True)
    failed = {one["version"]: one["why"] for one in slots(device)["failures"]}
    box.report.check(f"{version}: why is told", why in failed.get(version, ""), failed)
    box.report.check(f"{version}: its slot is bad", state(device) == (running, *both(running)), state(device))
    refusal(box, device, "what has failed here", f"install {STICK}/{version}.raucb", "has failed here before")
    device.until("all devices", lambda d: d.well(*DEVICES), START)


def both(running: str) -> tuple[str, str]:
    return ("good", "bad") if running == "a" else ("bad", "good")


def never_ready(box: Box, device: Device) -> None:
    left_again(box, device, SICK, "kiosk: ")


def never_up(box: Box, device: Device) -> None:
    left_again(box, device, DEAD, "it did not get as far")


def ring(box: Bench, device: Device) -> None:
    """The store server has a release for the lab, of which this lane is one."""
    box.store.run("release", "add", str(box.releases / f"{RING}.raucb"), RING)
    box.store.run("release", "lab", SHOP, LANE)
    boot, slot = device.shell.good("cat /proc/sys/kernel/random/boot_id"), OTHER[slots(device)["running"]]
    began = time.monotonic()
    device.shell.good("systemctl start --no-block kiosk-update.service")
    told = "journalctl --no-pager --output=cat --unit=kiosk-update.service"
    device.until("it is written", lambda d: f"{RING} is written" in d.shell.good(told), WRITING)
    box.report.row(f"{RING}: asked, fetched, written", time.monotonic() - began)
    seen = started(device, boot, slot, START)
    ready(device)
    box.report.row(f"{RING}: asked to ready, with a minute of quiet", time.monotonic() - began)
    box.report.check(f"it starts from slot {slot}", seen == [slot], seen)
    known_good(box, device, RING, slot)


PARTS = {part.__name__: part for part in (refusals, while_selling, changed_over, never_ready, never_up, ring)}
CUTS = "cuts"


def lived(box: Bench, names: Sequence[str], kept: Path) -> None:
    """Out of the box, and through those parts; the first that goes wrong is the last."""
    with ExitStack() as ends:
        device = box.on(ends)
        for part in (first_start, *(PARTS[name] for name in names)):
            try:
                part(box, device)
            except (Silence, LookupError, RuntimeError, ValueError, OSError) as wrong:
                box.report.check(part.__name__, False, wrong)
                device.evidence(kept)
                break


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    work = Path(os.environ.get("KIOSK_IMAGE_WORK", "/var/tmp/kiosk-image"))
    parser = asked("tests.vm.update", __doc__)
    parser.add_argument("--keys", type=Path, default=work / "keys", help="whose bundles that image takes")
    parser.add_argument("--cuts", type=int, default=10)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", nargs="*", choices=(*PARTS, CUTS), default=(*PARTS, CUTS))
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = options_of(arguments)
    if lacking("unsquashfs"):
        return 1
    began, report = time.monotonic(), Report()
    options.folder.mkdir(parents=True, exist_ok=True)
    image = options.image or built(options.folder, "amd64")
    report.row("the image is built", time.monotonic() - began)
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="box-", dir=options.folder)))
        lane, store = ends.enter_context(SimulatedLane()), ends.enter_context(Store(folder))
        prepared(image, options.keys, folder / "releases", CUTS in options.only)
        report.row("the releases are made", time.monotonic() - began)
        box = Bench(image, folder, lane, store, report, folder / "releases")
        if parts := [name for name in options.only if name != CUTS]:
            lived(box, parts, options.folder)
        if CUTS in options.only:
            halfway = Bench(image, folder, lane, store, report, folder / "releases")
            cut(halfway, options.cuts, options.seed)
    print(f"{report.failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
