"""The command `store`: serve, and everything a shop brings in."""

import argparse
import csv
import ipaddress
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from kiosk.wire import codes
from store import commands_enrolment, commands_members, commands_releases, commands_value, commands_weights
from store.anchors import of_lane
from store.database import DEFAULT_URL, open_database, set_setting, setting
from store.importing.load import Report, import_file
from store.importing.mapping import ImportingError, load_mapping
from store.lanes import Lane, add_lane, all_lanes, remove_lane, want
from store.page import money
from store.tables import sales, staff

if TYPE_CHECKING:
    from store.mail import Posts
    from store.wallet import Provider

SHOWN = 20
FIRST_STORE = "0001"
DATABASE = f"sqlite:///FILE or postgresql://… (default {DEFAULT_URL})"


def main(argv: Sequence[str] | None = None) -> int:
    """0: done; 1: some rows were rejected; 2: refused, and why on standard error."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except (ImportingError, SQLAlchemyError, OSError, ValueError) as error:
        print(f"store: {error}", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "store", description="The store server: catalogue, sales, members, lanes."
    )
    parser.add_argument("--db", default=DEFAULT_URL, help=DATABASE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _serve_parser(_leaf(commands, "serve", "answer the lanes", _serve))
    _lane_parsers(commands)
    _import_parsers(commands)
    commands_members.parsers(commands, _leaf)
    commands_value.parsers(commands, _leaf)
    commands_weights.parsers(commands, _leaf)
    commands_releases.parsers(commands, _leaf)
    sold = _leaf(commands, "sales", "the sales that were received, oldest first", _sales)
    sold.add_argument("--json", action="store_true", help="whole, as a JSON list")
    vouched = _leaf(
        commands, "anchors", "signed ledger lines of a lane, for `kiosk journal verify`", _anchors
    )
    vouched.add_argument("store")
    vouched.add_argument("lane")
    demo = _leaf(commands, "demo-data", "load the demonstration shop", _demo)
    demo.add_argument("url", nargs="?", metavar="DBURL")
    demo.add_argument("--pepper", type=Path, help="file with the shop's pepper for PINs")
    return parser


def _leaf(
    parent: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    words: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """A command that does something; each takes the database."""
    parser = parent.add_parser(name, help=words, description=words)
    parser.add_argument("--db", default=argparse.SUPPRESS, help=DATABASE)
    parser.set_defaults(run=run)
    return parser


def _lane_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    lane = commands.add_parser("lane", help="the shop's lanes").add_subparsers(required=True, metavar="WHAT")
    for name, run, words in (
        ("add", _lane_add, "make a lane, or a new token for it, and print the token"),
        ("remove", _lane_remove, "forget a lane and its token"),
        ("open", _lane_open, "let a lane open"),
        ("close", _lane_close, "have a lane close after the sale it is in"),
    ):
        one = _leaf(lane, name, words, run)
        one.add_argument("lane")
        one.add_argument("--store", help="number of the store (default: the database's own)")
        if name == "close":
            one.add_argument("--reason", default="", help="shown at the lane")
    commands_enrolment.parsers(lane, _leaf, _lane_of)
    _leaf(lane, "list", "all lanes and their state", _lane_list)


def _import_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    items = _leaf(commands, "import", "bring in items or prices (CSV)", _import)
    items.add_argument("file", type=Path)
    items.add_argument("--mapping", type=Path, help="which column is what (TOML); else by the header")
    items.add_argument("--dry-run", action="store_true", help="say what would happen")
    items.add_argument("--rejects", type=Path, help="write the rows that are not imported here (CSV)")
    items.add_argument("--whole", action="store_true", help="take out of sale what is not in the file")
    for name, words in (
        ("staff", "person,name,role,pin (CSV); PINs are kept as hashes only"),
        ("promotions", "promotions (JSON)"),
        ("suggestions", "what is suggested before paying (JSON)"),
        ("tax", "dated tax rates of a jurisdiction (JSON)"),
        ("ages", "from which age restricted goods are sold (JSON)"),
        ("recalls", "gtin,batch,serial (CSV): packs not to be sold; the whole list, each time"),
    ):
        what = commands.add_parser(name, help=f"bring in {words}").add_subparsers(
            required=True, metavar="import"
        )
        one = _leaf(what, "import", f"bring in {words}", _import_list)
        one.set_defaults(what=name)
        one.add_argument("file", type=Path)
        if name in ("tax", "ages"):
            one.add_argument("--jurisdiction", required=True, help="FR, DE, US-CA, …")
        if name == "staff":
            one.add_argument("--pepper", type=Path, help="file with the shop's pepper")
            code = _leaf(what, "code", "what a colleague's authenticator needs for her rotating code", _code)
            code.add_argument("person")
            code.add_argument("--pepper", type=Path, required=True, help="file with the shop's pepper")
            code.add_argument(
                "--shop", default="Checkout", help="the shop's name, as the authenticator shows it"
            )


# ---- serving


def _serve_parser(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8700)
    serve.add_argument("--plain", action="store_true", help="HTTP without TLS; on loopback only")
    serve.add_argument("--keys", type=Path, default=Path("store-keys"), help="folder of certificate and key")
    serve.add_argument("--wallet", metavar="URL", help="provider of payments by phone")
    serve.add_argument(
        "--wallet-key", type=Path, metavar="FILE", help="its key, also of its callbacks' signatures"
    )
    serve.add_argument("--smtp", metavar="HOST:PORT", help="mail server for receipts")
    serve.add_argument("--smtp-login", type=Path, metavar="FILE", help="user:password, sent under TLS only")
    serve.add_argument("--mail-spool", type=Path, metavar="DIR", help="write receipts here as *.eml instead")
    serve.add_argument("--mail-from", default="receipts@localhost", metavar="ADDRESS")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _serve(arguments: argparse.Namespace) -> int:
    if arguments.plain and not is_loopback(arguments.host):
        raise ValueError(f"--plain is refused on {arguments.host}: without TLS only on loopback")
    import uvicorn

    from store.app import make_app
    from store.server import Server
    from store.tls import own_certificate, pin_of, serving_tls

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    app = make_app(
        commands_members.purged(open_database(arguments.db)),
        open_pages=is_loopback(arguments.host),
        wallet=_wallet(arguments),
        posts=_posts(arguments),
        sender=arguments.mail_from,
    )
    config = uvicorn.Config(
        app,
        host=arguments.host,
        port=arguments.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=75,
    )
    if not arguments.plain:
        certificate, key = own_certificate(arguments.keys)
        config.ssl_certfile, config.ssl_keyfile = certificate, key
        config.ssl_context_factory = lambda *_: serving_tls(certificate, key)
        print(f"pin {pin_of(certificate)}", flush=True)
    bound = config.bind_socket()
    bound.listen(config.backlog)  # whoever reads the address below may come at once
    scheme, port = "http" if arguments.plain else "https", bound.getsockname()[1]
    print(f"serving {scheme}://{arguments.host}:{port}", flush=True)
    with bound:
        Server(config).run(sockets=[bound])
    return 0


def _wallet(arguments: argparse.Namespace) -> "Provider | None":
    from store.wallet import HttpProvider

    if not arguments.wallet:
        return None
    if arguments.wallet_key is None:
        raise ValueError("--wallet needs --wallet-key FILE")
    return HttpProvider(arguments.wallet, arguments.wallet_key.read_text().strip())


def _posts(arguments: argparse.Namespace) -> "Posts | None":
    from store.mail import Smtp, Spool

    if arguments.smtp:
        host, _, port = arguments.smtp.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f"--smtp: expected HOST:PORT, not {arguments.smtp!r}")
        login = arguments.smtp_login.read_text().strip() if arguments.smtp_login else ""
        user, _, password = login.partition(":")
        return Smtp(host, int(port), user, password)
    return Spool(arguments.mail_spool) if arguments.mail_spool else None


# ---- lanes


def _lane_of(arguments: argparse.Namespace) -> tuple[Engine, Lane]:
    """The lane meant; the first store that is named becomes the database's own."""
    engine = open_database(arguments.db)
    with engine.begin() as db:
        own = setting(db, "store")
        if own is None and arguments.store:
            set_setting(db, "store", arguments.store)
    return engine, Lane(arguments.store or own or FIRST_STORE, arguments.lane)


