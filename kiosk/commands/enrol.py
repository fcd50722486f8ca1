"""kiosk enrol FILE|-|--camera DEVICE: this machine becomes a lane of a shop."""

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kiosk import network
from kiosk.config import Config, ConfigError
from kiosk.config import parse as parse_config
from kiosk.enrolment import Invitation, InvitationError, parse
from kiosk.files import write

CONFIG = Path("/etc/kiosk/kiosk.toml")
SAMPLE = Path("/usr/share/kiosk/kiosk.toml")
CREDENTIALS = (Path("/var/lib/kiosk/secrets"), Path("/etc/credstore"))
"""The first that is there: an image has the one, whose root is read-only; an installation the other."""
TOKEN_FILE = "/run/credentials/kiosk-link.service/kiosk.store-token"
PEPPER_FILE = "/run/credentials/kiosk.service/kiosk.pepper"
PATIENCE = 30.0
"""Seconds that the store server may take: a code whose answer was not waited for is used up all the same."""
FRAMES = 6_000
"""How many pictures of a camera are looked at: ten minutes."""


class EnrolError(Exception):
    """This machine is no lane yet; says why, and never a secret."""


class UselessError(EnrolError):
    """With this invitation it never will be: another one is wanted."""


def main(argv: list[str]) -> int:
    """0: it is a lane now. 1: not yet, and why. 3: not with this invitation. 2: this is not how to call it."""
    options = _parser().parse_args(argv)
    if bool(options.file) == bool(options.camera):
        print("kiosk enrol: a file (or - for standard input), or --camera DEVICE", file=sys.stderr)
        return 2
    try:
        text, name = _text(options)
        invitation = parse(text, name)
        if options.to:
            write(options.to, text, 0o640)
            return 0
        if options.network:
            print("\n".join(network.lines(configured(invitation, options)[1])))
            return 0
        config = enrolled(invitation, options)
    except (EnrolError, InvitationError, ConfigError, OSError) as wrong:
        print(f"kiosk enrol: {wrong}", file=sys.stderr)
        return 3 if isinstance(wrong, UselessError | InvitationError | ConfigError) else 1
    print(f"store {config.lane.store}, lane {config.lane.number}: enrolled, {options.config}")
    if options.file not in (None, "-"):
        _remove(Path(options.file))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk enrol", description="Make this machine a lane of a shop.")
    parser.add_argument(
        "file", nargs="?", help="enrol.toml, which `store lane invite` prints; - is standard input"
    )
    parser.add_argument("--camera", metavar="DEVICE", help="wait for its QR code before this camera")
    parser.add_argument("--to", type=Path, metavar="FILE", help="leave the invitation there, no more")
    parser.add_argument("--network", action="store_true", help="print whom this lane would talk to, no more")
    parser.add_argument("--config", type=Path, default=CONFIG, help=f"what is written (default: {CONFIG})")
    parser.add_argument("--base", type=Path, help=f"what it is made from (default: itself, else {SAMPLE})")
    parser.add_argument(
        "--credentials", type=Path, default=credentials(), help="folder of secrets (default: %(default)s)"
    )
    return parser


def credentials() -> Path:
    return next((each for each in CREDENTIALS if each.is_dir()), CREDENTIALS[-1])


def _text(options: argparse.Namespace) -> tuple[str, str]:
    """The invitation and what to call it. Raises EnrolError."""
    if options.camera:
        return seen(options.camera), "the code before the camera"
    try:
        raw = sys.stdin.buffer.read(65_536) if options.file == "-" else Path(options.file).read_bytes()
        return raw.decode(), "standard input" if options.file == "-" else options.file
    except OSError as wrong:
        raise EnrolError(f"{options.file}: {wrong.strerror}") from wrong
    except UnicodeDecodeError as wrong:
        raise EnrolError(f"{options.file}: not a text") from wrong


def seen(device: str, frames: int = FRAMES) -> str:
    """The first invitation that the camera sees. Raises EnrolError."""
    from drivers.camera.config import Config as Camera
    from drivers.camera.decode import Decoder
    from drivers.camera.frames import Capture
    from drivers.line import LineLost

    camera = Camera(device=device, socket="-", symbologies=("QR",))
    decoder = Decoder(camera.symbologies)
    try:
        capture = Capture(camera)
        try:
            for _ in range(frames):
                for read in decoder.decode(capture.frame()):
                    if "[lane]" in read.text:
                        return read.text
        finally:
            capture.close()
    except LineLost as lost:
        raise EnrolError(str(lost)) from lost
    raise EnrolError(f"{device}: no invitation was held before it")


def enrolled(invitation: Invitation, options: argparse.Namespace) -> Config:
    """Everything written down, the configuration last: a lane that has one has all. Raises EnrolError, ConfigError,
    OSError.

    What can be wrong is found before the code is used up.
    """
    text, config = configured(invitation, options)
    _places(options)
    if invitation.pepper:
        write(options.credentials / "kiosk.pepper", invitation.pepper + "\n", 0o600)
    if config.link is not None and invitation.link is not None:
        token = invitation.link.token or exchanged(config, invitation.link.code)
        write(options.credentials / "kiosk.store-token", token + "\n", 0o600)
    write(options.config, text, 0o644)
    return config


def configured(invitation: Invitation, options: argparse.Namespace) -> tuple[str, Config]:
    """The configuration with what the invitation says. Raises EnrolError, ConfigError."""
    text = invitation.configuration(_base(options), TOKEN_FILE, PEPPER_FILE)
    return text, parse_config(text, str(options.config))


def exchanged(config: Config, code: str) -> str:
    """The code for the lane's own token. Raises EnrolError."""
    from kiosk.link.client import NoStoreError, RefusedError
    from kiosk.link.client import enrolled as exchange

    assert config.link is not None
    try:
        given = exchange(replace(config.link, connect_timeout=PATIENCE, answer_timeout=PATIENCE), code)
    except NoStoreError as wrong:
        raise EnrolError(f"the store server was not reached: {wrong}") from wrong
    except (RefusedError, msgspec.ValidationError) as wrong:
        raise UselessError(
            "the store server does not take this code (any more): store lane invite makes another"
        ) from wrong
    if (given.store, given.lane) != (config.lane.store, config.lane.number):
        raise UselessError(f"the code is for store {given.store}, lane {given.lane}: the file says another")
    return given.token


def _base(options: argparse.Namespace) -> str:
    for path in (options.base,) if options.base else (options.config, SAMPLE):
        with suppress(OSError, UnicodeDecodeError):
            return str(path.read_text())
    raise EnrolError(f"{options.base or SAMPLE}: nothing to make a configuration from")


def _places(options: argparse.Namespace) -> None:
    """Whether all can be written, before anything is. Raises EnrolError."""
    target = Path(os.path.realpath(options.config))
    for folder, mode in ((target.parent, 0o755), (options.credentials, 0o700)):
        try:
            folder.mkdir(mode, parents=True, exist_ok=True)
        except OSError as wrong:
            raise EnrolError(f"{folder}: {wrong.strerror}") from wrong
        if not os.access(folder, os.W_OK):
            raise EnrolError(f"{folder}: cannot be written")


def _remove(file: Path) -> None:
    """The invitation is of no use any more, and nobody else shall read it."""
    try:
        file.unlink()
    except OSError as wrong:
        print(f"kiosk enrol: remove {file} yourself: {wrong.strerror}", file=sys.stderr)
