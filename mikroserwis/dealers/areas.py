"""Postal prefixes such as '26', '26-9' or '26-922': read, compared, and who covers what. No records."""

import re
from collections.abc import Iterable, Mapping, Sequence

_PREFIX = re.compile(r"([0-9]{1,2})|([0-9]{2})-?([0-9]{1,3})")
MOST = 300


def read_prefix(text: str) -> str:
    """With its dash in place: '269' is '26-9'. Raises ValueError for what is no beginning of a postal code."""
    found = _PREFIX.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found[1] or f"{found[2]}-{found[3]}"


def split(text: str) -> list[str]:
    """What stands between commas, semicolons and spaces."""
    return [part for part in re.split(r"[,;\s]+", text) if part]


def plain(prefix: str) -> str:
    """Only its digits, by which prefixes are compared."""
    return prefix.replace("-", "")


def swallowed(prefixes: Iterable[str]) -> list[tuple[str, str]]:
    """Each prefix that lies within a shorter one, with that one."""
    known = sorted(set(prefixes), key=plain)
    return [(one, other) for one in known for other in known if one != other and plain(one).startswith(plain(other))]


def touches(prefix: str, wanted: str) -> bool:
    """Whether the prefix covers all of `wanted` or a part of it."""
    return plain(prefix).startswith(plain(wanted)) or plain(wanted).startswith(plain(prefix))


def as_text(prefixes: Iterable[str]) -> str:
    """In order, as the form shows them."""
    return ", ".join(sorted(prefixes, key=plain))


def coverage(areas: Sequence[Iterable[str]]) -> dict[str, tuple[int, int]]:
    """By two digits from '00' to '99': how many of these dealers cover all of it, and how many only a part."""
    counts = {f"{number:02}": [0, 0] for number in range(100)}
    for prefixes in areas:
        digits = [plain(one) for one in prefixes]
        for two, count in counts.items():
            if any(two.startswith(one) for one in digits):
                count[0] += 1
            elif any(one.startswith(two) for one in digits):
                count[1] += 1
    return {two: (whole, part) for two, (whole, part) in counts.items()}


def holes(counts: Mapping[str, tuple[int, int]]) -> list[str]:
    """Runs of two digits that nobody covers, such as '03' or '07–12'."""
    empty = [int(two) for two, (whole, part) in counts.items() if not whole and not part]
    starts = [number for number in empty if number - 1 not in empty]
    ends = [number for number in empty if number + 1 not in empty]
    return [f"{one:02}" if one == last else f"{one:02}–{last:02}" for one, last in zip(starts, ends, strict=True)]
