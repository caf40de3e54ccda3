import random
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

DEFAULT_REASON = "Skan jest nieczytelny."


class Faults(BaseModel):
    """What goes wrong on the contract's paths; rates are shares of the requests, 0 to 1.

    dropped: the connection ends before anything was done; lost answer: it ends after everything was done.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    delay_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    error_rate: Rate = 0.0
    drop_rate: Rate = 0.0
    lost_answer_rate: Rate = 0.0
    reject_scans: bool | Annotated[str, Field(min_length=1, max_length=200)] = False

    def changed(self, changes: dict[str, object]) -> "Faults":
        """Raises `ValueError` for an unknown name or a value out of range."""
        return Faults.model_validate(self.model_dump() | changes)

    @property
    def rejection(self) -> str | None:
        """Why scans are refused, None while they are not."""
        if isinstance(self.reject_scans, bool):
            return DEFAULT_REASON if self.reject_scans else None
        return self.reject_scans


def strikes(dice: random.Random, rate: float) -> bool:
    return dice.random() < rate
