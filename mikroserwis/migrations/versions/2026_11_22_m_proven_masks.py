"""each mask knows the act that laid it, by which it is proven"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_m_proven_masks"
down_revision = "2026_11_22_l_user_pictures"
branch_labels = None
depends_on = None

# A mask of before bears its person's label; of two persons in a row the later one laid it.
_OF_THE_LABEL = """
    UPDATE history_masks SET anonymised_id = (
        SELECT max(id) FROM anonymised
        WHERE history_masks.actor || history_masks.changes || history_masks.data LIKE '%' || label || '%'
    )
"""


def upgrade() -> None:
    op.add_column("history_masks", sa.Column("anonymised_id", sa.Integer(), nullable=True))
    op.execute(_OF_THE_LABEL)
    with op.batch_alter_table("history_masks") as batch:
        batch.alter_column("anonymised_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key("fk_history_masks_anonymised_id", "anonymised", ["anonymised_id"], ["id"])
        batch.create_index("ix_history_masks_anonymised_id_event_id", ["anonymised_id", "event_id"])


def downgrade() -> None:
    with op.batch_alter_table("history_masks") as batch:
        batch.drop_index("ix_history_masks_anonymised_id_event_id")
        batch.drop_constraint("fk_history_masks_anonymised_id", type_="foreignkey")
        batch.drop_column("anonymised_id")
