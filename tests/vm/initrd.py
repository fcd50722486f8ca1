"""The first file system of a guest: the modules that its disks need, one program, and the way to the root."""

import gzip
import lzma
import stat
from pathlib import Path

DISKS = ("virtio_pci", "virtio_blk", "virtio_net", "ext4", "crc32c_generic", "crc32c_intel")
USB = ("xhci_pci", "ftdi_sio", "usbhid", "hid_generic", "evdev")
MODULES = DISKS + USB
INIT = """#!/bin/busybox sh
b=/bin/busybox
$b mkdir -p /proc /sys /dev /root
$b mount -t proc proc /proc
$b mount -t devtmpfs dev /dev
for module in $($b cat /modules/order); do $b insmod /modules/$module; done
$b mount -t ext4 -o ro,noload /dev/vda /root
exec $b switch_root /root {init}
"""


def initrd(root: Path, init: str) -> bytes:
    """A cpio archive for the one kernel in `root`, whose `init` it starts there."""
    files = [
        ("bin", 0o040755, b""),
        ("modules", 0o040755, b""),
        ("init", 0o100755, INIT.format(init=init).encode()),
    ]
    files.append(("bin/busybox", 0o100755, (root / "usr/bin/busybox").read_bytes()))
    kernel = next(iter((root / "usr/lib/modules").iterdir()))
    order = needed(kernel)
    for module in order:
        data = (kernel / module).read_bytes()
        files.append(
            (f"modules/{named(module)}", 0o100644, lzma.decompress(data) if module.endswith(".xz") else data)
        )
    files.append(("modules/order", 0o100644, " ".join(map(named, order)).encode()))
    return gzip.compress(archive(files), 1, mtime=0)


def named(module: str) -> str:
    return Path(module).name.removesuffix(".xz")


def needed(kernel: Path) -> list[str]:
    """The files of MODULES, those that they need first; what is built into the kernel is none."""
    needs = {}
    for line in (kernel / "modules.dep").read_text().splitlines():
        module, _, others = line.partition(": ")
        needs[module.rstrip(":")] = others.split()
    order: list[str] = []
    for module, first in needs.items():
        if named(module).removesuffix(".ko").replace("-", "_") in MODULES:
            order += [other for other in (*reversed(first), module) if other not in order]
    return order


def archive(files: list[tuple[str, int, bytes]]) -> bytes:
    """Files with their modes as cpio in the "newc" format, all of root's and of the year 1970."""
    data = bytearray()
    for number, (name, mode, body) in enumerate([*files, ("TRAILER!!!", 0, b"")], 1):
        assert stat.S_ISDIR(mode) or stat.S_ISREG(mode) or not mode
        fields = (number, mode, 0, 0, 1, 0, len(body), 0, 0, 0, 0, len(name) + 1, 0)
        data += b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        data += bytes(-len(data) % 4) + body
        data += bytes(-len(data) % 4)
    return bytes(data)
