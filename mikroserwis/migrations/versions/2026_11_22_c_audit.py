"""audit: seals over the history, rows that can only be added, and indexes for looking through it"""

import sqlalchemy as sa
from alembic import op

import mikroserwis.db

revision = "2026_11_22_c_audit"
down_revision = "2026_11_22_b_customers"
branch_labels = None
depends_on = None

_KEPT = ("history", "history_seals")
_USER = sa.text("user_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "history_seals",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", mikroserwis.db.Moment(timezone=True), nullable=False),
        sa.Column("sealed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_seals")),
    )
    op.create_index("ix_history_actor_id_id", "history", ["actor_id", "id"])
    op.create_index("ix_history_at", "history", ["at"])
    op.create_index("ix_history_user_id_id", "history", ["user_id", "id"], sqlite_where=_USER, postgresql_where=_USER)
    if op.get_bind().dialect.name == "postgresql":
        _only_added_on_postgresql()
    else:
        _only_added_on_sqlite()


def downgrade() -> None:
    for table in _KEPT:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_only_added ON {table}")
        else:
            op.execute(f"DROP TRIGGER {table}_not_changed")
            op.execute(f"DROP TRIGGER {table}_not_removed")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_rewrite()")
    for name in ("ix_history_user_id_id", "ix_history_at", "ix_history_actor_id_id"):
        op.drop_index(name, table_name="history")
    op.drop_table("history_seals")


def _only_added_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite()"
        )


def _only_added_on_sqlite() -> None:
    """`REPLACE` removes a row without its trigger, unless recursive triggers are on: no statement of ours does so."""
    for table in _KEPT:
        for name, act in (("not_changed", "UPDATE"), ("not_removed", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
