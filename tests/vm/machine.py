"""What a guest is made of, and the words in which QEMU is told."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

GATE = "10.0.2.100"
"""The address at which a guest finds everything outside that it may reach."""
PIPE = Path(__file__).with_name("pipe.py")


class Drive(NamedTuple):
    """A disk: an image file, or the socket of an NBD server. `kept` False: what is written is forgotten."""

    id: str
    file: Path | None = None
    nbd: Path | None = None
    format: str = "raw"
    readonly: bool = False
    kept: bool = True

    def words(self) -> list[str]:
        here = {"file": str(self.file)} if self.file else {"file.driver": "nbd", "file.path": str(self.nbd)}
        options = here | {"if": "none", "id": self.id, "format": self.format}
        options |= {"readonly": "on"} if self.readonly else {}
        options |= {} if self.kept else {"snapshot": "on"}
        joined = ",".join(f"{name}={value}" for name, value in options.items())
        return ["-drive", joined, "-device", f"virtio-blk-pci,drive={self.id},serial={self.id}"]


class Machine(NamedTuple):
    """A lane's computer. It starts from `kernel` and `initrd`, or from its first drive by `firmware`.

    `usb` names serial devices on the USB, each with that serial number; `doors` are the ports at GATE that lead to
    ports of this machine's loopback: nothing else outside can be reached. `screen` in pixels; None: there is none.
    """

    drives: tuple[Drive, ...]
    kernel: Path | None = None
    initrd: Path | None = None
    append: str = ""
    firmware: Path | None = None
    arch: str = "amd64"
    memory: int = 1024
    processors: int = 2
    screen: tuple[int, int] | None = (1024, 768)
    keyboard: bool = True
    usb: tuple[str, ...] = ()
    doors: Mapping[int, int] = {}
    watchdog: bool = True
    more: tuple[str, ...] = ()

    @property
    def program(self) -> str:
        return {"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}[self.arch]

    def words(self, folder: Path, python: str) -> list[str]:
        """Everything but the lines to console, shell and QMP; `folder` is for sockets."""
        kinds: Iterable[list[str]] = (
            self._board(),
            self._start(),
            *(drive.words() for drive in self.drives),
            self._seen(),
            *(self._serial(name, folder) for name in self.usb),
            self._net(python),
            list(self.more),
        )
        return [word for words in kinds for word in words]

    def _board(self) -> list[str]:
        board = {"amd64": ["q35,accel=tcg", "max"], "arm64": ["virt,accel=tcg,gic-version=3", "cortex-a72"]}
        machine, cpu = board[self.arch]
        words = ["-machine", machine, "-cpu", cpu, "-smp", str(self.processors), "-m", str(self.memory)]
        words += ["-nodefaults", "-no-user-config", "-display", "none", "-device", "virtio-rng-pci"]
        if self.watchdog:
            words += ["-device", "i6300esb", "-action", "watchdog=reset"]
        return words

    def _start(self) -> list[str]:
        words = ["-kernel", str(self.kernel)] if self.kernel else []
        words += ["-initrd", str(self.initrd)] if self.initrd else []
        words += ["-append", self.append] if self.append else []
        words += ["-bios", str(self.firmware)] if self.firmware else []
        return words

    def _seen(self) -> list[str]:
        words = ["-device", "qemu-xhci,id=xhci"] if self.keyboard or self.usb else []
        if self.screen:
            words += ["-device", f"virtio-gpu-pci,xres={self.screen[0]},yres={self.screen[1]}"]
        if self.keyboard:
            words += ["-device", "usb-kbd,bus=xhci.0", "-device", "usb-tablet,bus=xhci.0"]
        return words

    def _serial(self, name: str, folder: Path) -> list[str]:
        line = f"socket,id=usb-{name},path={folder / name},server=on,wait=off"
        return [
            "-chardev",
            line,
            "-device",
            f"usb-serial,chardev=usb-{name},bus=xhci.0,serial={name},id={name}",
        ]

    def _net(self, python: str) -> list[str]:
        if not self.doors:
            return ["-nic", "none"]
        doors = [
            f"guestfwd=tcp:{GATE}:{there}-cmd:{python} -S -E {PIPE} {here}"
            for there, here in self.doors.items()
        ]
        return [
            "-netdev",
            ",".join(["user,id=net", "restrict=on", *doors]),
            "-device",
            "virtio-net-pci,netdev=net",
        ]
