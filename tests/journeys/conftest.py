"""A lane of a shop whose store server answers, by the module's RULES if it has any."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.rig import Journey
from tests.journeys.shop import Shop, shop


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as here, here.linked():
        yield here


@pytest.fixture
def journey(request: pytest.FixtureRequest, tmp_path: Path, here: Shop) -> Iterator[Journey]:
    with Journey(tmp_path, rules=getattr(request.module, "RULES", ""), link=here.toml) as journey:
        journey.devices_ready()
        journey.until(lambda s: s.passing.server, "the store server")
        yield journey
