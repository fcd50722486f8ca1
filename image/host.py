"""What the machine that builds lends: its commands, its mirror of Debian."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


class BuildError(Exception):
    """The image cannot be built; says what is missing or what went wrong."""


def run(*words: str | Path, env: Mapping[str, str] | None = None, quiet: bool = True) -> str:
    """What the command printed. Raises BuildError with the end of what it complained of."""
    done = subprocess.run(
        [str(word) for word in words],
        env={**os.environ, "LC_ALL": "C", **(env or {})},
        capture_output=quiet,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout or "").splitlines()[-15:])
        raise BuildError(f"{Path(words[0]).name} ended with {done.returncode}\n{said}")
    return done.stdout or ""


def mirrors(suite: str) -> list[str]:
    """The suite's lines for apt: KIOSK_MIRROR and KIOSK_SECURITY name the mirrors, else this host's own are used."""
    found = {
        "Debian": os.environ.get("KIOSK_MIRROR", ""),
        "Debian-Security": os.environ.get("KIOSK_SECURITY", ""),
    }
    if not all(found.values()):
        told = run(
            "apt-get",
            "indextargets",
            "--format",
            "$(LABEL) $(REPO_URI)",
            "Created-By: Packages",
            "Origin: Debian",
        )
        for line in told.splitlines():
            label, address = line.split()
            found[label] = found.get(label) or address
    if not found["Debian"] or not found["Debian-Security"]:
        raise BuildError("no mirror of Debian: run apt-get update, or set KIOSK_MIRROR and KIOSK_SECURITY")
    main, security = found["Debian"], found["Debian-Security"]
    return [
        f"deb {main} {suite} main",
        f"deb {main} {suite}-updates main",
        f"deb {security} {suite}-security main",
    ]
