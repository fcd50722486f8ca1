"""What the image is put together with: the kernel's archive, the EFI program, the list of contents, the doors."""

import os
import re
import struct
from pathlib import Path

import pytest

from image import build, debian, disk, initrd, sbom, tree, uki
from image.host import BuildError
from image.recipe import HERE

DEP = """\
kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko.xz kernel/lib/crc16.ko.xz
kernel/fs/jbd2/jbd2.ko.xz:
kernel/lib/crc16.ko.xz:
kernel/drivers/md/dm-verity.ko.xz: kernel/drivers/md/dm-mod.ko.xz
kernel/drivers/md/dm-mod.ko.xz:
"""


def test_a_module_comes_after_what_it_needs_and_once() -> None:
    order = [
        initrd.plain_name(path) for path in initrd.needed(DEP, ("ext4", "jbd2", "dm_verity", "built_in"))
    ]
    assert order == ["crc16.ko", "jbd2.ko", "ext4.ko", "dm-mod.ko", "dm-verity.ko"]


def test_the_archive_is_one_that_cpio_reads(tmp_path: Path) -> None:
    data = initrd.archive([("bin", 0o040755, b""), ("bin/sh", 0o100755, b"abc"), ("init", 0o100755, b"")])
    assert data == initrd.archive(
        [("bin", 0o040755, b""), ("bin/sh", 0o100755, b"abc"), ("init", 0o100755, b"")]
    )
    at, seen = 0, {}
    while at < len(data):
        fields = [int(data[at + 6 + 8 * n : at + 14 + 8 * n], 16) for n in range(13)]
        name = data[at + 110 : at + 110 + fields[11] - 1].decode()
        body = at + 110 + fields[11] + (-(110 + fields[11]) % 4)
        seen[name] = (fields[1], data[body : body + fields[6]])
        at = body + fields[6] + (-fields[6] % 4)
    assert seen == {
        "bin": (0o040755, b""),
        "bin/sh": (0o100755, b"abc"),
        "init": (0o100755, b""),
        "TRAILER!!!": (0, b""),
    }


def stub(room: int = 8) -> bytes:
    """An EFI program with one section and room for more, as small as the format lets it be."""
    sections = 64 + 24 + 240
    headers = uki.up(sections + (1 + room) * uki.HEADER, 512)
    head = bytearray(headers)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3C, 64)
    head[64:68] = b"PE\0\0"
    struct.pack_into("<HH", head, 64 + 4, 0x8664, 1)
    struct.pack_into("<H", head, 64 + 20, 240)
    struct.pack_into("<II", head, 88 + 32, 4096, 512)
    struct.pack_into("<II", head, 88 + 56, 8192, headers)
    struct.pack_into("<8sIIII", head, sections, b".text", 5, 4096, 512, headers)
    return bytes(head) + b"hello".ljust(512, b"\0")


def test_the_parts_of_the_efi_program_are_found_where_its_table_says() -> None:
    parts = {".cmdline": b"quiet\0", ".linux": os.urandom(5000)}
    made = uki.uki(stub(), parts)
    pe = uki.parse(made)
    assert [name for name, _, _ in pe.sections] == [".text", ".cmdline", ".linux"]
    for number, (name, address, size) in enumerate(pe.sections[1:], 1):
        raw, at = struct.unpack_from("<II", made, pe.sections_at + number * uki.HEADER + 16)
        assert made[at : at + size] == parts[name] and raw % 512 == 0 and address % 4096 == 0
    assert all(a + size <= b for (_, a, size), (_, b, _) in zip(pe.sections, pe.sections[1:], strict=False))


def test_a_stub_without_room_or_that_is_none_is_refused() -> None:
    with pytest.raises(BuildError, match="no room"):
        uki.uki(stub(room=0), {f".part{n}": b"" for n in range(8)})
    with pytest.raises(BuildError, match="no EFI program"):
        uki.parse(b"#!/bin/sh\n" * 100)


def test_the_list_of_contents_names_every_part_once_with_its_hash() -> None:
    wheels = {Path("pygame_ce-2.5.8-cp313-cp313-manylinux2014_x86_64.whl"): "ab" * 32}
    made = sbom.document(
        "kiosk", "amd64", "1.2", "2026-11-30T00:00:00Z", {"udev": "257.13-1~deb13u1"}, wheels
    )
    ids = [each["SPDXID"] for each in made["packages"]]
    assert len(set(ids)) == len(ids) == 3
    assert {each["relatedSpdxElement"] for each in made["relationships"]} == set(ids)
    wheel = made["packages"][2]
    assert (wheel["name"], wheel["versionInfo"]) == ("pygame-ce", "2.5.8")
    assert wheel["checksums"] == [{"algorithm": "SHA256", "checksumValue": "ab" * 32}]


def test_what_moved_since_the_lock_is_named() -> None:
    lock = debian.locked(debian.as_lock({"udev": "1", "gone": "2"}))
    assert lock == {"udev": "1", "gone": "2"}
    assert debian.moved(lock, {"udev": "3", "new": "4"}) == [
        "gone 2 -> (none)",
        "new (none) -> 4",
        "udev 1 -> 3",
    ]


def house(folder: Path, shadow: str) -> Path:
    (folder / "etc").mkdir()
    (folder / "etc/shadow").write_text(shadow)
    (folder / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    return folder


def test_a_tree_without_passwords_and_keys_has_no_door(tmp_path: Path) -> None:
    tree.check(house(tmp_path, "root:*:20000:0:99999:7:::\nkiosk:!*:20000::::::\n"))


@pytest.mark.parametrize("shadow", ["root::20000:0:99999:7:::\n", "root:$y$j9T$abc:20000:0:99999:7:::\n"])
def test_a_password_and_the_lack_of_one_are_doors(tmp_path: Path, shadow: str) -> None:
    with pytest.raises(BuildError, match=r"root has (a|no) password"):
        tree.check(house(tmp_path, shadow))


def test_keys_that_came_along_are_doors(tmp_path: Path) -> None:
    house(tmp_path, "root:*:1::::::\n")
    (tmp_path / "etc/ssh").mkdir()
    (tmp_path / "etc/ssh/ssh_host_ed25519_key").touch()
    (tmp_path / "home/pi/.ssh").mkdir(parents=True)
    (tmp_path / "home/pi/.ssh/authorized_keys").touch()
    assert len(tree.doors(tmp_path)) == 2


def test_a_partition_is_laid_sparsely_and_never_over_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "disk").write_bytes(bytes(4 * disk.MIB))
    (tmp_path / "part").write_bytes(bytes(disk.MIB) + b"x" * 10)
    disk.lay(tmp_path / "part", tmp_path / "disk", disk.MIB, 2 * disk.MIB, "root-a")
    assert (tmp_path / "disk").read_bytes() == bytes(2 * disk.MIB) + b"x" * 10 + bytes(2 * disk.MIB - 10)
    with pytest.raises(BuildError, match="root-a: 2 MiB do not fit into 1"):
        disk.lay(tmp_path / "part", tmp_path / "disk", 0, disk.MIB, "root-a")


def test_rauc_finds_no_root_in_the_kernels_words_and_asks_for_the_slot() -> None:
    words = build.bound("ab" * 32, 4096, disk.named("root"))
    assert "root=" not in words
    assert set(re.findall(r"kiosk\.(\w+)=", words)) == set(
        re.findall(r"kiosk\.(\w+)=\*", (HERE / "files/init").read_text())
    )
