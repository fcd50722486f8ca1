"""Members by card and phone, who was looked up where, and what refunds take back."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("members", sa.Column("seen", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "member_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_member_keys")),
    )
    op.create_index(op.f("ix_member_keys_member"), "member_keys", ["member"], unique=False)
    _lately()
    op.create_table(
        "points_back",
        sa.Column("refund", sa.String(length=100), nullable=False),
        sa.Column("sale", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("refund", name=op.f("pk_points_back")),
    )
    op.create_index(op.f("ix_points_back_member"), "points_back", ["member"], unique=False)
    op.create_index(op.f("ix_points_back_sale"), "points_back", ["sale"], unique=False)
    # Until now a token was the hash of the card's number, which so stays the key of whoever had it.
    op.execute(f"UPDATE members SET seen = {time.time_ns() // 1_000_000}")
    op.execute("INSERT INTO member_keys (key, member, by) SELECT token, token, 'card' FROM members")


def _lately() -> None:
    """What is forgotten after a day."""
    op.create_table(
        "member_finds",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("member", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_member_finds")),
    )
    op.create_index("ix_member_finds_at", "member_finds", ["store", "lane", "at"], unique=False)
    op.create_table(
        "member_codes",
        sa.Column("nonce", sa.String(length=40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_member_codes")),
    )
