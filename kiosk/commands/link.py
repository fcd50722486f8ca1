"""`kiosk link CONFIG`: the process that talks to the store server."""

import argparse
import logging
import signal
import sys
import threading
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from kiosk.link.config import LinkConfig


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. 2: the configuration is wrong, and where."""
    parser = argparse.ArgumentParser("kiosk link", description="Keep the lane and the store server in step.")
    parser.add_argument("config", type=Path, help="the kiosk's configuration (TOML), its section [link]")
    arguments = parser.parse_args(argv)
    try:
        config = _config(arguments.config)
    except (OSError, ValueError) as error:
        print(f"kiosk link: {arguments.config}: {error}", file=sys.stderr)
        return 2
    from kiosk.link.run import run

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    run(config, stop)
    return 0


def _config(path: Path) -> LinkConfig:
    whole: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return msgspec.convert(whole.get("link", {}), LinkConfig)


if __name__ == "__main__":
    sys.exit(main())
