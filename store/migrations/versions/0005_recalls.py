"""Packs that are not sold any more."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "recalls",
        sa.Column("gtin", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("batch", sa.String(length=20), nullable=False),
        sa.Column("serial", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("gtin", "batch", "serial", name=op.f("pk_recalls")),
    )
