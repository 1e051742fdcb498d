"""Fixtures of the pages' tests: an application over invented reports, and its client."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.engine.base import Engine
from web.app import WebConfig, create_app


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


@pytest.fixture
def engine(invented: ModuleType) -> Engine:
    return load_sibling("memory_engine").MemoryEngine(invented.make_texts())


@pytest.fixture
def app(engine: Engine) -> Flask:
    app = create_app(WebConfig(engine=engine))
    app.testing = False  # errors are answered as in service, not raised
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
