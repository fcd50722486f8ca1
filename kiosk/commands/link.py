"""`kiosk link CONFIG`: the process that talks to the store server."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.config import ConfigError, read
from kiosk.stopping import signalled


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. 78: the configuration is wrong, and where."""
    parser = argparse.ArgumentParser("kiosk link", description="Keep the lane and the store server in step.")
    parser.add_argument("config", type=Path, help="the kiosk's configuration (TOML), its section [link]")
    arguments = parser.parse_args(argv)
    try:
        config = read(arguments.config).link
    except ConfigError as wrong:
        print(f"kiosk link: {wrong}", file=sys.stderr)
        return os.EX_CONFIG
    if config is None:
        print(f"kiosk link: {arguments.config}: there is no table [link]", file=sys.stderr)
        return os.EX_CONFIG
    from kiosk.link.run import run

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    run(config, signalled())
    return 0


if __name__ == "__main__":
    sys.exit(main())
