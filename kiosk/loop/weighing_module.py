"""What a price by weight comes from: version and hash of that code, for the service page and the ledger (WELMEC 7.2).

cd SITE-PACKAGES && sha256sum $FILES | sha256sum      # the same hash, with no kiosk at all
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

VERSION = "1.0"
MODULES = (
    "drivers/scales",
    "kiosk/checkout/hints.py",
    "kiosk/checkout/weighing.py",
    "kiosk/pricing/rules.py",
    "kiosk/pricing/stages.py",
    "kiosk/receipt.py",
    "kiosk/text/__init__.py",
    "kiosk/text/receipt_lines.py",
    "kiosk/units.py",
    "screens/weigh.py",
)
"""From the scale's bytes to the price on screen and paper; a folder means every module in it."""
ROOT = Path(__file__).parents[2]


def files(root: Path = ROOT) -> Iterator[Path]:
    """In the order in which they are hashed, relative to `root`."""
    for name in MODULES:
        path = root / name
        found = sorted(path.glob("*.py")) if path.is_dir() else [path]
        yield from (each.relative_to(root) for each in found)


def digest(root: Path = ROOT) -> str:
    """SHA-256 of the list that sha256sum prints of them, in hex. OSError where a file is missing."""
    lines = (f"{sha256((root / path).read_bytes()).hexdigest()}  {path.as_posix()}\n" for path in files(root))
    return sha256("".join(lines).encode()).hexdigest()


def shown(digest: str) -> str:
    """Version and the first eight digits: "1.0 · 7F3A 91C2"."""
    return f"{VERSION} · {digest[:4].upper()} {digest[4:8].upper()}"
