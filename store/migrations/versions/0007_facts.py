"""What the shop says of items besides selling them, and what it suggests."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_facts_item")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_facts")),
    )
    op.create_table(
        "suggestions",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_suggestions")),
    )
