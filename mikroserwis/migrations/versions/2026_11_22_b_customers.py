"""customers: tax ids of other countries, their people, how lists find them, and a history that outlives them"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from mikroserwis.companies import key
from mikroserwis.db import sort_text
from mikroserwis.models import Customer

revision = "2026_11_22_b_customers"
down_revision = "2026_11_22_a_second_factor"
branch_labels = None
depends_on = None

_KEY = ("name_key", "search")
_READ = ("id", "tax_id", "name", "city", "street", "postal_code", "email", "phone")
_OUTLIVED = {"customer_id": "customers", "point_id": "retail_points"}


def upgrade() -> None:
    op.add_column("customers", sa.Column("country", sa.String(2), nullable=False, server_default="PL"))
    op.add_column("customers", sa.Column("name_key", sort_text(400), nullable=False, server_default=sa.text("''")))
    op.add_column("customers", sa.Column("search", sa.String(500), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_customers_name_key_id", "customers", ["name_key", "id"])
    _find_by()
    op.create_table(
        "customer_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_customer_contacts_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_contacts"),
    )
    op.create_index("ix_customer_contacts_customer_id", "customer_contacts", ["customer_id"])
    with op.batch_alter_table("history") as batch_op:
        for column in _OUTLIVED:
            batch_op.drop_constraint(f"fk_history_{column}", type_="foreignkey")
        batch_op.create_index("ix_history_point_id_id", ["point_id", "id"])


def downgrade() -> None:
    history = sa.table("history", *(sa.column(name) for name in _OUTLIVED))
    for column, table in _OUTLIVED.items():
        gone = history.c[column].not_in(sa.select(sa.table(table, sa.column("id")).c.id))
        op.execute(sa.update(history).where(gone).values({column: None}))
    with op.batch_alter_table("history") as batch_op:
        batch_op.drop_index("ix_history_point_id_id")
        for column, table in _OUTLIVED.items():
            batch_op.create_foreign_key(f"fk_history_{column}", table, [column], ["id"])
    op.drop_table("customer_contacts")
    op.drop_index("ix_customers_name_key_id", table_name="customers")
    for name in (*_KEY, "country"):
        op.drop_column("customers", name)


def _find_by() -> None:
    customers = sa.table("customers", *(sa.column(name) for name in (*_READ, *_KEY)))
    found = [Customer(**{name: one[name] for name in _READ}) for one in _all(customers)]
    for one in found:
        key(one)
    if found:
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in _KEY}
        of_each = sa.update(customers).where(customers.c.id == sa.bindparam("of")).values(values)
        keys = [{"of": one.id, "new_name_key": one.name_key, "new_search": one.search} for one in found]
        op.get_bind().execute(of_each, keys)


def _all(customers: sa.TableClause) -> Sequence[sa.RowMapping]:
    return op.get_bind().execute(sa.select(customers)).mappings().all()
