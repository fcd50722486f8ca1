"""A skip that nobody expected fails the run where CI is set, and only there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

def test_passes(): pass

def test_skips(): pytest.skip("no such device")
"""


@pytest.mark.parametrize(("ci", "code"), [(False, 0), (True, 1)])
def test_an_unexpected_skip(tmp_path: Path, ci: bool, code: int) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_one.py").write_text(SKIPPING)
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_ADDOPTS")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir", tmp_path, "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env=environment | ({"CI": "true"} if ci else {}),
        capture_output=True,
        text=True,
    )
    assert run.returncode == code, run.stdout + run.stderr
    assert ("unexpected skip in CI: " in run.stdout and "no such device" in run.stdout) == ci
