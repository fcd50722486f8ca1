"""`kiosk wire decode PROTOCOL [HEX|-]`: any captured message of a device as JSON, card data masked, one line each.

    kiosk wire decode zvt 04ff010a
    kiosk wire decode zvt-serial "10 02 06 70 00 10 03 d9 f9"
    kiosk wire decode zvt - --charset cp437 < capture.hex
    kiosk wire decode toledo8217 "02 30 31 2e 32 35 30 0d"      or nci, cas, sma, adam, digi, dialog06, hid

Standard input is one capture in hex per line, or else one message as raw text, where the protocol is text. Bytes may
be parted by blanks or colons. Exit code 2: something could not be read, and standard error says what and where.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from drivers.scales.models import MODULES


class Protocol(NamedTuple):
    """Which module of the drivers reads it, with what options, and whether it is written in text."""

    reader: str
    options: dict[str, str]
    text: bool = False


PROTOCOLS = {
    "zvt": Protocol("terminals.zvt.explain", {}),
    "zvt-serial": Protocol("terminals.zvt.explain", {"framing": "serial"}),
    "caisse-ap-ip": Protocol("terminals.caisse.explain", {}, text=True),
    "concert-e-plus": Protocol("terminals.concert.explain", {}),
    "nexo": Protocol("terminals.nexo.explain", {}, text=True),
} | {model: Protocol("scales.models", {"model": model}) for model in MODULES}


class Unreadable(Exception):  # noqa: N818
    """A capture that cannot even be turned into bytes; says where."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="kiosk wire", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", choices=["decode"])
    parser.add_argument("protocol", choices=sorted(PROTOCOLS))
    parser.add_argument("capture", nargs="?", default="-", metavar="HEX", help="- reads standard input")
    parser.add_argument("--charset", help="the terminal's character set, if it has one of its own")
    known, more = parser.parse_known_args(argv)
    try:
        options = {"charset": known.charset} if known.charset else {}
        options |= extra(more)
        explain = import_module(f"drivers.{PROTOCOLS[known.protocol].reader}").explain
    except (Unreadable, ModuleNotFoundError) as error:
        print(f"kiosk wire: {known.protocol}: {error}", file=sys.stderr)
        return 2
    return decoded(known.protocol, known.capture, options, explain)


def extra(words: list[str]) -> dict[str, str]:
    """Further options of a protocol, as `--name value`."""
    names, values = words[::2], words[1::2]
    if len(words) % 2 or not all(name.startswith("--") for name in names):
        raise Unreadable(f"not understood: {' '.join(words)}")
    return {name.removeprefix("--"): value for name, value in zip(names, values, strict=True)}


def decoded(name: str, capture: str, options: dict[str, str], explain: Any) -> int:
    """Print every message of the capture; 2 if anything in it could not be read."""
    protocol, failed = PROTOCOLS[name], False
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape") if capture == "-" else capture
    for where, part in parts(text, protocol.text):
        try:
            told = explain(data_of(part, protocol.text), protocol.options | options)
            for message in told.get("messages", [told]):
                print(json.dumps({"protocol": name} | message, ensure_ascii=False, default=str))
        except (
            Exception
        ) as error:  # a family's own error, or one of ours: a capture never ends it with a traceback
            print(f"kiosk wire: {where}{name}: {error or type(error).__name__}", file=sys.stderr)
            failed = True
    return 2 if failed else 0


def parts(text: str, may_be_text: bool) -> Iterator[tuple[str, str]]:
    """Each capture and how an error names its place: the lines, or all of it where it is raw text."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if may_be_text and not all(is_hex(line) for _, line in lines):
        yield "", text
        return
    if not lines:
        yield "", ""
    for number, line in lines:
        yield (f"line {number}: " if len(lines) > 1 else ""), line


def is_hex(line: str) -> bool:
    try:
        return bool(hex_bytes(line))
    except Unreadable:
        return False


def data_of(part: str, may_be_text: bool) -> bytes:
    if may_be_text and not is_hex(part):
        return part.strip("\r\n").encode("utf-8", "surrogateescape")
    return hex_bytes(part)


def hex_bytes(line: str) -> bytes:
    digits = line.translate(str.maketrans("", "", " \t:-")).removeprefix("0x")
    for at, sign in enumerate(digits):
        if sign not in "0123456789abcdefABCDEF":
            raise Unreadable(f"no hex digit at place {at + 1}")
    if len(digits) % 2:
        raise Unreadable(f"half a byte at the end, after {len(digits) // 2} whole ones")
    return bytes.fromhex(digits)
