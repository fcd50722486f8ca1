"""The first file system of a guest: the modules that its disks need, one program, and the way to the root."""

import gzip
from pathlib import Path

from image.initrd import archive, loaded, the_kernel

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
        ("init", 0o100755, INIT.format(init=init).encode()),
        ("bin/busybox", 0o100755, (root / "usr/bin/busybox").read_bytes()),
        *loaded(the_kernel(root), MODULES),
    ]
    return gzip.compress(archive(files), 1, mtime=0)
