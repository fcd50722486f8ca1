"""Every test of the server runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine

from store.app import make_app
from store.database import open_database
from store.lanes import Lane, add_lane
from tests.shop import Postgres, postgres_programs


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    cluster = Postgres(postgres_programs())
    yield cluster
    cluster.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    cluster: Postgres = request.getfixturevalue("postgres")
    return cluster.new_database()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def lane(engine: Engine) -> Iterator[TestClient]:
    """A client that shows the token of lane 1 of store 0001."""
    token = add_lane(engine, Lane("0001", "1"))
    with TestClient(make_app(engine)) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client
