"""An image for another processor: its emulator is made known to the kernel, or a person is told what to do."""

from pathlib import Path

import pytest

from image.foreign import runnable, tell
from image.host import BuildError, run


def test_the_kernel_is_told_what_the_emulators_package_says(tmp_path: Path) -> None:
    (tmp_path / "register").touch()
    (tmp_path / "qemu-aarch64.conf").write_text(":qemu-aarch64:M::\\x7fELF:\\xff:/usr/bin/emulator:OPF")
    assert tell("arm64", tmp_path, tmp_path) == "qemu-aarch64"
    assert (tmp_path / "register").read_text() == (tmp_path / "qemu-aarch64.conf").read_text()


def test_without_an_emulator_a_person_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="qemu-user-static"):
        tell("arm64", tmp_path, tmp_path)


def test_a_kernel_that_cannot_be_told_is_said_with_the_commands(tmp_path: Path) -> None:
    (tmp_path / "qemu-aarch64.conf").touch()
    (tmp_path / "register").mkdir()
    with pytest.raises(BuildError, match=f"cat {tmp_path}/qemu-aarch64.conf >{tmp_path}/register"):
        tell("arm64", tmp_path, tmp_path)


def test_this_machines_own_programs_need_nothing() -> None:
    runnable(run("dpkg", "--print-architecture").strip())
