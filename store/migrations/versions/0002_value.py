"""Value that the server holds, refunds and baskets of other lanes, receipts for phone and e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ONLY_ADDED_TO = "value_movements"


def upgrade() -> None:
    _alarms()
    _handovers()
    _mails()
    _receipts()
    _refund_claims()
    _refunds()
    _value_accounts()
    _value_movements()
    _value_reservations()
    _wallets()
    _value_credits()
    _fiscal_signatures()
    for statement in guard(op.get_bind().dialect.name):
        op.execute(statement)


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("cleared", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_alarms")),
    )
    op.create_index(op.f("ix_alarms_about"), "alarms", ["about"], unique=False)


def _handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=True),
        sa.Column("till", sa.String(length=41), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("sale", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_sale"), "mails", ["sale"], unique=False)


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sale", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_sale"), "receipts", ["sale"], unique=False)


def _refund_claims() -> None:
    op.create_table(
        "refund_claims",
        sa.Column("sale", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sale", name=op.f("pk_refund_claims")),
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("sale", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_sale"), "refunds", ["sale"], unique=False)


def _value_accounts() -> None:
    op.create_table(
        "value_accounts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("machine", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_accounts")),
    )
    op.create_index(op.f("ix_value_accounts_token"), "value_accounts", ["token"], unique=False)


def _value_movements() -> None:
    op.create_table(
        "value_movements",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("reservation", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["value_accounts.id"], name=op.f("fk_value_movements_account")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_value_movements")),
    )
    op.create_index(op.f("ix_value_movements_account"), "value_movements", ["account"], unique=False)


def _value_reservations() -> None:
    op.create_table(
        "value_reservations",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("rest", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["value_accounts.id"], name=op.f("fk_value_reservations_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_reservations")),
    )
    op.create_index(op.f("ix_value_reservations_account"), "value_reservations", ["account"], unique=False)
    op.create_index("ix_value_reservations_state", "value_reservations", ["state", "created"], unique=False)


def _wallets() -> None:
    op.create_table(
        "wallets",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("refund", sa.String(length=10), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["value_reservations.id"], name=op.f("fk_wallets_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallets")),
    )
    op.create_index(op.f("ix_wallets_watched"), "wallets", ["watched"], unique=False)
    op.create_index("ix_sales_number", "sales", ["store", "lane", "number"], unique=False)


def _value_credits() -> None:
    op.create_table(
        "value_credits",
        sa.Column("reservation", sa.String(length=100), nullable=False),
        sa.Column("refund", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reservation"], ["value_reservations.id"], name=op.f("fk_value_credits_reservation")
        ),
        sa.PrimaryKeyConstraint("reservation", "refund", name=op.f("pk_value_credits")),
    )


def _fiscal_signatures() -> None:
    op.create_table(
        "fiscal_signatures",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("of", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("store", "lane", "of", name=op.f("pk_fiscal_signatures")),
    )


def guard(dialect: str) -> list[str]:
    """What keeps movements of value from ever being changed or taken out."""
    why = f"{ONLY_ADDED_TO} is only ever added to"
    if dialect == "postgresql":
        return [
            f"CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{why}'; END $$",
            f"CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON {ONLY_ADDED_TO} "
            f"FOR EACH ROW EXECUTE FUNCTION only_added_to()",
        ]
    return [
        f"CREATE TRIGGER no_{what.lower()} BEFORE {what} ON {ONLY_ADDED_TO} "
        f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        for what in ("UPDATE", "DELETE")
    ]
