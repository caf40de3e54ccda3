"""quotes and final invoices"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Amount, Moment

revision = "2026_11_21_2_quotes"
down_revision = "2026_11_21_1_prices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("dealer_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", Amount(14, 2), nullable=False),
        sa.Column("vat", Amount(14, 2), nullable=False),
        sa.Column("gross", Amount(14, 2), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", Moment(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("form", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], name=op.f("fk_quotes_dealer_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_quotes_file_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_quotes_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("ticket_id", "number", name=op.f("uq_quotes_ticket_id_number")),
    )
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.create_index(
            "uq_quotes_accepted",
            ["ticket_id", "dealer_id"],
            unique=True,
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )

    _lines()
    _final_invoices()


def _lines() -> None:
    op.create_table(
        "quote_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("quantity", Amount(10, 2), nullable=False),
        sa.Column("unit_net", Amount(12, 2), nullable=False),
        sa.Column("list_net", Amount(12, 2), nullable=True),
        sa.Column("offer", sa.String(length=200), nullable=False),
        sa.Column("vat_rate", sa.String(length=4), nullable=False),
        sa.Column("net", Amount(14, 2), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["price_items.id"], name=op.f("fk_quote_lines_item_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["special_offers.id"], name=op.f("fk_quote_lines_offer_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_lines_quote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_lines")),
        sa.UniqueConstraint("quote_id", "position", name=op.f("uq_quote_lines_quote_id_position")),
    )


def _final_invoices() -> None:
    op.create_table(
        "final_invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("dealer_id", sa.Integer(), nullable=True),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("gross", Amount(14, 2), nullable=False),
        sa.Column("given_at", Moment(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("replaced_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], name=op.f("fk_final_invoices_dealer_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_final_invoices_file_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_final_invoices_quote_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_final_invoices_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_final_invoices")),
    )
    with op.batch_alter_table("final_invoices", schema=None) as batch_op:
        batch_op.create_index(
            "uq_final_invoices_present",
            ["ticket_id", "dealer_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.create_index(
            "uq_final_invoices_number",
            ["dealer_id", "number_key"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("quote_lines")
    with op.batch_alter_table("final_invoices", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_final_invoices_number",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_final_invoices_present",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("final_invoices")
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_quotes_accepted",
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )

    op.drop_table("quotes")
