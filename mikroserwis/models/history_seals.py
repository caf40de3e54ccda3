"""The hash chain over the history: each seal stands for a range of its rows and names the seal before it."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class HistorySeal(Base):
    """`id` counts the seals without a gap from 1. Rows are only ever added.

    `digests` bears for each row its id (8 bytes, big-endian) and the SHA-256 of what it says (32 bytes), in order of
    ids: with it a row that was altered can be named. `hash` is over all of the seal, `previous` (the hash of the seal
    before it, empty for the first) included.
    """

    __tablename__ = "history_seals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_id: Mapped[int] = mapped_column()
    last_id: Mapped[int] = mapped_column()
    digests: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(Moment)
    sealed_by: Mapped[str] = mapped_column(String(100))

    @property
    def count(self) -> int:
        return len(self.digests) // 40
