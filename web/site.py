"""Where a server stands: its public address, the proxies before it, the hosts that it answers to. Imports no Flask.

`web.behind_proxy` applies this to requests; the command line reads it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from search.public_url import HOST_FORM, PublicUrl, to_ascii_host

Network: TypeAlias = "ipaddress.IPv4Network | ipaddress.IPv6Network"

FROM_PROXY = "xiesou.from_proxy"
"""Whether a trusted proxy handed a request on, in the environment of the request."""
ANY_HOST = "*"
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_HOST = re.compile(rf"(?P<name>{HOST_FORM})(?::[1-9][0-9]{{0,4}})?", re.ASCII | re.IGNORECASE)
_MAIL = re.compile(r"[^@\s<>\"?&]+@[^@\s<>\"?&]+")
_PATTERN = re.compile(rf"(?:\*\.)?(?:{HOST_FORM})", re.ASCII)
_ADDRESS = re.compile(
    r"\[(?P<six>[^\]]+)\](?::[0-9]+)?|(?P<four>[0-9.]+)(?::[0-9]+)?|(?P<plain>[0-9a-fA-F:.]+)"
)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a server stands.

    Args:
        public_url: the address of its home page for readers; None: as each request calls it.
        trusted_proxies: networks of the proxies whose X-Forwarded-… headers are believed.
        contact: the operator's mail address for corrections; "" for none.
        allowed_hosts: names that a request may call it by: hosts, *.example.org for all below one, * for any.
    """

    public_url: PublicUrl | None = None
    trusted_proxies: tuple[Network, ...] = ()
    allowed_hosts: tuple[str, ...] = (*LOOPBACK_HOSTS, ANY_HOST)
    contact: str = ""

    def allows(self, host: str) -> bool:
        """Whether a request may call the server `host` (a name, with or without a port)."""
        return read_host(host) is not None and (ANY_HOST in self.allowed_hosts or self.knows(host))

    def knows(self, host: str) -> bool:
        """Whether the operator named this host, so that addresses made of it are right for everybody."""
        name = read_host(host)
        return name is not None and any(_covers(allowed, name) for allowed in self.allowed_hosts)

    def trusts(self, address: str) -> bool:
        """Whether an address is one of the proxies."""
        found = read_address(address)
        return found is not None and any(found in network for network in self.trusted_proxies)

    def client_of(self, peer: str, forwarded_for: str) -> str:
        """The address that a request comes from, by X-Forwarded-For as far as trusted proxies wrote it.

        Proxies append whom they were asked by, so the list is read from its end: the first that is no proxy of ours is
        the client, and what stands before it anybody may have written.

        Args:
            peer: who is connected to the server.
            forwarded_for: the header, "" if there is none.
        """
        client = peer
        for written in reversed(forwarded_for.split(",")):
            found = read_address(written)
            if found is None or not self.trusts(client):
                break
            client = str(found)
        return client


def read_host(host: str) -> str | None:
    """The name of a well-formed header Host in lower case, without its port; None if it is malformed.

    Example:
        >>> read_host("Example.org:8000"), read_host("a..b")
        ('example.org', None)
    """
    found = _HOST.fullmatch(host)
    return found["name"].lower().rstrip(".") if found is not None else None


def read_address(written: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address as proxies write it, with a port or in brackets; None for anything else.

    IPv4 in the form of IPv6 (::ffff:192.0.2.1), as servers on both give it, is IPv4.
    """
    found = _ADDRESS.fullmatch(written.strip())
    if found is None:
        return None
    try:
        address = ipaddress.ip_address(found["six"] or found["four"] or found["plain"])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def read_proxies(values: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks as an operator writes them, apart by commas or blanks.

    Raises:
        ValueError: one is none; says how it should look.

    Example:
        >>> read_proxies(["127.0.0.1, 10.0.0.0/8"])
        (IPv4Network('127.0.0.1/32'), IPv4Network('10.0.0.0/8'))
    """
    networks = []
    for written in _parts(values):
        try:
            networks.append(ipaddress.ip_network(written, strict=False))
        except ValueError:
            raise ValueError(
                f"{written} is no address of a proxy. Write addresses or networks, such as 127.0.0.1 or 10.0.0.0/8."
            ) from None
    return tuple(dict.fromkeys(networks))


def read_hosts(values: Iterable[str]) -> tuple[str, ...]:
    """Names of hosts as an operator writes them, apart by commas or blanks.

    Raises:
        ValueError: one is none; says how it should look.
    """
    names = []
    for written in _parts(values):
        name = written if written == ANY_HOST else to_ascii_host(written)
        if name != ANY_HOST and _PATTERN.fullmatch(name) is None:
            raise ValueError(
                f"{written} is no host. Write names without scheme, port or path, such as search.example.org, "
                "*.example.org or 192.0.2.1; * is any."
            )
        names.append(name)
    return tuple(dict.fromkeys(names))


def read_contact(value: str) -> str:
    """A mail address as an operator writes it, "" for none.

    Raises:
        ValueError: it is none.
    """
    if value and _MAIL.fullmatch(value) is None:
        raise ValueError(f"{value} is no mail address. Write one such as desk@example.org.")
    return value


def hosts_for(listening: str, *, named: tuple[str, ...], site: Site) -> tuple[str, ...]:
    """The hosts that a server answers to.

    Named ones, the public address's and this machine's own names; on a loopback address nobody else can have any other.
    A server that others reach, of which nothing was said, must answer to whatever they call it.

    Args:
        listening: the host that it listens on.
        named: hosts that the operator names.
    """
    known = (*named, *((read_host(site.public_url.host) or "",) if site.public_url else ()))
    if known or (is_loopback(listening) and not site.trusted_proxies):
        return tuple(dict.fromkeys((*known, *LOOPBACK_HOSTS)))
    return (ANY_HOST,)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens on this host."""
    address = read_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _parts(values: Iterable[str]) -> list[str]:
    return [part for value in values for part in re.split(r"[\s,]+", value) if part]


def _covers(allowed: str, name: str) -> bool:
    return name.endswith(allowed[1:]) if allowed.startswith("*.") else name == allowed
