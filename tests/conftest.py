"""What every test shares: no screen, no sound, and where the vectors lie."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT / "tests" / "vectors"

SKIPS_IN_CI: frozenset[str] = frozenset()
"""The reasons for which a test may be skipped even where everything is there."""


def unexpected(reports: Iterable[pytest.TestReport | pytest.CollectReport]) -> list[str]:
    """The skips that are not allowed where CI is set, as `where: reason`."""
    skipped = [report.longrepr for report in reports if isinstance(report.longrepr, tuple)]
    reasons = [(path, reason.removeprefix("Skipped: ")) for path, _line, reason in skipped]
    return sorted({f"{path}: {reason}" for path, reason in reasons if reason not in SKIPS_IN_CI})


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skip that nobody expected fails the run, and is named."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or "CI" not in os.environ:
        return
    skips = unexpected(terminal.stats.get("skipped", []))
    for skip in skips:
        terminal.write_line(f"unexpected skip in CI: {skip}", red=True)
    if skips and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The big lists and photographs that a user's clone does not have."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs ../shared/data, which only the workshop and CI have")
    return folder
