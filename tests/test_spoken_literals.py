"""What people read is in the catalogue: no Chinese sentence in the code, and nothing said that isn't declared."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from search.messages import DECLARED
from search.messages.words import load_areas
from tests.parsed import parsed

ROOT = Path(__file__).resolve().parent.parent
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff60]")
HAN = re.compile(r"[\u4e00-\u9fff]")

READS_CHINESE = {
    "search/language/data/make_places.py": "table of places",
    "indexer/metadata": "patterns of report texts, names of what was read from where",
    "indexer/overrides.py": "names of columns and levels",
    "search/language/places.py": "names of places",
    "indexer/readers": "patterns of page furniture, names of columns, common characters",
    "indexer/structure": "patterns of report texts",
    "search/answer": "patterns of queries, names of places",
    "search/embedded": "a word to warm the analyzer",
    "search/instruments": "numerals, units and patterns of report texts, the nation's name",
    "search/language": "signs and patterns of the query language, characters",
    "search/media.py": "full-width signs of formulas",
    "search/model/reports.py": "types of report and levels, as reports name them",
    "web/charts/coverage.py": "what names of provinces end with",
    "web/charts/tiles.py": "names of provinces",
    "web/spread_page.py": "levels",
    "web/embed_options.py": "commas between values",
    "web/embed_pieces.py": "the ends of sentences",
    "web/suggesting.py": "signs of the query language",
}
"""Modules whose Chinese is what they look for in texts and queries."""

WRITES_CHINESE = {
    "search/cli.py": "examples of commands",
    "search/concordance_cli.py": "examples of commands",
    "search/digest/letter.py": "the blank of Chinese texts",
    "search/digest/saved_searches.py": "how an address spells unknown",
    "search/filter_options.py": "the name of a part of reports",
    "web/api_parameters.py": "how an address spells unknown",
    "web/citation_formats.py": "citations by GB/T 7714, Chinese in any language",
    "web/correction.py": "the level of a province, an ellipsis",
    "web/loading.py": "a first search",
    "web/example_searches.py": "searches to try, quotation marks",
    "web/export.py": "columns of the files, Chinese in any language",
    "web/instrument_files.py": "commas between titles",
    "web/instrument_tables.py": "columns of the files, Chinese in any language",
    "web/collocates_page.py": "quotation marks of the query language",
    "web/numbers_page.py": "scales of numbers, as the texts have them",
    "web/oembed.py": "the name",
    "web/report_cards.py": "commas between values",
    "web/time_values.py": "how an address spells unknown",
}
"""Modules that give Chinese in any language, with what it is."""

TEMPLATES = {
    "numbers.html": ("：",),
    "diff.html": ("：",),
    "reuse.html": ("：",),
    "collocates.html": ("：",),
    "keywords.html": ("：",),
    "base.html": ("协搜", "中文"),
    "cite.html": ("：",),
    "embed.html": ("（", "）"),
    "embed_opensearch.html": None,
    "embed_setup.html": ("中文",),
    "follow.html": ("：",),
    "home.html": ("协", "协搜", "营商环境", "民营企业", "“有事好商量”", "-招商", "城市:", "年份:", "四平市"),
    "report.html": ("：",),
}
"""Chinese in templates: names, examples, and punctuation; None lets all of it stand (a file for browsers)."""

SPEAKING = frozenset(
    (
        "BudgetExceeded",
        "CollectionUnavailable",
        "CouldNot",
        "Explanation",
        "IndexDamaged",
        "IndexLocked",
        "IndexMissing",
        "IndexOutdated",
        "IndexUnwritable",
        "Notice",
        "Problem",
        "QueryError",
        "ReportNotFound",
        "SetAside",
        "SourceError",
        "UsageError",
        "Value",
        "WayOut",
        "XiesouError",
        "answer",
        "because",
        "echo",
        "gather",
        "leave_out",
        "refuse",
        "secho",
    )
)
"""Calls whose texts reach people."""


@lru_cache(maxsize=1)
def modules() -> list[tuple[str, ast.Module]]:
    paths = [p for package in ("search", "indexer", "web") for p in (ROOT / package).rglob("*.py")]
    return [
        (path.relative_to(ROOT).as_posix(), parsed(path.read_text("utf-8")))
        for path in sorted([*paths, ROOT / "xiesou.py"])
    ]


def literals(tree: ast.Module) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    bodies = (body for node in ast.walk(tree) if isinstance(body := getattr(node, "body", None), list))
    notes = {id(node.value) for body in bodies for node in body if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def is_listed(name: str) -> bool:
    return any(
        name == listed or name.startswith(f"{listed}/") for listed in {**READS_CHINESE, **WRITES_CHINESE}
    )


def test_chinese_is_where_the_lists_say() -> None:
    found = {
        name
        for name, tree in modules()
        if not name.startswith("search/messages/") and any(CHINESE.search(text) for text in literals(tree))
    }
    assert sorted(name for name in found if not is_listed(name)) == []
    listed = {**READS_CHINESE, **WRITES_CHINESE}
    gone = [one for one in listed if not any(name == one or name.startswith(f"{one}/") for name in found)]
    assert gone == [], "the lists name what has no Chinese any more"


def test_declarations_are_in_english() -> None:
    for name, tree in modules():
        if name.startswith("search/messages/") or name == "web/messages.py":
            assert [text for text in literals(tree) if HAN.search(text)] == [], name


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_no_sentence_is_said_past_the_catalogue() -> None:
    load_areas()
    known = {kind.english for kind in DECLARED.values()}
    said = []
    for name, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or called(node) not in SPEAKING:
                continue
            for argument in [*node.args, *(word.value for word in node.keywords if word.arg == "hint")]:
                for text in ast.walk(argument):
                    if isinstance(text, ast.Call) and text is not argument:
                        continue
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        sentence = " " in text.value.strip() and text.value not in known
                        if CHINESE.search(text.value) or sentence:
                            said.append(f"{name}:{text.lineno}: {text.value!r}")
    assert said == []


@pytest.mark.parametrize(
    "template", sorted(path.name for path in (ROOT / "web" / "templates").glob("*.html"))
)
def test_templates_say_no_chinese_of_their_own(template: str) -> None:
    text = (ROOT / "web" / "templates" / template).read_text("utf-8")
    kept = TEMPLATES.get(template, ())
    if kept is None:
        return
    for words in sorted(kept, key=len, reverse=True):
        assert words in text, f"{template} has no {words} any more"
        text = text.replace(words, "")
    assert CHINESE.findall(text) == []
