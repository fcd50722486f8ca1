"""The store server's SQLite: sales that lanes hand over, prices that change, and what it had said that it has."""

import asyncio
import os
from pathlib import Path

from sqlalchemy import Engine, select, text

from store.database import changing_catalogue, open_database, own_secret
from store.intake import Intake, Taken, sale_delivery
from store.tables import catalogue, sales
from tests.cuts.voice import Said, Voice, heard
from tests.shop import as_json, sale

NAME = "store.db"
BATCHES = 12
"""In each life, of one to four sales that come together."""


def live(folder: Path, begin: str, end: str, *pragmas: str) -> None:
    """One life of the server, on one connection."""
    say, first = Voice(folder), int(begin)
    engine = open_database(f"sqlite:///{folder / NAME}")
    with engine.connect() as db:
        for pragma in pragmas:
            db.exec_driver_sql(f"PRAGMA {pragma}")
    intake = Intake(engine)
    say(secret=own_secret(engine, "member_salt").hex())
    for batch in range(first, first + BATCHES):
        numbers = [f"s{batch}-{n}" for n in range(1 + batch % 4)]
        asyncio.run(taken(intake, numbers))
        say(sales=numbers)
        if batch % 3 == 0:
            with changing_catalogue(engine) as (_, version):
                pass
            say(version=version)
    if end == "killed":
        os._exit(0)
    intake.close()
    engine.dispose()


async def taken(intake: Intake, numbers: list[str]) -> list[Taken]:
    goods = [sale(number, member="t0ken", points=3) for number in numbers]
    return list(await asyncio.gather(*(intake.take(sale_delivery(each, as_json(each))) for each in goods)))


class Check:
    def __init__(self, files: Path) -> None:
        self.sales = [number for each in heard(files) for number in each.get("sales", ())]

    def __call__(self, folder: Path, said: Said) -> str:
        """As in journal.py."""
        engine = open_database(f"sqlite:///{folder / NAME}")
        try:
            return self._stands(engine, said) or goes_on(engine)
        finally:
            engine.dispose()

    def _stands(self, engine: Engine, said: Said) -> str:
        with engine.connect() as db:
            there = {str(id): bytes(body) for id, body in db.execute(select(sales.c.id, sales.c.body))}
            version = db.execute(select(catalogue.c.version)).scalar_one()
            damage = db.execute(text("PRAGMA integrity_check(1)")).scalar_one()
            foreign = db.execute(text("PRAGMA foreign_key_check")).first()
        if damage != "ok" or foreign is not None:
            return f"damaged: {damage}"
        acknowledged = [number for each in said for number in each.get("sales", ())]
        told = max((each["version"] for each in said if "version" in each), default=0)
        if missing := set(acknowledged) - set(there):
            return f"lost: {len(missing)} sales of {len(acknowledged)}"
        if version < told:
            return f"lost: version {version} of {told}"
        known = set(self.sales[: len(there)])
        if set(there) != known or any(as_json(sale(n, member="t0ken", points=3)) != there[n] for n in there):
            return "what is there is not what came"
        secrets = [each["secret"] for each in said if "secret" in each]
        if secrets and own_secret(engine, "member_salt").hex() != secrets[0]:
            return "lost: the secret behind members' tokens"
        return ""


def goes_on(engine: Engine) -> str:
    """It takes another sale, once."""
    intake = Intake(engine)
    try:
        answers = [asyncio.run(taken(intake, ["next"])) for _ in range(2)]
    finally:
        intake.close()
    return "" if answers == [[Taken.STORED], [Taken.AGAIN]] else f"took the next sale twice: {answers}"
