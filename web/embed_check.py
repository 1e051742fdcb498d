"""What keeps a site from using the search: its scheme, the list of allowed origins, its Content Security Policy.

Reads what the site's owner pastes; asks no other server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from web.origin_policy import ORIGIN, OriginPolicy

NEEDED = ("script-src", "connect-src", "form-action", "frame-src")
"""The directives that must name the search's origin: for the script, its questions, the plain form, the iframe."""
_FALLBACKS = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
    "form-action": ("form-action",),
    "frame-src": ("frame-src", "child-src", "default-src"),
}


@dataclass(frozen=True, slots=True)
class HostCheck:
    """What was found about a site.

    Args:
        is_origin: whether what was typed is the origin of a site at all.
        is_allowed: whether it is on the list of the search.
        is_mixed: whether its pages are secure while the search is not, so that browsers block all of it.
        missing: directive -> the line with the search's origin added, for those that keep it out.
        needs_nonce: whether the script needs the policy's nonce, as hosts are ignored beside 'strict-dynamic'.
    """

    is_origin: bool = True
    is_allowed: bool = True
    is_mixed: bool = False
    missing: dict[str, str] = field(default_factory=dict)
    needs_nonce: bool = False

    @property
    def is_well(self) -> bool:
        return self == HostCheck()


def check_host(site: str, csp: str, server: str, policy: OriginPolicy) -> HostCheck:
    """What stands in the way of `site` using the search at the origin `server`.

    Args:
        csp: the value of the site's Content-Security-Policy header, "" where it has none.

    Example:
        >>> check_host("https://a.org", "script-src 'self'", "https://s.org", OriginPolicy(("*",))).missing
        {'script-src': "script-src 'self' https://s.org"}
    """
    directives = read_policy(csp)
    return HostCheck(
        is_origin=not site or ORIGIN.fullmatch(site) is not None,
        is_allowed=not site or policy.allows(site),
        is_mixed=site.startswith("https:") and server.startswith("http:") and not _is_local(server),
        missing={
            name: line
            for name in NEEDED
            if (line := _line_to_add(name, directives, site, server)) is not None
        },
        needs_nonce="'strict-dynamic'" in directives.get("script-src", directives.get("default-src", ())),
    )


def read_policy(csp: str) -> dict[str, tuple[str, ...]]:
    """Directive -> its sources, as a browser reads the header: of one that is there twice the first counts."""
    read: dict[str, tuple[str, ...]] = {}
    for part in re.sub(r"(?i)^\s*content-security-policy\s*:", "", csp).split(";"):
        words = part.split()
        if words:
            read.setdefault(words[0].lower(), tuple(words[1:]))
    return read


def _line_to_add(name: str, directives: dict[str, tuple[str, ...]], site: str, server: str) -> str | None:
    found = next((one for one in _FALLBACKS[name] if one in directives), None)
    if found is None or any(_covers(source, site, server) for source in directives[found]):
        return None
    if name == "script-src" and "'strict-dynamic'" in directives[found]:
        return None
    kept = [source for source in directives[found] if source != "'none'"]
    return " ".join((name if found == "default-src" else found, *kept, server))


def _covers(source: str, site: str, server: str) -> bool:
    source = source.lower()
    scheme, _, host = server.partition("://")
    if source == "'self'":
        return site == server
    if source in ("*", f"{scheme}:") or (source == "http:" and scheme == "https"):
        return True
    wanted, separator, rest = source.partition("://")
    if separator and wanted != scheme and (wanted, scheme) != ("http", "https"):
        return False
    named = (rest if separator else source).partition("/")[0]
    if named.startswith("*."):
        return host.endswith(named[1:])
    return named == host or (named.endswith(":*") and named[:-2] == host.partition(":")[0])


def _is_local(server: str) -> bool:
    return re.match(r"http://(localhost|127\.[0-9.]+|\[::1\])(:|$)", server) is not None
