"""Reading an archive of the ledger, and proving it: `python ARCHIVE.zip [--key KEY] [ANOTHER.zip …]`.

An archive is a ZIP file. `manifest.json` names every other file with its SHA-256, what the books stood at before the
first line, and the public key; `manifest.sig` is its Ed25519 signature (base64) over "kiosk archive 1\n" and the
manifest's bytes. `ledger.csv` has the lines themselves, byte for byte; the other CSV files say the same for people.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .chain import Finding, Keys, Proof
from .totals import Books, Period, Side, Tax, Totals

MANIFEST, SIGNATURE, LEDGER = "manifest.json", "manifest.sig", "ledger.csv"
COLUMNS = ("number", "at", "kind", "hash", "signature", "body")


def manifest_to_sign(manifest: bytes) -> bytes:
    return b"kiosk archive 1\n" + manifest


class NoArchiveError(Exception):
    """The file is no archive that can be read; says why."""


def read(path: Path, pinned: Sequence[str] = ()) -> tuple[dict[str, Any], Proof, list[Finding]]:
    """Manifest, the proof of its lines, and all that is wrong. Raises NoArchiveError."""
    try:
        with zipfile.ZipFile(path) as archive:
            raw = archive.read(MANIFEST)
            manifest = json.loads(raw)
            findings = [
                *_files(archive, manifest),
                *_signature(raw, archive.read(SIGNATURE), manifest, pinned),
            ]
            proof = Proof(books_of(manifest["before"]), bytes.fromhex(manifest["before"]["hash"]), pinned)
            proof.keys.named.add(manifest["key"])
            for line in _lines(archive):
                proof.line(*line)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, csv.Error) as wrong:
        raise NoArchiveError(f"{path}: not an archive that can be read ({wrong!r})") from wrong
    findings += proof.end(manifest["last"], bytes.fromhex(manifest["hash"]))
    return manifest, proof, findings


def _files(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> Iterator[Finding]:
    there = {name for name in archive.namelist() if name not in (MANIFEST, SIGNATURE)}
    for name in sorted(there | manifest["files"].keys()):
        if name not in there:
            yield Finding(0, f"the file {name} is missing")
        elif name not in manifest["files"]:
            yield Finding(0, f"the file {name} does not belong to the archive")
        elif (wrong := _wrong(archive, name, manifest["files"][name])) != "":
            yield Finding(0, f"the file {name} {wrong}")


def _wrong(archive: zipfile.ZipFile, name: str, expected: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except zipfile.BadZipFile as wrong:
        return f"cannot be read ({wrong})"
    return "" if digest.hexdigest() == expected else "is not what was archived"


def _signature(
    raw: bytes, signature: bytes, manifest: dict[str, Any], pinned: Sequence[str]
) -> Iterator[Finding]:
    keys = Keys(pinned or [manifest["key"]])
    key = manifest["key"]
    wrong = keys.foreign(key) or keys.wrong(key, manifest_to_sign(raw), base64.b64decode(signature))
    if wrong:
        yield Finding(0, f"the manifest {wrong}")


def _lines(archive: zipfile.ZipFile) -> Iterator[tuple[int, int, str, bytes, bytes, bytes | None]]:
    csv.field_size_limit(1 << 30)
    with archive.open(LEDGER) as file:
        text = io.TextIOWrapper(file, "utf-8", errors="surrogateescape", newline="")
        for row in csv.DictReader(text):
            body = row["body"].encode(errors="surrogateescape")
            signature = bytes.fromhex(row["signature"]) or None
            yield int(row["number"]), int(row["at"]), row["kind"], body, bytes.fromhex(row["hash"]), signature


def books_of(fields: dict[str, Any]) -> Books:
    """Books from their JSON."""
    periods = {name: _period(fields[name]) for name in ("day", "month", "year")}
    return Books(**(fields | periods))


def _period(fields: dict[str, Any]) -> Period:
    totals = fields["totals"]
    sides = {name: _side(totals[name]) for name in ("sold", "refunded")}
    return Period(**(fields | {"totals": Totals(**(totals | sides))}))


def _side(fields: dict[str, Any]) -> Side:
    return Side(**(fields | {"taxes": [Tax(**tax) for tax in fields["taxes"]]}))


def main(argv: Sequence[str] | None = None) -> int:
    """0: whole; 1: something is wrong, which is printed; 2: no archive."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(description="Prove archives of a ledger.")
    parser.add_argument(
        "--key", action="append", default=[], help="the lane's public key, base64; may come again"
    )
    parser.add_argument("archive", nargs="*", type=Path, default=[Path(sys.argv[0])])
    options = parser.parse_args(arguments)
    return max(tell(path, options.key) for path in options.archive)


def tell(path: Path, pinned: Sequence[str] = ()) -> int:
    """Print what was found in one archive; the exit code."""
    try:
        manifest, proof, findings = read(path, pinned)
    except NoArchiveError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    for finding in findings:
        print(f"{'WRONG' if finding.fault else 'note '} {finding.what}")
    made = datetime.fromtimestamp(manifest["made"] / 1000, UTC).isoformat(timespec="seconds")
    print(
        f"{path.name}: journal {manifest['journal']}, days {manifest['from']} to {manifest['to']}, made {made}"
    )
    print(f"lines {manifest['first']} to {manifest['last']}, {proof.signatures} signed by {manifest['key']}")
    print(
        f"sold {proof.books.sold}, given back {proof.books.refunded} in minor units, since the first line of all"
    )
    broken = any(finding.fault for finding in findings)
    print("NOT what was written" if broken else "everything is as it was written")
    if not pinned:
        print("the key is the archive's own word: give the one that you know with --key")
    return int(broken)
