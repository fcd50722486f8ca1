"""Commands about money that the server holds: `store value`, `store alarms`, `store handover`, `store shop`."""

import argparse
import secrets
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.receipt import ShopDetails
from store import accounts, alarms, handovers, value
from store.database import open_database, set_setting, value_salt, writing
from store.page import ago, money

Leaf = Callable[..., argparse.ArgumentParser]
DIGITS = 16  # of a number that is drawn: nobody guesses one in ten tries


def parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", leaf: Leaf) -> None:
    """Put these commands beside the others."""
    _value_parsers(
        _group(commands, "value", "gift cards, vouchers, coupons, and what lanes have reserved"), leaf
    )
    alarm = _group(commands, "alarms", "what about money does not fit")
    leaf(alarm, "list", "open alarms, oldest first", _alarms)
    cleared = leaf(alarm, "clear", "somebody has seen to it", _clear)
    cleared.add_argument("number", type=int)
    cleared.add_argument("--by", required=True, help="her name, kept for ever")
    basket = _group(commands, "handover", "baskets that are paid at a staffed till")
    leaf(basket, "list", "those that nobody has taken yet", _handovers)
    show = leaf(basket, "show", "what is in one", _handover)
    show.add_argument("id")
    show.add_argument("--json", action="store_true", help="whole, as JSON")
    take = leaf(basket, "take", "take one over, once", _take)
    take.add_argument("id")
    take.add_argument("--by", required=True)
    shop = leaf(
        commands, "shop", "what receipts say of the shop: the table [shop] of a kiosk's TOML file", _shop
    )
    shop.add_argument("file", type=Path)
    shop.add_argument("--store", default="", help="of this store only")
    shop.add_argument("--receipt-days", type=int, help="how long a receipt's page is shown (90)")


