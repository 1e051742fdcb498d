"""The pages over a collection in memory, where none of what an index on disk needs is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCKED = ("whoosh", "numpy", "zstandard", "jieba", "rjieba")
PROGRAM = """
import json, sys

blocked, paths = json.loads(sys.argv[1]), json.loads(sys.argv[2])
for name in blocked:
    sys.modules[name] = None

from search.answer.searcher import Searcher
from search.language.text import Analyzer
from search.memory import MemoryCollection
from tests.contract.drafts import invented_drafts
from web.app import WebConfig, create_app

WORDS = ["营商", "环境", "营商环境", "优化", "提案", "发展", "人民", "政协", "人民政协", "工作", "报告", "乡村", "振兴"]

class LongestFirst:
    '''Cuts by the longest of `WORDS`.'''

    def cut(self, run):
        words = []
        while run:
            words.append(next((run[:n] for n in (4, 3, 2) if run[:n] in WORDS), run[0]))
            run = run[len(words[-1]):]
        return words

analyzer = Analyzer({}, dictionary=dict.fromkeys(WORDS, 3), segmenter=LongestFirst())
collection = MemoryCollection.of(invented_drafts(), analyzer)
client = create_app(WebConfig(searcher=Searcher(collection, analyzer))).test_client()
answers = {}
for path in paths:
    response = client.get(path)
    answers[path] = [response.status_code, response.get_data(as_text=True)]
loaded = sorted(name for name, module in sys.modules.items() if module is not None)
print(json.dumps({"answers": answers, "loaded": loaded}))
"""
PATHS = {
    "/": "四平市",
    "/search?q=营商环境": "<mark>营商环境</mark>",
    "/search?q=“优化营商环境”&city=四平市&sort=-year": "<mark>优化营商环境</mark>",
    "/search?q=营商环境&view=concordance": "营商",
    "/search?q=发展&view=distribution": "长春市",
    "/search?q=没有人写过的词": "没有",
    "/reports": "次会议工作报告",
    "/reports/inv01-2": "乡村  振兴样板村",
    "/api/v1/search?q=营商环境": '"total"',
    "/api/v1/reports": '"inv00-1"',
    "/api/v1/reports/inv01-2": "凝聚共识双向发力",
    "/api/v1/suggest?q=营商": "营商环境",
    "/api/v1/trends?q=营商环境": '"years"',
    "/export.csv?q=营商环境": "inv",
    "/feed.atom?q=营商环境": "<entry>",
    "/readyz": "reports",
}


@pytest.fixture(scope="module")
def answered() -> dict[str, object]:
    import json

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(BLOCKED), json.dumps(list(PATHS))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("path", PATHS)
def test_it_is_served_from_memory(answered: dict[str, dict[str, tuple[int, str]]], path: str) -> None:
    status, text = answered["answers"][path]
    assert status == 200
    assert PATHS[path] in text


def test_nothing_of_an_index_was_loaded(answered: dict[str, list[str]]) -> None:
    """No store on disk either: the seam is cut above it."""
    loaded = answered["loaded"]
    assert "search.answer.searcher" in loaded
    assert [name for name in loaded if name.split(".")[0] in BLOCKED] == []
    assert [name for name in loaded if name.startswith(("search.embedded", "indexer"))] == []
