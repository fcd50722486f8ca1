"""What SQLite writes and syncs, recorded below it: after a power cut only what was synced is sure to be there.

The default VFS of the very library that Python's sqlite3 uses gives way to a copy of itself whose files, where they are
watched, tell a Disk of each write, truncation and sync first. Locks, reads and shared memory are SQLite's own.
"""

import _sqlite3
import ctypes
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from random import Random

OK, READ_ONLY, FULL, WRITE_ERROR, FSYNC_ERROR = 0, 8, 13, 778, 1034
SECTOR = 512

OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class Vfs(Structure):
    """sqlite3_vfs, version 3 (sqlite3.h)."""

    _fields_ = [
        ("version", c_int), ("file_size", c_int), ("max_path", c_int), ("next", c_void_p),
        ("name", c_char_p), ("app_data", c_void_p), ("open", OPEN),
        *((name, c_void_p) for name in (
            "delete", "access", "full_path", "dl_open", "dl_error", "dl_sym", "dl_close", "randomness", "sleep",
            "current_time", "last_error", "current_time_64", "set_call", "get_call", "next_call")),
    ]  # fmt: skip


class Methods(Structure):
    """sqlite3_io_methods, version 3 (sqlite3.h)."""

    _fields_ = [
        ("version", c_int), ("close", c_void_p), ("read", c_void_p),
        ("write", WRITE), ("truncate", TRUNCATE), ("sync", SYNC),
        *((name, c_void_p) for name in (
            "size", "lock", "unlock", "check_lock", "control", "sector", "device",
            "shm_map", "shm_lock", "shm_barrier", "shm_unmap", "fetch", "unfetch")),
    ]  # fmt: skip


Op = tuple[int, bytes | None]
"""A write at an offset, or (None) a truncation to that length."""


class File:
    """One file: what is sure (`synced`), and what has been written since, which a power cut may lose."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.synced = bytearray(path.read_bytes() if path.exists() else b"")
        self.since: list[Op] = []

    def sync(self) -> None:
        for op in self.since:
            play(self.synced, op)
        self.since.clear()

    def after_power_cut(self, random: Random, torn: bool) -> bytes:
        """What was synced, and of what was not anything from nothing to all; `torn`: only sectors of the last."""
        data = bytearray(self.synced)
        how = "torn" if torn else random.choice(("none", "all", "some"))
        if how == "none":
            return bytes(data)
        upto = len(self.since) if how == "all" else random.randint(0, len(self.since))
        for number, (at, what) in enumerate(self.since[:upto]):
            if how == "some" and random.random() < 0.5:
                continue
            if how == "torn" and number == upto - 1 and what is not None:
                for cut in range(0, len(what), SECTOR):
                    if random.random() < 0.5:
                        play(data, (at + cut, what[cut : cut + SECTOR]))
                continue
            play(data, (at, what))
        return bytes(data)


def play(data: bytearray, op: Op) -> None:
    at, what = op
    if what is None:
        del data[at:]
        return
    if at > len(data):
        data.extend(bytes(at - len(data)))
    data[at : at + len(what)] = what


class Disk:
    """The files in one folder. `fault` answers each write with an SQLite error code or 0; `seen` hears of it first.

    `unsynced` counts the writes that a power cut found not synced.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, File] = {}
        self.frozen: dict[str, bytes] | None = None
        self.fault: Callable[[str], int] = lambda what: OK
        self.seen: Callable[[str], None] = lambda what: None
        self.synced = self.written = 0
        self.tears = False
        self.unsynced = 0

    def file(self, path: Path) -> File:
        return self.files.setdefault(path.name, File(path))

    def before(self, what: str) -> int:
        """Whether that may be done; after the end of the process nothing may."""
        if self.frozen is None:
            self.seen(what)
        if self.frozen is not None:
            return WRITE_ERROR
        return self.fault(what)

    def freeze(self, random: Random, power: bool) -> None:
        """The process has ended: this is what is on the disk."""
        if self.frozen is None:
            self.unsynced = sum(len(file.since) for file in self.files.values()) if power else 0
            self.frozen = {
                name: file.after_power_cut(random, self.tears) if power else file.path.read_bytes()
                for name, file in self.files.items()
                if file.path.exists()
            }

    def thaw(self, folder: Path) -> "Disk":
        """The disk as the next process finds it, in another folder."""
        assert self.frozen is not None
        for name, data in self.frozen.items():
            (folder / name).write_bytes(data)
        return watch(folder)


DISKS: dict[str, Disk] = {}
_open_files: dict[int, tuple[Disk, File]] = {}
_tables: dict[int, tuple[Methods, Methods]] = {}
_library: list[object] = []


def watch(folder: Path) -> Disk:
    """From now on the databases in that folder are recorded."""
    install()
    disk = DISKS[str(folder)] = Disk(folder)
    return disk


def forget(disk: Disk) -> None:
    DISKS.pop(str(disk.folder), None)


def install() -> None:
    """Take the place of SQLite's default VFS, once."""
    if _library:
        return
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = POINTER(Vfs)
    own = library.sqlite3_vfs_find(None).contents
    ours = Vfs.from_buffer_copy(own)
    ours.name = b"recorded"
    ours.open = OPEN(
        lambda vfs, name, file, flags, out: _opened(own.open(vfs, name, file, flags, out), name, file)
    )
    _library.extend((library, own, ours))
    if library.sqlite3_vfs_register(ctypes.byref(ours), 1) != OK:
        raise RuntimeError("SQLite takes no VFS")


def _opened(result: int, name: int | None, file: int) -> int:
    if result != OK or not name:
        return result
    path = Path(ctypes.string_at(name).decode())
    disk = DISKS.get(str(path.parent))
    if disk is None:
        return result
    _open_files[file] = (disk, disk.file(path))
    pointer = ctypes.cast(file, POINTER(c_void_p))
    own = pointer[0]
    assert own is not None
    if own not in _tables:
        _tables[own] = _recorded(Methods.from_address(own))
    pointer[0] = ctypes.addressof(_tables[own][0])
    return result


def _recorded(own: Methods) -> tuple[Methods, Methods]:
    ours = Methods.from_buffer_copy(own)

    def write(file: int, data: int, size: int, offset: int) -> int:
        disk, known = _open_files[file]
        if (no := disk.before("write")) != OK:
            return no
        known.since.append((offset, ctypes.string_at(data, size)))
        disk.written += size
        return int(own.write(file, data, size, offset))

    def truncate(file: int, size: int) -> int:
        disk, known = _open_files[file]
        if (no := disk.before("truncate")) != OK:
            return no
        known.since.append((size, None))
        return int(own.truncate(file, size))

    def sync(file: int, flags: int) -> int:
        disk, known = _open_files[file]
        if (no := disk.before("sync")) != OK:
            known.since.clear()  # the kernel marks such pages clean: a later sync does not bring them
            return no
        known.sync()
        disk.synced += 1
        return int(own.sync(file, flags))

    ours.write, ours.truncate, ours.sync = WRITE(write), TRUNCATE(truncate), SYNC(sync)
    return ours, own
