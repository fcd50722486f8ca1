"""Reading a file of items or prices into the catalogue, in one version."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from kiosk.units import Gtin
from store.database import changing_catalogue, setting
from store.importing.mapping import ImportingError, Mapping, check_header, mapping_for
from store.importing.rows import PriceRow, ProductRow, Reader, RowError
from store.intake import insert_once
from store.tables import codes, facts, items, prices

CHUNK = 500

Where: TypeAlias = tuple[str, int]  # store and item
Placed: TypeAlias = tuple[int, str, ProductRow | PriceRow]  # item, store, row


class Remark(Struct, frozen=True):
    """Why a row was rejected, or imported without its code; `row` as a spreadsheet counts, the header is 1."""

    row: int
    column: str
    reason: str
    rejected: bool = True


class Report:
    """What became of every row: new + changed + same + rejected = rows; `without_code` of them can only be picked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = self.new = self.changed = self.same = self.without_code = self.removed = 0
        self.remarks: list[Remark] = []

    @property
    def rejects(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.rejected]

    def __str__(self) -> str:
        kept = self.new + self.changed + self.same
        words = (
            f"{self.path.name}: {self.rows} rows: {kept} imported ({self.new} new, {self.changed} changed, {self.same} "
            f"as they were; {self.without_code} without a code, to be picked by name), {len(self.rejects)} rejected"
        )
        return words + (f"; {self.removed} others taken out of sale" if self.removed else "")


def import_file(
    engine: Engine, path: Path, mapping: Mapping | None = None, *, dry_run: bool = False, whole: bool = False
) -> Report:
    """Import a CSV file. `whole`: what is not in it is taken out of sale. ImportingError: nothing was imported."""
    report = Report(path)
    try:
        with changing_catalogue(engine) as (db, version):
            with _opened(path) as file:
                header, rows, mapping = _rows(path, file, mapping)
                importer = _Importer(db, version, report, mapping)
                importer.run(header, rows)
            report.remarks.sort(key=lambda remark: remark.row)
            if whole and mapping.what == "items":
                importer.remove_others()
            if dry_run:
                db.rollback()
    except UnicodeDecodeError as error:
        raise ImportingError(
            f"{path}, about row {report.rows + 2}: expected UTF-8 ({error.reason})"
        ) from error
    except csv.Error as error:
        raise ImportingError(f"{path}, about row {report.rows + 2}: {error}") from error
    return report


def _opened(path: Path) -> Any:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise ImportingError(f"{path}: {error.strerror}") from error


def _rows(path: Path, file: Any, mapping: Mapping | None) -> tuple[list[str], Iterator[list[str]], Mapping]:
    if mapping is not None:
        file.reconfigure(encoding=mapping.encoding)
    reader = csv.reader(file, delimiter=mapping.delimiter if mapping else ",", strict=True)
    header = [name.strip() for name in next(reader, [])]
    if not header:
        raise ImportingError(f"{path}, row 1: expected a header, the file is empty")
    mapping = mapping or mapping_for(path, header)
    check_header(path, header, mapping)
    return header, reader, mapping


