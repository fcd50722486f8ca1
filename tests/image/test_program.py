"""Which wheels a lane gets: those of the lock that its Python asks for, and none that only the store server needs."""

import ast
import re
from pathlib import Path

from image import program, recipe
from image.recipe import ROOT

RECIPE = recipe.read()
LOCK = (ROOT / "requirements.lock").read_text()
AS_IMPORTED = {"pyyaml": "yaml", "psycopg-binary": "psycopg_binary", "markdown-it-py": "markdown_it"}
NOT_OF_A_LANE = ("kiosk/commands/demo.py", "drivers/simulated/")


def names(lock: str) -> list[str]:
    return re.findall(r"^([a-z0-9-]+)==", lock, re.M)


def test_every_wheel_of_the_server_is_in_the_lock_and_none_of_them_in_the_lanes() -> None:
    lane = names(program.lane_lock(LOCK, RECIPE))
    assert set(RECIPE.server) <= set(names(LOCK))
    assert set(lane).isdisjoint(RECIPE.server) and len(lane) == len(set(lane))
    assert "pygame-ce" in lane and "colorama" not in lane


def test_the_one_for_the_images_python_is_taken_whatever_runs_this() -> None:
    lock = (
        "one==1 ; python_full_version < '3.12' \\\n    --hash=sha256:aa\n    # via x\n"
        "one==2 ; python_full_version >= '3.12' \\\n    --hash=sha256:bb\n"
    )
    assert program.lane_lock(lock, RECIPE) == "one==2 \\\n    --hash=sha256:bb\n"


def test_nothing_that_a_lane_runs_imports_a_wheel_of_the_server() -> None:
    away = {AS_IMPORTED.get(name, name.replace("-", "_")) for name in RECIPE.server} | {"store"}
    for room in program.OURS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if str(path.relative_to(ROOT)).startswith(NOT_OF_A_LANE):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                found += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert away.isdisjoint(name.split(".")[0] for name in found), path


def test_of_the_locales_those_stay_that_the_lane_has_words_in(tmp_path: Path) -> None:
    folder = tmp_path / "babel/locale-data"
    folder.mkdir(parents=True)
    for name in ("root", "de", "de_CH", "pt_BR", "sw", "sw_KE"):
        (folder / f"{name}.dat").touch()
    program.spoken(tmp_path)
    assert {path.stem for path in folder.iterdir()} == {"root", "de", "de_CH", "pt_BR"}
