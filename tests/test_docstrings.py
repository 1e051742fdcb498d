"""The examples in docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loaded import loaded_analyzer

ROOT = Path(__file__).resolve().parent.parent


def with_examples() -> Iterator[str]:
    for package in ("search", "indexer", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if ">>> " in path.read_text("utf-8"):
                parts = path.relative_to(ROOT).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("name", list(with_examples()))
def test_examples_give_what_they_say(name: str) -> None:
    given = {"load_analyzer": loaded_analyzer}
    ran = doctest.testmod(importlib.import_module(name), extraglobs=given)
    assert ran.attempted > 0
    assert ran.failed == 0
