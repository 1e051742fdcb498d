"""The sample reports as an index on disk, with one file beside them that is awkward on purpose."""

from __future__ import annotations

import shutil
from pathlib import Path

from indexer.pipeline import index_sources
from search import Searcher, open_searcher
from search.report_ids import report_id

SAMPLE = Path(__file__).resolve().parents[2] / "index_data" / "sample"

AWKWARD = "awkward <1>.txt"
AWKWARD_TEXT = """残片：没有地名也没有年份

一、工作回顾

<script>alert("营商环境")</script> & <b>营商环境</b>之后还有文字，这一段的标签都是原文。

""" + (
    "".join(f"第{i}次协商会议围绕数字经济建言，提出意见{i}条。" for i in range(150))
    + "最后一句说到深埋的宝藏。\n"
)

CITIES = 10
REPORTS = 43


def build(folder: Path) -> Searcher:
    """A searcher over a fresh index of the sample reports and the awkward file."""
    sources = folder / "sample"
    shutil.copytree(SAMPLE, sources)
    (sources / AWKWARD).write_text(AWKWARD_TEXT, "utf-8")
    index_sources([sources], folder / "index", jobs=1)
    return open_searcher(folder / "index")


def id_of(name: str, ordinal: int = 1) -> str:
    """The id of a report of the sample by its file's name."""
    return report_id(f"sample/{name}", ordinal)
