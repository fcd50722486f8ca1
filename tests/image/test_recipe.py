"""image.toml: what it says is there, fits, and is named once."""

from pathlib import Path

import msgspec
import pytest

from image import debian, disk, recipe
from image.recipe import ARCHITECTURES, HERE, ROOT

RECIPE = recipe.read()
FILES = HERE / "files/start"


def test_a_key_that_nobody_knows_is_an_error_with_its_path(tmp_path: Path) -> None:
    wrong = tmp_path / "image.toml"
    wrong.write_text((HERE / "image.toml").read_text().replace("[units]", "[units]\nenable = []"))
    with pytest.raises(msgspec.ValidationError, match=r"enable.*\$\.units"):
        recipe.read(wrong)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_no_package_is_named_twice(arch: str) -> None:
    named = [*RECIPE.packages, *RECIPE.machine(arch).packages]
    assert len(named) == len(set(named)) and RECIPE.everything(arch) == sorted(named)


def test_every_unit_of_ours_that_is_enabled_is_a_file_here() -> None:
    here = {
        path.name
        for folder in (
            ROOT / "systemd",
            ROOT / "systemd/appliance/etc/systemd/system",
            FILES / "etc/systemd/system",
        )
        for path in folder.glob("*.*")
    }
    ours = {name for name in RECIPE.units.enabled if name.startswith("kiosk")}
    assert ours and ours <= here


def test_no_unit_is_both_enabled_and_masked() -> None:
    assert not set(RECIPE.units.enabled) & set(RECIPE.units.masked)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_partitions_follow_each_other_within_the_disk(arch: str) -> None:
    at = disk.starts(RECIPE.disk)
    ends = [start + part.size for start, part in zip(at, RECIPE.disk, strict=True)]
    assert at[0] == 1 and at[1:] == ends[:-1] and ends[-1] + 1 == disk.size(RECIPE.disk)
    lines = disk.table(RECIPE, arch).splitlines()
    assert sum(f"name={part.label}" in line for line in lines for part in RECIPE.disk) == len(RECIPE.disk)
    assert len({line.split("uuid=")[1] for line in lines if "uuid=" in line}) == len(RECIPE.disk)


def test_both_slots_are_as_large_and_hold_a_root_of_350_mb() -> None:
    sizes = {part.label: part.size for part in RECIPE.disk}
    assert sizes["root-a"] == sizes["root-b"] and sizes["root-a"] << 20 > 350_000_000


def test_what_outlives_a_restart_is_made_before_it_is_bound() -> None:
    script = (FILES / "usr/lib/kiosk/data-folders").read_text()
    made = script.split("for folder in ")[1].split(";")[0].split()
    assert made == list(RECIPE.data.folders)
    assert f"Label={RECIPE.data.label}\n" in (FILES / "etc/repart.d/data.conf").read_text()


def test_raucs_slots_are_the_disks() -> None:
    conf = (FILES / "etc/rauc/system.conf").read_text()
    slots = {part.label for part in RECIPE.disk if part.label.startswith("root-")}
    assert {line.rpartition("/")[2] for line in conf.splitlines() if line.startswith("device=")} == slots
    assert {f"root-{line[-1]}" for line in conf.splitlines() if line.startswith("bootname=")} == slots


def test_every_package_that_is_asked_for_is_in_the_lock() -> None:
    lock = debian.locked(debian.lock_of("amd64").read_text())
    assert set(RECIPE.everything("amd64")) <= set(lock)
