"""A collection to count in, and counting done the long way: every paragraph read from end to end.

The sample reports and some written to be awkward to count, in two segments, one of them with a deletion.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from indexer.pipeline import index_sources
from search import open_searcher
from search.answer.searcher import Searcher
from search.embedded.store import open_generation
from search.language.text import normalize_text
from tests.laws.bruteforce import Collection, Row
from tests.loaded import loaded_analyzer

SAMPLE = Path(__file__).resolve().parents[2] / "index_data" / "sample"
_ATOM = re.compile(r"[0-9]+[a-z](?![a-z0-9])|[0-9]+(?:\.[0-9]+)*|[a-z][a-z0-9]*(?:\.[0-9]+)*")

LONG = "委员们围绕营商环境反复调研，先后走访企业一百二十家，提出了改进政务服务的意见三十八条，得到采纳。"
TWICE = "两份报告都印了这一段，说的是全体委员要在新的一年里继续关心和支持全市经济社会的各项工作。"
AWKWARD = {
    "siping-2021.txt": (
        "政协四平市委员会常务委员会工作报告",
        "2021年1月10日在政协四平市第九届委员会第五次会议上",
        "各位委员：",
        "一、2020年工作回顾",
        "发展发展再发展，发展，发 展。大家哈哈哈哈地笑了，哈哈。",
        "ＧＤＰ增长，GDP总量，GDP2020与gdp并列，PM2.5与PM2下降。",
        LONG,
        "二、2021年工作安排",
        LONG,
        "继续优化营商环境，優化營商環境，优化" + "营商环境" * 3 + "。",
    ),
    "siping-2021-copy.txt": (
        "政协四平市委员会常务委员会工作报告",
        "2021年1月10日在政协四平市第九届委员会第五次会议上",
        "各位委员：",
        "一、2020年工作回顾",
        LONG,
    ),
    "siping-two.txt": (
        "政协四平市委员会常务委员会工作报告",
        "2018年1月10日在政协四平市第九届委员会第二次会议上",
        "各位委员：",
        "一、2017年工作回顾",
        TWICE,
        "过去一年，常委会认真履行职能，全体委员积极参与，各项工作都取得了新的成绩。",
        "政协四平市委员会常务委员会关于提案工作情况的报告",
        "2018年1月10日在政协四平市第九届委员会第二次会议上",
        "各位委员：",
        "一、提案工作回顾",
        TWICE,
        "共收到提案三百一十二件，立案二百八十六件，全部办复，委员满意率达到百分之九十九。",
    ),
    "nowhere.txt": ("工作报告", "营商环境这一段不知道是哪个城市哪一年说的。"),
}
GONE = ("政协四平市委员会常务委员会工作报告", "2019年1月3日", "营商环境这一段已经删去。")


@dataclass(frozen=True, slots=True)
class Counted:
    """A searcher and the same paragraphs as a list, the characters held, and where paragraphs repeat."""

    searcher: Searcher
    collection: Collection
    repeated: frozenset[str]


_BUILT: list[Counted] = []


def build_counted(work: Path) -> Counted:
    """The collection, built once a session in the first folder that is given."""
    if not _BUILT:
        sources, folder = work / "sources", work / "index"
        shutil.copytree(SAMPLE, sources)
        _write(sources, "gone.txt", GONE)
        index_sources([sources], folder, jobs=1)
        (sources / "gone.txt").unlink()
        for name, paragraphs in AWKWARD.items():
            _write(sources, name, paragraphs)
        index_sources([sources], folder, jobs=1)
        analyzer = loaded_analyzer()
        segments = open_generation(folder, analyzer.fingerprint).segments
        assert len(segments) > 1
        assert any(data.live is not None for data in segments)
        searcher = open_searcher(folder, analyzer=analyzer)
        repeated = frozenset(
            f"{data.record(int(data.report_of[doc]))['id']}-p{data.number(doc)}"
            for data in segments
            for doc in range(data.doc_count)
            if data.flags(doc) & 2 and (data.live is None or data.live[doc])
        )
        _BUILT.append(Counted(searcher, Collection(searcher), repeated))
    return _BUILT[0]


def _write(folder: Path, name: str, paragraphs: tuple[str, ...]) -> None:
    (folder / name).write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


def places(text: str, strings: list[str]) -> list[tuple[int, int]]:
    """Where the strings stand in the normal form, from left to right, the longest at a place; none overlaps another."""
    normal = normalize_text(text)
    inner = {at for match in _ATOM.finditer(normal) for at in range(match.start() + 1, match.end())}
    forms = sorted(map(normalize_text, strings), key=len, reverse=True)
    found, at = [], 0
    while at < len(normal):
        ends = (at + len(form) for form in forms if normal.startswith(form, at))
        end = next((end for end in ends if at not in inner and end not in inner), None)
        if end is not None:
            found.append((at, end))
        at = at + 1 if end is None else end
    return found


def with_string(counted: Counted, string: str) -> dict[Row, list[tuple[int, int]]]:
    """Every paragraph that has the string, with its places."""
    found = {row: places(row.text, [string]) for row in counted.collection.rows}
    return {row: spans for row, spans in found.items() if spans}
