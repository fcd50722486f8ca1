"""What goes into a bundle of this machine, read from files of the kernel and from the books. Nothing is written."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import distributions
from pathlib import Path

DISKS = frozenset({"ext4", "vfat", "erofs", "squashfs", "f2fs", "btrfs", "xfs", "tmpfs", "overlay"})
TREES = ("dev/kiosk", "dev/serial/by-id", "dev/input/by-id", "dev/v4l/by-id", "dev/disk/by-label")
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def packages() -> str:
    """What the program runs with."""
    return "\n".join(sorted({f"{each.name} {each.version}" for each in distributions()}, key=str.lower))


def usb(root: Path) -> str:
    """Every device on USB as the kernel has it: where, which, who made it. No serial numbers."""
    rows = []
    for folder in sorted((root / "sys/bus/usb/devices").glob("*")):
        if vendor := read(folder / "idVendor"):
            about = " ".join(filter(None, (read(folder / "manufacturer"), read(folder / "product"))))
            drivers = sorted({link.resolve().name for link in folder.glob("*:*/driver")})
            rows.append(
                f"{folder.name:12} {vendor}:{read(folder / 'idProduct')} {about} [{', '.join(drivers)}]"
            )
    return "\n".join(rows)


def names(root: Path) -> str:
    """The stable names of devices, and what they lead to."""
    found = (link for tree in TREES for link in sorted((root / tree).glob("*")) if link.is_symlink())
    return "\n".join(f"/{link.relative_to(root)} -> {link.readlink()}" for link in found)


def machine(root: Path) -> str:
    """Memory, load, uptime, model, kernel, and every mounted disk with its room."""
    files = (
        "proc/version",
        "proc/uptime",
        "proc/loadavg",
        "proc/device-tree/model",
        "sys/class/dmi/id/product_name",
    )
    rows = [f"{name}: {text}" for name in files if (text := read(root / name).strip("\0"))]
    return "\n".join([*rows, read(root / "proc/meminfo"), *mounts(read(root / "proc/mounts"))])


def mounts(table: str) -> Iterator[str]:
    for row in table.splitlines():
        device, where, kind, options = row.split()[:4]
        if kind in DISKS:
            try:
                use = shutil.disk_usage(where.replace("\\040", " "))
                room = f"{use.free // 2**20} of {use.total // 2**20} MiB free"
            except OSError as wrong:
                room = str(wrong.strerror)
            yield f"{where} {device} {kind} {options}: {room}"


def network(root: Path) -> str:
    """Which interfaces there are, and whether a cable is in; addresses are the shop's own affair."""
    rows = []
    for folder in sorted((root / "sys/class/net").glob("*")):
        rows.append(f"{folder.name}: {read(folder / 'operstate')}, carrier {read(folder / 'carrier') or '-'}")
    return "\n".join([*rows, read(root / "proc/net/dev")])


def journal_shape(path: Path) -> str:
    """How many lines of which kind the books have: not one of them, and nobody's name."""
    shape: dict[str, object] = {"file": path.name, "bytes": path.stat().st_size if path.exists() else 0}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            shape["version"] = db.execute("PRAGMA user_version").fetchone()[0]
            shape["check"] = db.execute("PRAGMA quick_check(5)").fetchone()[0]
            for (table,) in db.execute(TABLES).fetchall():
                shape[f"rows of {table}"] = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            kinds = db.execute("SELECT kind, count(*) FROM ledger GROUP BY kind ORDER BY kind").fetchall()
            shape["ledger"] = dict(kinds)
            shape["newest"] = db.execute("SELECT max(at) FROM ledger").fetchone()[0]
    except sqlite3.Error as wrong:
        shape["trouble"] = str(wrong)
    return json.dumps(shape, indent=2)
