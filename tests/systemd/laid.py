"""A machine as install.sh lays it, under a folder, with the programs that its units call."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEMD = ROOT / "systemd"
APPLIANCE = SYSTEMD / "appliance"
VENDOR = Path("/usr/lib/systemd/system")
UNITS = sorted(path.name for kind in ("*.service", "*.timer") for path in SYSTEMD.glob(kind))

PROGRAMS = (
    "opt/kiosk/current/bin/kiosk", "opt/kiosk/current/bin/store",
    "usr/sbin/nft", "usr/sbin/sshd", "usr/bin/chmod", "bin/kill",
)  # fmt: skip


def tool(name: str) -> str:
    """A program of the system's; without it the test is skipped, by its name."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if path is None:
        pytest.skip(f"needs {name}")
    return path


def run(*command: str | Path, **environment: str) -> tuple[int, str]:
    """Exit code and all that it said."""
    done = subprocess.run(
        command,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def lay(tree: Path, appliance: bool) -> Path:
    """What `make install` lays, or what the image has, among systemd's own units."""
    if not (VENDOR / "sysinit.target").exists():
        pytest.skip("needs systemd's own units")
    shutil.copytree(VENDOR, tree / VENDOR.relative_to("/"), symlinks=True)
    settings = {"DESTDIR": str(tree), "VENV": "skip", "APPLIANCE": "1" if appliance else ""}
    code, said = run(SYSTEMD / "install.sh", "install", **settings)
    assert code == 0, said
    for program in PROGRAMS:
        (tree / program).parent.mkdir(parents=True, exist_ok=True)
        (tree / program).touch(mode=0o755)
    return tree


def analyze(tree: Path, *arguments: str) -> tuple[int, str]:
    return run(tool("systemd-analyze"), *arguments, f"--root={tree}", SYSTEMD_LOG_LEVEL="warning")
