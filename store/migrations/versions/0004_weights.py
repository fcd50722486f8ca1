"""What lanes have weighed of each item."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("catalogue", sa.Column("weights", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "weighed",
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("journal", sa.String(length=40), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("sum", sa.BigInteger(), nullable=False),
        sa.Column("squares", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_weighed_item")),
        sa.PrimaryKeyConstraint("item", "epoch", "store", "lane", "journal", name=op.f("pk_weighed")),
    )
    op.create_table(
        "weight_items",
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_weight_items_item")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_weight_items")),
        sa.UniqueConstraint("revision", name=op.f("uq_weight_items_revision")),
    )
