"""Files that older readers and rules read are read again, and what the rules are now can't change unnoticed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer import changes, records
from indexer.pipeline import index_sources
from indexer.records import iter_drafts
from indexer.sources import Source
from search.addresses import open_collection
from search.cli import verify
from search.collection import SourceRecord
from search.language.text import Analyzer
from search.rules import RULES_VERSION, count_older

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "index_data" / "sample"
TEXT = "四平市人民政府工作报告\n\n各位代表：\n\n{}，营商环境持续优化，群众十分满意。\n"
OTHERS = {
    "页面.html": "<html><head><title>四平市政府工作报告</title></head><body><h1>政府工作报告</h1><p>2023年1月10日</p>"
    "<h2>一、回顾</h2><p>优化营商环境。</p><ul><li>专题协商12次</li></ul><!-- 页脚 --></body></html>",
    "表.csv": "title,city,year,text,note\n政府工作报告,四平市,2023,优化营商环境。,旁注\n",
    "行.jsonl": '{"title": "政协工作报告", "place": "通化市", "text": "一、回顾\\n\\n开展协商。"}\n',
}
PINNED = ("1", "0dc5e0887fac6b4c")
"""RULES_VERSION, and the digest of what these rules make of the sample reports and `OTHERS`."""


def set_version(patch: pytest.MonkeyPatch, version: str) -> None:
    for module in (records, changes):
        patch.setattr(module, "RULES_VERSION", version)


def what_rules_make_of(folder: Path) -> Any:
    files = sorted([*SAMPLE.iterdir(), *folder.iterdir()], key=lambda path: path.name)
    made = []
    for path in files:
        (file,) = iter_drafts(Source(path, path.name, path))
        source = asdict(file.draft.source) | {"rules": "", "digest": "", "problems": [], "path": ""}
        problems = [(problem.line, problem.reason.to_json()) for problem in file.problems]
        made.append([source, [asdict(report) for report in file.draft.reports], problems])
    return made


def test_rules_that_read_otherwise_have_another_version(tmp_path: Path) -> None:
    for name, text in OTHERS.items():
        (tmp_path / name).write_text(text, "utf-8")
    written = json.dumps(what_rules_make_of(tmp_path), ensure_ascii=False, sort_keys=True)
    digest = hashlib.blake2b(written.encode(), digest_size=8).hexdigest()
    assert (RULES_VERSION, digest) == PINNED, (
        "What the readers and rules make of the same files has changed. Where that is meant, raise RULES_VERSION "
        f"(unless it has been raised since the last release) and put {(RULES_VERSION, digest)!r} into PINNED."
    )


def test_file_that_older_rules_read_is_read_again(tmp_path: Path, analyzer: Analyzer) -> None:
    folder, index = tmp_path / "reports", tmp_path / "index"
    folder.mkdir()
    for name in ("一", "二", "三"):
        (folder / f"{name}.txt").write_text(TEXT.format(name), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        set_version(patch, "0")
        index_sources([folder], index, jobs=1)
        (folder / "三.txt").unlink()
        assert index_sources([folder / "一.txt"], index, jobs=1).unchanged == 1

    def held() -> list[SourceRecord]:
        return list(open_collection(index, analyzer=analyzer).at().sources())

    assert {source.rules for source in held()} == {"0"}
    assert count_older(held()) == 3
    foreseen = index_sources([folder / "一.txt"], index, jobs=1, dry_run=True)
    assert (foreseen.updated, foreseen.unchanged) == (1, 0)
    summary = index_sources([folder / "一.txt"], index, jobs=1)
    assert (summary.updated, summary.unchanged, summary.added, summary.renamed) == (1, 0, 0, 0)
    assert count_older(held()) == 2
    summary = index_sources([folder], index, jobs=1)
    assert (summary.updated, summary.unchanged, summary.removed) == (1, 1, 1)
    assert count_older(held()) == 0
    assert index_sources([folder], index, jobs=1).unchanged == 2


def test_record_of_an_index_without_versions_is_older() -> None:
    assert count_older([SourceRecord("/a.txt", "a.txt", "", "", 1)]) == 1


def test_verify_says_how_many_files_older_rules_read(tmp_path: Path) -> None:
    folder, index = tmp_path / "reports", tmp_path / "index"
    folder.mkdir()
    (folder / "一.txt").write_text(TEXT.format("第一年"), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        set_version(patch, "0")
        index_sources([folder], index, jobs=1)
    said = CliRunner().invoke(verify, ["--index", str(index)])
    assert said.exit_code == 0
    assert "1 个文件" in said.stdout
    assert "xiesou index" in said.stdout
    assert json.loads(CliRunner().invoke(verify, ["--index", str(index), "--json"]).stdout)["older"] == 1
    index_sources([folder], index, jobs=1)
    assert json.loads(CliRunner().invoke(verify, ["--index", str(index), "--json"]).stdout)["older"] == 0
    assert "xiesou index" not in CliRunner().invoke(verify, ["--index", str(index)]).stdout
