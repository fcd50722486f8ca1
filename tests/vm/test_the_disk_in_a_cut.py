"""What a volatile cache may leave behind, whatever was written and flushed before."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vm.volatile import SECTOR, VolatileDisk

SECTORS = 8
SECTOR_OF = st.integers(0, SECTORS - 1)
VALUE = st.integers(1, 255)
ORDERS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), SECTOR_OF, VALUE),
        st.tuples(st.just("through"), SECTOR_OF, VALUE),
        st.tuples(st.just("trim"), SECTOR_OF, st.just(0)),
        st.tuples(st.just("flush"), st.just(0), st.just(0)),
    ),
    max_size=40,
)


def play(disk: VolatileDisk, orders: list[tuple[str, int, int]]) -> tuple[list[set[int]], list[int]]:
    """What each sector may hold after a cut, and what it holds without one."""
    may, now = [{0} for _ in range(SECTORS)], [0] * SECTORS
    for order, sector, value in orders:
        data = bytes([value]) * SECTOR
        if order == "flush":
            disk.flush()
            may = [{held} for held in now]
            continue
        if order == "trim":
            disk.trim(sector * SECTOR, SECTOR)
        else:
            disk.write(sector * SECTOR, data, through=order == "through")
        now[sector] = value
        may[sector] = {value} if order == "through" else may[sector] | {value}
    return may, now


def empty(folder: str) -> VolatileDisk:
    path = Path(folder) / "image"
    path.write_bytes(bytes(SECTORS * SECTOR))
    return VolatileDisk(path)


@given(ORDERS, st.integers())
def test_a_cut_leaves_what_was_flushed_and_of_the_rest_any_version(
    orders: list[tuple[str, int, int]], seed: int
) -> None:
    with TemporaryDirectory() as folder:
        disk = empty(folder)
        may, now = play(disk, orders)
        assert [disk.read(n * SECTOR, SECTOR)[0] for n in range(SECTORS)] == now
        disk.cut(Random(seed))
        disk.close()
        image = disk.path.read_bytes()
    for number in range(SECTORS):
        sector = image[number * SECTOR : (number + 1) * SECTOR]
        assert sector == sector[:1] * SECTOR, "a sector is written whole"
        assert sector[0] in may[number]


def test_the_coin_falls_both_ways(tmp_path: Path) -> None:
    disk = empty(str(tmp_path))
    left = set()
    for seed in range(40):
        disk.write(0, b"\1" * SECTOR, through=True)
        disk.write(0, b"\2" * SECTOR)
        disk.write(0, b"\3" * SECTOR)
        remains = disk.cut(Random(seed))
        assert remains.kept + remains.dropped == [0]
        left.add(disk.read(0, SECTOR)[0])
    disk.close()
    assert left == {1, 2, 3}


def test_an_alarm_with_the_third_write_and_no_other(tmp_path: Path) -> None:
    disk = empty(str(tmp_path))
    heard: list[bytes] = []
    disk.after(3, lambda: heard.append(disk.read(0, SECTOR)[:1]))
    for value in range(1, 7):
        disk.write(0, bytes([value]) * SECTOR)
    disk.close()
    assert heard == [b"\3"]


@pytest.mark.parametrize(("offset", "length"), [(1, 512), (0, 100), (SECTORS * SECTOR, 512), (-512, 512)])
def test_only_whole_sectors_of_the_disk(tmp_path: Path, offset: int, length: int) -> None:
    disk = empty(str(tmp_path))
    with pytest.raises(ValueError, match="not whole sectors"):
        disk.write(offset, bytes(length))
    with pytest.raises(ValueError, match="not whole sectors"):
        disk.read(offset, length)
    disk.close()
