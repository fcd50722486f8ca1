"""Releases of the lanes' software: what is offered to whom, what lanes run, what they had to leave again."""

from sqlalchemy import BigInteger, Boolean, Column, String, Table, Text

from store.metadata import metadata

releases = Table(
    "releases",
    metadata,
    Column("version", String(30), primary_key=True),
    Column("compatible", String(40), primary_key=True),
    Column("path", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("ring", String(10), nullable=False),
    Column("pilot_store", String(20), nullable=False),
    Column("pilot_lane", String(20), nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
"""A bundle's file on this server, and how far it has got: failures since `changed` count."""

release_lab = Table(
    "release_lab",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
)
"""Lanes on which every release is tried first."""

release_states = Table(
    "release_states",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("compatible", String(40), nullable=False),
    Column("version", String(30), nullable=False),
    Column("slot", String(1), nullable=False),
    Column("proved", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""What a lane said it runs, and when."""

release_failures = Table(
    "release_failures",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), primary_key=True),
    Column("version", String(30), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
)

release_turns = Table(
    "release_turns",
    metadata,
    Column("store", String(20), primary_key=True),
    Column("lane", String(20), nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""Which lane of a shop may change over, until when: it ends by itself."""
