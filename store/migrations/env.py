"""Alembic's entry: runs on the connection that `store.database.migrate` hands over."""

from alembic import context

import store.basket_table  # noqa: F401, its table belongs to the metadata, too
from store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
