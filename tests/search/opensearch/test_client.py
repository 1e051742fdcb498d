"""A client of a cluster, before a server that is told what to answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from search.errors import CollectionUnavailable
from search.limits import Budget
from search.opensearch.address import read_address
from search.opensearch.client import ClusterClient


@pytest.mark.cluster  # it needs no nodes, but what talks to them, which only that step installs
@pytest.mark.parametrize("status", [200, 503])
def test_others_may_work_while_the_cluster_is_waited_for(status: int) -> None:
    """Until each answer is there, and until a busy cluster is asked again."""
    is_resting, seen = [False], list[bool]()

    @contextmanager
    def rest() -> Iterator[None]:
        is_resting[0] = True
        yield
        is_resting[0] = False

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(is_resting[0])
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = ClusterClient(
            read_address(f"opensearch+http://127.0.0.1:{server.server_port}/x"), patience_s=0.3
        )
        budget = Budget(rest=rest)
        if status == 200:
            client.ask("GET", "/_anything", budget=budget)
            assert not is_resting[0]
        else:
            with pytest.raises(CollectionUnavailable):
                client.ask("GET", "/_anything", budget=budget)
        client.close()
        server.shutdown()
    assert seen
    assert all(seen)
