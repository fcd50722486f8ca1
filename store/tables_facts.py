"""Tables of what the shop says of items besides selling them, and what it suggests."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from store.metadata import metadata

facts = Table(
    "facts",
    metadata,
    Column("item", BigInteger, ForeignKey("items.id"), primary_key=True),
    Column("record", Text, nullable=False),
)
"""`record` is the JSON of wire Facts."""

suggestions = Table(
    "suggestions",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
)
"""Rules of what to suggest before paying, the first that fits first; `record` is the JSON of a wire Suggestion."""
