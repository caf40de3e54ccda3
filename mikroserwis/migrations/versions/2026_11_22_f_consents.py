"""who agreed to what, and persons who were made anonymous"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_f_consents"
down_revision = "2026_11_22_e_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by_id", sa.Integer()),
        sa.Column("published_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name="fk_consent_texts_published_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consent_texts"),
        sa.UniqueConstraint("kind", "language", "number", name="uq_consent_texts_kind_language_number"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("contact_id", sa.Integer()),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_id", sa.Integer()),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_consents_user_id"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["customer_contacts.id"], name="fk_consents_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["text_id"], ["consent_texts.id"], name="fk_consents_text_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_consents_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    for whose in ("user_id", "contact_id"):
        op.create_index(f"ix_consents_{whose}_kind_id", "consents", [whose, "kind", "id"])
    _persons()


def _persons() -> None:
    op.create_table(
        "anonymised",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("contact_id", sa.Integer()),
        sa.Column("customer_id", sa.Integer()),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("picture", sa.String(64)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_anonymised_user_id"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_anonymised_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_anonymised"),
        sa.UniqueConstraint("user_id", name="uq_anonymised_user_id"),
    )
    op.create_table(
        "history_masks",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["history.id"], name="fk_history_masks_event_id"),
        sa.PrimaryKeyConstraint("event_id", name="pk_history_masks"),
    )


def downgrade() -> None:
    for table in ("history_masks", "anonymised", "consents", "consent_texts"):
        op.drop_table(table)
