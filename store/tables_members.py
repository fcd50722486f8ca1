"""Tables about members: who they are, what they earned, and what is not kept of them."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from store.metadata import metadata

members = Table(
    "members",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("seen", BigInteger, nullable=False, server_default="0"),
)
"""`token` is what sales know a member by. `seen` is her last contact, in milliseconds."""

member_keys = Table(
    "member_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("member", String(64), nullable=False, index=True),
    Column("by", String(10), nullable=False),
)
"""By what a member is found: a keyed hash of her card's number, or of her phone number. The numbers are nowhere. Once
these rows are gone nobody can tell whose a token was."""

member_finds = Table(
    "member_finds",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("store", String(20), nullable=False),
    Column("lane", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(10), nullable=False),
    Column("member", String(64), nullable=False),
    Index("ix_member_finds_at", "store", "lane", "at"),
)
"""Who was looked up at a lane of late (empty: nobody had that number): for limits, and for who may spend there."""

member_codes = Table(
    "member_codes",
    metadata,
    Column("nonce", String(40), primary_key=True),
    Column("until", BigInteger, nullable=False),
)
"""Codes of the app that work once, and did."""

points = Table(
    "points",
    metadata,
    Column("sale", String(100), primary_key=True),
    Column("member", String(64), nullable=False, index=True),
    Column("points", BigInteger, nullable=False),
)

points_back = Table(
    "points_back",
    metadata,
    Column("refund", String(100), primary_key=True),
    Column("sale", String(100), nullable=False, index=True),
    Column("member", String(64), nullable=False, index=True),
    Column("points", BigInteger, nullable=False),
    Column("credit", BigInteger, nullable=False),
)
"""What refunds took back of what their sales had earned."""
