"""`--real CONFIG`: the contract of a family with the device that this TOML names, instead of a simulated one."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--real",
        metavar="CONFIG",
        type=Path,
        help="a lane's TOML: run each family's contract with the real devices in it",
    )


@pytest.fixture(scope="session")
def real(request: pytest.FixtureRequest) -> Path | None:
    """The file that names the real devices, None for the simulated ones."""
    named: Path | None = request.config.getoption("--real", default=None)
    return named
