"""Addresses that come from outside and lead back to us."""

from urllib.parse import SplitResult, urlsplit


def split(address: str) -> SplitResult:
    """Its parts; none of them for what isn't an address."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def own_path(text: str) -> str:
    """A path of ours with its query, or nothing: never another site."""
    path = text.replace("\\", "/")
    parts = split(path)
    local = path.startswith("/") and not path.startswith("//") and not parts.netloc and not parts.scheme
    return path if local and all(ord(sign) >= 32 for sign in path) else ""
