"""The address under which readers know a server: scheme, host and, where it shares the host with others, a path."""

from __future__ import annotations

import re
from dataclasses import dataclass

HOST_FORM = (
    r"(?=[^:/]{1,253}(?:[:/]|$))[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?)*\.?"
    r"|\[[0-9a-f]*:[0-9a-f:.]+\]"
)
"""A host as URLs and the header Host have it: a name of valid labels, an IPv4 address, an IPv6 address in brackets."""

_PUBLIC_URL = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{HOST_FORM})(?::(?P<port>[1-9][0-9]{{0,4}}))?(?P<prefix>(?:/[A-Za-z0-9._~-]+)*)/?",
    re.ASCII,
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """Where the search's home page is for readers.

    Args:
        scheme: http or https.
        host: with its port where that isn't the scheme's own.
        prefix: the path, "" or such as "/xiesou", without a slash at the end.
    """

    scheme: str
    host: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}{self.prefix}"


def read_public_url(written: str) -> PublicUrl:
    """The address as an operator writes it.

    Raises:
        ValueError: it is none; says how it should look.

    Example:
        >>> str(read_public_url("https://Example.org:443/xiesou/"))
        'https://example.org/xiesou'
    """
    scheme, separator, rest = written.strip().partition("://")
    host, slash, path = rest.partition("/")
    found = _PUBLIC_URL.fullmatch(f"{scheme.lower()}{separator}{to_ascii_host(host)}{slash}{path}")
    if found is None or int(found["port"] or 0) > 65535 or re.search(r"/\.\.?(/|$)", found["prefix"]):
        raise ValueError(
            f"{written} is no public address. Write scheme, host and path of the home page, such as "
            "https://search.example.org or https://www.example.org/xiesou."
        )
    port = found["port"]
    is_default = port is None or port == _DEFAULT_PORTS[found["scheme"]]
    return PublicUrl(found["scheme"], found["host"] + ("" if is_default else f":{port}"), found["prefix"])


def to_ascii_host(host: str) -> str:
    """A host, with its port if it has one, in lower case; a name in Chinese becomes its punycode.

    Example:
        >>> to_ascii_host("四平政协.中国:8443")
        'xn--ykr75fwwi4qh.xn--fiqs8s:8443'
    """
    name, colon, port = host.lower().partition(":")
    if name.isascii():
        return host.lower()
    try:
        return name.encode("idna").decode("ascii") + colon + port
    except UnicodeError:
        return host
