"""Runs migrations on the connection that `mikroserwis.migrate` hands over."""

from alembic import context

from mikroserwis.db import Base
from mikroserwis.models import Ticket

assert Ticket.metadata is Base.metadata  # noqa: S101 - importing the models fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
