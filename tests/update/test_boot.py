"""The boot loader's files, as RAUC has them changed: of a PC and of a Pi."""

from pathlib import Path

import pytest

from kiosk.update.boot import BootError, SystemdBoot, Tryboot, answer, backend, image_version, main, running
from tests.update.machine import uki


@pytest.fixture
def efi(tmp_path: Path) -> Path:
    folder = tmp_path / "EFI" / "Linux"
    folder.mkdir(parents=True)
    return folder


def lay(efi: Path, **versions: str) -> SystemdBoot:
    """Kernels by the ends of their names: a="1.0", or **{"b+0": "1.1"}."""
    for name, version in versions.items():
        (efi / f"kiosk-{name}.efi").write_bytes(uki(version))
    return SystemdBoot(efi)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_written_slot_is_no_slot_that_starts(efi: Path) -> None:
    loader = lay(efi, a="1.0", **{"b+0": "1.1"})
    assert loader.primary() == "a" and not loader.good("b")


def test_it_is_tried_three_times_and_then_the_old_one_starts(efi: Path) -> None:
    loader = lay(efi, a="1.0", **{"b+0": "1.1"})
    loader.choose("b")
    assert names(efi) == {"kiosk-a.efi", "kiosk-b+3.efi"} and loader.primary() == "b"
    (efi / "kiosk-b+3.efi").rename(efi / "kiosk-b+0-3.efi")
    assert loader.primary() == "a" and not loader.good("b")


def test_an_older_release_is_tried_as_well_and_the_newer_one_stays_what_starts(efi: Path) -> None:
    loader = lay(efi, a="1.10", b="1.9")
    loader.choose("b")
    assert names(efi) == {"kiosk-a+0.efi", "kiosk-b+3.efi"} and loader.primary() == "b"
    (efi / "kiosk-b+3.efi").rename(efi / "kiosk-b+0-3.efi")
    assert loader.primary() == "a"


def test_proved_and_barred(efi: Path) -> None:
    loader = lay(efi, a="1.0", **{"b+2-1": "1.1"})
    loader.mark("b", True)
    assert names(efi) == {"kiosk-a.efi", "kiosk-b.efi"}
    loader.mark("b", False)
    assert names(efi) == {"kiosk-a.efi", "kiosk-b+0.efi"}
    with pytest.raises(BootError, match="slot a is the last that starts"):
        loader.mark("a", False)


def test_a_kernel_is_laid_only_where_nothing_starts(efi: Path, tmp_path: Path) -> None:
    loader = lay(efi, a="1.0", **{"b+0-3": "1.1"})
    kernel = tmp_path / "kernel"
    kernel.write_bytes(uki("1.2"))
    loader.put("b", kernel)
    assert names(efi) == {"kiosk-a.efi", "kiosk-b+0.efi"}
    assert image_version(efi / "kiosk-b+0.efi") == [1, 2]
    with pytest.raises(BootError, match="mark it bad"):
        loader.put("a", kernel)


def test_of_two_files_of_one_slot_the_more_careful_one_counts(efi: Path) -> None:
    loader = lay(efi, a="1.0", b="1.1", **{"b+0": "1.1"})
    assert loader.primary() == "a"


def test_what_is_no_kernel_has_no_version(tmp_path: Path) -> None:
    (tmp_path / "x.efi").write_bytes(b"no kernel")
    assert image_version(tmp_path / "x.efi") == []


def test_a_folder_without_kernels(efi: Path) -> None:
    with pytest.raises(BootError, match="no kiosk-a"):
        SystemdBoot(efi).primary()


# ---- a Pi

AUTOBOOT = "[all]\ntryboot_a_b=1\nboot_partition=2\n[tryboot]\nboot_partition=2\n"


def test_a_pi_tries_once_and_keeps_what_has_proved_itself(tmp_path: Path) -> None:
    (tmp_path / "autoboot.txt").write_text(AUTOBOOT)
    loader = Tryboot(tmp_path)
    assert loader.primary() == "a"
    loader.choose("b")
    assert loader.primary() == "b"
    assert (tmp_path / "autoboot.txt").read_text() == AUTOBOOT.replace(
        "[tryboot]\nboot_partition=2", "[tryboot]\nboot_partition=3"
    ), "every start but that one is the old slot's"
    loader.mark("b", True)
    assert (tmp_path / "autoboot.txt").read_text() == AUTOBOOT.replace("boot_partition=2", "boot_partition=3")


def test_a_try_that_failed_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "autoboot.txt").write_text(AUTOBOOT)
    loader = Tryboot(tmp_path)
    loader.choose("b")
    loader.mark("b", False)
    assert loader.primary() == "a" and not loader.good("b")
    with pytest.raises(BootError, match="slot a is the last"):
        loader.mark("a", False)


# ---- the program


def test_what_rauc_asks_and_is_told(efi: Path, tmp_path: Path) -> None:
    lay(efi, a="1.0", **{"b+0": "1.1"})
    loader = backend(tmp_path)
    assert answer(loader, ["get-primary"]) == "a"
    assert answer(loader, ["get-state", "b"]) == "bad"
    assert answer(loader, ["set-primary", "b"]) == ""
    assert answer(loader, ["get-primary"]) == "b"
    assert answer(loader, ["set-state", "b", "good"]) == ""
    assert answer(loader, ["get-state", "b"]) == "good"
    with pytest.raises(ValueError, match="expected get-primary"):
        answer(loader, ["set-primary", "c"])


@pytest.mark.parametrize(
    ("line", "slot"), [("x rauc.slot=b", "b"), ("rauc.slot=a x\n", "a"), ("rauc.slot=ab", ""), ("", "")]
)
def test_the_slot_of_a_start(tmp_path: Path, line: str, slot: str) -> None:
    (tmp_path / "cmdline").write_text(line)
    assert running(tmp_path / "told", tmp_path / "cmdline") == slot
    (tmp_path / "told").write_text("b\n")
    assert running(tmp_path / "told", tmp_path / "cmdline") == "b", "the image's first program knows best"


def test_a_fault_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KIOSK_ESP", str(tmp_path))
    assert main(["get-primary"]) == 1
    assert capsys.readouterr().err == f"kiosk boot: {tmp_path}/autoboot.txt: No such file or directory\n"
