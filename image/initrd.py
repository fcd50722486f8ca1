"""The first file system: busybox, veritysetup and the modules of the disks, a cpio archive that any host makes alike.

Debian's own takes minutes under emulation, and half a minute to start in; this one holds no more than it needs.
"""

import lzma
import re
import stat
import subprocess
from pathlib import Path

from image.host import BuildError, run
from image.recipe import HERE

PROGRAMS = ("usr/bin/busybox", "usr/sbin/veritysetup")
LIBRARIES = ("usr/lib", "usr/lib64", "lib", "lib64")
File = tuple[str, int, bytes]
"""Name, mode and contents."""


def initrd(tree: Path, modules: tuple[str, ...]) -> bytes:
    """The archive, compressed, for the one kernel of the tree."""
    files = [(name, 0o040755, b"") for name in ("bin", "lib")]
    files.append(("init", 0o100755, (HERE / "files/init").read_bytes()))
    files += [(f"bin/{Path(name).name}", 0o100755, (tree / name).read_bytes()) for name in PROGRAMS]
    files += libraries(tree, tree / PROGRAMS[1])
    return compressed(archive([*files, *loaded(the_kernel(tree), modules)]))


def loaded(kernel: Path, modules: tuple[str, ...]) -> list[File]:
    """The folder of the modules, and in its file `order` the order in which they are put in."""
    order = needed((kernel / "modules.dep").read_text(), modules)
    files: list[File] = [("modules", 0o040755, b"")]
    for module in order:
        data = (kernel / module).read_bytes()
        plain = lzma.decompress(data) if module.endswith(".xz") else data
        files.append((f"modules/{plain_name(module)}", 0o100644, plain))
    return [*files, ("modules/order", 0o100644, "\n".join(map(plain_name, order)).encode())]


def the_kernel(tree: Path) -> Path:
    """Where the modules of the tree's kernel are. Raises BuildError unless it has one."""
    kernels = sorted((tree / "usr/lib/modules").iterdir())
    if len(kernels) != 1:
        raise BuildError(f"one kernel is wanted, the tree has {len(kernels)}")
    return kernels[0]


def plain_name(module: str) -> str:
    return Path(module).name.removesuffix(".xz")


def needed(dependencies: str, modules: tuple[str, ...]) -> list[str]:
    """Paths of the modules and of those that they need, in the order in which the kernel takes them.

    `dependencies` is modules.dep: a module's needs stand after it, the last one first. What is built in is not there.
    """
    needs: dict[str, list[str]] = {}
    paths: dict[str, str] = {}
    for line in dependencies.splitlines():
        module, _, others = line.partition(":")
        needs[module] = others.split()
        paths[plain_name(module).removesuffix(".ko").replace("-", "_")] = module
    order: list[str] = []
    for name in modules:
        module = paths.get(name.replace("-", "_"), "")
        if module:
            order += [path for path in (*reversed(needs[module]), module) if path not in order]
    return order


def libraries(tree: Path, program: Path) -> list[File]:
    """The shared libraries that a program of the tree needs, and the loader where the program looks for it."""
    found: dict[str, Path] = {}
    wanted = [program]
    while wanted:
        told = run("readelf", "--dynamic", "--program-headers", "--wide", wanted.pop())
        loader = re.findall(r"interpreter: /(\S+?)\]", told)
        for name in [*re.findall(r"\(NEEDED\).*\[(\S+)\]", told), *loader]:
            if name not in found:
                found[name] = path = library(tree, name)
                wanted.append(path)
    folders = sorted({str(Path(name).parent) for name in found if "/" in name} - {"lib"})
    files = [(folder, 0o040755, b"") for folder in folders]
    for name, path in sorted(found.items()):
        files.append((name if "/" in name else f"lib/{name}", 0o100755, path.read_bytes()))
    return files


def library(tree: Path, name: str) -> Path:
    for folder in LIBRARIES:
        for path in (*sorted((tree / folder).glob(f"*-linux-gnu*/{Path(name).name}")), tree / folder / name):
            if path.exists():
                return path.resolve()
    raise BuildError(f"no library {name} in the tree")


def archive(files: list[File]) -> bytes:
    """Names, modes and contents as cpio in the kernel's "newc" format: all of root's, and of the year 1970."""
    data = bytearray()
    for number, (name, mode, body) in enumerate([*files, ("TRAILER!!!", 0, b"")], 1):
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = (number, mode, 0, 0, links, 0, len(body), 0, 0, 0, 0, len(name) + 1, 0)
        data += b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        data += bytes(-len(data) % 4) + body
        data += bytes(-len(data) % 4)
    return bytes(data)


def compressed(data: bytes) -> bytes:
    """By zstd, which every kernel since 5.9 unpacks quickly."""
    return subprocess.run(["zstd", "-q", "-12", "-c"], input=data, capture_output=True, check=True).stdout
