"""Baskets set aside: their names and numbers, and in whose hand they are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("handovers", sa.Column("name", sa.LargeBinary(length=32), nullable=True))
    op.add_column("handovers", sa.Column("code", sa.String(length=12), server_default="", nullable=False))
    op.add_column("handovers", sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("handovers", sa.Column("request", sa.String(length=100), server_default="", nullable=False))
    op.create_index("ix_handovers_name", "handovers", ["name"])
    op.create_index("ix_handovers_code", "handovers", ["code"])