def _group(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    parser = commands.add_parser(name, help=words)
    return parser.add_subparsers(required=True, metavar="WHAT")


def _value_parsers(group: "argparse._SubParsersAction[argparse.ArgumentParser]", leaf: Leaf) -> None:
    issue = leaf(group, "issue", "issue one; a number that is drawn is printed this once", _issue)
    issue.add_argument("kind", choices=accounts.KINDS)
    issue.add_argument("amount", help="12.34")
    issue.add_argument("--number", help="its number, - to read it from standard input (default: drawn)")
    issue.add_argument("--prefix", default="GC", help="what a drawn number begins with")
    issue.add_argument("--currency", default="EUR")
    issue.add_argument("--valid-to", default="", metavar="DAY", help="last day, as 2027-12-31")
    issue.add_argument("--by", required=True, help="who issues it")
    several = leaf(
        group, "import", "issue what a CSV file lists: number,value[,currency,machine,day,valid_to]", _import
    )
    several.add_argument("kind", choices=accounts.KINDS)
    several.add_argument("file", type=Path)
    several.add_argument("--currency", default="EUR")
    several.add_argument("--by", required=True)
    leaf(group, "list", "what lanes have reserved and not decided, with its age", _held)
    show = leaf(
        group, "show", "one reservation by its id, or a card by its number from standard input", _show
    )
    show.add_argument("id", nargs="?")
    show.add_argument("--kind", choices=accounts.KINDS, default="gift_card")
    release = leaf(group, "release", "give a reservation back whose lane never will say", _release)
    release.add_argument("id")
    release.add_argument("--by", required=True, help="her name, kept for ever")


def _now() -> int:
    return time.time_ns() // 1_000_000


def drawn(prefix: str) -> str:
    """A number that no card reader takes for a card: it does not pass Luhn's check."""
    from kiosk.barcode.digits import is_luhn

    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not is_luhn(digits):
            return prefix + digits


def _issue(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    number = arguments.number or drawn(arguments.prefix)
    if number == "-":
        number = sys.stdin.readline().strip()
    one = accounts.Issue(
        kind=arguments.kind,
        number=number,
        amount=accounts.minor(arguments.amount),
        currency=arguments.currency,
        valid_to=arguments.valid_to,
    )
    salt = value_salt(engine)
    with writing(engine) as db:
        accounts.issue(db, salt, one, arguments.by, _now())
    print(number if not arguments.number else f"…{number[-accounts.SHOWN :]}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    salt, found = (
        value_salt(engine),
        list(accounts.listed(arguments.file, arguments.kind, arguments.currency)),
    )
    with writing(engine) as db:
        for one in found:
            accounts.issue(db, salt, one, arguments.by, _now())
    print(f"{arguments.file.name}: {len(found)} of {arguments.kind}")
    return 0


def _held(arguments: argparse.Namespace) -> int:
    with open_database(arguments.db).connect() as db:
        for one in value.held(db, _now()):
            sum_ = f"{money(one.amount, one.currency)} {one.currency}"
            print(
                f"{one.id} lane {one.lane.lane} {one.kind} …{one.last4} {sum_} {one.state} for {ago(one.age)}"
            )
    return 0


def _show(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    if arguments.id:
        with engine.connect() as db:
            state = value.shown(db, arguments.id)
        if state is None:
            raise ValueError(f"there is no reservation {arguments.id}")
        print(msgspec.json.format(msgspec.json.encode(state)).decode())
        return 0
    number = sys.stdin.readline().strip()
    salt = value_salt(engine)
    with engine.connect() as db:
        found = accounts.called(db, salt, arguments.kind, number)
        if not found:
            raise ValueError(f"there is no {arguments.kind} of that number")
        for row in found:
            left = f"{money(accounts.balance(db, row.id), row.currency)} {row.currency} left"
            print(f"{row.kind} …{row.last4} {left} {row.day} {row.machine}".strip())
            for one in accounts.movements(db, row.id):
                print(f"  {one.what} {money(one.amount, row.currency)} {one.reservation} {one.by}".rstrip())
    return 0


def _release(arguments: argparse.Namespace) -> int:
    with writing(open_database(arguments.db)) as db:
        why_not = value.release(db, arguments.id, arguments.by, _now())
    if why_not:
        raise ValueError(f"{arguments.id}: {why_not}")
    return 0


def _alarms(arguments: argparse.Namespace) -> int:
    with open_database(arguments.db).connect() as db:
        for one in alarms.open_alarms(db):
            lane = f"lane {one.lane.lane}" if one.lane.lane else "no lane"
            print(f"{one.seq} {ago(_now() - one.at)} ago, {lane}: {one.what} {one.about}: {one.detail}")
    return 0


def _clear(arguments: argparse.Namespace) -> int:
    with writing(open_database(arguments.db)) as db:
        if not alarms.clear(db, arguments.number, arguments.by, _now()):
            raise ValueError(f"there is no open alarm {arguments.number}")
    return 0


def _handovers(arguments: argparse.Namespace) -> int:
    with open_database(arguments.db).connect() as db:
        for row in handovers.waiting(db):
            sum_ = f"{money(row.total, row.currency)} {row.currency}"
            print(f"{row.id} lane {row.lane} {sum_} {ago(_now() - row.at)} ago")
    return 0


def _handover(arguments: argparse.Namespace) -> int:
    with open_database(arguments.db).connect() as db:
        found = handovers.show(db, arguments.id)
    if found is None:
        raise ValueError(f"there is no basket {arguments.id}")
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
        return 0
    basket = found.basket
    nets = {line.no: line.net for line in basket.priced.lines}
    for line in basket.lines:
        pieces = f"{line.grams} g" if line.grams is not None else f"{line.qty} ×"
        print(f"{pieces} {line.item.called(basket.language)} {money(nets.get(line.no, 0), basket.currency)}")
    print(
        f"{money(basket.priced.total, basket.currency)} {basket.currency} to pay"
        + (f", taken over by {found.by}" if found.by else "")
    )
    return 0


def _take(arguments: argparse.Namespace) -> int:
    with writing(open_database(arguments.db)) as db:
        try:
            found = handovers.take(db, arguments.id, "", arguments.by, _now())
        except handovers.TakenError as error:
            raise ValueError(f"{arguments.id}: {error}") from error
    if found is None:
        raise ValueError(f"there is no basket {arguments.id}")
    return 0


def _shop(arguments: argparse.Namespace) -> int:
    whole = tomllib.loads(arguments.file.read_text(encoding="utf-8"))
    table = {**whole.get("shop", {}), **whole.get("rules", {}), **whole.get("fiscal", {})}
    known = {
        "name",
        "address",
        "registrations",
        "footer",
        "exponent",
        "timezone",
        "signature_as",
        "unit_price",
    }
    details = msgspec.convert({key: table[key] for key in known & set(table)}, ShopDetails)
    with writing(open_database(arguments.db)) as db:
        name = f"shop:{arguments.store}" if arguments.store else "shop"
        set_setting(db, name, msgspec.json.encode(details).decode())
        if arguments.receipt_days is not None:
            set_setting(db, "receipt_days", str(arguments.receipt_days))
    return 0
