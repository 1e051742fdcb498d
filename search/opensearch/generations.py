"""Generations: one index each, sealed once it is published; an alias names the one that is read.

A generation is written without replicas, and gets them once it is flushed: then files are copied. A replica that takes
part in writing may be brought up to date from what a document keeps of itself, which lacks what its index was made of.

Publishing is one call that moves the alias. What was read until then stays for a while, since views that are pinned to
it are still read; a generation that a run left unpublished has no alias and goes with the next run.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from search.collection import Version
from search.errors import IndexMissing, IndexOutdated
from search.messages import stores
from search.opensearch.client import ClusterClient
from search.opensearch.mapping import SCHEMA, index_body

KEPT_SECONDS = 600.0
"""How long a generation stays after it was replaced."""
MOST_KEPT = 8
COPY_SECONDS = 600.0
"""How long a generation waits for its replicas before it is published without."""
PARAGRAPHS_A_SHARD = 2_000_000
SMALL = 200_000
"""Paragraphs below which one shard holds a generation."""
_SHARDS = 3


@dataclass(frozen=True, slots=True)
class Generation:
    """What an index says of itself, in the `_meta` of its mapping.

    Args:
        name: of the index.
        averages: the average lengths that its impacts were reckoned with; see `impacts`.
        checks: the sums of all documents' checks.
        replaced: (name, time) of those before it that may still be read.
    """

    name: str
    id: str
    number: int
    fingerprint: str
    averages: Mapping[str, float]
    scale: int
    paragraphs: int = 0
    documents: int = 0
    reports: int = 0
    checks: tuple[int, int] = (0, 0)
    replaced: tuple[tuple[str, float], ...] = field(default_factory=tuple)

    @property
    def version(self) -> Version:
        return Version(self.id, self.number)


def begin_generation(
    prefix: str, before: Generation | None, fingerprint: str, averages: Mapping[str, float], scale: int
) -> Generation:
    """The generation after `before`, of which nothing is written yet."""
    number = 1 if before is None else before.number + 1
    id = secrets.token_hex(8)
    return Generation(f"{prefix}-g{number:06d}-{id[:8]}", id, number, fingerprint, averages, scale)


def newest_generation(client: ClusterClient, *, patience_s: float | None = None) -> Generation | None:
    """The generation that the alias names; None where there is none."""
    prefix = client.address.prefix
    wait: dict[str, Any] = {}
    if patience_s is not None:
        wait["cluster_manager_timeout"] = f"{round(1_000 * patience_s)}ms"
    found = client.ask(
        "GET", f"/{prefix}/_mapping", absent={}, patience_s=patience_s, filter_path="*.mappings._meta", **wait
    )
    if not found:
        return None
    ((name, said),) = found.items()
    meta = said.get("mappings", {}).get("_meta", {})
    if meta.get("schema") != SCHEMA:
        raise IndexOutdated(stores.CLUSTER_OTHER_SCHEMA(address=client.address.text), hint=stores.REBUILD())
    replaced = tuple((str(name), float(at)) for name, at in meta["replaced"])
    kept = {key: of for key, of in meta.items() if key not in ("schema", "replaced", "checks", "name")}
    return Generation(name=name, replaced=replaced, checks=tuple(meta["checks"]), **kept)


def open_generation(
    client: ClusterClient, fingerprint: str, *, patience_s: float | None = None
) -> Generation:
    """The generation that is read.

    Raises:
        IndexMissing: there is none.
        IndexOutdated: it was written by another version or with another dictionary.
    """
    generation = newest_generation(client, patience_s=patience_s)
    if generation is None:
        raise IndexMissing(stores.COLLECTION_EMPTY(address=client.address.text), hint=stores.BUILD_INDEX())
    if generation.fingerprint != fingerprint:
        raise IndexOutdated(stores.INDEX_OTHER_DICTIONARY(), hint=stores.REBUILD())
    return generation


def make_index(client: ClusterClient, generation: Generation, paragraphs: int) -> None:
    """Make the empty index of a generation that will hold about so many paragraphs."""
    shards = 1 if paragraphs < SMALL else max(_SHARDS, -(-paragraphs // PARAGRAPHS_A_SHARD))
    body = index_body(scale=generation.scale, shards=shards)
    client.ask("PUT", f"/{generation.name}", body, wait_for_active_shards=1, timeout="60s")


def clone_index(client: ClusterClient, before: Generation, generation: Generation) -> None:
    """Make the index of a generation hold what the one before holds; its files are shared where disks allow."""
    unsealed = {
        "blocks.write": False,
        "auto_expand_replicas": False,
        "number_of_replicas": 0,
        "routing.rebalance.enable": "none",
    }
    body = {"settings": {f"index.{name}": of for name, of in unsealed.items()}}
    client.ask(
        "PUT", f"/{before.name}/_clone/{generation.name}", body, wait_for_active_shards=1, timeout="120s"
    )


def publish(client: ClusterClient, generation: Generation, before: Generation | None) -> Generation:
    """Seal a generation and move the alias to it, in one call; gives it as it says of itself."""
    now = time.time()
    replaced = () if before is None else ((before.name, now), *before.replaced)
    kept = tuple(of for of in replaced if now - of[1] < KEPT_SECONDS)[:MOST_KEPT]
    generation = replace(generation, replaced=kept)
    said = {"schema": SCHEMA, **asdict(generation), "averages": dict(generation.averages)}
    client.ask("PUT", f"/{generation.name}/_mapping", {"_meta": said})
    client.ask("PUT", f"/{generation.name}/_settings", {"index.blocks.write": True})
    client.ask("POST", f"/{generation.name}/_flush", force="true", wait_if_ongoing="true", patience_s=120.0)
    opened = {"index.auto_expand_replicas": "0-1", "index.routing.rebalance.enable": "all"}
    client.ask("PUT", f"/{generation.name}/_settings", opened)
    _wait_for_copies(client, generation.name)
    alias = client.address.prefix
    moved: list[dict[str, Any]] = [{"add": {"index": generation.name, "alias": alias}}]
    if before is not None:
        moved.insert(0, {"remove": {"index": before.name, "alias": alias}})
    client.ask("POST", "/_aliases", {"actions": moved})
    return generation


def _wait_for_copies(client: ClusterClient, name: str) -> None:
    """Wait until all copies are there; a cluster that is short of a node publishes without."""
    until = time.monotonic() + COPY_SECONDS
    while time.monotonic() < until:
        found = client.ask(
            "GET",
            f"/_cluster/health/{name}",
            absent={"timed_out": True},
            wait_for_status="green",
            timeout="5s",
        )
        if found.get("status") == "green":
            return


def clean(client: ClusterClient, current: Generation | None) -> tuple[str, ...]:
    """Delete what no view can be reading: generations without the alias, but for those that were just replaced."""
    prefix = client.address.prefix
    now = time.time()
    kept = (
        set()
        if current is None
        else {current.name, *(n for n, at in current.replaced if now - at < KEPT_SECONDS)}
    )
    listed = client.ask("GET", f"/_cat/indices/{prefix}-g*", absent=[], format="json", h="index")
    own = re.compile(re.escape(prefix) + "-g[0-9]{6,}-[0-9a-f]{8}")
    gone = [of["index"] for of in listed if own.fullmatch(of["index"]) and of["index"] not in kept]
    for name in gone:
        client.ask("DELETE", f"/{name}", absent={})
    return tuple(gone)
