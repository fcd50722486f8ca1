"""`kiosk price FILE.json`: price a basket from a file and print the result as JSON."""

import argparse
import sys
from pathlib import Path

import msgspec

from kiosk.pricing import vector


def main(args: list[str]) -> int:
    """Print the file's result; 2 and one line on stderr if the file cannot be read or priced."""
    parser = argparse.ArgumentParser(prog="kiosk price", description="Price a basket from a JSON file.")
    parser.add_argument("file", type=Path, help="a basket as sco-pricing-vector/1")
    path: Path = parser.parse_args(args).file
    try:
        result = vector.told(vector.read(path.read_bytes()).priced())
    except OSError as error:
        print(f"kiosk price: {path}: {error.strerror}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"kiosk price: {path}: {error}", file=sys.stderr)
        return 2
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(result), indent=1).decode() + "\n")
    return 0
