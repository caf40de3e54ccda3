"""accounts: links to activate and recover, customers' people, pictures, what stays of removed accounts"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment, sort_text
from mikroserwis.models.accounts import keys

revision = "2026_11_22_9_accounts"
down_revision = "2026_11_22_8_dealers_list"
branch_labels = None
depends_on = None

_NAMES = ("name", "email", "phone", "user_name")


def upgrade() -> None:
    op.add_column("users", sa.Column("removed_at", Moment()))
    op.add_column("users", sa.Column("picture", sa.String(64)))
    op.add_column("users", sa.Column("name_key", sort_text(400), nullable=False, server_default=sa.text("''")))
    op.add_column("users", sa.Column("search", sa.String(700), nullable=False, server_default=sa.text("''")))
    users = sa.table("users", *map(sa.column, ("id", *_NAMES, "name_key", "search")))
    for id_, *names in op.get_bind().execute(sa.select(users.c.id, *(users.c[name] for name in _NAMES))).all():
        name_key, search = keys(*names)
        op.execute(users.update().where(users.c.id == id_).values(name_key=name_key, search=search))
    op.create_table(
        "customer_users",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_customer_users_customer_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_customer_users_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_customer_users"),
    )
    op.create_index("ix_customer_users_customer_id", "customer_users", ["customer_id"])
    op.create_table(
        "account_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment()),
        sa.Column("ended_at", Moment()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_account_links_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_links"),
    )
    op.create_index("ix_account_links_user_id", "account_links", ["user_id"])


def downgrade() -> None:
    op.drop_table("account_links")
    op.drop_table("customer_users")
    for name in ("search", "name_key", "picture"):
        op.drop_column("users", name)
    op.drop_column("users", "removed_at")
