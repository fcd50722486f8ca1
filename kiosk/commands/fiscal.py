"""kiosk fiscal verify|export|archive: what the tax office asks for.

kiosk fiscal verify 'V0;…'                         is a receipt's code genuine?
kiosk fiscal export JOURNAL OUT --config CONFIG    closed days as DSFinV-K, into a folder or OUT.zip
kiosk fiscal archive CONFIG OUT.tar                the fiscal device's own log; the lane must be closed
"""

import argparse
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from dsfinvk.collection import Collection
from dsfinvk.table import Model
from msgspec import Struct

from drivers.fiscal.client import TseClient
from drivers.fiscal.device import DeviceOut
from drivers.fiscal.tse import line_to
from drivers.line import CLOCK, LineLost
from kiosk.checkout.records import Cancelled, ClosedSale, DayEnded, HandedOver, Refund, Signed
from kiosk.config import Config, ConfigError, read
from kiosk.fiscal import qr
from kiosk.fiscal.dsfinv import TABLES, Day, Shop, days, known, rows
from kiosk.fiscal.dsfinv.gdpdu import DTD, index_xml
from kiosk.fiscal.kassenbeleg import UnknownRate
from kiosk.fiscal.totals import Totals, totals
from kiosk.units import Millis

RECORDS = (ClosedSale, Refund, Cancelled, HandedOver, Signed)
KINDS = {kind.kind: msgspec.json.Decoder(kind) for kind in RECORDS}
DAY = "day"


class Side(Struct, frozen=True):
    """Money in one direction, as a closing of the ledger has it."""

    amount: int = 0
    taxes: list[dict[str, str | int]] = []
    tenders: dict[str, int] = {}


class Sums(Struct, frozen=True):
    sold: Side = Side()
    refunded: Side = Side()

    def come_to(self) -> tuple[int, int, int]:
        """Gross, net and payments: what was sold less what was given back."""
        sold, back = self.sold, self.refunded
        net = [sum(int(tax["net"]) for tax in side.taxes) for side in (sold, back)]
        paid = [sum(side.tenders.values()) for side in (sold, back)]
        return sold.amount - back.amount, net[0] - net[1], paid[0] - paid[1]


class Closed(Struct, frozen=True):
    """A closing's line: of a day, month or year (`name`), with its own sums; bare where the ledger adds none."""

    at: Millis
    date: str = ""
    by: str = ""
    period: str = DAY
    name: str = ""
    totals: Sums | None = None


CLOSED = msgspec.json.Decoder(Closed)


class Cannot(Exception):  # noqa: N818
    """Why the command cannot be done."""


WRONG = (
    Cannot, ConfigError, UnknownRate, LineLost, DeviceOut, OSError, sqlite3.Error, msgspec.DecodeError,
)  # fmt: skip


def main(argv: list[str]) -> int:
    """0 if it was done (verify: the code is genuine), 1 if a code is not genuine, 2 if it could not be done."""
    parser = argparse.ArgumentParser(
        prog="kiosk fiscal", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="check the code on a German receipt")
    verify.add_argument("code", help="its text, or - to read it from standard input")
    export = verbs.add_parser("export", help="closed days as DSFinV-K")
    export.add_argument("journal", type=Path)
    export.add_argument("out", type=Path, help="a new folder, or a file that ends in .zip")
    export.add_argument("--from", dest="first", default="", metavar="DATE", help="first day, as 2026-11-01")
    export.add_argument("--to", dest="last", default="9999", metavar="DATE", help="last day")
    export.add_argument("--config", type=Path, help="the lane's file: company, tax keys, time zone")
    export.add_argument("--certificate", type=Path, help="the device's certificate in base64")
    export.add_argument("--dtd", type=Path, help="the official GDPdU DTD, in place of ours")
    archive = verbs.add_parser("archive", help="the fiscal device's own log")
    archive.add_argument("config", type=Path)
    archive.add_argument("out", type=Path)
    options = parser.parse_args(argv)
    try:
        return {"verify": do_verify, "export": do_export, "archive": do_archive}[options.verb](options)
    except (
        Cannot,
        ConfigError,
        UnknownRate,
        LineLost,
        DeviceOut,
        OSError,
        sqlite3.Error,
        msgspec.DecodeError,
    ) as wrong:
        print(f"kiosk fiscal: {wrong}", file=sys.stderr)
        return 2


# ---- a receipt's code


def do_verify(options: argparse.Namespace) -> int:
    text = sys.stdin.read() if options.code == "-" else options.code
    try:
        said = qr.read(text)
    except qr.NotACode as wrong:
        raise Cannot(f"not a receipt's code: {wrong}") from wrong
    why = qr.why_not_genuine(said)
    for name, value in msgspec.structs.asdict(said).items():
        if name in {"started", "finished"}:
            value = qr.iso(value)
        if value:
            print(f"{name:13} {value}")
    print(f"NOT GENUINE: {why}" if why else "genuine: signed by the key of this code")
    return 1 if why else 0


# ---- DSFinV-K


