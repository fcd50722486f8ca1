"""The time that everything in an image bears: that of its source, so that it is the same in every build."""

import os
import subprocess
from datetime import UTC, datetime

from image.host import BuildError
from image.recipe import ROOT


def source_time() -> int:
    """SOURCE_DATE_EPOCH, or when the source was last committed. Raises BuildError without either."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
    if not told.stdout.strip():
        raise BuildError("no time of the source: set SOURCE_DATE_EPOCH")
    return int(told.stdout)


def written(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(epoch: int) -> str:
    """A release's folder in /opt/kiosk, as systemd/install.sh names it."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y%m%dT%H%M%S")
