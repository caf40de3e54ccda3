"""Which addresses of the network webhooks may go to: public ones, and the private ones that a setting names."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# IPv4 behind a translator (RFC 6052): the last four bytes are the address that is reached.
_TRANSLATED = IPv6Network("64:ff9b::/96")


def networks(text: str) -> tuple[Network, ...]:
    """Of the setting: with commas between them. Raises ValueError."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


def is_allowed(address: Address, private: Sequence[Network]) -> bool:
    """Whether something may be sent there; an IPv6 address that leads to an IPv4 one is judged by that one."""
    reached = (_inner(address) if isinstance(address, IPv6Address) else None) or address
    return is_within(reached, private) or _is_public(reached)


def is_within(address: Address, private: Sequence[Network]) -> bool:
    """Whether the setting names it."""
    return any(address in one for one in private if one.version == address.version)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """What is mapped, translated or tunnelled (2002::/16, RFC 3056)."""
    translated = IPv4Address(address.packed[-4:]) if address in _TRANSLATED else None
    return address.ipv4_mapped or address.sixtofour or translated


def _is_public(address: Address) -> bool:
    """Reserved is, among others, all of ::/8, where other ways to write IPv4 lie, such as ::/96 and ::ffff:0:0:0/96."""
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
