"""The walls of the house: who imports whom, and what the pure rooms may not know."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = [
    "kiosk/units.py",
    "kiosk/barcode",
    "kiosk/pricing",
    "kiosk/checkout",
    "kiosk/fiscal",
    "kiosk/blocks.py",
    "kiosk/receipt.py",
    "kiosk/blocks.py",
    "kiosk/slips.py",
    "kiosk/weight",
]
UNKNOWN_THERE = {
    "pygame", "serial", "sqlite3", "requests", "threading", "queue", "time", "datetime.now", "random", "os",
    "socket", "subprocess", "asyncio", "logging",
}  # fmt: skip


def sources(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("place", PURE)
def test_a_pure_room_knows_no_world(place: str) -> None:
    for path in sources(place):
        for node in ast.walk(ast.parse(path.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert name.split(".")[0] not in UNKNOWN_THERE, f"{path}:{node.lineno} imports {name}"


@pytest.mark.parametrize("place", [place for place in PURE if place != "kiosk/weight"])
def test_no_float_and_no_true_division_where_money_is(place: str) -> None:
    for path in sources(place):
        for node in ast.walk(ast.parse(path.read_text())):
            where = f"{path}:{getattr(node, 'lineno', 0)}"
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"float at {where}"
            assert not (isinstance(node, ast.Name) and node.id == "float"), f"float at {where}"
            assert not (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)), (
                f"/ at {where}"
            )


def test_the_bag_scale_prices_nothing() -> None:
    """Where a price comes from nothing knows the bag or its scale, and a line gets its grams in two places only."""
    for place in ("kiosk/pricing", "kiosk/checkout/weighing.py", "screens/weigh.py"):
        for path in sources(place):
            for node in ast.walk(ast.parse(path.read_text())):
                where = f"{path}:{getattr(node, 'lineno', 0)}"
                assert not (isinstance(node, ast.ImportFrom) and node.module == "kiosk.weight"), where
                assert not (isinstance(node, ast.Attribute) and node.attr in {"bag", "level"}), where
                assert not (isinstance(node, ast.Name) and node.id == "WeightSettled"), where
    weighed = {
        ast.unparse(grams)
        for path in sources("kiosk/checkout")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Line"
        for grams in [*node.args[3:4], *(word.value for word in node.keywords if word.arg == "grams")]
    }
    assert weighed == {"code.grams", "event.grams"}, "a label, or the produce scale"


def test_nobody_imports_upwards() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