class _Importer:
    """One import: `version` is the revision of all that it changes."""

    def __init__(self, db: Connection, version: int, report: Report, mapping: Mapping) -> None:
        self._db = db
        self._version = version
        self._report = report
        self._mapping = mapping
        self._reader = Reader(mapping, int(setting(db, "places") or 2), date.today().isoformat())
        self._next_id = (db.execute(select(func.max(items.c.id))).scalar() or 0) + 1
        self._seen: dict[Where, int] = {}  # and the row that had them

    def run(self, header: list[str], rows: Iterator[list[str]]) -> None:
        numbered = enumerate((row for row in rows if row), start=2)
        while chunk := list(islice(numbered, CHUNK)):
            good = []
            for number, row in chunk:
                self._report.rows += 1
                try:
                    good.append((number, self._read(header, row)))
                except RowError as error:
                    self._reject(number, error)
            self._products([(n, row) for n, row in good if isinstance(row, ProductRow)])
            self._only_prices([(n, row) for n, row in good if isinstance(row, PriceRow)])

    def remove_others(self) -> None:
        """Take out of sale what this import has not seen, and free its codes."""
        there = self._db.execute(select(items.c.id).where(~items.c.gone)).scalars()
        seen = {item for _, item in self._seen}
        others = [{"b_id": item} for item in there if item not in seen]
        if others:
            self._db.execute(delete(codes).where(codes.c.item == bindparam("b_id")), others)
            gone = (
                update(items).where(items.c.id == bindparam("b_id")).values(gone=True, revision=self._version)
            )
            self._db.execute(gone, others)
        self._report.removed = len(others)

    def _read(self, header: list[str], row: list[str]) -> ProductRow | PriceRow:
        if len(row) != len(header):
            raise RowError("", f"expected {len(header)} fields, not {len(row)}")
        fields = dict(zip(header, row, strict=True))
        return self._reader.product(fields) if self._mapping.what == "items" else self._reader.price(fields)

    def _reject(self, number: int, error: RowError) -> None:
        self._report.remarks.append(Remark(number, error.column, error.reason))

    # ---- items

    def _products(self, rows: list[tuple[int, ProductRow]]) -> None:
        if not rows:
            return
        wanted = {code for _, row in rows for code in row.codes}
        owners = self._owners(wanted)
        keys = select(items.c.key, items.c.id).where(items.c.key.in_({row.key for _, row in rows}))
        known = {row.key: row.id for row in self._db.execute(keys)}
        placed: list[tuple[int, ProductRow]] = []
        for number, row in rows:
            try:
                placed.append((self._place(number, row, owners, known), row))
            except RowError as error:
                self._reject(number, error)
        priced: list[Placed] = [
            (item, row.store, row) for item, row in placed if row.money.price or row.money.special
        ]
        self._write(placed, priced)

    def _owners(self, wanted: set[Gtin]) -> dict[int, int]:
        found = self._db.execute(select(codes.c.gtin, codes.c.item).where(codes.c.gtin.in_(wanted)))
        return {row.gtin: row.item for row in found}

    def _place(self, number: int, row: ProductRow, owners: dict[int, int], known: dict[str, int]) -> int:
        """The id of the item that this row is about; a new one gets the next."""
        column = "gtin" if row.codes else "name"
        mine = {owners[code] for code in row.codes if code in owners} or {known.get(row.key, 0)} - {0}
        if len(mine) > 1:
            raise RowError(column, "its codes belong to different products")
        item = mine.pop() if mine else self._next_id
        before = self._seen.setdefault((row.store, item), number)
        if before != number:
            raise RowError(column, f"the same product is on row {before} already")
        if item == self._next_id:
            self._next_id += 1
        known[row.key] = item
        owners.update(dict.fromkeys(row.codes, item))
        if not row.codes and row.item.plu is None:
            self._report.without_code += 1
        if row.lost:
            reason = f"{row.lost!r} is no number of at most 14 digits: imported without it"
            self._report.remarks.append(Remark(number, "gtin", reason, rejected=False))
        return item

    def _write(self, placed: list[tuple[int, ProductRow]], priced: list[Placed]) -> None:
        ids = [item for item, _ in placed]
        before = {row.id: row for row in self._db.execute(select(items).where(items.c.id.in_(ids)))}
        held: dict[int, set[int]] = {}
        for code in self._db.execute(select(codes).where(codes.c.item.in_(ids))):
            held.setdefault(code.item, set()).add(code.gtin)
        new, changed, new_codes = [], [], []
        for item, row in placed:
            values = _item_row(item, row)
            old = before.get(item)
            more = [{"gtin": code, "item": item} for code in row.codes if code not in held.get(item, set())]
            new_codes += more
            if old is None:
                new.append({**values, "id": item, "revision": self._version})
            elif more or any(getattr(old, name) != value for name, value in values.items() if name != "key"):
                changed.append({**values, "b_id": item, "revision": self._version})
        if new:
            self._db.execute(insert(items), new)
        made = {row["id"] for row in new}
        touched = {item for _, item in set().union(*self._write_prices(priced))} | self._write_facts(placed)
        touched = (touched | {row["b_id"] for row in changed}) - made
        self._report.new += len(made)
        self._report.changed += len(touched)
        self._report.same += len({item for item, _ in placed} - made - touched)
        if changed:
            columns = [name for name in changed[0] if name not in ("b_id", "key")]
            statement = update(items).where(items.c.id == bindparam("b_id"))
            self._db.execute(
                statement.values({name: bindparam(name) for name in columns}), _without_key(changed)
            )
        if new_codes:
            self._db.execute(insert(codes), new_codes)

    def _write_facts(self, placed: list[tuple[int, ProductRow]]) -> set[int]:
        """The items of which the file says something new; they get the new revision."""
        said = {
            item: msgspec.json.encode(row.facts).decode() for item, row in placed if row.facts is not None
        }
        known = self._db.execute(select(facts).where(facts.c.item.in_(said)))
        before = {row.item: row.record for row in known}
        news = [item for item, record in said.items() if before.get(item) != record]
        if news:
            self._db.execute(delete(facts).where(facts.c.item.in_(news)))
            self._db.execute(insert(facts), [{"item": item, "record": said[item]} for item in news])
            marked = update(items).where(items.c.id == bindparam("b_id")).values(revision=self._version)
            self._db.execute(marked, [{"b_id": item} for item in news])
        return set(news)

    # ---- prices

    def _only_prices(self, rows: list[tuple[int, PriceRow]]) -> None:
        if not rows:
            return
        owners = self._owners({row.code for _, row in rows})
        placed: list[Placed] = []
        for number, row in rows:
            item = owners.get(row.code)
            before = number if item is None else self._seen.setdefault((row.store, item), number)
            if item is None:
                self._reject(
                    number, RowError("gtin", f"expected the code of a product that is there, not {row.code}")
                )
            elif before != number:
                self._reject(number, RowError("gtin", f"the same product is on row {before} already"))
            else:
                placed.append((item, row.store, row))
        new, changed = self._write_prices(placed)
        self._report.new += len(new)
        self._report.changed += len(changed)
        self._report.same += len(placed) - len(new) - len(changed)

    def _write_prices(self, placed: Sequence[Placed]) -> tuple[set[Where], set[Where]]:
        """The prices that were new, and those that changed; their items get the new revision."""
        ids = {item for item, _, _ in placed}
        found = self._db.execute(select(prices).where(prices.c.item.in_(ids)))
        before = {(row.store, row.item): (row.price, row.special, row.lowest_30d) for row in found}
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for item, store, row in placed:
            money = (row.money.price, row.money.special, row.money.lowest_30d)
            values = dict(zip(("price", "special", "lowest_30d"), money, strict=True))
            if (store, item) not in before:
                new.append({"store": store, "item": item, **values})
            elif before[(store, item)] != money:
                changed.append({"b_store": store, "b_item": item, **values})
        if new:
            self._db.execute(insert_once(self._db, prices), new)
        if changed:
            where = (prices.c.store == bindparam("b_store"), prices.c.item == bindparam("b_item"))
            self._db.execute(update(prices).where(*where), changed)
        touched = sorted({row["item"] for row in new} | {row["b_item"] for row in changed})
        if touched:
            marked = update(items).where(items.c.id == bindparam("b_id")).values(revision=self._version)
            self._db.execute(marked, [{"b_id": item} for item in touched])
        return {(row["store"], row["item"]) for row in new}, {
            (row["b_store"], row["b_item"]) for row in changed
        }


def _item_row(item: int, row: ProductRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "gone": False,
        "rank": row.rank,
        "by_weight": row.by_weight,
        "net": row.net,
        "net_unit": row.net_unit,
        "restriction": row.item.restriction,
        "record": msgspec.json.encode(row.item).decode(),
    }


def _without_key(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "key"} for row in rows]