def _lane_add(arguments: argparse.Namespace) -> int:
    print(add_lane(*_lane_of(arguments)))
    return 0


def _lane_remove(arguments: argparse.Namespace) -> int:
    engine, lane = _lane_of(arguments)
    return _known(lane, remove_lane(engine, lane))


def _lane_open(arguments: argparse.Namespace) -> int:
    engine, lane = _lane_of(arguments)
    return _known(lane, want(engine, lane, True))


def _lane_close(arguments: argparse.Namespace) -> int:
    engine, lane = _lane_of(arguments)
    return _known(lane, want(engine, lane, False, arguments.reason))


def _known(lane: Lane, found: bool) -> int:
    if not found:
        raise ValueError(f"store {lane.store} has no lane {lane.lane}")
    return 0


def _lane_list(arguments: argparse.Namespace) -> int:
    with open_database(arguments.db).connect() as db:
        for state in all_lanes(db):
            doing = state.heartbeat.state if state.heartbeat else "never seen"
            wanted = "" if state.open else f" (asked to close: {state.reason})"
            print(f"{state.lane.store} {state.lane.lane} {doing}{wanted}")
    return 0


def _sales(arguments: argparse.Namespace) -> int:
    with open_database(arguments.db).connect() as db:
        rows = db.execute(select(sales).order_by(sales.c.received, sales.c.id)).all()
    if arguments.json:
        print(msgspec.json.format(b"[" + b",".join(bytes(row.body) for row in rows) + b"]").decode())
        return 0
    for row in rows:
        print(f"{row.store} {row.lane} {row.number} {money(row.total, row.currency)} {row.currency} {row.id}")
    return 0


