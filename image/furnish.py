"""python -m image.furnish arm64 TREE: makes a Debian that somebody else has laid a lane (image/pi does, in its hook).

What depends on whose disk it is stays away: mounts, the way of starting, the other slot.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from image import program, recipe, tree
from image.host import BuildError
from image.recipe import Recipe
from image.when import source_time, stamp, written
from kiosk.version import VERSION


def programmed(made: Recipe, arch: str, place: Path, wheels: Path, epoch: int) -> None:
    """Our wheels and our program in the tree, with their bytecode."""
    machine = made.machine(arch)
    program.wheels(made, machine, wheels)
    program.lay(made, machine, wheels, place, stamp(epoch))
    program.compiled(made, place)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="image.furnish", description="Make a Debian in a folder a lane.")
    parser.add_argument("arch", choices=recipe.ARCHITECTURES)
    parser.add_argument("tree", type=Path)
    options = parser.parse_args(argv)
    made = recipe.read()
    try:
        epoch = source_time()
        with tempfile.TemporaryDirectory() as wheels:
            programmed(made, options.arch, options.tree, Path(wheels), epoch)
        tree.furnish(options.tree, {"version": VERSION, "built": written(epoch)})
        tree.units(made, options.tree)
        tree.check(options.tree)
    except BuildError as wrong:
        print(f"image: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
