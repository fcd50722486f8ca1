"""The camera on 403 photographs, against one bare call of zxing on the same pictures; and what watching costs."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import zxingcpp

from drivers.camera.config import Config
from drivers.camera.decode import Decoder
from drivers.camera.frames import Capture
from drivers.camera.grey import Grey
from drivers.camera.watch import Watch
from tests.bench import Row
from tests.bench.rig import folder
from tests.drivers.camera.photographs import NOTHING, Photograph, Tally, photographs
from tests.drivers.camera.pictures import noisy

SHARED = Path(__file__).resolve().parents[3] / "shared"
T = TypeVar("T")
RATE, SIZE = 10, (640, 480)
RETAIL, ALL, TIMES, SHARE = 80, 85, 3, 10


def rows(quick: bool) -> Iterator[Row]:
    if not (SHARED / "data").is_dir():
        return
    pictures = photographs(SHARED)
    tally, ours, bare = Tally(), [], []
    decoder = Decoder()
    for _ in range(1 if quick else 5):
        tally, times = Tally(), []
        for photograph, grey in pictures:
            bare_ms = timed(zxingcpp.read_barcodes, grey)[0]
            ms, reads = timed(decoder.decode, grey)
            tally.add(photograph, reads)
            times.append((ms, bare_ms))
        ours.append([ms for ms, _ in times])
        bare.append([ms for _, ms in times])
    yield from rates(tally)
    mine, theirs = np.median(ours, axis=0), np.median(bare, axis=0)
    ratio = np.percentile(mine, 95) / np.percentile(theirs, 95)
    yield Row(
        what=f"camera: a photograph, p50 and p95, against bare zxing ({spread(theirs)})",
        goal=f"p95 <= {TIMES} x bare",
        measured=spread(mine),
        ratio=float(ratio),
        ok=bool(ratio <= TIMES),
    )
    for name, film in films(pictures, 90 if quick else 150):
        yield watching(name, film)


def rates(tally: Tally) -> Iterator[Row]:
    for what, goal, share in (
        ("EAN and UPC", RETAIL, tally.share(retail=True)),
        ("every symbology", ALL, tally.share()),
    ):
        yield Row(
            f"camera: {what} read on photographs",
            f">= {goal} %",
            f"{share:.1f} %",
            share / goal,
            share >= goal,
        )
    false = len(tally.false())
    yield Row(
        what=f"camera: codes read on {tally.shown[NOTHING]} pictures without one",
        goal="none",
        measured=str(false),
        ratio=None,
        ok=false == 0,
    )


def timed(work: Callable[[Grey], T], grey: Grey) -> tuple[float, T]:
    """Milliseconds, and what came of it."""
    began = time.perf_counter()
    answer = work(grey)
    return (time.perf_counter() - began) * 1000, answer


def spread(times: np.ndarray) -> str:
    return f"{np.percentile(times, 50):.1f}, {np.percentile(times, 95):.1f} ms"


def films(pictures: list[tuple[Photograph, Grey]], frames: int) -> Iterator[tuple[str, list[Grey]]]:
    """A counter at rest, things without a code moved over it, packs shown to it: as a sensor sees them."""
    bare = [cv2.resize(grey, SIZE) for photograph, grey in pictures if photograph.symbology == NOTHING]
    packs = [cv2.resize(grey, SIZE) for photograph, grey in pictures if photograph.symbology == "EAN-13"]
    still = [bare[0]] * frames
    yield "an unmoving counter", [noisy(picture, seed) for seed, picture in enumerate(still)]
    for name, scenes in (("things without a code that move", bare), ("packs that move", packs)):
        moved = [np.roll(scenes[at // 15 % len(scenes)], 6 * at, axis=1) for at in range(frames)]
        yield name, [noisy(picture, seed) for seed, picture in enumerate(moved)]


def watching(name: str, film: list[Grey]) -> Row:
    """The share of a core that watching takes, decompressing the camera's frames included."""
    with folder() as place:
        path = place / "film.avi"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), RATE, SIZE, False)
        for frame in film:
            writer.write(frame)
        writer.release()
        config = Config(device=str(path), socket="-")
        watch = Watch(Decoder(config.symbologies).stages, config.share / 100)
        lead = (
            20  # frames until what is loaded at first need is loaded, and an unmoving scene has come to rest
        )
        with closing(Capture(config)) as capture:
            for at in range(len(film)):
                if at == lead:
                    began = time.process_time()
                watch.look(capture.frame(), at / RATE)
            used = time.process_time() - began
    share = 100 * used * RATE / (len(film) - lead)
    return Row(
        what=f"camera: core used while it watches {name}, {RATE} frames/s of {SIZE[0]} x {SIZE[1]}",
        goal=f"<= {SHARE} %",
        measured=f"{share:.1f} %",
        ratio=share / SHARE,
        ok=share <= SHARE,
    )
