"""Gift cards, and vouchers and coupons that are redeemed once: issued here, and worth the sum of their movements."""

import csv
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, Row, func, insert, select

from store.tables import value_accounts, value_movements

KINDS = ("gift_card", "deposit_voucher", "coupon")
MEMBER_KINDS = ("credit", "voucher")
SPLIT = ("gift_card", "credit")
"""What may be spent in parts."""
SHOWN = 4  # last characters of a number, all that is kept of it
LEAST = 8  # characters of a number: what is shorter could be guessed, and its end would be most of it


class Issue(Struct, frozen=True, kw_only=True):
    """Something of value to be issued: minor units, ISO days (`valid_to` included; empty: for ever)."""

    kind: str
    number: str
    amount: int
    currency: str
    machine: str = ""
    day: str = ""
    valid_to: str = ""


class NotIssuedError(ValueError):
    """It cannot be issued; says why, without its number."""


def hashed(salt: bytes, *parts: str) -> str:
    """A keyed hash of parts that cannot run into each other."""
    text = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
    return hmac.new(salt, text, hashlib.sha256).hexdigest()


def token_of(salt: bytes, kind: str, number: str) -> str:
    return hashed(salt, kind, number.strip())


def issue(db: Connection, salt: bytes, what: Issue, by: str, now: int) -> str:
    """Put it into the books; the answer is its account. NotIssuedError if it is there already, or is no such thing."""
    number = what.number.strip()
    if what.kind not in KINDS + MEMBER_KINDS or what.amount <= 0 or len(what.currency) != 3:
        raise NotIssuedError(
            f"expected {', '.join(KINDS)} with an amount above 0 and a currency of three letters"
        )
    if len(number) < LEAST:
        raise NotIssuedError(f"expected a number of at least {LEAST} characters")
    account = hashed(salt, what.kind, number, what.machine, what.day)
    if db.execute(select(value_accounts.c.id).where(value_accounts.c.id == account)).first():
        raise NotIssuedError(f"the {what.kind} …{number[-SHOWN:]} has been issued already")
    row = {
        "id": account,
        "token": token_of(salt, what.kind, number),
        "kind": what.kind,
        "currency": what.currency,
        "last4": "" if what.kind in MEMBER_KINDS else number[-SHOWN:],
        "machine": what.machine,
        "day": what.day,
        "valid_to": what.valid_to,
        "issued": now,
    }
    db.execute(insert(value_accounts).values(**row))
    move(db, account, "", "issue", what.amount, now, by)
    return account


def move(
    db: Connection, account: str, reservation: str, what: str, amount: int, now: int, by: str = ""
) -> None:
    """One more movement; nothing takes one back but another."""
    row = {
        "account": account,
        "reservation": reservation,
        "at": now,
        "what": what,
        "amount": amount,
        "by": by,
    }
    db.execute(insert(value_movements).values(**row))


def balance(db: Connection, account: str) -> int:
    """What can still be spent of it, reservations taken off."""
    total = select(func.coalesce(func.sum(value_movements.c.amount), 0))
    return int(db.execute(total.where(value_movements.c.account == account)).scalar_one())


def day_of(now: int) -> str:
    """The UTC day of a time in milliseconds, as accounts name the last one on which they are good."""
    return datetime.fromtimestamp(now / 1000, UTC).date().isoformat()


def called(db: Connection, salt: bytes, kind: str, number: str) -> Sequence[Row[tuple[object, ...]]]:
    """The accounts of that number, locked until the transaction ends; several where serial numbers began anew."""
    query = select(value_accounts).where(value_accounts.c.token == token_of(salt, kind, number))
    return db.execute(query.order_by(value_accounts.c.id).with_for_update()).all()


def movements(db: Connection, account: str) -> Sequence[Row[tuple[object, ...]]]:
    query = select(value_movements).where(value_movements.c.account == account)
    return db.execute(query.order_by(value_movements.c.seq)).all()


def listed(path: Path, kind: str, currency: str, exponent: int = 2) -> Iterator[Issue]:
    """The rows of a CSV file: number, value (12.34), and if given currency, machine, day, valid_to."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"number", "value"} - set(rows.fieldnames or ())
        if missing:
            raise NotIssuedError(f"{path.name}: no column {sorted(missing)[0]}")
        for at, row in enumerate(rows, 2):
            try:
                amount = minor(row["value"] or "", exponent)
            except ValueError as wrong:
                raise NotIssuedError(f"{path.name}, row {at}, column value: {wrong}") from wrong
            yield Issue(
                kind=kind,
                number=row["number"] or "",
                amount=amount,
                currency=row.get("currency") or currency,
                machine=row.get("machine") or "",
                day=row.get("day") or "",
                valid_to=row.get("valid_to") or "",
            )


def minor(text: str, exponent: int = 2) -> int:
    """12.34 as 1234; never rounded."""
    whole, _, rest = text.strip().replace(",", ".").partition(".")
    if not (whole + rest).isascii() or not whole.isdigit() or (rest and not rest.isdigit()):
        raise ValueError(f"expected an amount as 12.34, not {text!r}")
    if len(rest) > exponent:
        raise ValueError(f"expected at most {exponent} decimals, not {text!r}")
    return int(whole + rest.ljust(exponent, "0"))
