"""Commands about members: `store members`. A number is read from standard input, so that no list of commands has it."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from store import accounts, app_codes, loyalty, members
from store.database import member_salt, open_database, set_setting, setting, value_salt, writing
from store.page import money
from store.tables import member_keys
from store.tables import members as table

RETENTION = "retention"  # in whose name members are forgotten by age
Leaf = Callable[..., argparse.ArgumentParser]


def parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", leaf: Leaf) -> None:
    """Put these commands beside the others."""
    words = "members, and what is kept of them; numbers are read from standard input"
    group = commands.add_parser("members", help=words).add_subparsers(required=True, metavar="WHAT")
    file = leaf(
        group, "import", "bring in number,first_name[,phone] (CSV); kept as keyed hashes only", _import
    )
    file.add_argument("file", type=Path)
    for name, run, about in (
        ("show", _show, "what a member has"),
        ("forget", _forget, "erase a member; her sales stay, as nobody's"),
        ("give", _give, "give credit or a voucher of her own"),
        ("code", _code, "what the shop's app shows for her just now"),
    ):
        one = leaf(group, name, about, run)
        one.add_argument("--phone", action="store_true", help="the number is a phone number")
        if name in ("forget", "give"):
            one.add_argument("--by", required=True, help="who does it, kept for ever")
        if name == "give":
            one.add_argument("kind", choices=accounts.MEMBER_KINDS)
            one.add_argument("amount", help="12.34")
            one.add_argument("--currency", default="EUR")
            one.add_argument("--valid-to", default="", metavar="DAY", help="a voucher's last day")
        if name == "code":
            one.add_argument("--once", action="store_true", help="good for one look-up")
            one.add_argument("--seconds", type=int, default=app_codes.LASTS)
    purge = leaf(group, "purge", "forget all whose last contact is too long ago", _purge)
    purge.add_argument("--by", default=RETENTION)
    rules = leaf(group, "rules", "how long members are kept, tiers, the country's prefix", _rules)
    rules.add_argument("--days", type=int, help=f"kept after the last contact ({members.DAYS})")
    rules.add_argument("--phone-prefix", metavar="33", help="of phone numbers written with a 0")
    rules.add_argument(
        "--tier", action="append", metavar="NAME=POINTS", help="points of a year; all tiers anew"
    )


def _now() -> int:
    return time.time_ns() // 1_000_000


def _import(arguments: argparse.Namespace) -> int:
    from store.importing.lists import import_members

    count = import_members(open_database(arguments.db), arguments.file)
    print(f"{arguments.file.name}: {count} members")
    return 0


def _token(db: Connection, salt: bytes, arguments: argparse.Namespace) -> str:
    number = sys.stdin.readline().strip()
    token = members.token_of(db, salt, number, "phone" if arguments.phone else "card")
    if not token:
        raise ValueError("no member has that number")
    return token


def _show(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    value_salt(engine)
    with engine.connect() as db:
        token = _token(db, member_salt(engine), arguments)
        has = loyalty.held(db, token, _now())
        ways = db.execute(select(member_keys.c.by).where(member_keys.c.member == token)).scalars()
        print(
            f"{has.points} points, tiers: {', '.join(has.tiers) or 'none'}, found by {', '.join(sorted(ways))}"
        )
        print(
            f"credit {money(has.credit, 'EUR')}, vouchers {', '.join(money(v, 'EUR') for v in has.vouchers) or 'none'}"
        )
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    value_salt(engine)
    with writing(engine) as db:
        members.forget(db, _token(db, member_salt(engine), arguments), _now(), arguments.by)
    print("forgotten")
    return 0


def _give(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    value_salt(engine)
    amount = accounts.minor(arguments.amount)
    with writing(engine) as db:
        token = _token(db, member_salt(engine), arguments)
        loyalty.give(
            db, token, arguments.kind, amount, arguments.currency, arguments.by, _now(), arguments.valid_to
        )
    print(f"{arguments.kind} of {money(amount, arguments.currency)} {arguments.currency}")
    return 0


def _code(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    salt = member_salt(engine)
    with engine.connect() as db:
        token = _token(db, salt, arguments)
    print(app_codes.made(salt, token, _now(), arguments.seconds, arguments.once))
    return 0


def purge(engine: Engine, by: str = RETENTION) -> int:
    """Forget all whose last contact is longer ago than the shop keeps them; how many."""
    value_salt(engine)
    with writing(engine) as db:
        gone = members.overdue(db, _now())
        for token in gone:
            members.forget(db, token, _now(), by)
    return len(gone)


def purged(engine: Engine) -> Engine:
    """The same, with nobody in it who should be forgotten: a server that starts sees to that."""
    purge(engine)
    return engine


def _purge(arguments: argparse.Namespace) -> int:
    print(f"{purge(open_database(arguments.db), arguments.by)} members forgotten")
    return 0


def _rules(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    with writing(engine) as db:
        if arguments.days is not None:
            set_setting(db, "member_days", str(arguments.days))
        if arguments.phone_prefix is not None:
            set_setting(db, "phone_prefix", arguments.phone_prefix)
        if arguments.tier is not None:
            set_setting(db, "tiers", json.dumps(dict(_tier(each) for each in arguments.tier)))
        known = int(db.execute(select(func.count()).select_from(table)).scalar_one())
        steps = ", ".join(f"{name} from {least}" for name, least in loyalty.steps(db)) or "none"
        days = setting(db, "member_days") or members.DAYS
    print(f"{known} members, kept {days} days after their last contact; tiers: {steps}")
    return 0


def _tier(text: str) -> tuple[str, int]:
    name, _, least = text.partition("=")
    if not name or not least.isdigit():
        raise ValueError(f"expected NAME=POINTS, not {text!r}")
    return name, int(least)
