"""Fixtures that every test folder may use: the real text where it is at hand."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from indexer import pipeline
from indexer.readers import ocr
from search import addresses, compiled
from search.answer import searcher
from search.language.text import Analyzer
from tests import same_process
from tests.cases import IS_THOROUGH, cases
from tests.loaded import analyzer_for_indexing, analyzer_of, loaded_analyzer
from tests.processor_time import ProcessorTime

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "xiesou", max_examples=cases(100), deadline=None
)  # a busy machine makes any case late
settings.load_profile("xiesou")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ProcessorTime(), "processor-time")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One process more than cores: some tests wait for processes of theirs."""
    return (yield) + 1


def pytest_collection_finish() -> None:
    """What stays until the end, all tests among it, is nothing that the garbage collector need look at again.

    What tests make goes when they end; the collector need not look for it after every 700 objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _no_recognition() -> Iterator[None]:
    """No test recognises pictures unless it asks to, whether the extra is installed or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ocr, "is_installed", lambda: False)
        yield


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The analyzer with the shipped words."""
    return loaded_analyzer()


@pytest.fixture(scope="session", autouse=True)
def _one_dictionary() -> Iterator[None]:
    """Indexing and searching take the analyzer that is loaded already, unless the operator has words of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "load_analyzer", analyzer_for_indexing)
        patch.setattr(searcher, "load_analyzer", analyzer_of)
        patch.setattr(addresses, "load_analyzer", analyzer_of)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_process() -> Iterator[None]:
    """Where one job is asked for, the process of the test does it; in CI a worker does, as in service."""
    with pytest.MonkeyPatch.context() as patch:
        if not IS_THOROUGH:
            patch.setattr(pipeline, "iter_outcomes", same_process.iter_outcomes)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_disks() -> Iterator[None]:
    """A disk confirms at once what an index writes, in CI when it has it: no test pulls the plug."""
    with pytest.MonkeyPatch.context() as patch:
        if not IS_THOROUGH:
            patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real text beside the checkout; `XIESOU_SHARED` names another.

    Tests that want it skip where it is absent; CI sets `XIESOU_REQUIRE_SHARED=1`, so that there they fail instead.
    """
    folder = Path(os.environ.get("XIESOU_SHARED") or ROOT.parent / "shared")
    if not (folder / "corpus").is_dir():
        reason = f"the real text is not here (looked in {folder}); set XIESOU_SHARED to the folder that has corpus/"
        if os.environ.get("XIESOU_REQUIRE_SHARED"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def built_kernels() -> None:
    """That all of `search.compiled` was built; without a C compiler they are not.

    Tests that want them skip then; CI sets `XIESOU_REQUIRE_COMPILED=1`, so that there they fail instead.
    """
    if not compiled.is_complete():
        reason = "the kernels are not here: there was no C compiler when Xiesou was installed, or XIESOU_COMPILED=0"
        if os.environ.get("XIESOU_REQUIRE_COMPILED"):
            pytest.fail(reason)
        pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what needs a cluster where none is named; with XIESOU_REQUIRE_CLUSTER=1 it fails."""
    if item.get_closest_marker("cluster") and not os.environ.get("XIESOU_CLUSTER_URL"):
        reason = (
            "no OpenSearch cluster is named; set XIESOU_CLUSTER_URL, such as opensearch+http://127.0.0.1:9201"
        )
        if os.environ.get("XIESOU_REQUIRE_CLUSTER"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
