"""How much one client may ask in a minute: by its address, and of what it asks for through another site, by that site.

A header Origin is what a client says: if the readers of a site were counted together, anybody could use up what they
may ask. So each client is counted by itself, and the site only divides what one client may ask.
"""

from __future__ import annotations

import math

from flask import Flask, Response, current_app, request

from search.messages import Message
from web import messages as says
from web.background_work import is_awaited
from web.current_budget import current_limits
from web.error_answers import answer
from web.params import read_view_name
from web.rate_policy import RateLimits
from web.rate_table import RateTable
from web.site import read_address

EXTENSION = "xiesou-rates"
IPV6_CLIENT_BITS = 64
"""What one subscriber gets of IPv6 at least: all of it counts as one client."""

_CHEAP = 0.2
_COSTLY_VIEW = 5.0
_LONG = 5.0
"""At least this much counts what is longer than a short question may be (`quick_kb`)."""
_COSTLY_VIEWS = ("concordance", "distribution", "spread")
COSTS = {
    "static": 0.0,
    "kept-static": 0.0,
    "embed.script": 0.0,
    "embed.modal_script": 0.0,
    "embed.height_script": 0.0,
    "health.live": 0.0,
    "health.ready": 0.0,
    "metrics.show": _CHEAP,
    "robots.robots_txt": 0.0,
    "embed.opensearch": _CHEAP,
    "api.suggest": _CHEAP,
    "api.trends": 5.0,
    "api.concordance": 5.0,
    "pieces.plot": 5.0,
    "operator.show": 5.0,
    "operator.metadata_csv": 5.0,
    "exports.distribution_csv": 5.0,
    "exports.export_csv": 20.0,
    "exports.export_xlsx": 40.0,
}
"""What a request of an endpoint counts."""
_COSTS_OF_BLUEPRINTS = {
    "instruments": 5.0,
    "instrument_pages": 5.0,
    "report_instruments": 5.0,
    "instrument_files": 5.0,
}
"""What endpoints count that are not named above; any other, and what leads nowhere, counts 1."""


def register_rate_limits(app: Flask, limits: RateLimits) -> None:
    """Refuse clients that ask too much. Register before what does work."""
    app.extensions[EXTENSION] = limits.table or RateTable()

    def check() -> Response | None:
        most = limits.client_per_minute
        if most is None:
            return None
        return refuse_beyond(most, client_key(request.remote_addr or ""), says.TOO_MANY_OF_CLIENT(most=most))

    app.before_request(check)


def refuse_beyond(per_minute: int, key: str, why: Message) -> Response | None:
    """Count this request for a key; the refusal where it is one too many."""
    table = current_app.extensions[EXTENSION]
    assert isinstance(table, RateTable)
    cost = cost_of_request()
    wait = table.take(key, cost, per_minute=per_minute) if cost else 0.0
    if not wait:
        return None
    response = answer(429, "too_many_requests", why)
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def client_key(address: str) -> str:
    """What an address is counted as: itself, or of IPv6 the network that its subscriber has.

    Example:
        >>> client_key("2001:db8:0:1:9::7"), client_key("192.0.2.1")
        ('2001:db8:0:1::/64', '192.0.2.1')
    """
    found = read_address(address)
    if found is None or found.version == 4:
        return str(found or address)
    network = int(found) >> (128 - IPV6_CLIENT_BITS) << (128 - IPV6_CLIENT_BITS)
    return f"{type(found)(network)}/{IPV6_CLIENT_BITS}"


def cost_of_request() -> float:
    """What the current request counts."""
    if request.method == "OPTIONS":
        return _CHEAP
    size = len(request.environ.get("QUERY_STRING", "")) + (request.content_length or 0)
    return max(
        _CHEAP if is_awaited() else _cost_of_endpoint(),
        _LONG if size > current_limits().quick_kb * 1024 else 0.0,
    )


def _cost_of_endpoint() -> float:
    if request.endpoint == "pages.search" and read_view_name() in _COSTLY_VIEWS:
        return _COSTLY_VIEW
    of_blueprint = _COSTS_OF_BLUEPRINTS.get(request.blueprint or "", 1.0)
    return COSTS.get(request.endpoint or "", of_blueprint)
