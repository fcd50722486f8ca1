"""The table of baskets that left their lane unpaid: one row each, in one hand at a time."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, String, Table, false

from store.tables import metadata

handovers = Table(
    "handovers",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("by", String(60), nullable=False),
    Column("taken", BigInteger),
    Column("till", String(41), nullable=False),
    Column("name", LargeBinary(32)),
    Column("code", String(12), nullable=False, server_default=""),
    Column("kept", Boolean, nullable=False, server_default=false()),
    Column("request", String(100), nullable=False, server_default=""),
    Index("ix_handovers_name", "name"),
    Index("ix_handovers_code", "code"),
)
"""Who has it since when: `taken`, `till`, `by`, for the `request` of a lane. `kept`: the lane that set it aside has not
let it go, and alone may take it up. `name`: SHA-256 of what stands in its code."""
