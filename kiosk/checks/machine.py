"""The machine under the lane, as the kernel tells it in /sys and /proc: heat, power, memory, wear of the disk.

`root` is where these trees hang: / on a lane. What a machine does not tell has no check.
"""

from collections.abc import Iterator
from pathlib import Path

from kiosk.readiness.faults import Fault
from kiosk.readiness.report import Check, ill, well

ROOT = Path("/")
HOT = 80_000
"""Thousandths of a degree at which a Pi begins to run slower (its firmware's soft limit)."""
LITTLE = 64
"""MiB of memory that should be available."""
USED_UP = 9
"""Tenths of an eMMC's life (JEDEC DEVICE_LIFE_TIME_EST: 0x01 is up to one tenth, 0x0B beyond the last)."""
LOW_NOW, LOW_SINCE_START = 1 << 0, 1 << 16
"""Bits of the Pi firmware's get_throttled: the voltage is, or was, below 4.63 V."""
THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"
ZONES = "sys/class/thermal/thermal_zone*/temp"
VOLTS = "sys/class/hwmon/hwmon*/in0_lcrit_alarm"
LIVES = "sys/block/mmcblk*/device/life_time"
MEMORY = "proc/meminfo"


def machine(root: Path = ROOT) -> list[Check]:
    return [*temperature(root), *power(root), *memory(root), *wear(root)]


def read(path: Path) -> str:
    """A file of the kernel, empty where it cannot be read: some exist, and refuse."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def found(root: Path, pattern: str) -> Iterator[tuple[Path, str]]:
    for path in sorted(root.glob(pattern)):
        if text := read(path):
            yield path, text


def temperature(root: Path) -> list[Check]:
    zones = [int(text) for _, text in found(root, ZONES) if text.lstrip("-").isdigit()]
    if not zones:
        return []
    seen = f"{max(zones) // 1000} °C"
    if max(zones) < HOT:
        return [well("machine", "temperature", seen)]
    return [ill("machine", "temperature", Fault.HOT, seen, f"below {HOT // 1000} °C")]


def power(root: Path) -> list[Check]:
    """Of a Raspberry Pi, by its firmware or by its sensor; other machines say nothing."""
    alarms = [text for _, text in found(root, VOLTS)]
    try:
        bits = int(read(root / THROTTLED) or "-1", 16)
    except ValueError:
        bits = -1
    if bits < 0 and not alarms:
        return []
    if "1" in alarms or (bits > 0 and bits & LOW_NOW):
        return [
            ill("machine", "power", Fault.UNDERVOLTAGE, "the voltage is too low", "5.0 V, not below 4.63 V")
        ]
    if bits > 0 and bits & LOW_SINCE_START:
        said = "the voltage was too low since the start"
        return [ill("machine", "power", Fault.UNDERVOLTAGE, said, "5.0 V, not below 4.63 V")]
    return [well("machine", "power", "the voltage is right")]


def memory(root: Path) -> list[Check]:
    rows = dict(row.split(":", 1) for row in read(root / MEMORY).splitlines() if ":" in row)
    kib = rows.get("MemAvailable", "").removesuffix("kB").strip()
    if not kib.isdigit():
        return []
    seen = f"{int(kib) // 1024} MiB available"
    if int(kib) // 1024 >= LITTLE:
        return [well("machine", "memory", seen)]
    return [ill("machine", "memory", Fault.MEMORY, seen, f"{LITTLE} MiB")]


def wear(root: Path) -> list[Check]:
    """Of an eMMC: how much of its life is used, of the kinds of cells the worse. SD cards and SATA disks do not say."""
    checks = []
    for path, text in found(root, LIVES):
        try:
            tenths = max(int(each, 16) for each in text.split())
        except ValueError:
            continue
        name = path.parts[-3]
        if tenths == 0:
            continue
        seen = (
            f"{name}: used up"
            if tenths > 10
            else f"{name}: {(tenths - 1) * 10} to {tenths * 10} % of its life used"
        )
        worn = tenths >= USED_UP or read(path.with_name("pre_eol_info")) in ("0x02", "0x03")
        say = (
            ill("machine", "wear", Fault.WORN, seen, "below 80 %") if worn else well("machine", "wear", seen)
        )
        checks.append(say)
    return checks
