"""What the boot loader does next, by the names of files: RAUC's custom boot loader backend, for a PC and for a Pi.

    get-primary | set-primary NAME | get-state NAME | set-state NAME good|bad | get-current
    put-kernel NAME FILE            for a bundle's hook, on a PC

On a PC systemd-boot counts starts in the names of `EFI/Linux/kiosk-a.efi` and `kiosk-b.efi`. `kiosk-b+3.efi` may be
tried three more times, `kiosk-b.efi` has proved itself, and `kiosk-b+0.efi` comes last of all, so that it starts only
where nothing else does. Of those that may start, the newest IMAGE_VERSION is first.
On a Pi `autoboot.txt` names the partition to start from, and the one of a single try (`reboot "0 tryboot"`).
"""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

TRIES = 3
NAMES = ("a", "b")
OTHER = {"a": "b", "b": "a"}
COUNTED = re.compile(r"^kiosk-([ab])(?:\+(\d+)(?:-(\d+))?)?\.efi$", re.IGNORECASE)
NAMED = re.compile(r"(?:^|\s)rauc\.slot=([ab])(?:\s|$)")
TOLD, CMDLINE = Path("/run/kiosk-boot/slot"), Path("/proc/cmdline")
PLACES = ("/efi", "/boot/firmware", "/boot")
"""Where the boot partition is mounted: on a PC, on a Pi, elsewhere."""


class BootError(Exception):
    """The boot loader's files are not as they must be, or would be of no use any more: why."""


class Backend(Protocol):
    """One boot loader. `primary` is the slot of the next start; `good` whether a slot may start at all."""

    def primary(self) -> str: ...

    def choose(self, name: str) -> None: ...

    def good(self, name: str) -> bool: ...

    def mark(self, name: str, good: bool) -> None: ...


class SystemdBoot:
    """The folder `EFI/Linux` of a PC's boot partition."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def primary(self) -> str:
        return min(self._found(), key=self._place)

    def choose(self, name: str) -> None:
        """To be tried next; what would still come before it moves behind, and stays what starts if it fails."""
        self._rename(name, TRIES)
        if self.primary() != name:
            self._rename(OTHER[name], 0)

    def good(self, name: str) -> bool:
        found = self._found().get(name)
        return found is not None and self._left(found) != 0

    def mark(self, name: str, good: bool) -> None:
        if good:
            self._rename(name, None)
        elif name in self._found() and self.good(name):
            if not self.good(OTHER[name]):
                raise BootError(f"slot {name} is the last that starts")
            self._rename(name, 0)

    def put(self, name: str, kernel: Path) -> None:
        """Lay another kernel into a slot from which nothing starts; it takes the old one's place when it is whole."""
        found = self._found()
        if name in found and self.good(name):
            raise BootError(f"slot {name} may start: mark it bad before its kernel is replaced")
        new, last = self._folder / f"kiosk-{name}.new", self._folder / f"kiosk-{name}+0.efi"
        with kernel.open("rb") as source, new.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        new.replace(last)
        for old in self._folder.glob(f"kiosk-{name}*.efi"):
            if old != last:
                old.unlink()
        sync(self._folder)

    def _found(self) -> dict[str, Path]:
        """The file of each slot; of two of one slot, which a cut in a renaming may leave, the more careful one."""
        found: dict[str, Path] = {}
        for path in sorted(self._folder.iterdir(), key=lambda path: (self._left(path) or 0, path.name)):
            match = COUNTED.match(path.name)
            if match and match[1].lower() not in found:
                found[match[1].lower()] = path
        if not found:
            raise BootError(f"{self._folder}: no kiosk-a.efi and no kiosk-b.efi")
        return found

    def _left(self, path: Path) -> int | None:
        """Tries that are left; None: it is not counted."""
        match = COUNTED.match(path.name)
        return int(match[2]) if match and match[2] else None

    def _place(self, name: str) -> tuple[bool, list[int], int]:
        """Where systemd-boot sorts it: none left last, then newest first, then by name backwards."""
        path = self._found()[name]
        return self._left(path) == 0, [-part for part in image_version(path)] + [1], -ord(name)

    def _rename(self, name: str, tries: int | None) -> None:
        path = self._found().get(name)
        if path is None:
            raise BootError(f"{self._folder}: no kiosk-{name}.efi")
        to = path.with_name(f"kiosk-{name}.efi" if tries is None else f"kiosk-{name}+{tries}.efi")
        if path != to:
            path.replace(to)
            sync(self._folder)


