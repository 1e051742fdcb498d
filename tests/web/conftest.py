"""Fixtures of the pages' tests: an application over an index of the sample reports, and its client.

A collection in memory is searched only where a state is wanted that an index can't be brought to in a test: a new
version at will, characters that no reader lets through, a collection that is closed.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search import Searcher
from tests.web import sample
from tests.web.memory_searcher import searcher_of
from web.app import WebConfig, create_app
from web.limits import Limits
from web.page_environment import PageEnvironment


def load_sibling(name: str) -> ModuleType:
    """A module beside this file; test folders are no packages, so it is loaded by path, once."""
    key = f"web_tests_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[key] = module
        spec.loader.exec_module(module)
    return sys.modules[key]


@pytest.fixture(scope="session")
def invented() -> ModuleType:
    return load_sibling("invented")


class CompiledTemplates:
    """Templates as they were compiled for an earlier application: a cache as Jinja asks for one.

    Nearly every test makes an application of its own, and to compile the templates takes ten times as long as that.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str, str], CodeType] = {}

    def get_bucket(
        self, environment: PageEnvironment, name: str, filename: str | None, source: str
    ) -> SimpleNamespace:
        key = (environment.language, name, source)
        return SimpleNamespace(key=key, code=self._known.get(key))

    def set_bucket(self, bucket: SimpleNamespace) -> None:
        self._known[bucket.key] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates() -> Iterator[None]:
    """Every application of the session takes the templates that are compiled already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()})
        yield


@pytest.fixture(scope="session")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """The sample reports in an index of this session."""
    searcher = sample.build(tmp_path_factory.mktemp("collection"))
    yield searcher
    searcher.close()


@pytest.fixture
def memory(invented: ModuleType) -> Searcher:
    return searcher_of(invented.make_texts())


def make_app(searcher: Searcher, *, limits: Limits | None = None) -> Flask:
    app = create_app(WebConfig(searcher=searcher, limits=limits or Limits()))
    app.testing = False  # errors are answered as in service, not raised
    return app


@pytest.fixture(scope="session")
def app(searcher: Searcher) -> Flask:
    """One application for all tests that only ask it; to make one takes longer than most answers.

    A test that doesn't read a file to its end leaves it under way, so any number of them may be.
    """
    return make_app(searcher, limits=Limits(exports_at_once=1_000_000))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def memory_client(memory: Searcher) -> FlaskClient:
    return make_app(memory).test_client()
