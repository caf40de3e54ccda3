"""a price list with special offers, and its history"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Amount, Moment

revision = "2026_11_21_1_prices"
down_revision = "2026_11_21_first_release"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("net", Amount(12, 2), nullable=False),
        sa.Column("vat_rate", sa.String(length=4), nullable=False),
        sa.Column("per", sa.String(length=10), nullable=False),
        sa.Column("types", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("changed_at", Moment(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_items")),
        sa.UniqueConstraint("code", name=op.f("uq_price_items_code")),
    )
    op.create_table(
        "special_offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("net", Amount(12, 2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["price_items.id"], name=op.f("fk_special_offers_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_offers")),
    )
    with op.batch_alter_table("special_offers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_special_offers_item_id_valid_from"), ["item_id", "valid_from"], unique=False
        )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.add_column(sa.Column("price_item_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_history_price_item_id"), "price_items", ["price_item_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_history_price_item_id_id"), ["price_item_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_price_item_id_id"))
        batch_op.drop_constraint(batch_op.f("fk_history_price_item_id"), type_="foreignkey")
        batch_op.drop_column("price_item_id")

    with op.batch_alter_table("special_offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_special_offers_item_id_valid_from"))

    op.drop_table("special_offers")
    op.drop_table("price_items")
