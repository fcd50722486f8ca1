"""What the store server keeps, as SQLAlchemy tables; the migrations make exactly these."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from store.metadata import metadata as metadata
from store.tables_facts import facts as facts
from store.tables_facts import suggestions as suggestions
from store.tables_members import member_codes as member_codes
from store.tables_members import member_finds as member_finds
from store.tables_members import member_keys as member_keys
from store.tables_members import members as members
from store.tables_members import points as points
from store.tables_members import points_back as points_back
from store.tables_releases import releases as releases

settings = Table(
    "settings", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False)
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("weights", BigInteger, nullable=False, server_default="0"),
)
"""`version` of items, prices and terms; `weights` of what was weighed, which changes with every basket."""

items = Table(
    "items",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("revision", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("by_weight", Boolean, nullable=False),
    Column("net", BigInteger),
    Column("net_unit", String(2), nullable=False),
    Column("restriction", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_items_revision", "revision"),
)
"""`record` is the JSON of a wire Item without id, prices and age; `net` milligrams (`net_unit` kg) or
microlitres (L) of the content."""

codes = Table(
    "codes",
    metadata,
    Column("gtin", BigInteger, primary_key=True, autoincrement=False),
    Column("item", BigInteger, ForeignKey("items.id"), nullable=False, index=True),
)

prices = Table(
    "prices",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("item", BigInteger, ForeignKey("items.id"), primary_key=True),
    Column("price", BigInteger),
    Column("special", BigInteger),
    Column("lowest_30d", BigInteger),
)
"""Minor units, per piece or per kilogram as the item is sold. `store` empty: where a store has no price of its own."""

ages = Table(
    "ages",
    metadata,
    Column("restriction", String(40), primary_key=True),
    Column("min_age", Integer, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("pin_hash", Text, nullable=False),
)

promotions = Table(
    "promotions", metadata, Column("id", String(80), primary_key=True), Column("record", Text, nullable=False)
)

taxes = Table(
    "taxes",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("valid_from", String(10), primary_key=True),
    Column("valid_to", String(10), nullable=False),
    Column("rate", BigInteger, nullable=False),
)
"""Days are ISO; an open beginning or end is empty."""

recalls = Table(
    "recalls",
    metadata,
    Column("gtin", BigInteger, primary_key=True, autoincrement=False),
    Column("batch", String(20), primary_key=True),
    Column("serial", String(20), primary_key=True),
)
"""Packs that are not sold any more; empty batch and serial: all of that number."""

lanes = Table(
    "lanes",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("wanted_open", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("seen", BigInteger),
    Column("heartbeat", Text),
)

sales = Table(
    "sales",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("ended", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("ticket", String(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_sales_received", "received"),
    Index("ix_sales_number", "store", "lane", "number"),
)
"""`body` as it came; `ticket` names the delivery that stored it."""

conflicts = Table(
    "conflicts",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("sale", String(160), nullable=False, index=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What came under the id of a sale, or the key of a record, that says something else."""

records = Table(
    "records",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("ticket", String(32), nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# ---- value that the server holds

value_accounts = Table(
    "value_accounts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("token", String(64), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("last4", String(4), nullable=False),
    Column("machine", String(40), nullable=False),
    Column("day", String(10), nullable=False),
    Column("valid_to", String(10), nullable=False),
    Column("issued", BigInteger, nullable=False),
)
"""A gift card, or a voucher or coupon that is redeemed once. The number is nowhere: `token` is a keyed hash of it, `id`
of it with the machine and day that printed it, for serial numbers begin anew. Its value is the sum of its movements."""

value_reservations = Table(
    "value_reservations",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("asked", String(64), nullable=False),
    Column("account", String(64), ForeignKey("value_accounts.id"), index=True),
    Column("state", String(20), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("last4", String(4), nullable=False),
    Column("reference", String(80), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("rest", BigInteger),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Index("ix_value_reservations_state", "state", "created"),
)
"""`asked` is a keyed hash of what was asked for, so that the same id with other content is known; empty where a
cancel came before its reserve."""

value_movements = Table(
    "value_movements",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("account", String(64), ForeignKey("value_accounts.id"), nullable=False, index=True),
    Column("reservation", String(100), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("what", String(20), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("by", String(60), nullable=False),
)
"""Only ever added to. `amount` is what it adds to what can still be spent: issue and cancel more, reserve less,
commit nothing."""

value_credits = Table(
    "value_credits",
    metadata,
    Column("reservation", String(100), ForeignKey("value_reservations.id"), primary_key=True),
    Column("refund", String(100), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""What of it was given back by refunds of its sale, by whatever lane."""

wallets = Table(
    "wallets",
    metadata,
    Column("id", String(100), ForeignKey("value_reservations.id"), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("watched", Boolean, nullable=False, index=True),
    Column("refund", String(10), nullable=False),
    Column("refunded", BigInteger),
)
"""A payment at the wallet's provider: `watched` until nothing more can come of it; `refund`: wanted, done or empty."""

alarms = Table(
    "alarms",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("what", String(40), nullable=False),
    Column("about", String(160), nullable=False, index=True),
    Column("detail", Text, nullable=False),
    Column("cleared", BigInteger),
    Column("by", String(60), nullable=False),
)
"""What about money does not fit, until a named person has seen to it."""

# ---- sales of other lanes, receipts

refund_claims = Table(
    "refund_claims",
    metadata,
    Column("sale", String(100), primary_key=True),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""Which lane alone may give a sale back just now."""

refunds = Table(
    "refunds",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("sale", String(100), nullable=False, index=True),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("sale", String(100), nullable=False, index=True),
)
"""Under what name a sale's receipt is shown; only a hash of the name is kept here."""

fiscal_signatures = Table(
    "fiscal_signatures",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("of", String(100), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""What a lane's fiscal device said of a sale: its receipt bears it here, too."""

mails = Table(
    "mails",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("sale", String(100), nullable=False, index=True),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("address", Text),
    Column("asked", BigInteger, nullable=False),
    Column("next", BigInteger),
)
"""Receipts to be sent; the address is taken out when it was, or could not be."""

anchors = Table(
    "anchors",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("journal", String(40), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("key", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
    Column("sold", BigInteger, nullable=False),
    Column("refunded", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("behind", BigInteger),
)
"""Signed lines of the lanes' ledgers; `sold` and `refunded` are perpetual. `behind`: a line of this higher number was
here already, so the lane's disk was rolled back."""

weighed = Table(
    "weighed",
    metadata,
    Column("item", BigInteger, ForeignKey("items.id"), primary_key=True),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("journal", String(40), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("sum", BigInteger, nullable=False),
    Column("squares", BigInteger, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
)
"""What one lane has weighed of one epoch of an item, as it last said; or, with store and lane empty, the list `journal`
that was brought in. `first` and `last`: days since 1970 on which it came."""

weight_items = Table(
    "weight_items",
    metadata,
    Column("item", BigInteger, ForeignKey("items.id"), primary_key=True),
    Column("revision", BigInteger, nullable=False, unique=True),
    Column("floor", Integer, nullable=False),
)
"""The version of `catalogue.weights` in which something of an item changed; epochs below `floor` are forgotten."""
