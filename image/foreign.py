"""Programs of another processor, which Debian's packages run while they are set up: by QEMU's emulation of one.

The kernel of the machine that builds must know the emulator (binfmt_misc, flag F: inside a chroot too).
"""

import shutil
import sys
import tempfile
from pathlib import Path

from image.host import BuildError, run

KNOWN = Path("/proc/sys/fs/binfmt_misc")
EMULATORS = Path("/usr/lib/binfmt.d")
PROCESSORS = {"amd64": "x86_64", "arm64": "aarch64"}
INSTALL = "apt-get install --no-install-recommends qemu-user-static arch-test"


def runnable(arch: str) -> None:
    """Sees to it that programs of `arch` run in a chroot here, and says what it changed. Raises BuildError."""
    if run("dpkg", "--print-architecture").strip() == arch:
        return
    if shutil.which("arch-test") is None:
        raise BuildError(f"an image for {arch} needs its emulator here: {INSTALL}")
    if runs(arch):
        return
    name = tell(arch, KNOWN, EMULATORS)
    print(f"image: told this machine's kernel of {name}, until its next start (binfmt_misc)", file=sys.stderr)
    if not runs(arch):
        raise BuildError(f"{name} is known to this kernel, and still no program of {arch} runs in a chroot")


def runs(arch: str) -> bool:
    """Whether a program of that processor runs with an empty folder as its root. Needs root itself."""
    with tempfile.TemporaryDirectory() as root:
        try:
            run("arch-test", "-c", root, arch)
        except BuildError:
            return False
    return True


def tell(arch: str, known: Path, emulators: Path) -> str:
    """Makes the emulator known, and returns its name. Raises BuildError with what a person has to do instead."""
    name = f"qemu-{PROCESSORS[arch]}"
    conf = emulators / f"{name}.conf"
    if not conf.exists():
        raise BuildError(f"an image for {arch} needs its emulator here: {INSTALL}")
    try:
        if not (known / "register").exists():
            run("mount", "-t", "binfmt_misc", "binfmt_misc", known)
        (known / "register").write_text(conf.read_text())
    except (BuildError, OSError) as wrong:
        old = known / name
        raise BuildError(
            f"no program of {arch} runs in a chroot here, and this may not change it: {wrong}\n"
            f"as root, outside of any container: mountpoint -q {known} || mount -t binfmt_misc binfmt_misc {known};"
            f" [ ! -e {old} ] || echo -1 >{old}; cat {conf} >{known}/register"
        ) from wrong
    return name
