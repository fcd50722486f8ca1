"""What holds for every tracked file: no address or path of one machine, no long module or function, no mocks."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONG = ROOT / "tests" / "long.txt"
MODULE, FUNCTION = 400, 40
OURS = {"kiosk", "drivers", "screens", "store"}
LOCKS = ("requirements.lock", "tests/requirements.lock")

INDEX_HOST = re.compile(
    r"pypi\.[a-z]+|pythonhosted\.|npmjs\.|piwheels\.|[-_]index[-_]url|--find-links|deb\.debian\.", re.I
)
ONE_MACHINE = re.compile(r"(?<![\w.~*>}$-])/(?:work|root|tmp|home/\w+|Users/\w+)/\w")
MOCKS = re.compile(r"\bunittest\.mock\b|\bMagicMock\b|\bmocker\b|\bfrom mock\b")


def tracked(*patterns: str) -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs git and a clone: only tracked files count")
    run = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in run.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts(*patterns: str) -> Iterator[tuple[str, str]]:
    for path in tracked(*patterns):
        data = path.read_bytes()
        if b"\0" not in data and path != Path(__file__).resolve():
            yield str(path.relative_to(ROOT)), data.decode()


def found(pattern: re.Pattern[str], *patterns: str) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts(*patterns)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_index() -> None:
    assert found(INDEX_HOST) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert found(ONE_MACHINE) == []


def long_ones() -> set[str]:
    """`module` for each module over 400 lines, `module::function` for each function over 40."""
    long: set[str] = set()
    for name, text in texts("*.py"):
        if text.count("\n") > MODULE:
            long.add(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION:
                    long.add(f"{name}::{node.name}")
    return long


def test_what_is_long_is_listed_and_what_is_listed_is_long() -> None:
    listed = {line for line in LONG.read_text().splitlines() if line and not line.startswith("#")}
    now = long_ones()
    assert now <= listed, "too long, make it shorter:\n" + "\n".join(sorted(now - listed))
    assert listed <= now, f"no longer long, take it out of {LONG.name}:\n" + "\n".join(sorted(listed - now))


def our_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {
                alias.asname or alias.name.split(".")[0]
                for alias in node.names
                if alias.name.split(".")[0] in OURS
            }
    return names


def patches_of_ours(tree: ast.Module) -> Iterator[int]:
    """The lines with a `monkeypatch.setattr(WHAT, …)` of ours; another value for a CONSTANT is no mock."""
    ours = our_names(tree) | OURS
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="monkeypatch"), attr="setattr"), args=[what, *rest]
            ):
                words = [ast.unparse(word).strip("'\"") for word in (what, *rest)]
                path = ".".join(words[:-1]).split(".")
                if path[0] in ours and not path[-1].isupper():
                    yield node.lineno


def test_nothing_of_ours_is_mocked() -> None:
    assert found(MOCKS, "*.py") == []
    patches = [f"{name}:{line}" for name, text in texts("*.py") for line in patches_of_ours(ast.parse(text))]
    assert patches == []


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Package → its version and how many hashes it has."""
    pinned: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text()):
        name, version = re.findall(r"^([a-z0-9-]+)==([^ ;]+)", block)[0]
        pinned[name] = (version, len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)))
    return pinned


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_hash_for_both_platforms(lock: str) -> None:
    """A compiled package has a wheel for each of two processors, times two Pythons unless it uses the stable ABI."""
    pinned = pins(lock)
    assert [name for name, (_, hashes) in pinned.items() if hashes == 0] == []
    for package in distributions():
        name = package.name.lower().replace("_", "-").replace(".", "-")
        tags = re.findall(r"^Tag: \S+?-(\S+?)-(\S+)$", package.read_text("WHEEL") or "", re.M)
        if name in pinned and tags and tags[0][1] != "any":
            wheels = 2 if tags[0][0] in ("abi3", "none") else 4
            assert pinned[name][1] >= wheels, f"{name} lacks wheels for a platform"


def test_the_tests_run_with_the_versions_that_are_delivered() -> None:
    delivered, tested = (pins(lock) for lock in LOCKS)
    assert {name: version for name, (version, _) in delivered.items()}.items() <= {
        name: version for name, (version, _) in tested.items()
    }.items()
