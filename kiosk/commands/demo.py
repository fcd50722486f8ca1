"""kiosk demo: a store server, a simulated lane and the kiosk; one sale that plays by itself, or a dock to play with."""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from drivers.simulated.lane import SimulatedLane
from kiosk.commands.script import Script, Summary
from kiosk.config import read
from kiosk.text import PSEUDO, languages

LANE = "4"
PATIENCE = 60.0  # seconds for anything outside this process


class DemoError(Exception):
    """The demo could not go on; says what was waited for."""


class Shop:
    """The store server and the kiosk's link, as processes of their own, on loopback only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder / 'store.db'}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = ""
        self._processes: list[subprocess.Popen[bytes]] = []

    def open(self) -> None:
        """Fill the database, enrol the lane, start serving."""
        self.pepper = self.folder / "pepper"
        self.pepper.write_text(secrets.token_hex(32))
        self.pepper.chmod(0o600)
        self.run("demo-data", "--pepper", str(self.pepper))
        self.token = self.run("lane", "add", LANE).strip().split()[-1]
        self.start("store", "serve", "--db", self.database, "--port", str(self.port), "--plain")
        until(lambda: answers(self.port), "the store server")

    def run(self, *command: str) -> str:
        """One `store` command, to its end."""
        run = subprocess.run(
            [sys.executable, "-m", "store", command[0], *command[1:], "--db", self.database],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise DemoError(f"store {' '.join(command)}: {run.stderr.strip()}")
        return run.stdout

    def start(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        out = (self.folder / f"{module}-{arguments[0]}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdout=out, stderr=subprocess.STDOUT
        )
        out.close()
        self._processes.append(process)
        return process

    def close(self) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def offered() -> list[str]:
    """Every language there is, the most read ones of this shop first."""
    return ["en", "fr", "de", *sorted(set(languages()) - {"en", "fr", "de"})]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something outside this process, by looking; DemoError if it does not come."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.05)
    raise DemoError(f"waited {PATIENCE:.0f} s for {what}")


def configuration(shop: Shop, devices: str, portrait: bool, high: int = 1080) -> Path:
    """The lane's configuration file, as a technician would write it; `high` is the short side in pixels."""
    px, mm = (high * 16 // 9, high), (344, 194)
    if portrait:
        px, mm = px[::-1], mm[::-1]
    text = f"""# Written by kiosk demo.
[lane]
store = "0187"
number = "{LANE}"

[shop]
name = "Tilleul"
address = ["12 place du Marché", "67000 Strasbourg"]
registrations = ["SIRET 000 000 000 00000", "TVA FR00000000000"]
currency = "EUR"
country = "FR"
languages = {json.dumps(offered())}
timezone = "Europe/Paris"

[rules]
receipt_url = "{shop.url}/r/"
produce_plate = "Scale 2  Max 15 kg  Min 100 g  e = 5 g  Class III"
pin_digits = 6

[codes]
member = ["2950*"]
badge = ["STAFF-*"]

[screen]
px = {list(px)}
mm = {list(mm)}
fullscreen = false

[files]
journal = "{shop.folder / "journal.db"}"
catalogue = "{shop.folder / "catalogue.db"}"
pepper = "{shop.pepper}"
status = "{shop.folder / "status.sock"}"

[link]
server = "{shop.url}"
token_file = "{shop.folder / "token"}"
catalogue = "{shop.folder / "catalogue.db"}"
socket = "{shop.folder / "link.sock"}"
{devices}"""
    token = shop.folder / "token"
    token.write_text(shop.token)
    token.chmod(0o600)
    path = shop.folder / "kiosk.toml"
    path.write_text(text)
    return path


def start_to_ready(config: Path) -> float:
    """Seconds from starting `kiosk run` to its word that the first page takes a touch."""
    address = str(config.with_name("notify.sock"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(address)
        door.settimeout(PATIENCE)
        environment = os.environ | {"NOTIFY_SOCKET": address}
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", str(config)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while b"READY=1" not in door.recv(4096):
                pass
            return time.perf_counter() - started
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="kiosk demo", description="A whole sale, with everything simulated."
    )
    parser.add_argument("--out", type=Path, default=Path("out/demo"))
    parser.add_argument("--portrait", action="store_true", help="1080 x 1920 instead of 1920 x 1080")
    parser.add_argument(
        "--language", choices=(*languages(), PSEUDO), default="fr", help="the shopper's language"
    )
    parser.add_argument("--script", action="store_true", help="play the sale by itself even with a display")
    options = parser.parse_args(argv)
    display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not display or options.script:
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
        os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as folder:
        shop = Shop(Path(folder))
        try:
            shop.open()
            if display and not options.script:
                return play(shop, options.portrait)
            with SimulatedLane() as lane:
                config = configuration(shop, lane.toml(), options.portrait)
                return scripted(shop, lane, config, options.out, options.language)
        except DemoError as wrong:
            print(f"kiosk demo: {wrong}", file=sys.stderr)
            return 1
        finally:
            shop.close()


def scripted(shop: Shop, lane: SimulatedLane, config: Path, out: Path, language: str) -> int:
    """The sale that plays by itself; 0 only if the server's record and the receipt agree to the cent."""
    from kiosk.commands.run import Kiosk

    shop.start("kiosk", "link", str(config))
    catalogue = read(config).files.catalogue
    until(lambda: version_of(Path(catalogue)) > 0, "the catalogue to arrive")
    ready = start_to_ready(config)
    kiosk = Kiosk(read(config))
    script = Script(kiosk, lane, out, language)
    thread = threading.Thread(target=script.play, name="shopper", daemon=True)
    thread.start()
    try:
        kiosk.live()
    finally:
        thread.join(PATIENCE)
        kiosk.close()
    if script.wrong is not None:
        raise DemoError(f"the script stopped: {script.wrong}") from script.wrong
    lane.papers(out)
    record = json.loads(shop.run("sales", "--json"))[-1]
    (out / "sale.json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    summary = Summary(kiosk, lane, record, ready)
    (out / "receipt.txt").write_text(summary.receipt + "\n")
    print(summary.text())
    return 0 if summary.agrees() else 1


def version_of(catalogue: Path) -> int:
    from kiosk.catalogue import Catalogue

    if not catalogue.exists():
        return 0
    with Catalogue.open(catalogue) as book:
        return book.version


def play(shop: Shop, portrait: bool) -> int:
    """A window with the kiosk, and the dock beside it in a process of its own; until one of them is closed."""
    devices, catalogue = shop.folder / "devices.toml", shop.folder / "catalogue.db"
    dock = shop.start("kiosk", "dock", str(devices), "--catalogue", str(catalogue))
    until(devices.exists, "the dock")
    config = configuration(shop, devices.read_text(), portrait, high=540 if portrait else 720)
    shop.start("kiosk", "link", str(config))
    until(lambda: version_of(catalogue) > 0, "the catalogue to arrive")
    os.environ["SDL_VIDEO_WINDOW_POS"] = "580,20"
    kiosk = shop.start("kiosk", "run", str(config))
    print(f"Close a window to end. Sam's PIN is 482917. The lane monitor is at {shop.url}/")
    while kiosk.poll() is None and dock.poll() is None:
        time.sleep(0.2)
    return 0
