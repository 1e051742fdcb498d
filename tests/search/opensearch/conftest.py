"""A collection on the cluster that XIESOU_CLUSTER_URL names, gone after the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.stores import STORES, Store, forget
from tests.loaded import loaded_analyzer


@pytest.fixture
def on_cluster(tmp_path: Path) -> Iterator[Store]:
    """An empty place on the cluster."""
    yield STORES["cluster"](tmp_path / "collection", loaded_analyzer())
    forget(tmp_path)