def image_version(uki: Path) -> list[int]:
    """The IMAGE_VERSION in a unified kernel image's section .osrel, in parts; none: it has no such thing."""
    with uki.open("rb") as file:
        head = file.read(4096)
        at = int.from_bytes(head[60:64], "little")
        if head[:2] != b"MZ" or head[at : at + 4] != b"PE\0\0":
            return []
        sections = int.from_bytes(head[at + 6 : at + 8], "little")
        table = at + 24 + int.from_bytes(head[at + 20 : at + 22], "little")
        for start in range(table, table + 40 * sections, 40):
            if head[start : start + 8].rstrip(b"\0") == b".osrel":
                size, place = (int.from_bytes(head[start + o : start + o + 4], "little") for o in (16, 20))
                file.seek(place)
                found = re.search(
                    rb'^IMAGE_VERSION="?([\d.]+)"?\s*$', file.read(size).rstrip(b"\0"), re.MULTILINE
                )
                return [int(part) for part in found[1].decode().split(".") if part] if found else []
    return []


class Tryboot:
    """`autoboot.txt` on a Pi's first partition; slot a starts from partition 2, slot b from partition 3."""

    PARTITIONS = {"a": 2, "b": 3}

    def __init__(self, folder: Path) -> None:
        self._file = folder / "autoboot.txt"
        self._bad = {name: folder / f"kiosk-{name}.bad" for name in NAMES}

    def primary(self) -> str:
        normal, once = self._read()
        return once or normal

    def choose(self, name: str) -> None:
        normal, _ = self._read()
        self._bad[name].unlink(missing_ok=True)
        self._write(normal, name if name != normal else "")

    def good(self, name: str) -> bool:
        return not self._bad[name].exists()

    def mark(self, name: str, good: bool) -> None:
        normal, _ = self._read()
        if good:
            if name != normal:
                self._write(name, "")
            self._bad[name].unlink(missing_ok=True)
        elif name == normal and not self.good(OTHER[name]):
            raise BootError(f"slot {name} is the last that starts")
        else:
            self._bad[name].touch()
            self._write(OTHER[name] if name == normal else normal, "")

    def _read(self) -> tuple[str, str]:
        """The slot of every start, and the one of a single try (empty: none)."""
        try:
            text = self._file.read_text()
        except OSError as wrong:
            raise BootError(f"{self._file}: {wrong.strerror}") from wrong
        slots = {str(partition): name for name, partition in self.PARTITIONS.items()}
        found = {"all": "", "tryboot": ""}
        section = "all"
        for line in text.splitlines():
            key, _, value = line.strip().partition("=")
            if line.startswith("["):
                section = line.strip("[] \t")
            elif key == "boot_partition" and section in found:
                found[section] = slots.get(value, "")
        if not found["all"]:
            raise BootError(f"{self._file}: names no partition of a slot")
        once = found["tryboot"]
        return found["all"], once if once != found["all"] else ""

    def _write(self, normal: str, once: str) -> None:
        tried = self.PARTITIONS[once or normal]
        text = f"[all]\ntryboot_a_b=1\nboot_partition={self.PARTITIONS[normal]}\n[tryboot]\nboot_partition={tried}\n"
        new = self._file.with_suffix(".new")
        with new.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
        sync(self._file.parent)


def sync(folder: Path) -> None:
    """Names in this folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def running(told: Path = TOLD, cmdline: Path = CMDLINE) -> str:
    """The slot that this start came from, as the first program of the image or the kernel's command line has it;
    empty: none."""
    if told.exists():
        name = told.read_text().strip()
        return name if name in NAMES else ""
    found = NAMED.search(cmdline.read_text())
    return found[1] if found else ""


def backend(folder: Path) -> Backend:
    """The one whose files are in the boot partition that is mounted there."""
    efi = folder / "EFI" / "Linux"
    return SystemdBoot(efi) if efi.is_dir() else Tryboot(folder)


def answer(loader: Backend, arguments: Sequence[str]) -> str:
    """What RAUC is told; empty where it only wanted something done. BootError, ValueError: it cannot be."""
    match arguments:
        case ["get-primary"]:
            return loader.primary()
        case ["get-current"]:
            return running()
        case ["set-primary", "a" | "b" as name]:
            loader.choose(name)
        case ["get-state", "a" | "b" as name]:
            return "good" if loader.good(name) else "bad"
        case ["set-state", "a" | "b" as name, "good" | "bad" as state]:
            loader.mark(name, state == "good")
        case ["put-kernel", "a" | "b" as name, file] if isinstance(loader, SystemdBoot):
            loader.put(name, Path(file))
        case _:
            raise ValueError(
                "expected get-primary, set-primary, get-state, set-state or get-current, and a or b"
            )
    return ""


def main(arguments: Sequence[str]) -> int:
    """The program that RAUC calls; $KIOSK_ESP is where the boot partition is mounted, if elsewhere than usual."""
    mounted = next((place for place in PLACES if Path(place).is_dir()), PLACES[0])
    try:
        told = answer(backend(Path(os.environ.get("KIOSK_ESP", mounted))), arguments)
    except (BootError, ValueError, OSError) as wrong:
        print(f"kiosk boot: {wrong}", file=sys.stderr)
        return 1
    if told:
        print(told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
