"""What only the owner of the database can do: take away what keeps the history as it is, and rewrite it."""

from sqlalchemy import text

from mikroserwis.edge import Parts

KEPT = ("history", "history_seals")


def unlock(parts: Parts) -> None:
    """From now on rows of the history can be changed and removed."""
    with parts.database.transaction() as session:
        for table in KEPT:
            if parts.database.engine.dialect.name == "postgresql":
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_only_added ON {table}"))
            else:
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_not_changed"))
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_not_removed"))