def do_export(options: argparse.Namespace) -> int:
    """Refuses to overwrite; says of each day whether the export comes to what the ledger does."""
    if options.out.exists():
        raise Cannot(f"{options.out}: there is something already")
    config = read(options.config) if options.config else None
    certificate = options.certificate.read_text().strip() if options.certificate else ""
    shop = shop_of(config, "".join(certificate.split()))
    zone = ZoneInfo(config.shop.timezone if config else "Europe/Berlin")
    whole = known(ledger(options.journal))
    found: list[Model] = []
    for day, sums in zip(days(ledger(options.journal)), closings(options.journal), strict=True):
        if options.first <= day.ended.date <= options.last:
            of_day = rows(day, shop, zone, whole)
            print(summary(day, of_day, sums))
            found += of_day
    if not found:
        raise Cannot("no day was closed in that time")
    write(found, options.out, shop, options.dtd.read_text() if options.dtd else DTD)
    for name in shop.missing():
        print(f"missing: fiscal.company.{name}, which the tax office wants", file=sys.stderr)
    if not certificate:
        print("missing: the device's certificate (--certificate)", file=sys.stderr)
    return 0


def shop_of(config: Config | None, certificate: str = "") -> Shop:
    """Whose till it is, as the configuration says."""
    if config is None or config.fiscal is None:
        return Shop(name=config.shop.name if config else "", certificate=certificate)
    company = msgspec.structs.asdict(config.fiscal.company)
    company["name"] = company["name"] or config.shop.name
    device = config.fiscal.device
    return Shop(
        till=device.client,
        keys=device.tax_keys,
        exponent=config.shop.exponent,
        certificate=certificate,
        **company,
    )


def ledger(path: Path) -> Iterator[tuple[int, object]]:
    """The ledger's lines that an export needs, with their numbers; a day's closing as DayEnded."""
    for number, kind, body in lines(path):
        if kind in KINDS:
            yield number, KINDS[kind].decode(body)
        elif kind == DayEnded.kind and (closed := CLOSED.decode(body)).period == DAY:
            yield number, DayEnded(closed.date or closed.name, closed.at, closed.by)


def closings(path: Path) -> Iterator[Sums | None]:
    """What the ledger's own closings of days say they come to, oldest first."""
    for _, kind, body in lines(path):
        if kind == DayEnded.kind and (closed := CLOSED.decode(body)).period == DAY:
            yield closed.totals


def lines(path: Path) -> Iterator[tuple[int, str, bytes]]:
    """Number, kind and body of every line, read without touching the file. Raises Cannot."""
    if not path.is_file():
        raise Cannot(f"{path}: there is no such file")
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield from db.execute("SELECT number, kind, body FROM ledger ORDER BY number")
    finally:
        db.close()


def summary(day: Day, found: list[Model], closing: Sums | None) -> str:
    """One line a day. Raises Cannot if the export does not come to the cent to what ledger and closing do."""
    sums, said = totals(record for _, record in day.records), exported(found)
    counted = (sums.gross, sum(tax.net for tax in sums.taxes), sum(each.amount for each in sums.tenders))
    if said != counted:
        raise Cannot(f"closing {day.number}: the export comes to {said}, the ledger's records to {counted}")
    if closing is not None and closing.come_to() != said:
        raise Cannot(f"closing {day.number}: the export comes to {said}, the closing to {closing.come_to()}")
    like = "as in the ledger's records" + (" and in its closing" if closing is not None else "")
    return f"closing {day.number} of {day.ended.date}: {_counts(sums)}, gross {sums.gross}, {like}"


def _counts(sums: Totals) -> str:
    return f"{sums.sales} sales, {sums.refunds} refunds, {sums.voids} broken off, {sums.training} training"


def exported(found: list[Model]) -> tuple[int, int, int]:
    """Gross, net and payments that the closing's own tables come to, in minor units of two decimals."""
    cases = [row._data for row in found if row._filename == "businesscases.csv"]
    paid = [row._data for row in found if row._filename == "payment.csv"]
    return (
        sum(_cents(row["Z_UMS_BRUTTO"]) for row in cases),
        sum(_cents(row["Z_UMS_NETTO"]) for row in cases),
        sum(_cents(row["Z_ZAHLART_BETRAG"]) for row in paid),
    )


def _cents(text: str) -> int:
    whole, _, part = text.partition(",")
    sign = -1 if text.startswith("-") else 1
    return int(whole) * 100 + sign * int(part[:2])


def write(found: list[Model], out: Path, shop: Shop, dtd: str) -> None:
    """All twenty tables with index.xml and its DTD, as a zip or unpacked."""
    collection = Collection()
    for table in TABLES:
        header = table()
        header._data.clear()  # an empty table is its header alone
        collection.add(header)
    for row in found:
        collection.add(row)
    with tempfile.TemporaryDirectory() as folder:
        index, rules, whole = (Path(folder) / name for name in ("index.xml", "rules.dtd", "all.zip"))
        index.write_text(index_xml(list(TABLES), shop.name, shop.city, "kiosk"), encoding="utf-8")
        rules.write_text(dtd, encoding="utf-8")
        target = out if out.suffix == ".zip" else whole
        collection.write(str(target), str(index), str(rules))
        if target is whole:
            with zipfile.ZipFile(whole) as archive:
                archive.extractall(out)


# ---- the device's own log


def do_archive(options: argparse.Namespace) -> int:
    config = read(options.config)
    if config.fiscal is None:
        raise Cannot(f"{options.config}: no fiscal device")
    device = config.fiscal.device
    line = line_to(device)
    try:
        client = TseClient(line, device.client, device.within, CLOCK)
        broken_off = client.closing()
        with options.out.open("xb") as file:
            size = sum(file.write(part) for part in client.export())
    finally:
        line.close()
    print(f"{options.out}: {size} bytes; {len(broken_off)} transactions were open and are broken off")
    return 0
