"""Which addresses of the network webhooks may go to: public ones, and the private ones that a setting names."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# Addresses that stand for others: 64:ff9b::/96 for IPv4 behind a translator (RFC 6052), 2002::/16 (RFC 3056).
_STANDING_IN = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"))


def networks(text: str) -> tuple[Network, ...]:
    """Of the setting: with commas between them. Raises ValueError."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


def is_allowed(address: Address, private: Sequence[Network]) -> bool:
    """Whether something may be sent there."""
    plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
    return is_within(plain, private) or _is_public(plain)


def is_within(address: Address, private: Sequence[Network]) -> bool:
    """Whether the setting names it."""
    return any(address in one for one in private if one.version == address.version)


def _is_public(address: Address) -> bool:
    stands_in = any(address in one for one in _STANDING_IN if one.version == address.version)
    return address.is_global and not address.is_multicast and not stands_in
