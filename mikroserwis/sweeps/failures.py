"""What keeps an item, a ticket or a run from being carried out."""

from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class Failed(Exception):
    """Carrying an item out went wrong; unless it is permanent, trying again later may help."""

    def __init__(self, code: str, reason: str, *, permanent: bool) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.permanent = permanent


class Rejected(Failed):
    """The other side looked and said no: `rejections` maps the SHA-256 of each refused file to why."""

    def __init__(self, code: str, reason: str, rejections: Mapping[str, str]) -> None:
        super().__init__(code, reason, permanent=True)
        self.rejections = dict(rejections)


def is_cut_off(error: Exception) -> bool:
    """The database has gone, is full, or keeps others waiting too long: that is nothing about the ticket."""
    gone = isinstance(error, DBAPIError) and error.connection_invalidated
    return gone or isinstance(error, OperationalError | InterfaceError | PoolTimeout)


class LeaseLost(Exception):
    """It took so long that somebody else has the item now."""
