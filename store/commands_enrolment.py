"""`store lane invite`: what a new lane needs to know, as a file for its boot partition and a code for its camera."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from store.enrolment import invite
from store.lanes import Lane


def parsers(
    lane: Any,
    leaf: Callable[..., argparse.ArgumentParser],
    lane_of: Callable[[argparse.Namespace], tuple[Engine, Lane]],
) -> None:
    one = leaf(
        lane, "invite", "a code by which a machine becomes this lane, good once and for an hour", _invite
    )
    one.set_defaults(lane_of=lane_of)
    one.add_argument("lane")
    one.add_argument("--store", help="number of the store (default: the database's own)")
    one.add_argument("--server", required=True, metavar="URL", help="where the lane finds this server")
    one.add_argument(
        "--keys", type=Path, default=Path("store-keys"), help="folder of the server's certificate"
    )
    one.add_argument("--terminal", default="", metavar="PORT", help="socket://… of the lane's card terminal")
    one.add_argument("--country", default="", help="FR, DE, …: whose rules the lane keeps to")
    one.add_argument("--qr", action="store_true", help="and a QR code of it")


def _invite(arguments: argparse.Namespace) -> int:
    from store.tls import own_certificate, pin_of

    engine, lane = arguments.lane_of(arguments)
    pin = pin_of(own_certificate(arguments.keys)[0]) if arguments.server.startswith("https://") else ""
    code = invite(engine, lane, int(time.time() * 1000))
    text = invitation(lane, arguments.server, pin, code, arguments.terminal, arguments.country)
    print(text, end="")
    if arguments.qr:
        import segno

        segno.make_qr(text, error="m").terminal(sys.stdout, compact=True)
    return 0


def invitation(lane: Lane, server: str, pin: str, code: str, terminal: str = "", country: str = "") -> str:
    """enrol.toml, as `kiosk enrol` reads it."""
    rows = ["[lane]", f'store = "{lane.store}"', f'number = "{lane.lane}"', "[link]", f'server = "{server}"']
    rows += [f'pin = "{pin}"'] if pin else []
    rows += [f'code = "{code}"']
    rows += ["[terminal]", f'port = "{terminal}"'] if terminal else []
    rows += ["[shop]", f'country = "{country}"'] if country else []
    return "\n".join(rows) + "\n"
