"""The camera's process and the lane's end of its socket: what counts arrives as a scan, and a hold is a hold."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import cv2
import pytest

from drivers.camera import lane
from drivers.camera.config import Config
from drivers.camera.decode import Decoder
from drivers.camera.frames import Capture
from drivers.camera.grey import Grey
from drivers.camera.reads import Read
from drivers.camera.serve import GO_ON, HOLD, attend, serve, wire
from drivers.camera.watch import Watch
from drivers.line import Clock, Line, LineLost, joined, open_line
from kiosk.barcode import Member, Product, ShopCodes
from kiosk.checkout.effects import HoldScanner
from kiosk.checkout.events import Event, Scanned
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Health
from tests.drivers.camera.pictures import HIGH, WIDE, counter, laid, noisy, symbol
from tests.drivers.rig import FlyClock, Rig

TIN, EGGS = "4006381333931", "3017620422003"
PATIENCE = 30.0
SHOP = ShopCodes(member=("2950*",))


def config_of(folder: Path, device: str, **more: object) -> Config:
    return Config(device=device, socket=str(folder / "camera.sock"), **more)


def pack(text: str, name: str = "EAN-13") -> Grey:
    return laid(counter(), symbol(name, text))


class Film:
    """Frames by heart; after the last one the camera is unplugged."""

    def __init__(self, *scenes: tuple[Grey, int]) -> None:
        self.frames = [noisy(scene, seed) for scene, frames in scenes for seed in range(frames)]
        self.shown = 0
        self.closed = False

    def frame(self) -> Grey:
        if not self.frames:
            raise LineLost("unplugged")
        self.shown += 1
        return self.frames.pop(0)

    def close(self) -> None:
        self.closed = True


def played(film: Film, clock: FlyClock) -> tuple[Watch, bytes]:
    """What a lane hears of it."""
    watch = Watch(Decoder().stages)
    ours, theirs = joined("the lane", clock=clock)
    with pytest.raises(LineLost, match="unplugged"):
        attend(ours, film, watch, 0.1, clock)
    ours.close()
    return watch, theirs.read(0)


def test_what_counts_is_said_as_a_scanner_says_it() -> None:
    clock = FlyClock()
    said = played(Film((counter(), 5), (pack(TIN), 10), (counter(), 10), (pack(EGGS), 10)), clock)[1]
    assert said == f"]E0{TIN}\r]E0{EGGS}\r".encode()
    assert clock.time == pytest.approx(3.5, abs=0.2)


def test_held_it_looks_at_nothing_and_goes_on_without_reading_again() -> None:
    clock = FlyClock()
    ours, theirs = joined("the lane", clock=clock)
    film = Film((pack(TIN), 30))
    shown = []
    for time, data in ((1.05, HOLD), (9.0, GO_ON)):
        clock.at(time, lambda data=data: (theirs.write(data), shown.append(film.shown)))
    with pytest.raises(LineLost):
        attend(ours, film, Watch(Decoder().stages), 0.1, clock)
    assert shown == [11, 11]
    assert clock.time == pytest.approx(9.0 + 1.9, abs=0.2)
    assert theirs.read(0) == f"]E0{TIN}\r".encode()


def test_a_lane_that_goes_away_ends_it() -> None:
    clock = FlyClock()
    ours, theirs = joined("the lane", clock=clock)
    clock.at(0.35, theirs.close)
    film = Film((counter(), 50))
    with pytest.raises(LineLost):
        attend(ours, film, Watch(Decoder().stages), 0.1, clock)
    assert film.shown == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4006381333931", b"]E04006381333931\r"),
        ("01\x1d17", b"]E001\x1d17\r"),
        ("one\rtwo", b""),
        ("one\ntwo", b""),
        ("тест", b""),
        ("café", b"]E0caf\xe9\r"),
    ],
)
def test_a_text_that_no_scanner_could_say_is_not_said(text: str, said: bytes) -> None:
    assert wire(Read("EAN-13", "]E0", text)) == said


# ---- the lane's end


class Till:
    def __init__(self, tmp_path: Path) -> None:
        self.rig = Rig()
        self.secrets: list[tuple[str, str]] = []
        self.events: list[Event] = []
        config = config_of(tmp_path, "/dev/video0")
        self.worker = lane.worker(
            "camera", config, SHOP, lambda *one: self.secrets.append(one), self.rig.emit
        )

    def run(self, seconds: float = 10.0) -> list[Event]:
        # the worker's own emit, for there a camera's scans are marked
        self.rig.emit = self.worker._emit
        self.rig.run(self.worker.driver, seconds)
        return [event for _, event in self.rig.events]


def test_a_scan_says_that_a_camera_read_it(tmp_path: Path) -> None:
    till = Till(tmp_path)
    till.rig.clock.at(1, lambda: till.rig.say(f"]E0{TIN}\r".encode()))
    heard = till.run()
    assert isinstance(heard[0], DeviceSeen) and heard[0].device.health is Health.READY
    assert heard[1:] == [Scanned(Product(int(TIN), TIN), "linear", by_camera=True)]


def test_an_advertisement_on_a_pack_is_passed_over(tmp_path: Path) -> None:
    till = Till(tmp_path)
    till.rig.clock.at(1, lambda: till.rig.say(b"]Q1http://example.com\r]E04006381333937\r"))
    assert [event for event in till.run() if not isinstance(event, DeviceSeen)] == []


def test_a_members_card_is_a_secret_here_too(tmp_path: Path) -> None:
    till = Till(tmp_path)
    till.rig.clock.at(1, lambda: till.rig.say(b"]E02950000012348\r"))
    assert Scanned(Member(), "linear", by_camera=True) in till.run()
    assert till.secrets == [("member", "2950000012348")]


def test_a_hold_goes_to_the_camera(tmp_path: Path) -> None:
    till = Till(tmp_path)
    for time, held in ((1, True), (2, False)):
        till.rig.clock.at(time, lambda held=held: till.rig.orders.put(HoldScanner(held)))
    till.run()
    assert till.rig.heard == GO_ON + HOLD + GO_ON


# ---- both, over a real socket


def film_of(path: Path, *scenes: tuple[Grey, int]) -> Path:
    """An AVI of these scenes, as a camera compresses them."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (WIDE, HIGH), False)
    assert writer.isOpened()
    for scene, frames in scenes:
        for seed in range(frames):
            writer.write(noisy(scene, seed))
    writer.release()
    return path


