"""kiosk camera: what is on these pictures, or the process that watches a camera for the lane."""

import argparse
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from drivers.camera import missing
from drivers.camera.config import Config
from drivers.line import LineLost
from kiosk.config import ConfigError, read


def main(argv: Sequence[str]) -> int:
    """1: a file is no picture. 69: a package is missing. 78: the configuration is wrong, and where."""
    parser = argparse.ArgumentParser("kiosk camera", description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="a picture; a JSON line for each")
    parser.add_argument("--watch", type=Path, metavar="CONFIG", help="watch the camera of this lane (TOML)")
    arguments = parser.parse_args(argv)
    if bool(arguments.files) == bool(arguments.watch):
        parser.error("give it pictures, or a configuration to --watch")
    if lacking := missing.packages():
        print(f"kiosk camera: needs {', '.join(lacking)}", file=sys.stderr)
        return os.EX_UNAVAILABLE
    return watch(arguments.watch) if arguments.watch else pictures(arguments.files)


def pictures(files: Sequence[Path]) -> int:
    """A line for each picture; `ms` is the time that the reading took, without that of opening the file."""
    import numpy as np

    from drivers.camera.decode import Decoder
    from drivers.camera.frames import picture

    decoder, code = Decoder(), 0
    decoder.decode(np.zeros((64, 64), np.uint8))  # what is loaded at first need is loaded now
    for file in files:
        try:
            grey = picture(file)
        except LineLost as wrong:
            print(f"kiosk camera: {wrong}", file=sys.stderr)
            code = 1
            continue
        started = time.perf_counter()
        reads = decoder.decode(grey)
        ms = round((time.perf_counter() - started) * 1000, 1)
        best = next((read for read in reads if read.gtin), reads[0] if reads else None)
        told = (best.symbology, best.text, best.gtin) if best else (None, None, None)
        row = dict(zip(("symbology", "text", "gtin"), told, strict=True))
        print(json.dumps({"file": str(file), **row, "ms": ms}, ensure_ascii=False), flush=True)
    return code


def watch(path: Path) -> int:
    """Serve the lane until SIGTERM or SIGINT."""
    try:
        config = read(path)
    except ConfigError as wrong:
        print(f"kiosk camera: {wrong}", file=sys.stderr)
        return os.EX_CONFIG
    camera = next((one for one in config.scanners if isinstance(one, Config)), None)
    if camera is None:
        print(f'kiosk camera: {path}: no scanner is a camera (model = "camera")', file=sys.stderr)
        return os.EX_CONFIG
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: sys.exit(0))
    if why := missing.zbar():
        logging.getLogger(__name__).warning("reads without its second decoder: %s", why)
    from drivers.camera.serve import serve

    serve(camera)
    return 0
