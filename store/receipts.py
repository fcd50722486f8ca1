"""A sale's receipt for whoever has its name: found until it is too old, drawn from the same document as the paper.

The lane draws the name, 128 random bits, when a basket opens, and the sale brings it: so the QR code is right before
the sale has arrived here. Only a hash of it finds the sale. Nothing of a member is on the page.
"""

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from kiosk.receipt import Receipt, ShopDetails, number_of, receipt
from kiosk.text.receipt_lines import lines, words_for
from kiosk.units import Minor
from kiosk.wire import ClosedSale, Signed
from store.database import setting
from store.intake import inserted, page_name
from store.lanes import Lane
from store.receipt_page import page
from store.tables import fiscal_signatures, receipts, sales

DAYS = 90  # that a page can be seen; the setting receipt_days says otherwise
DAY = 86_400_000


class Found(Struct, frozen=True):
    """A sale, the shop as its receipts name it, and what a fiscal device said of the sale, if one has."""

    sale: ClosedSale
    shop: ShopDetails
    signed: Signed | None = None


def by_name(db: Connection, token: str, now: int) -> Found | None:
    """The sale whose page has that name; None: there is none, or it is too old."""
    query = select(sales.c.body, sales.c.store).join_from(receipts, sales, receipts.c.sale == sales.c.id)
    row = db.execute(query.where(receipts.c.token_hash == page_name(token))).first()
    if row is None:
        return None
    sale = msgspec.json.decode(row.body, type=ClosedSale)
    if now - sale.ended > days(db) * DAY:
        return None
    return Found(sale, shop(db, row.store), signature(db, sale))


def of_sale(db: Connection, sale: str, lane: Lane) -> Found | None:
    """A sale of that lane by its id."""
    mine = (sales.c.id == sale, sales.c.store == lane.store, sales.c.lane == lane.lane)
    body = db.execute(select(sales.c.body).where(*mine)).scalar()
    if body is None:
        return None
    found = msgspec.json.decode(body, type=ClosedSale)
    return Found(found, shop(db, lane.store), signature(db, found))


def sign(db: Connection, lane: Lane, signed: Signed) -> bool:
    """What the lane's fiscal device said; the first word stands. It always fits."""
    row = {"of": signed.of, "store": lane.store, "lane": lane.lane, "body": msgspec.json.encode(signed)}
    inserted(db, fiscal_signatures, row)
    return True


def signature(db: Connection, sale: ClosedSale) -> Signed | None:
    f = fiscal_signatures.c
    mine = (f.of == sale.id, f.store == sale.store, f.lane == sale.lane)
    body = db.execute(select(f.body).where(*mine)).scalar()
    return msgspec.json.decode(body, type=Signed) if body is not None else None


def days(db: Connection) -> int:
    return int(setting(db, "receipt_days") or DAYS)


def shop(db: Connection, store: str) -> ShopDetails:
    """What receipts say of that store, of all stores, or of one that nobody has described yet."""
    text = setting(db, f"shop:{store}") or setting(db, "shop")
    return msgspec.json.decode(text, type=ShopDetails) if text else ShopDetails(name=f"Store {store}")


def document(found: Found) -> Receipt:
    """The receipt without anything of a member's."""
    sale = found.sale
    priced = replace(sale.priced, points=0, loyalty_credit=Minor(0))
    signed = found.signed.signature if found.signed is not None else None
    return receipt(replace(sale, member=None, priced=priced), found.shop, signature=signed)


def as_page(found: Found) -> str:
    return page(document(found), title(found), number_of(found.sale))


def as_text(found: Found) -> str:
    drawn = document(found)
    return "\n".join(lines(drawn, words_for(drawn))) + "\n"


def title(found: Found) -> str:
    words = words_for(document(found))
    number = words("Receipt {number}", number=number_of(found.sale))
    return " ".join(f"{found.shop.name} · {number}".split())
