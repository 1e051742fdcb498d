"""/metrics: what a server does, in the form of OpenMetrics, for those who have the operator's token.

Requests, refusals and latency are counted by route, never by question or client. Several processes count together in
files of a folder that they share.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app

from search import __version__
from search.errors import StoreError
from search.lru import measure_caches
from web.current_searcher import CurrentSearcher, version_of
from web.operator_token import require_operator
from web.request_notes import RequestNote

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

metrics = Blueprint("metrics", __name__)
EXTENSION = "xiesou-metrics"
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The counts of a server.

    Args:
        searcher: whose collection is told of.
        shared: a folder for several processes, which must be given before any of them counts; None for one process.
    """

    def __init__(self, searcher: CurrentSearcher, shared: Path | None = None) -> None:
        if shared is not None:
            shared.mkdir(exist_ok=True)
            os.environ[_FOLDER] = str(shared)  # the library reads it when it is imported, and nowhere else
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._is_shared = shared is not None
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "xiesou_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self._refusals = Counter(
            "xiesou_refusals", "Requests refused, by the error's code.", ("code",), registry=self.registry
        )
        self._seconds = Histogram(
            "xiesou_answer_seconds",
            "Until an answer began to be sent.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._sent = Counter("xiesou_sent_bytes", "Bytes of answers.", ("route",), registry=self.registry)
        self._own = CollectorRegistry()
        self._own.register(_OfThisProcess(searcher))
        if not self._is_shared:
            from prometheus_client import ProcessCollector

            ProcessCollector(registry=self._own)

    def __call__(self, note: RequestNote) -> None:
        """Count a request."""
        route = note.endpoint or "none"
        method = note.method if note.method in ("GET", "HEAD", "OPTIONS", "POST") else "other"
        self._requests.labels(route, method, str(note.status)).inc()
        self._seconds.labels(route).observe(note.answer_seconds)
        self._sent.labels(route).inc(note.sent_bytes)
        if note.refusal:
            self._refusals.labels(note.refusal).inc()

    def render(self) -> bytes:
        """All of it, as OpenMetrics text."""
        from prometheus_client.openmetrics.exposition import generate_latest

        counted = self._counted_by_all() if self._is_shared else self.registry
        parts = [bytes(generate_latest(registry)) for registry in (counted, self._own)]  # type: ignore[no-untyped-call]
        return b"".join([*(part.removesuffix(b"# EOF\n") for part in parts), b"# EOF\n"])

    def _counted_by_all(self) -> CollectorRegistry:
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry


class _OfThisProcess:
    """What is measured when it is asked for: the collection, the caches; of several processes the one that answers."""

    def __init__(self, searcher: CurrentSearcher) -> None:
        self._searcher = searcher
        self._seen: tuple[str, float] = ("", 0.0)

    def collect(self) -> Iterator[Metric]:
        """The gauges; of a collection that can't be opened only that it can't."""
        from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily

        def gauge(name: str, value: float, said: str) -> Metric:
            return GaugeMetricFamily(f"xiesou_{name}", said, value=value)

        yield InfoMetricFamily("xiesou", "The program.", value={"version": __version__})
        entries, size_bytes = measure_caches()
        yield gauge("cache_entries", entries, "Values that caches keep.")
        yield gauge("cache_bytes", size_bytes, "Memory of those that are bounded by bytes.")
        try:
            searcher = self._searcher.open().pinned()
            stats, version = searcher.stats(), version_of(searcher)
        except StoreError:
            yield gauge("index_ready", 0, "Whether the collection can be read.")
            return
        if version != self._seen[0]:
            self._seen = (version, time.time())
        yield gauge("index_ready", 1, "Whether the collection can be read.")
        yield gauge("index_generation", stats.generation, "Commits of the collection.")
        yield gauge("index_reports", stats.reports, "Reports held.")
        yield gauge("index_paragraphs", stats.paragraphs, "Paragraphs held.")
        yield gauge(
            "index_seen_timestamp_seconds",
            self._seen[1],
            "Since when this version of the collection was seen here.",
        )


@metrics.get("/metrics")
@require_operator
def show() -> Response:
    """The counts, for Prometheus and its like."""
    from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST

    counts = current_app.extensions[EXTENSION]
    assert isinstance(counts, Metrics)
    response = Response(counts.render(), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response
