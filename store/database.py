"""Opening the database by URL, and the one way to change the catalogue."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from store.tables import catalogue, settings

DEFAULT_URL = "sqlite:///store.db"


def open_database(url: str = DEFAULT_URL) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…` with the newest tables in it."""
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    migrate(engine)
    with engine.begin() as db:
        if db.execute(select(catalogue.c.source)).first() is None:
            db.execute(insert(catalogue).values(source=secrets.token_hex(16), version=0))
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest form."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "head")


def _durable(db: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    db.isolation_level = None  # SQLAlchemy's `begin` event says BEGIN
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA busy_timeout=30000")
    db.execute("PRAGMA foreign_keys=1")
    db.execute("PRAGMA secure_delete=1")


def _begin(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads before it writes: SQLite lets one in at a time, PostgreSQL locks rows FOR UPDATE."""
    with engine.execution_options(writes=True).begin() as db:
        yield db


@contextmanager
def changing_catalogue(engine: Engine) -> Iterator[tuple[Connection, int]]:
    """A transaction that changes the catalogue, and the new version that changed rows get as their revision.

    The version row is taken first, so changes come one after another and a version is whole when it is seen.
    """
    with engine.begin() as db:
        db.execute(update(catalogue).values(version=catalogue.c.version + 1))
        yield db, db.execute(select(catalogue.c.version)).scalar_one()


def setting(db: Connection, name: str) -> str | None:
    return db.execute(select(settings.c.value).where(settings.c.name == name)).scalar()


def set_setting(db: Connection, name: str, value: str) -> None:
    if db.execute(update(settings).where(settings.c.name == name).values(value=value)).rowcount == 0:
        db.execute(insert(settings).values(name=name, value=value))


def member_salt(engine: Engine) -> bytes:
    """The secret that turns a member's number into a token; made once per database."""
    return own_secret(engine, "member_salt")


def value_salt(engine: Engine) -> bytes:
    """The secret that turns the number of a gift card or voucher into a token; made once per database."""
    return own_secret(engine, "value_salt")


def own_secret(engine: Engine, name: str) -> bytes:
    with engine.connect() as db:
        salt = setting(db, name)
    if salt is not None:
        return bytes.fromhex(salt)
    with writing(engine) as db:
        salt = setting(db, name)
        if salt is None:
            salt = secrets.token_hex(32)
            set_setting(db, name, salt)
    return bytes.fromhex(salt)
