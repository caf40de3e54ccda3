"""a person's picture has a row of its own, so that looking through accounts reads none"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_l_user_pictures"
down_revision = "2026_11_22_k_retired_pictures"
branch_labels = None
depends_on = None

_USERS = sa.table("users", sa.column("id"), sa.column("picture"))
_PICTURES = sa.table("user_pictures", sa.column("user_id"), sa.column("sha256"))


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("user_pictures"):
        return  # made by a version between two releases
    op.create_table(
        "user_pictures",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_pictures_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_user_pictures"),
    )
    kept = sa.select(_USERS.c.id, _USERS.c.picture).where(_USERS.c.picture.is_not(None))
    op.execute(_PICTURES.insert().from_select(["user_id", "sha256"], kept))
    op.drop_column("users", "picture")


def downgrade() -> None:
    op.add_column("users", sa.Column("picture", sa.String(64)))
    own = sa.select(_PICTURES.c.sha256).where(_PICTURES.c.user_id == _USERS.c.id).scalar_subquery()
    op.execute(_USERS.update().values(picture=own))
    op.drop_table("user_pictures")
