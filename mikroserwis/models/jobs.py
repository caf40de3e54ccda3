"""The ledger of periodic work."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mikroserwis.db import Base, Moment


class JobRun(Base):
    """A run happens if its row `(job, due)` could be inserted, whatever number of schedulers offer it.

    `due` is the local day, or for a run that a person asked for the moment of asking with who asked. Until a scheduler
    has begun an asked run, `started_at` is empty; of each job one may wait so. `lease_until` is moved on while the work
    goes on: past it the process is taken for killed, and another may go on with the run. `attempts` counts who began
    it, `failures` how often it ended with an `error`; then `lease_until` is when to try again.
    """

    __tablename__ = "job_runs"
    __table_args__ = (
        UniqueConstraint("job", "due"),
        Index(None, "started_at"),
        Index(
            "uq_job_runs_waiting",
            "job",
            unique=True,
            sqlite_where=text("started_at IS NULL"),
            postgresql_where=text("started_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    due: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=1, server_default="1")
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_by: Mapped[str | None] = mapped_column(String(200))
    process: Mapped[str] = mapped_column(String(100), default="")
    result: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
