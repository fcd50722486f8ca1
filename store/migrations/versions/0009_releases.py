"""Releases of the lanes' software."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    offered()
    told()


def offered() -> None:
    op.create_table(
        "releases",
        sa.Column("version", sa.String(length=30), nullable=False),
        sa.Column("compatible", sa.String(length=40), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ring", sa.String(length=10), nullable=False),
        sa.Column("pilot_store", sa.String(length=20), nullable=False),
        sa.Column("pilot_lane", sa.String(length=20), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", "compatible", name="pk_releases"),
    )
    op.create_table(
        "release_lab",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("store", "lane", name="pk_release_lab"),
    )


def told() -> None:
    op.create_table(
        "release_states",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("compatible", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=30), nullable=False),
        sa.Column("slot", sa.String(length=1), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store", "lane", name="pk_release_states"),
    )
    op.create_table(
        "release_failures",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=30), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("store", "lane", "version", name="pk_release_failures"),
    )
    op.create_table(
        "release_turns",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store", name="pk_release_turns"),
    )
