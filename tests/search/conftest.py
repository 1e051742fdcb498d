"""Fixtures of the index's and the searcher's tests: a small collection of reports written for them, indexed once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import pipeline
from search import open_searcher
from search.answer.searcher import Searcher
from search.language.text import Analyzer

REPORTS = {
    "siping-2023.txt": (
        "政协四平市委员会常务委员会工作报告",
        "2023年1月10日在政协四平市第十届委员会第二次会议上",
        "各位委员：",
        "一、2022年工作回顾",
        "优化营商环境，开展专题协商12次。",
        "（一）聚焦乡村振兴",
        "围绕梅花鹿产业提出建议，PM2.5平均浓度下降3.5微克。",
        "二、2023年工作安排",
        "推动营商环境持续改善，服务5G基站建设。",
    ),
    "tonghua-2024.txt": (
        "政协通化市委员会常务委员会工作报告",
        "2024年1月9日在政协通化市第九届委员会第三次会议上",
        "各位委员：",
        "一、2023年工作回顾",
        "围绕医药产业开展调研，营商环境满意度提高。",
        "二、2024年工作任务",
        "办好“有事好商量”协商平台，提案办复率100%。",
    ),
    "luoyang-2024.txt": (
        "洛阳市中级人民法院工作报告",
        "2024年1月30日在洛阳市第十六届人民代表大会第三次会议上",
        "各位代表：",
        "一、2023年主要工作",
        "审结各类案件9.6万件，服务保障营商环境。",
    ),
}


def write_reports(folder: Path, names: tuple[str, ...] = tuple(REPORTS)) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("\n\n".join(REPORTS[name]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory, _one_dictionary: None) -> Path:
    """An index in two segments, one of which has a deletion."""
    work = tmp_path_factory.mktemp("small")
    sources, folder = write_reports(work / "reports", ("siping-2023.txt", "tonghua-2024.txt")), work / "index"
    (sources / "gone.txt").write_text(
        "政协四平市委员会常务委员会工作报告\n\n已经删去的一段。\n", encoding="utf-8"
    )
    pipeline.index_sources([sources], folder, jobs=1)
    (sources / "gone.txt").unlink()
    write_reports(sources)
    pipeline.index_sources([sources], folder, jobs=1)
    return folder


@pytest.fixture
def folder(_built: Path, tmp_path: Path) -> Path:
    """A copy of the index that a test may spoil."""
    copy = tmp_path / "index"
    shutil.copytree(_built, copy)
    return copy


@pytest.fixture(scope="session")
def searcher(_built: Path, analyzer: Analyzer) -> Searcher:
    return open_searcher(_built, analyzer=analyzer)


@pytest.fixture(scope="session")
def sample_searcher(
    tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer, _one_dictionary: None
) -> Iterator[Searcher]:
    """A searcher over the sample reports."""
    folder = tmp_path_factory.mktemp("sample")
    pipeline.index_sources([Path(__file__).resolve().parents[2] / "index_data" / "sample"], folder, jobs=1)
    searcher = open_searcher(folder, analyzer=analyzer)
    yield searcher
    searcher.close()
