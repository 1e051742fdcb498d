"""Addresses of collections on a cluster: opensearch+https://user@host1:9200,host2:9200/prefix."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from search.errors import StoreError
from search.messages import stores

SCHEMES = {"opensearch+https": True, "opensearch+http": False}
PASSWORD, PASSWORD_FILE, AUTHORITY = (
    "XIESOU_OPENSEARCH_PASSWORD",
    "XIESOU_OPENSEARCH_PASSWORD_FILE",
    "XIESOU_OPENSEARCH_CA",
)
DEFAULT_PORT = 9200
_ADDRESS = re.compile(
    r"(?P<scheme>opensearch\+https?)://(?:(?P<user>[^@/:]+)@)?(?P<hosts>[^@/?#]+)/(?P<prefix>[^/?#]+)/?"
)
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(?::(?P<port>[0-9]{1,5}))?")
_PREFIX = re.compile("[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """A collection on a cluster.

    Args:
        text: as it is shown: without a password.
        hosts: (name, port), to be tried in turn.
        prefix: of the names of its indexes.
        ca: a file of certificates to trust instead of the system's.
    """

    text: str
    hosts: tuple[tuple[str, int], ...]
    prefix: str
    is_secure: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str | None = None


def is_url(address: object) -> bool:
    """Whether an address is meant to name a cluster, and no folder.

    Example:
        >>> is_url("opensearch+https://host:9200/reports"), is_url("index_data/index")
        (True, False)
    """
    return isinstance(address, str) and "://" in address


def read_address(address: str, environment: Mapping[str, str] | None = None) -> ClusterAddress:
    """What an address says, with the password and the certificates of the environment.

    Raises:
        StoreError: it can't be read, or the password's file can't.

    Example:
        >>> read_address("opensearch+http://a:9201,b/reports", {}).hosts
        (('a', 9201), ('b', 9200))
    """
    env = os.environ if environment is None else environment
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise StoreError(stores.CLUSTER_ADDRESS(address=_shown(address)), hint=stores.CLUSTER_ADDRESS_FORM())
    if not _PREFIX.fullmatch(found["prefix"]):
        raise StoreError(stores.CLUSTER_PREFIX(prefix=found["prefix"]), hint=stores.CLUSTER_ADDRESS_FORM())
    hosts = []
    for host in found["hosts"].split(","):
        one = _HOST.fullmatch(host)
        if one is None or not 0 < int(one["port"] or DEFAULT_PORT) < 1 << 16:
            raise StoreError(stores.CLUSTER_ADDRESS(address=address), hint=stores.CLUSTER_ADDRESS_FORM())
        hosts.append((one["name"], int(one["port"] or DEFAULT_PORT)))
    return ClusterAddress(
        text=address.rstrip("/"),
        hosts=tuple(hosts),
        prefix=found["prefix"],
        is_secure=SCHEMES[found["scheme"]],
        user=None if found["user"] is None else unquote(found["user"]),
        password=_password(env),
        ca=env.get(AUTHORITY) or None,
    )


def _shown(address: str) -> str:
    """An address that can't be read, without what may be a password."""
    return re.sub("//[^@/]*@", "//…@", address)


def _password(env: Mapping[str, str]) -> str | None:
    if env.get(PASSWORD_FILE):
        try:
            return Path(env[PASSWORD_FILE]).read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(stores.BAD_SETTING(name=PASSWORD_FILE, error=str(error))) from error
    return env.get(PASSWORD) or None
