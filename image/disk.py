"""The disk: a GPT with the EFI partition and two slots, of which the first is filled; no mount, no loop device."""

import os
import uuid
from pathlib import Path

from image.host import BuildError, run
from image.recipe import Part, Recipe

MIB = 1 << 20
ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
OURS = uuid.UUID("8d3f1c8e-6f0e-4b9a-9a55-5a1d6f0c2b11")
"""The space in which names of this image get UUIDs, the same ones in every build."""


def named(name: str) -> str:
    return str(uuid.uuid5(OURS, name))


def starts(parts: tuple[Part, ...]) -> list[int]:
    """Where each partition starts, in MiB: one after the other, behind the table."""
    at, found = 1, []
    for part in parts:
        found.append(at)
        at += part.size
    return found


def size(parts: tuple[Part, ...]) -> int:
    """The whole disk in MiB: one before and one behind, for the table and its copy."""
    return 2 + sum(part.size for part in parts)


def table(recipe: Recipe, arch: str) -> str:
    """What sfdisk reads."""
    types = {"esp": ESP}
    lines = ["label: gpt", f"label-id: {named(f'{recipe.name}-{arch}')}", "unit: sectors", "sector-size: 512"]
    for part, start in zip(recipe.disk, starts(recipe.disk), strict=True):
        lines.append(
            f"start={start * MIB // 512}, size={part.size * MIB // 512},"
            f" type={types.get(part.label, recipe.machine(arch).root)}, uuid={named(part.label)}, name={part.label}"
        )
    return "\n".join(lines) + "\n"


def write(recipe: Recipe, arch: str, out: Path, contents: dict[str, Path]) -> None:
    """The disk image, sparse; `contents` gives a file for each partition that is not empty."""
    part = out.with_suffix(".part")
    with part.open("wb") as file:
        file.truncate(size(recipe.disk) * MIB)
    script = out.with_suffix(".sfdisk")
    script.write_text(table(recipe, arch))
    run("sh", "-c", 'sfdisk --quiet --no-reread --no-tell-kernel "$1" <"$2"', "sh", part, script)
    script.unlink()
    for each, start in zip(recipe.disk, starts(recipe.disk), strict=True):
        if each.label in contents:
            lay(contents[each.label], part, start * MIB, each.size * MIB, each.label)
    part.replace(out)


def lay(source: Path, disk: Path, at: int, room: int, label: str) -> None:
    """Copies without writing zeros, so that the image stays sparse. Raises BuildError where it does not fit."""
    if source.stat().st_size > room:
        raise BuildError(f"{label}: {source.stat().st_size // MIB + 1} MiB do not fit into {room // MIB}")
    with source.open("rb") as file, disk.open("r+b") as out:
        position = at
        while block := file.read(MIB):
            if block.strip(b"\0"):
                out.seek(position)
                out.write(block)
            position += len(block)


def esp(out: Path, mib: int, files: dict[str, bytes], epoch: int) -> None:
    """A FAT file system with these files; the same bytes in every build."""
    out.unlink(missing_ok=True)
    with out.open("wb") as file:
        file.truncate(mib * MIB)
    run("mkfs.vfat", "-F", "32", "-n", "ESP", "-i", f"{epoch & 0xFFFFFFFF:08x}", "--invariant", out)
    env = {"SOURCE_DATE_EPOCH": str(epoch), "MTOOLS_SKIP_CHECK": "1", "TZ": "UTC"}
    made: set[str] = set()
    for name, body in files.items():
        for folder in reversed(Path(name).parents[:-1]):
            if str(folder) not in made:
                made.add(str(folder))
                run("mmd", "-i", out, f"::{folder}", env=env)
        source = out.with_suffix(".file")
        source.write_bytes(body)
        os.utime(source, (epoch, epoch))
        run("mcopy", "-m", "-i", out, source, f"::{name}", env=env)
        source.unlink()


def verity(root: Path, uuid_: str) -> tuple[str, int]:
    """Appends the hash tree to the file system: the root hash, and where the tree's header is (bytes).

    The salt is the file's own name for itself, not drawn, so that the same root has the same hash.
    """
    offset = root.stat().st_size
    told = run(
        "veritysetup", "format", root, root, f"--hash-offset={offset}", f"--uuid={uuid_}",
        f"--salt={uuid.UUID(uuid_).hex * 2}", f"--data-blocks={offset // 4096}",
        "--data-block-size=4096", "--hash-block-size=4096",
    )  # fmt: skip
    return next(line.split()[-1] for line in told.splitlines() if line.startswith("Root hash:")), offset
