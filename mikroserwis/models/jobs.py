"""The ledger of periodic work."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class JobRun(Base):
    """A run happens if its row `(job, due)` could be inserted, whatever number of schedulers offer it."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "due"), Index(None, "started_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    due: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    process: Mapped[str] = mapped_column(String(100))
    result: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
