"""accounts: second factors, their recovery codes, half sign-ins; attempts and requests counted by network"""

import sqlalchemy as sa
from alembic import op

from mikroserwis.db import Moment

revision = "2026_11_22_a_second_factor"
down_revision = "2026_11_22_9_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("network", sa.String(45)))
    # Attempts are counted for minutes: that older ones name a whole IPv6 address there does no harm.
    op.execute("UPDATE sign_ins SET network = address")
    with op.batch_alter_table("sign_ins") as batch:
        batch.alter_column("network", existing_type=sa.String(45), nullable=False)
    op.drop_index("ix_sign_ins_name_key_address_at", table_name="sign_ins")
    op.drop_index("ix_sign_ins_address_at", table_name="sign_ins")
    op.create_index("ix_sign_ins_name_key_network_at", "sign_ins", ["name_key", "network", "at"])
    op.create_index("ix_sign_ins_network_at", "sign_ins", ["network", "at"])
    op.create_table(
        "half_sign_ins",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("remember", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["sign_ins.id"], name="fk_half_sign_ins_attempt_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_half_sign_ins_user_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_half_sign_ins"),
    )
    op.create_index("ix_half_sign_ins_user_id", "half_sign_ins", ["user_id"])
    op.create_index("ix_half_sign_ins_attempt_id", "half_sign_ins", ["attempt_id"])
    op.create_index("ix_half_sign_ins_expires_at", "half_sign_ins", ["expires_at"])
    _factors()
    op.create_table(
        "counted_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("network", sa.String(45), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counted_requests"),
    )
    op.create_index("ix_counted_requests_at", "counted_requests", ["at"])
    op.create_index("ix_counted_requests_kind_network_at", "counted_requests", ["kind", "network", "at"])
    op.create_index("ix_counted_requests_kind_key_at", "counted_requests", ["kind", "key", "at"])


def _factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment()),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_second_factors_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_recovery_codes_user_id"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])


def downgrade() -> None:
    for table in ("counted_requests", "recovery_codes", "second_factors", "half_sign_ins"):
        op.drop_table(table)
    op.drop_index("ix_sign_ins_name_key_network_at", table_name="sign_ins")
    op.drop_index("ix_sign_ins_network_at", table_name="sign_ins")
    op.drop_column("sign_ins", "network")
    op.create_index("ix_sign_ins_name_key_address_at", "sign_ins", ["name_key", "address", "at"])
    op.create_index("ix_sign_ins_address_at", "sign_ins", ["address", "at"])
