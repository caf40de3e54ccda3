"""What every list needs: its address, heads that turn the order round, and the pager of macros/lists.html."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

from mikroserwis.i18n import say_number

Address = Callable[..., str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list's address asks for; every value stands in the URL. `NAMES` are those that read otherwise there."""

    NAMES: ClassVar[Mapping[str, str]] = {}

    def arguments(self, **changed: Any) -> dict[str, Any]:
        """As query arguments, without what is at its default."""
        wanted = replace(self, **changed)
        pairs = {one.name: (getattr(wanted, one.name), one.default) for one in fields(wanted)}
        return {self.NAMES.get(name, name): value for name, (value, usual) in pairs.items() if value != usual}


def whole(text: str) -> int:
    """A number or an id as an address has it; 0 for what can't be one."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0


def head(key: str, label: Any, sort: str, address: Address) -> dict[str, Any]:
    """A column's head; `sort` is a key, with a dash before it for descending. `address` takes what changes."""
    by, down = sort.removeprefix("-"), sort.startswith("-")
    turned = f"-{key}" if by == key and not down else key
    direction = ("descending" if down else "ascending") if by == key else None
    return {"key": key, "label": label, "url": address(sort=turned, page=1), "direction": direction}


def numbered(page: int, pages: int, *, rows: int, total: int, size: int, address: Address) -> dict[str, Any]:
    """A pager that names every page: for lists of some hundreds."""
    every = [(str(one), address(page=one), one == page) for one in range(1, pages + 1)]
    return {**_ends(page, pages, rows, size, address), "total": total, "pages": every}


def bounded(
    page: int, pages: int, *, rows: int, total: int, is_bounded: bool, size: int, address: Address
) -> dict[str, Any]:
    """A pager that names the present page alone; past a bound the total is not counted."""
    here = [(say_number(page), None, True)]
    ends = _ends(page, pages, rows, size, address)
    return {**ends, "total": say_number(total), "total_is_bounded": is_bounded, "from_end": 0, "pages": here}


def sizes(offered: Sequence[int], size: int, address: Address) -> list[tuple[int, str, bool]]:
    """How many rows a page may have."""
    return [(one, address(size=one, page=1), one == size) for one in offered]


def _ends(page: int, pages: int, rows: int, size: int, address: Address) -> dict[str, Any]:
    first = (page - 1) * size
    return {
        "number": page,
        "from_row": first + 1 if rows else 0,
        "to_row": first + rows,
        "prev": address(page=page - 1) if page > 1 else None,
        "next": address(page=page + 1) if page < pages else None,
    }
