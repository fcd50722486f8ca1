"""A guest under QEMU: started, talked to, photographed, stopped, or cut off from power."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from tests.vm.channel import Channel, Silence
from tests.vm.machine import Machine
from tests.vm.qmp import Qmp
from tests.vm.shell import Shell

LIFE = 600.0
"""Seconds after which a guest is ended, whatever happens."""
LINES = ("qmp", "console", "shell", "seen")


class Guest:
    """`console` is the guest's first serial port, `shell` its second one, `qmp` QEMU, `seen` a line to the port
    `seen` of virtio, /dev/virtio-ports/seen in a guest with udev. A `with` starts it, and ends it.

    A shell is there with systemd.debug_shell=ttyS1 on amd64, =ttyS0 on arm64, whose first port is ttyAMA0.
    """

    def __init__(self, machine: Machine, life: float = LIFE) -> None:
        self.machine, self.life = machine, life
        self._ends = ExitStack()

    def __enter__(self) -> "Guest":
        self.folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory(prefix="vm-")))
        pairs = {name: socket.socketpair() for name in LINES}
        theirs = {name: pair[1].fileno() for name, pair in pairs.items()}
        words = [
            self.machine.program,
            *self.machine.words(self.folder, sys.executable),
            *_lines(self.machine, theirs),
        ]
        self._said = (self.folder / "qemu").open("w+")
        self._ends.callback(self._said.close)
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            pass_fds=tuple(theirs.values()),
            start_new_session=True,
        )
        self._guard = threading.Timer(self.life, self.cut)
        self._guard.start()
        channels = {name: Channel(pair[0], name) for name, pair in pairs.items()}
        for name, (_, end) in pairs.items():
            end.close()
            self._ends.callback(channels[name].close)
        self._ends.callback(self._bury)
        self.console, self.shell, self.seen = channels["console"], Shell(channels["shell"]), channels["seen"]
        self.qmp = Qmp(channels["qmp"])
        try:
            self.qmp.greet()
        except Silence:
            said = self.said
            self._ends.close()
            raise RuntimeError(f"QEMU did not start: {said}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def said(self) -> str:
        """What QEMU itself has said."""
        self._said.seek(0)
        return self._said.read().strip()

    def cut(self) -> None:
        """The plug is pulled: not one more byte reaches a disk or a line."""
        if self.running:
            os.kill(self.process.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> None:
        """Until the guest has switched itself off; TimeoutExpired if it does not."""
        self.process.wait(seconds)

    def picture(self, path: Path) -> Path:
        """What is on its screen, as PNG."""
        return self.qmp.screendump(path)

    def _bury(self) -> None:
        self._guard.cancel()
        self.cut()
        self.process.wait()


def _lines(machine: Machine, theirs: dict[str, int]) -> list[str]:
    """QMP, two serial ports and a quick line, on connected sockets: nothing is lost before somebody listens."""
    words = []
    for name, file in theirs.items():
        words += ["-chardev", f"socket,id={name},fd={file}"]
    words += ["-mon", "chardev=qmp,mode=control", "-serial", "chardev:console"]
    words += (
        ["-serial", "chardev:shell"] if machine.arch == "amd64" else ["-device", "pci-serial,chardev=shell"]
    )
    return [*words, "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=seen,name=seen"]
