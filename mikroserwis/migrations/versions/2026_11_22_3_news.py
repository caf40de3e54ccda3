"""what dealers and staff are to be told, and the dealer's choice of one mail a day"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_3_news"
down_revision = "2026_11_22_2_handovers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("dealer_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("told_at", Moment(timezone=True), nullable=True),
        sa.Column("message_ids", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], name=op.f("fk_news_dealer_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_news_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
        sa.UniqueConstraint("key", name=op.f("uq_news_key")),
    )
    op.create_index(
        op.f("ix_news_untold"),
        "news",
        ["dealer_id", "id"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_index(op.f("ix_news_ticket_id_id"), "news", ["ticket_id", "id"], unique=False)
    op.add_column("dealers", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("dealers", "digest")
    op.drop_table("news")
