"""runs of jobs that a person asked for, and the lease of whoever runs one"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_5_job_runs"
down_revision = "2026_11_22_4_dealers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.alter_column("started_at", existing_type=Moment(timezone=True), nullable=True)
        batch_op.add_column(sa.Column("lease_until", Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("asked_at", Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("asked_by", sa.String(length=200), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_job_runs_asked_by_id"), "users", ["asked_by_id"], ["id"])
        batch_op.create_index(
            "uq_job_runs_waiting",
            ["job"],
            unique=True,
            sqlite_where=sa.text("started_at IS NULL"),
            postgresql_where=sa.text("started_at IS NULL"),
        )


def downgrade() -> None:
    op.execute("DELETE FROM job_runs WHERE started_at IS NULL")
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.drop_index("uq_job_runs_waiting")
        batch_op.drop_constraint(batch_op.f("fk_job_runs_asked_by_id"), type_="foreignkey")
        for name in ("asked_by", "asked_by_id", "asked_at", "failures", "attempts", "lease_until"):
            batch_op.drop_column(name)
        batch_op.alter_column("started_at", existing_type=Moment(timezone=True), nullable=False)
