"""Alembic's environment: the connection is given by `kernel.migrate`, so that all steps are one transaction."""

from alembic import context

from mingjing.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
