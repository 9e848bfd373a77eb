"""How often something happened lately, counted once for all processes."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

_IPV6_NETWORK = 64
"""A household or a firm is given this much of IPv6: its addresses are one."""


@dataclass(frozen=True)
class Counter:
    """At most `most` times of `what` within so many seconds since the first."""

    what: str
    most: int
    within_seconds: float

    def count(self) -> bool:
        """Count one more; False once there are more than `most`."""
        return bool(cache.count(self._key, self.within_seconds) <= self.most)  # type: ignore[attr-defined]

    def take_back(self) -> None:
        """Count one less."""
        try:
            cache.incr(self._key, -1)
        except ValueError:
            return  # its time ended meanwhile

    @property
    def _key(self) -> str:
        return f"counted: {self.what}"


def address_of(request: HttpRequest) -> str:
    """The address that asks; behind balancers what the trusted ones say (QAFILA_PROXIES)."""
    return network_of(get_adapter().get_client_ip(request))


def network_of(address: str) -> str:
    """The address, or for IPv6 the network that is given to one household or firm."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((known, _IPV6_NETWORK), strict=False).network_address)
