"""The options that say where a server stands, and what an operator should know of what they say."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import click

from search.messages import Message
from search.public_url import read_public_url
from web import messages as says
from web.site import Site, hosts_for, is_loopback, read_contact, read_hosts, read_proxies

F = TypeVar("F", bound=Callable[..., object])


def site_options(command: F) -> F:
    """The options of `read_site`, named alike."""
    for option in (
        click.option(
            "--allowed-hosts",
            multiple=True,
            metavar="HOST",
            help="A name that requests may call this server by, such as search.example.org or *.example.org; may be "
            "repeated, * is any. [default: $XIESOU_ALLOWED_HOSTS, else the public address's and this machine's own]",
        ),
        click.option(
            "--trusted-proxies",
            multiple=True,
            metavar="NETWORK",
            help="A proxy whose X-Forwarded-For is believed, such as 127.0.0.1 or 10.0.0.0/8; may be repeated. "
            "[default: $XIESOU_TRUSTED_PROXIES, else none]",
        ),
        click.option(
            "--contact",
            metavar="ADDRESS",
            envvar="XIESOU_CONTACT",
            default="",
            help="The mail address to which readers may send corrections, such as desk@example.org.",
        ),
        click.option(
            "--public-url",
            metavar="URL",
            envvar="XIESOU_PUBLIC_URL",
            help="The address of the home page for readers, such as https://www.example.org/xiesou.",
        ),
    ):
        command = option(command)
    return command


def read_site(
    host: str,
    *,
    public_url: str | None,
    trusted_proxies: tuple[str, ...],
    allowed_hosts: tuple[str, ...],
    contact: str = "",
) -> Site:
    """Where the server stands, by its options; lists that are not given are read from the environment.

    Args:
        host: what it listens on.

    Raises:
        ValueError: one of them can't be read; says which and how it should look.
    """
    site = Site(
        public_url=read_public_url(public_url) if public_url else None,
        contact=read_contact(contact),
        trusted_proxies=read_proxies(trusted_proxies or (os.environ.get("XIESOU_TRUSTED_PROXIES", ""),)),
    )
    named = read_hosts(allowed_hosts or (os.environ.get("XIESOU_ALLOWED_HOSTS", ""),))
    return replace(site, allowed_hosts=hosts_for(host, named=named, site=site))


def warnings_of(host: str, site: Site) -> list[Message]:
    """What an operator has likely forgotten."""
    if site.public_url is None:
        return [] if is_loopback(host) and not site.trusted_proxies else [says.NO_PUBLIC_URL()]
    if is_loopback(host) and not site.trusted_proxies:
        return [says.NO_TRUSTED_PROXIES(host=host)]
    return []
