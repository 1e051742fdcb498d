"""How much one client may ask: the rules, without requests. Imports no Flask.

`web.rate_limits` applies them to an application; the command line reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

from web.origin_policy import OriginPolicy
from web.rate_table import RateTable
from web.site import Site, is_loopback

DEFAULT_CLIENT_RATE = 1200
"""Forty readers behind one address, each a search and five suggestions every four seconds."""


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What one client may ask for.

    Args:
        client_per_minute: in all; None for any amount.
        table: where it is counted; None for one of the application's own.
    """

    client_per_minute: int | None = None
    table: RateTable | None = None


def read_limits_of_clients(
    stated: int | None, listening: str, site: Site, policy: OriginPolicy
) -> RateLimits:
    """The limits that an operator states, 0 being none; where nothing is stated, those that fit the server's place."""
    return RateLimits(choose_client_rate(listening, site, policy) if stated is None else stated or None)


def choose_client_rate(listening: str, site: Site, policy: OriginPolicy) -> int | None:
    """The limit where an operator states none: none on a server that only this machine reaches.

    Nor behind a proxy that isn't trusted by name, before which all readers would look like one.
    """
    is_private = is_loopback(listening) and not site.trusted_proxies
    return None if is_private and (site.public_url is not None or not policy.allowed) else DEFAULT_CLIENT_RATE