def _anchors(arguments: argparse.Namespace) -> int:
    engine = open_database(arguments.db)
    with engine.connect() as db:
        for anchor in of_lane(db, Lane(arguments.store, arguments.lane)):
            print(msgspec.json.encode(anchor).decode())
    engine.dispose()
    return 0


# ---- bringing in


def _import(arguments: argparse.Namespace) -> int:
    mapping = load_mapping(arguments.mapping) if arguments.mapping else None
    engine = open_database(arguments.db)
    report = import_file(engine, arguments.file, mapping, dry_run=arguments.dry_run, whole=arguments.whole)
    print(f"{'would be: ' if arguments.dry_run else ''}{report}")
    _tell(report, arguments.rejects)
    return 1 if report.rejects else 0


def _tell(report: Report, rejects: Path | None) -> None:
    """Every row that is not in as it stands: into a file, or the first of them to standard error."""
    if rejects is not None:
        with rejects.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "column", "reason", "rejected"])
            writer.writerows(
                (r.row, r.column, r.reason, "yes" if r.rejected else "no") for r in report.remarks
            )
        return
    for remark in report.remarks[:SHOWN]:
        print(f"{report.path}, row {remark.row}, column {remark.column}: {remark.reason}", file=sys.stderr)
    if len(report.remarks) > SHOWN:
        print(f"… and {len(report.remarks) - SHOWN} more; --rejects FILE has all", file=sys.stderr)


def _code(arguments: argparse.Namespace) -> int:
    """Print it once; it is a secret, and stored nowhere. A new PIN makes another."""
    with open_database(arguments.db).connect() as db:
        found = db.execute(select(staff.c.pin_hash).where(staff.c.person == arguments.person)).first()
    if found is None:
        print(f"no colleague {arguments.person}", file=sys.stderr)
        return 1
    key = codes.key_of(arguments.pepper.read_bytes().strip(), arguments.person, found.pin_hash)
    print(codes.address(key, arguments.person, arguments.shop))
    return 0


def _import_list(arguments: argparse.Namespace) -> int:
    from store.importing import lists

    engine = open_database(arguments.db)
    match arguments.what:
        case "staff":
            pepper = arguments.pepper.read_bytes().strip() if arguments.pepper else b""
            count = lists.import_staff(engine, arguments.file, pepper)
        case "promotions":
            count = lists.import_promotions(engine, arguments.file)
        case "suggestions":
            from store.importing.suggestions import import_suggestions

            count = import_suggestions(engine, arguments.file)
        case "tax":
            count = lists.import_taxes(engine, arguments.file, arguments.jurisdiction)
        case "ages":
            count = lists.import_ages(engine, arguments.file, arguments.jurisdiction)
        case _:
            count = lists.import_recalls(engine, arguments.file)
    print(f"{arguments.file.name}: {count} {arguments.what}")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from store.demo import load

    engine = open_database(arguments.url or arguments.db)
    print(load(engine, arguments.pepper.read_bytes().strip() if arguments.pepper else b""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
