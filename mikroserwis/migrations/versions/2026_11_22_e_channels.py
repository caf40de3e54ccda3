"""which act tells whom over which channel, notifications, messages by telephone"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Amount, Moment

revision = "2026_11_22_e_channels"
down_revision = "2026_11_22_d_message_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages") as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(10), nullable=False, server_default=sa.text("'email'")))
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_messages_user_id", "users", ["user_id"], ["id"])
        batch_op.create_index("ix_messages_user_id", ["user_id"])
    _sms()
    _notifications()
    op.create_table(
        "event_channels",
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("email", sa.Boolean(), nullable=False),
        sa.Column("sms", sa.Boolean(), nullable=False),
        sa.Column("in_page", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Moment(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event", name="pk_event_channels"),
    )


def downgrade() -> None:
    """What was told by SMS has no place in the schema before."""
    op.drop_table("event_channels")
    op.drop_table("notifications")
    op.drop_table("sms")
    op.execute("DELETE FROM messages WHERE channel = 'sms'")
    op.execute("DELETE FROM outbox_attempts WHERE item_id IN (SELECT id FROM outbox WHERE topic = 'sms')")
    op.execute("DELETE FROM outbox WHERE topic = 'sms'")
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_index("ix_messages_user_id")
        batch_op.drop_constraint("fk_messages_user_id", type_="foreignkey")
        batch_op.drop_column("user_id")
        batch_op.drop_column("channel")


def _sms() -> None:
    op.create_table(
        "sms",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("idx", sa.String(40), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("gateway_id", sa.String(64), nullable=True),
        sa.Column("points", Amount(12, 4), nullable=True),
        sa.Column("report", sa.String(20), nullable=True),
        sa.Column("reported_at", Moment(timezone=True), nullable=True),
        sa.Column("look_at", Moment(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_sms_message_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_sms"),
        sa.UniqueConstraint("idx", name="uq_sms_idx"),
    )
    waiting = sa.text("look_at IS NOT NULL")
    op.create_index("ix_sms_report", "sms", ["report"])
    op.create_index("ix_sms_look_at", "sms", ["look_at"], sqlite_where=waiting, postgresql_where=waiting)


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("read_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_notifications_user_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_notifications_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notifications_unread", "notifications", ["user_id"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index("ix_notifications_user_id_id", "notifications", ["user_id", "id"])
    for column in ("ticket_id", "at", "read_at"):
        op.create_index(f"ix_notifications_{column}", "notifications", [column])
