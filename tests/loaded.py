"""What takes long to load and is the same for all tests: loaded once per process, when a test first wants it."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from indexer.understand import understand
from search.language.text import Analyzer, load_analyzer


@lru_cache(maxsize=1)
def loaded_analyzer() -> Analyzer:
    """The analyzer with the shipped words."""
    return load_analyzer()


def analyzer_of(user_dictionary: Path | None = None) -> Analyzer:
    """What `load_analyzer` gives; without an operator's own words the one that is loaded already."""
    return loaded_analyzer() if user_dictionary is None else load_analyzer(user_dictionary)


@lru_cache(maxsize=1)
def read_a_text() -> None:
    """Load what reading a text needs, so that workers which are forked later have it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_text("四平市人民政府工作报告\n\n各位代表：\n\n营商环境持续优化。\n", encoding="utf-8")
        understand(path)


def analyzer_for_indexing(user_dictionary: Path | None = None) -> Analyzer:
    """As `analyzer_of`, with the readers loaded too."""
    read_a_text()
    return analyzer_of(user_dictionary)
