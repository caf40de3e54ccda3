"""programs that act on their own, and webhooks"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_g_api_clients"
down_revision = "2026_11_22_f_consents"
branch_labels = None
depends_on = None

_CLIENT = sa.text("client_id IS NOT NULL")


def upgrade() -> None:
    _clients()
    _webhooks()
    op.add_column("api_tokens", sa.Column("scopes", sa.Text()))
    op.add_column("history", sa.Column("client_id", sa.Integer()))
    op.create_index(
        "ix_history_client_id_id", "history", ["client_id", "id"], sqlite_where=_CLIENT, postgresql_where=_CLIENT
    )


def downgrade() -> None:
    op.drop_index("ix_history_client_id_id", table_name="history")
    op.drop_column("history", "client_id")
    op.drop_column("api_tokens", "scopes")
    for table in ("webhook_progress", "webhook_deliveries", "webhook_endpoints"):
        op.drop_table(table)
    for table in ("api_client_minutes", "api_client_tokens", "api_clients"):
        op.drop_table(table)


def _clients() -> None:
    op.create_table(
        "api_clients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("purpose", sa.String(500), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_clients"),
        sa.UniqueConstraint("name", name="uq_api_clients_name"),
    )
    op.create_table(
        "api_client_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("hint", sa.String(8), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("expires_at", Moment(timezone=True)),
        sa.Column("used_at", Moment(timezone=True)),
        sa.Column("used_from", sa.String(45), nullable=False),
        sa.Column("revoked_at", Moment(timezone=True)),
        sa.ForeignKeyConstraint(["client_id"], ["api_clients.id"], name="fk_api_client_tokens_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_client_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_client_tokens_token_hash"),
    )
    op.create_index("ix_api_client_tokens_client_id", "api_client_tokens", ["client_id"])
    op.create_table(
        "api_client_minutes",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("minute", Moment(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_clients.id"], name="fk_api_client_minutes_client_id"),
        sa.PrimaryKeyConstraint("client_id", "minute", name="pk_api_client_minutes"),
    )
    op.create_index("ix_api_client_minutes_minute", "api_client_minutes", ["minute"])


def _webhooks() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("off_because", sa.String(10), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("former_nonce", sa.String(32), nullable=False),
        sa.Column("former_until", Moment(timezone=True)),
        sa.Column("failing_since", Moment(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_clients.id"], name="fk_webhook_endpoints_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
    )
    op.create_index("ix_webhook_endpoints_client_id", "webhook_endpoints", ["client_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(60), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], name="fk_webhook_deliveries_endpoint_id"),
        sa.ForeignKeyConstraint(["item_id"], ["outbox.id"], name="fk_webhook_deliveries_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint("item_id", name="uq_webhook_deliveries_item_id"),
    )
    op.create_index("ix_webhook_deliveries_endpoint_id_id", "webhook_deliveries", ["endpoint_id", "id"])
    op.create_index(
        "ix_webhook_deliveries_endpoint_id_event_id", "webhook_deliveries", ["endpoint_id", "event_id"], unique=True
    )
    op.create_table(
        "webhook_progress",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_progress"),
    )
