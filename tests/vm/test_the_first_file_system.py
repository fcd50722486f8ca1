"""The archive that a kernel unpacks first, and which modules are in it, in which order."""

from pathlib import Path

from tests.vm.initrd import archive, needed

DEP = """\
kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko.xz kernel/lib/crc16.ko.xz kernel/fs/mbcache.ko.xz
kernel/fs/jbd2/jbd2.ko.xz:
kernel/fs/nfs/nfs.ko.xz: kernel/lib/crc16.ko.xz
kernel/lib/crc16.ko.xz:
kernel/drivers/block/virtio_blk.ko.xz:
"""


def test_modules_come_after_those_that_they_need(tmp_path: Path) -> None:
    (tmp_path / "modules.dep").write_text(DEP)
    assert [Path(each).name for each in needed(tmp_path)] == [
        "mbcache.ko.xz",
        "crc16.ko.xz",
        "jbd2.ko.xz",
        "ext4.ko.xz",
        "virtio_blk.ko.xz",
    ]


def test_an_archive_read_back() -> None:
    files = [("bin", 0o040755, b""), ("init", 0o100755, b"#!"), ("bin/sh", 0o100755, b"12345")]
    data, offset, found = archive(files), 0, []
    while True:
        magic, *fields = [
            data[offset : offset + 6],
            *(int(data[offset + n : offset + n + 8], 16) for n in range(6, 110, 8)),
        ]
        assert magic == b"070701"
        mode, size, length = fields[1], fields[6], fields[11]
        name = data[offset + 110 : offset + 110 + length].rstrip(b"\0").decode()
        offset += (110 + length + 3) // 4 * 4
        if name == "TRAILER!!!":
            break
        found.append((name, mode, data[offset : offset + size]))
        offset += (size + 3) // 4 * 4
    assert found == files
