"""Our part of the tree: the wheels of requirements.lock, taken by their hashes, and the program itself.

The Python environment is laid by hand, so that wheels for another processor come as quickly; only the bytecode is
made by the Python of the tree.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

from image.host import run
from image.recipe import ROOT, Machine, Recipe

OURS = ("kiosk", "drivers", "screens")
START = """#!/opt/kiosk/current/bin/python
import sys
from kiosk.commands import main
sys.exit(main())
"""
ENVIRONMENT = "home = /usr/bin\ninclude-system-site-packages = false\nversion = {python}\n"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


def wheels(recipe: Recipe, machine: Machine, out: Path) -> None:
    """The wheels for that processor and that Python, each as the lock has it."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    lock = out / "requirements.lock"
    lock.write_text(lane_lock((ROOT / "requirements.lock").read_text(), recipe))
    run(
        *PIP, "download", "--dest", out, "--no-deps", "--require-hashes",
        *target(recipe, machine), "--requirement", lock,
    )  # fmt: skip


def lane_lock(lock: str, recipe: Recipe) -> str:
    """The lock without what the server needs, for the image's Python: pip would judge markers by the one it runs in."""
    environment = {"python_full_version": f"{recipe.python}.0", "python_version": recipe.python}
    kept = []
    for block in re.split(r"\n(?=\S)", lock.strip()):
        head, *rest = block.split("\n")
        requirement = Requirement(head.removesuffix("\\").strip())
        if requirement.name in recipe.server:
            continue
        if requirement.marker is None or requirement.marker.evaluate(environment):
            kept.append("\n".join([head.split(" ;")[0].removesuffix("\\").strip() + " \\", *rest]))
    return "\n".join(kept) + "\n"


def target(recipe: Recipe, machine: Machine) -> list[str]:
    """pip's words for wheels of another machine than this one."""
    abi = "cp" + recipe.python.replace(".", "")
    words = ["--only-binary", ":all:", "--python-version", recipe.python, "--implementation", "cp"]
    for name in (abi, "abi3", "none"):
        words += ["--abi", name]
    for name in machine.wheels:
        words += ["--platform", name]
    return words


def lay(recipe: Recipe, machine: Machine, found: Path, tree: Path, release: str) -> None:
    """The environment /opt/kiosk/RELEASE in the tree, and /opt/kiosk/current pointing to it."""
    home = tree / "opt/kiosk" / release
    site = home / f"lib/python{recipe.python}/site-packages"
    site.mkdir(parents=True)
    run(
        *PIP, "install", "--no-deps", "--no-index", "--no-compile", "--ignore-requires-python", "--target", site,
        *target(recipe, machine), *sorted(found.glob("*.whl")),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        for name in OURS:
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "LICENSE", "README.md"):
            shutil.copy(ROOT / name, source)
        run(
            *PIP, "install", "--no-deps", "--no-index", "--no-build-isolation", "--no-compile", "--upgrade",
            "--target", site, source,
        )  # fmt: skip
    shutil.rmtree(site / "bin", ignore_errors=True)
    spoken(site)
    commands(home, recipe.python)
    for name in ("RECORD", "direct_url.json", "INSTALLER", "REQUESTED"):
        for path in site.glob(f"*.dist-info/{name}"):
            path.unlink()
    (tree / "opt/kiosk/current").symlink_to(release)


def spoken(site: Path) -> None:
    """Of Babel's thousand locales those stay that the lane has words in."""
    languages = {path.stem for path in (ROOT / "kiosk/text").glob("*.po")} | {"root"}
    for path in (site / "babel/locale-data").glob("*.dat"):
        if path.stem.partition("_")[0] not in languages:
            path.unlink()


def commands(home: Path, python: str) -> None:
    (home / "bin").mkdir()
    (home / "bin/python").symlink_to(f"/usr/bin/python{python}")
    (home / "pyvenv.cfg").write_text(ENVIRONMENT.format(python=python))
    path = home / "bin/kiosk"
    path.write_text(START)
    path.chmod(0o755)


def compiled(recipe: Recipe, tree: Path) -> None:
    """Bytecode for the standard library and for us, by the tree's own Python: no start writes any, none grows old."""
    for old in sorted(tree.rglob("__pycache__")):
        shutil.rmtree(old)
    run(
        "chroot", tree, f"/usr/bin/python{recipe.python}", "-m", "compileall", "-q", "-f",
        "--invalidation-mode", "unchecked-hash", f"/usr/lib/python{recipe.python}", "/opt/kiosk",
        env={"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
