"""The shop's small lists: staff, promotions, taxes, ages, recalls, members. Each is taken whole or not at all."""

import csv
import datetime
import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, delete, insert, select, update

from kiosk.barcode import BarcodeError, gtin
from kiosk.units import ItemId
from kiosk.wire import Colleague, DatedPromotion, peppered
from store import members
from store.database import changing_catalogue, member_salt, set_setting
from store.importing.mapping import ImportingError
from store.tables import ages, codes, items, promotions, recalls, staff, taxes

T = TypeVar("T")
PIN = (4, 12)  # digits
_PACK = r"[!-~]{0,20}"  # batch and serial: GS1 AI 10 and 21 have up to 20 of the printable signs


def _decoded(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise ImportingError(f"{path}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ImportingError(f"{path}: {error}") from error


def table(path: Path, header: list[str], *more: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file that has exactly these columns, or these and `more`, with their numbers."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            first = next(reader, [])
            if first == [*header, *more]:
                header = first
            if first != header:
                raise ImportingError(
                    f"{path}, row 1: expected the columns {','.join(header)}, not {','.join(first)}"
                )
            for number, row in enumerate(reader, start=2):
                if len(row) != len(header):
                    raise ImportingError(
                        f"{path}, row {number}: expected {len(header)} fields, not {len(row)}"
                    )
                yield number, {name: text.strip() for name, text in zip(header, row, strict=True)}
    except (UnicodeDecodeError, csv.Error) as error:
        raise ImportingError(f"{path}: expected CSV in UTF-8: {error}") from error
    except OSError as error:
        raise ImportingError(f"{path}: {error.strerror}") from error


# ---- staff


def import_staff(engine: Engine, path: Path, pepper: bytes = b"") -> int:
    """Replace the staff by a CSV file (person,name,role,pin); of a PIN only its argon2id hash is kept.

    An empty PIN keeps the one that the person has.
    """
    from argon2 import PasswordHasher

    hasher = PasswordHasher()
    with changing_catalogue(engine) as (db, _):
        held = {row.person: row.pin_hash for row in db.execute(select(staff))}
        found: dict[str, Colleague] = {}
        for number, row in table(path, ["person", "name", "role", "pin"]):
            hashed = _hashed(path, number, row, held, lambda pin: hasher.hash(peppered(pin, pepper)))
            if row["person"] in found:
                raise ImportingError(f"{path}, row {number}, column person: {row['person']} is there twice")
            found[row["person"]] = _colleague(path, number, row, hashed)
        db.execute(delete(staff))
        if found:
            db.execute(insert(staff), [msgspec.structs.asdict(colleague) for colleague in found.values()])
    return len(found)


def _hashed(
    path: Path, number: int, row: dict[str, str], held: dict[str, str], hashed: Callable[[str], str]
) -> str:
    pin = row["pin"]
    if not pin and row["person"] in held:
        return held[row["person"]]
    if not (pin.isascii() and pin.isdigit() and PIN[0] <= len(pin) <= PIN[1]):
        raise ImportingError(f"{path}, row {number}, column pin: expected {PIN[0]} to {PIN[1]} digits")
    return hashed(pin)


def _colleague(path: Path, number: int, row: dict[str, str], pin_hash: str) -> Colleague:
    if not row["person"].isdigit():
        raise ImportingError(f"{path}, row {number}, column person: expected digits, not {row['person']!r}")
    try:
        values = {"person": row["person"], "name": row["name"], "role": row["role"], "pin_hash": pin_hash}
        return msgspec.convert(values, Colleague)
    except msgspec.ValidationError as error:
        raise ImportingError(
            f"{path}, row {number}, column role: expected attendant or technician"
        ) from error


# ---- promotions


class PromotionFile(DatedPromotion, frozen=True, forbid_unknown_fields=True):
    """A promotion as the shop writes it: `codes` (GTINs) are looked up and become the promotion's items."""

    codes: tuple[str, ...] = ()


def import_promotions(engine: Engine, path: Path) -> int:
    """Replace the promotions by a JSON file: a list of {promotion, valid_from, valid_to, codes}."""
    written = _decoded(path, list[PromotionFile])
    with changing_catalogue(engine) as (db, _):
        rows = [_promotion_row(db, f"{path}: $[{n}]", one) for n, one in enumerate(written)]
        ids = [row["id"] for row in rows]
        if twice := {id_ for id_ in ids if ids.count(id_) > 1}:
            raise ImportingError(f"{path}: promotion {sorted(twice)[0]!r} is there twice")
        db.execute(delete(promotions))
        if rows:
            db.execute(insert(promotions), rows)
    return len(rows)


def _promotion_row(db: Connection, where: str, written: PromotionFile) -> dict[str, str]:
    promotion: Any = written.promotion
    if written.codes:
        if not hasattr(promotion, "items"):
            raise ImportingError(f"{where}.codes: a promotion of this type has no items")
        found = tuple(item_of(db, f"{where}.codes[{n}]", code) for n, code in enumerate(written.codes))
        promotion = replace(promotion, items=(*promotion.items, *found))
    _days(where, written.valid_from, written.valid_to)
    dated = DatedPromotion(promotion, written.valid_from, written.valid_to)
    return {"id": promotion.id, "record": msgspec.json.encode(dated).decode()}


def item_of(db: Connection, where: str, code: str) -> ItemId:
    gtin = int(code) if code.isascii() and code.isdigit() and len(code) <= 14 else -1
    item = db.execute(select(codes.c.item).where(codes.c.gtin == gtin)).scalar()
    if item is None:
        raise ImportingError(f"{where}: expected the code of a product that is there, not {code!r}")
    return ItemId(item)


def _days(where: str, first: str | None, last: str | None) -> None:
    for name, day in (("valid_from", first), ("valid_to", last)):
        if day is not None:
            try:
                datetime.date.fromisoformat(day)
            except ValueError as error:
                raise ImportingError(
                    f"{where}.{name}: expected a day like 2026-05-14, not {day!r}"
                ) from error
    if first and last and first > last:
        raise ImportingError(f"{where}: valid_from {first} is after valid_to {last}")


# ---- taxes

_Rate = Annotated[str, Meta(pattern=r"^\d{1,2}(\.\d{1,4})?$")]
_Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class RateFile(Struct, frozen=True):
    code: Annotated[str, Meta(min_length=1, max_length=20)]
    percent: _Rate
    valid_from: _Day | None = None
    valid_to: _Day | None = None


class Jurisdiction(Struct, frozen=True):
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    minor_unit: Literal[0, 2, 3]
    rates: tuple[RateFile, ...]
    prices_include_tax: bool = True


class TaxFile(Struct, frozen=True):
    jurisdictions: dict[str, Jurisdiction]


def import_taxes(engine: Engine, path: Path, jurisdiction: str) -> int:
    """Replace the tax rates by those of one jurisdiction of a JSON file; its currency becomes the shop's."""
    found = _decoded(path, TaxFile).jurisdictions
    if jurisdiction not in found:
        expected = ", ".join(sorted(found))
        raise ImportingError(f"{path}: $.jurisdictions: expected {jurisdiction!r} among {expected}")
    there = found[jurisdiction]
    where = f"{path}: $.jurisdictions.{jurisdiction}.rates"
    for n, rate in enumerate(there.rates):
        _days(f"{where}[{n}]", rate.valid_from, rate.valid_to)
    for before, after in _overlapping(there.rates):
        raise ImportingError(f"{where}: two rates of {before.code} on {after.valid_from or 'the same day'}")
    rows = [
        {
            "code": rate.code,
            "rate": int(Decimal(rate.percent).scaleb(4)),
            "valid_from": rate.valid_from or "",
            "valid_to": rate.valid_to or "",
        }
        for rate in there.rates
    ]
    with changing_catalogue(engine) as (db, _):
        db.execute(delete(taxes))
        if rows:
            db.execute(insert(taxes), rows)
        set_setting(db, "jurisdiction", jurisdiction)
        set_setting(db, "currency", there.currency)
        set_setting(db, "places", str(there.minor_unit))
    return len(rows)


def _overlapping(rates: tuple[RateFile, ...]) -> Iterator[tuple[RateFile, RateFile]]:
    ordered = sorted(rates, key=lambda rate: (rate.code, rate.valid_from or ""))
    for before, after in pairwise(ordered):
        if before.code == after.code and (before.valid_to or "9999") >= (after.valid_from or ""):
            yield before, after


# ---- ages


def import_ages(engine: Engine, path: Path, jurisdiction: str) -> int:
    """Replace the ages from which restricted goods are sold by those of one jurisdiction of a JSON file:
    {"FR": {"wine": 18}}. Items of these classes are sent to the lanes again."""
    found = _decoded(path, dict[str, dict[str, Annotated[int, Meta(ge=1, le=99)]]])
    if jurisdiction not in found:
        raise ImportingError(f"{path}: $: expected {jurisdiction!r} among {', '.join(sorted(found))}")
    rows = [{"restriction": name, "min_age": age} for name, age in found[jurisdiction].items()]
    with changing_catalogue(engine) as (db, version):
        db.execute(delete(ages))
        if rows:
            db.execute(insert(ages), rows)
        db.execute(update(items).where(items.c.restriction != "").values(revision=version))
    return len(rows)


# ---- recalls


def import_recalls(engine: Engine, path: Path) -> int:
    """Replace the recalls by a CSV file (gtin,batch,serial); without batch and serial all packs are meant.

    The number need not be one that the shop sells now.
    """
    found: set[tuple[int, str, str]] = set()
    with changing_catalogue(engine) as (db, _):
        for number, row in table(path, ["gtin", "batch", "serial"]):
            try:
                meant = gtin.parse(row["gtin"])
            except BarcodeError as error:
                said = f"expected the number of a product, not {row['gtin']!r} ({error})"
                raise ImportingError(f"{path}, row {number}, column gtin: {said}") from error
            for column in ("batch", "serial"):
                if not re.fullmatch(_PACK, row[column]):
                    said = f"expected at most 20 letters, digits and signs, not {row[column]!r}"
                    raise ImportingError(f"{path}, row {number}, column {column}: {said}")
            found.add((meant, row["batch"], row["serial"]))
        db.execute(delete(recalls))
        if found:
            names = ("gtin", "batch", "serial")
            db.execute(insert(recalls), [dict(zip(names, one, strict=True)) for one in sorted(found)])
    return len(found)


# ---- members


def import_members(engine: Engine, path: Path) -> int:
    """Add members from a CSV file (number,first_name, and if given phone); no number is kept, only keyed hashes."""
    salt, now = member_salt(engine), time.time_ns() // 1_000_000
    count = 0
    with engine.begin() as db:
        for number, row in table(path, ["number", "first_name"], "phone"):
            if not row["number"]:
                raise ImportingError(f"{path}, row {number}, column number: expected a member's number")
            members.add(db, salt, row["number"], row["first_name"], row.get("phone", ""), now)
            count += 1
    return count