def test_a_film_and_a_row_of_pictures_are_cameras(tmp_path: Path) -> None:
    film = film_of(tmp_path / "counter.avi", (counter(), 3), (pack(TIN), 2))
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"shelf_{number:02}.png"), pack(TIN))
    for device, frames in ((str(film), 5), (str(tmp_path / "shelf_%02d.png"), 3)):
        with closing(Capture(config_of(tmp_path, device))) as capture:
            assert [capture.frame().shape for _ in range(frames)] == [(HIGH, WIDE)] * frames
            with pytest.raises(LineLost, match="no more frames"):
                capture.frame()


@pytest.mark.parametrize("device", ["/dev/kiosk/no-camera", "no-film.avi"])
def test_no_camera_is_a_lost_line(tmp_path: Path, device: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LineLost, match="no camera, film or row of pictures"):
        Capture(config_of(tmp_path, device))
    assert capfd.readouterr() == ("", "")


class Ended(Exception):  # noqa: N818
    """The test is over."""


class Turning(Clock):
    """Time that passes only where somebody waits for nothing but time; a wait for a lane is a real one."""

    def __init__(self) -> None:
        self.time = 0.0
        self.over = threading.Event()

    def now(self) -> float:
        return self.time

    def wait(self, files, timeout, *, writing=False):
        if self.over.is_set():
            raise Ended
        ready = super().wait(files, 0.001 if timeout < PATIENCE else 0.05, writing=writing)
        if not ready and timeout < PATIENCE:
            self.time += max(0.0, timeout)
        return ready


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[Config, list[Film]]]:
    """`kiosk camera --watch` in a thread of this process: one camera after the other is plugged in."""
    config = config_of(tmp_path, "/dev/video0")
    films: list[Film] = []
    clock = Turning()

    def plugged(_: Config) -> Film:
        if not films:
            raise LineLost("no camera")
        return films.pop(0)

    def live() -> None:
        with pytest.raises(Ended):
            serve(config, plugged, clock)

    thread = threading.Thread(target=live)
    thread.start()
    yield config, films
    clock.over.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def until(heard: "queue.Queue[Event]", health: Health) -> list[Event]:
    """What is heard before the camera is said to be so."""
    scans: list[Event] = []
    while True:
        event = heard.get(timeout=PATIENCE)
        if not isinstance(event, DeviceSeen):
            scans.append(event)
        elif event.device.health is health:
            return scans


def test_a_camera_that_is_unplugged_is_lost_to_the_lane_and_comes_back(process) -> None:
    config, films = process
    heard: queue.Queue[Event] = queue.Queue()
    worker = lane.worker("camera", config, SHOP, lambda *_: None, heard.put)
    worker.start()
    try:
        assert until(heard, Health.OFFLINE) == []
        for text in (TIN, EGGS):
            films.append(Film((counter(), 3), (pack(text), 8)))
            assert until(heard, Health.READY) == []
            assert until(heard, Health.OFFLINE) == [
                Scanned(Product(int(text), text), "linear", by_camera=True)
            ]
    finally:
        assert worker.stop(PATIENCE)


CONFIG = """
[lane]
store = "1"
number = "1"
[shop]
name = "Shop"
[[scanners]]
model = "camera"
device = "{device}"
socket = "{socket}"
rate = 60
share = 100
"""


def connected(process: "subprocess.Popen[str]", path: Path) -> Line:
    while process.poll() is None:
        with suppress(LineLost):
            return open_line(f"unix://{path}")
        os.sched_yield()
    raise AssertionError(process.stderr.read())


def test_the_command_watches_until_it_is_told_to_end(tmp_path: Path) -> None:
    film = film_of(tmp_path / "counter.avi", (counter(), 3), (pack(TIN), 60))
    path, file = tmp_path / "camera.sock", tmp_path / "kiosk.toml"
    file.write_text(CONFIG.format(device=film, socket=path))
    command = [sys.executable, "-m", "kiosk", "camera", "--watch", str(file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            line, heard = connected(process, path), b""
            while not heard.endswith(b"\r"):
                heard += line.read(PATIENCE)
            assert heard == f"]E0{TIN}\r".encode()
        finally:
            process.send_signal(signal.SIGTERM)
        line.close()
        assert process.wait(PATIENCE) == 0
    assert not path.exists()
