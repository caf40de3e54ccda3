"""indexes: the dashboard counts deadlines by stage and finds what failed; the list of one state is by company"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_7_dashboard"
down_revision = "2026_11_22_6_bulk_acts"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")
_FAILED = sa.text("state IN ('stuck', 'rejected')")


def upgrade() -> None:
    op.drop_index("ix_tickets_due", table_name="tickets")
    _index_due(["due_at", "id", "stage"])
    _indexed("ix_tickets_company_key", ["company_key", "id", "state"])
    _indexed("ix_tickets_dealer", ["dealer_id", "state", "opened_on", "type"])
    op.drop_index("ix_subtickets_dealer_id_state", table_name="subtickets")
    op.create_index("ix_subtickets_dealer", "subtickets", ["dealer_id", "state", "ticket_id"])
    op.create_index("ix_outbox_failed", "outbox", ["topic", "id"], sqlite_where=_FAILED, postgresql_where=_FAILED)


def downgrade() -> None:
    _indexed("ix_tickets_company_key", ["company_key", "id"])
    _indexed("ix_tickets_dealer", ["dealer_id", "state", "opened_on"])
    op.drop_index("ix_subtickets_dealer", table_name="subtickets")
    op.create_index("ix_subtickets_dealer_id_state", "subtickets", ["dealer_id", "state"])
    op.drop_index("ix_outbox_failed", table_name="outbox")
    op.drop_index("ix_tickets_due", table_name="tickets")
    _index_due(["due_at"])


def _indexed(name: str, columns: list[str]) -> None:
    """Over these columns from now on."""
    op.drop_index(name, table_name="tickets")
    op.create_index(name, "tickets", columns)


def _index_due(columns: list[str]) -> None:
    op.create_index("ix_tickets_due", "tickets", columns, sqlite_where=_DUE, postgresql_where=_DUE)
