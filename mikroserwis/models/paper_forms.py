"""Forms of papers that staff have written; the bytes lie in the store under their hash."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class PaperForm(Base):
    """A DOCX form of `paper` (a file kind). One of each paper at most is in force; none: the shipped form is."""

    __tablename__ = "paper_forms"
    __table_args__ = (
        UniqueConstraint("paper", "number"),
        Index(
            "uq_paper_forms_in_force",
            "paper",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper: Mapped[str] = mapped_column(String(30))
    number: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    in_force: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(Text, default="")
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    uploaded_by: Mapped[str] = mapped_column(String(200))
    put_in_force_at: Mapped[datetime | None] = mapped_column(Moment)
    put_in_force_by: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
