"""Training material, and who has opened what."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mikroserwis.db import Base, Moment


class Material(Base):
    """`kind`: pdf (a file in the store), link, or text; only that kind's content is filled.

    It is new to a person until opened after `renewed_at`, which staff move when the content really changed.
    """

    __tablename__ = "materials"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(1000), default="")
    file_name: Mapped[str | None] = mapped_column(String(255))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column()
    pages: Mapped[int | None] = mapped_column()
    position: Mapped[int] = mapped_column(default=0)
    published: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(200))
    renewed_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    types: Mapped[list["MaterialType"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="MaterialType.type"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MaterialType(Base):
    """A type of tickets that a material belongs to; one without any belongs to all."""

    __tablename__ = "material_types"

    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id"), primary_key=True)
    type: Mapped[str] = mapped_column(String(40), primary_key=True)


class MaterialOpening(Base):
    """When a person last opened a material."""

    __tablename__ = "material_openings"

    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
