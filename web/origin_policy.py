"""Which other sites may use this search, and how much they may ask: the rules, without requests.

`web.origins` applies them to an application; the command line reads them. Imports no Flask.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

EVERYONE = "*"
DEFAULT_RATE = 1200
DEFAULT_CACHE_SECONDS = 60

ORIGIN = re.compile(r"(https?)://(\*\.)?([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class OriginPolicy:
    """Who may embed this search and how much they may ask.

    Args:
        allowed: origins such as https://example.org, https://*.example.org for all below it, or * for everyone;
            empty: no other site.
        rate_per_minute: what one client may ask for through one entry of the list.
        cache_seconds: how long browsers and a CDN may keep an answer given to another site.
    """

    allowed: tuple[str, ...] = ()
    rate_per_minute: int = DEFAULT_RATE
    cache_seconds: int = DEFAULT_CACHE_SECONDS

    @property
    def is_open(self) -> bool:
        return EVERYONE in self.allowed

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin may read answers and frame the search.

        Example:
            >>> OriginPolicy(("https://*.example.org",)).allows("https://zx.example.org")
            True
        """
        return self.entry_for(origin) is not None

    def entry_for(self, origin: str) -> str | None:
        """The entry of the list that lets an origin in, so that all below a wildcard count as one site."""
        if self.is_open:
            return EVERYONE
        return next((allowed for allowed in self.allowed if _covers(allowed, origin)), None)

    @property
    def frame_ancestors(self) -> str:
        """The same list as CSP spells it; the search's own pages may always frame it."""
        return EVERYONE if self.is_open else " ".join(("'self'", *self.allowed))


def read_origins(values: Iterable[str]) -> tuple[str, ...]:
    """Origins as an operator writes them, one or several in a value, apart by commas or blanks.

    Raises:
        ValueError: one is no origin; says which and how it should look.

    Example:
        >>> read_origins(["https://Example.org/, http://127.0.0.1:8080"])
        ('https://example.org', 'http://127.0.0.1:8080')
    """
    written = [part for value in values for part in re.split(r"[\s,]+", value) if part]
    return tuple(dict.fromkeys(part if part == EVERYONE else _read_origin(part) for part in written))


def _read_origin(written: str) -> str:
    origin = to_ascii(written.lower().removesuffix("/"))
    read = ORIGIN.fullmatch(origin)
    if read is None:
        raise ValueError(
            f"{written} is no origin. Write scheme and host without a path, such as https://example.org, "
            "https://*.example.org or http://127.0.0.1:8080; * allows every site."
        )
    return origin.removesuffix(_DEFAULT_PORTS[read[1]])


def to_ascii(origin: str) -> str:
    """The origin as browsers send it: a host in Chinese becomes its punycode; what is none stays as it is.

    Example:
        >>> to_ascii("https://四平政协.中国")
        'https://xn--ykr75fwwi4qh.xn--fiqs8s'
    """
    scheme, separator, host = origin.partition("://")
    wildcard = "*." if host.startswith("*.") else ""
    name, colon, port = host.removeprefix(wildcard).partition(":")
    if name.isascii():
        return origin
    try:
        name = name.encode("idna").decode("ascii")
    except UnicodeError:
        return origin
    return f"{scheme}{separator}{wildcard}{name}{colon}{port}"


def _covers(allowed: str, origin: str) -> bool:
    scheme, _, host = allowed.partition("://")
    if not host.startswith("*."):
        return origin == allowed
    return origin.startswith(f"{scheme}://") and origin.endswith(host[1:])
