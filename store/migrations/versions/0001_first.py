"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "ages",
        sa.Column("restriction", sa.String(length=40), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("restriction", name=op.f("pk_ages")),
    )
    op.create_table(
        "catalogue",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_catalogue")),
    )
    op.create_table(
        "conflicts",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sale", sa.String(length=160), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_conflicts")),
    )
    op.create_index(op.f("ix_conflicts_sale"), "conflicts", ["sale"], unique=False)
    op.create_table(
        "items",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("by_weight", sa.Boolean(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("net_unit", sa.String(length=2), nullable=False),
        sa.Column("restriction", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("key", name=op.f("uq_items_key")),
    )
    op.create_index("ix_items_revision", "items", ["revision"], unique=False)
    op.create_table(
        "lanes",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("wanted_open", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=True),
        sa.Column("heartbeat", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("store", "lane", name=op.f("pk_lanes")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_lanes_token_hash")),
    )
    op.create_table(
        "members",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_members")),
    )
    op.create_table(
        "points",
        sa.Column("sale", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sale", name=op.f("pk_points")),
    )
    op.create_index(op.f("ix_points_member"), "points", ["member"], unique=False)
    op.create_table(
        "promotions",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    op.create_table(
        "records",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("store", "lane", "key", name=op.f("pk_records")),
    )
    op.create_table(
        "sales",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
    )
    op.create_index("ix_sales_received", "sales", ["received"], unique=False)
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "staff",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_staff")),
    )
    op.create_table(
        "taxes",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_taxes")),
    )
    op.create_table(
        "codes",
        sa.Column("gtin", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_codes_item")),
        sa.PrimaryKeyConstraint("gtin", name=op.f("pk_codes")),
    )
    op.create_index(op.f("ix_codes_item"), "codes", ["item"], unique=False)
    op.create_table(
        "prices",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("special", sa.BigInteger(), nullable=True),
        sa.Column("lowest_30d", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_prices_item")),
        sa.PrimaryKeyConstraint("store", "item", name=op.f("pk_prices")),
    )
