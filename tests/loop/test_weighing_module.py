"""The code that prices by weight has a name: the same for the same code, another one for one byte more."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.loop import weighing_module
from kiosk.loop.weighing_module import ROOT, digest, files, shown


def copied(folder: Path) -> Path:
    for path in files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    return folder


def test_the_hash_is_what_sha256sum_says() -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("needs sha256sum")
    names = [str(path) for path in files()]
    run = subprocess.run(["sha256sum", *names], cwd=ROOT, capture_output=True, check=True)
    whole = subprocess.run(["sha256sum"], input=run.stdout, capture_output=True, check=True)
    assert whole.stdout.decode().split()[0] == digest()


def test_one_byte_in_any_of_its_files_changes_it(tmp_path: Path) -> None:
    root, before = copied(tmp_path), digest()
    assert digest(root) == before
    for path in files():
        was = (root / path).read_bytes()
        (root / path).write_bytes(was + b" ")
        assert digest(root) != before, path
        (root / path).write_bytes(was)
    assert digest(root) == before


def test_a_missing_file_is_no_hash(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "kiosk" / "units.py").unlink()
    with pytest.raises(FileNotFoundError):
        digest(root)


def test_all_of_it_is_there() -> None:
    names = {path.as_posix() for path in files()}
    assert {"drivers/scales/scale.py", "screens/weigh.py", "kiosk/checkout/weighing.py"} <= names
    assert all((ROOT / name).exists() for name in weighing_module.MODULES)
    assert shown("7f3a91c2" + 56 * "0") == "1.0 · 7F3A 91C2"
