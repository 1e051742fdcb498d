"""Files whose names are not UTF-8: indexed under a name that is text, served by every page and file, indexed again."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from indexer.pipeline import Summary, index_sources
from indexer.readers.file_names import escaped_name, is_text, readable_name
from indexer.sources import collect, named
from search import Searcher, open_searcher
from search.messages.words import render
from tests.web.conftest import make_app
from xiesou import main

TEXT = "四平市政协工作报告\n\n2023年，四平市政协围绕优化营商环境协商议政，提出意见建议一百二十条。\n"
NAMES = {
    b"\xcb\xc4\xc6\xbd\xca\xd0\xd5\xfe\xd0\xad\xb9\xa4\xd7\xf7\xb1\xa8\xb8\xe6.txt": "四平市政协工作报告.txt",  # GBK
    b"caf\xe9 \xff.txt": "caf\\xe9 \\xff.txt",
    "新.txt".encode(): "新.txt",
}

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="this system takes no file names that are not Unicode"
)


@given(st.binary(min_size=1, max_size=20))
def test_every_name_becomes_text_that_prints_the_same_again(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    readable_name(name).encode("utf-8")
    assert readable_name(readable_name(name)) == readable_name(name)
    assert readable_name(name) == name if is_text(name) else readable_name(name) != name
    assert is_text(escaped_name(name))


def test_half_pairs_of_windows_are_escaped() -> None:
    assert readable_name("a\ud800.txt") == "a\\ud800.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for raw in NAMES:
        path = os.path.join(os.fsencode(tmp_path / "reports"), raw)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(TEXT.replace("一百二十", f"{len(raw)}"))
    return tmp_path / "reports"


def run(folder: Path) -> tuple[Summary, Searcher]:
    summary = index_sources([folder], folder.parent / "index", jobs=1)
    return summary, open_searcher(folder.parent / "index")


def test_names_are_text_and_told(folder: Path) -> None:
    summary, searcher = run(folder)
    assert {report.source for report in searcher.reports()} == {f"reports/{name}" for name in NAMES.values()}
    assert {report.city for report in searcher.reports()} == {"四平市"}
    assert not summary.problems
    told = " ".join(render(note.reason, "en") for note in summary.notes)
    assert "kept as reports/四平市政协工作报告.txt" in told
    assert "caf" in told
    assert "新" not in told
    searcher.close()


def test_every_page_and_file_has_them(folder: Path) -> None:
    _, searcher = run(folder)
    client = make_app(searcher).test_client()
    paths = ["/reports", "/search?q=营商环境", "/api/v1/search?q=营商环境", "/api/v1/reports", "/feed.atom?q=营商环境",
             "/export.xlsx?q=营商环境", "/export.xlsx?q=营商环境&view=concordance", "/embed?q=营商环境"]  # fmt: skip
    for report in searcher.reports():
        page = f"/reports/{report.id}"
        paths += [page, f"{page}/cite", f"{page}/cite?n=1", f"{page}/cite.bib", f"/api/v1{page}"]
    assert [client.get(path).status_code for path in paths] == [200] * len(paths)
    rows = csv.DictReader(io.StringIO(client.get("/export.csv?q=营商环境").data.decode("utf-8-sig")))
    assert {row["来源文件"] for row in rows} == {f"reports/{name}" for name in NAMES.values()}
    searcher.close()


def test_a_second_run_knows_them_and_a_third_takes_one_away(folder: Path) -> None:
    run(folder)[1].close()
    summary, searcher = run(folder)
    assert (summary.unchanged, summary.added, summary.removed) == (3, 0, 0)
    searcher.close()
    os.remove(os.path.join(os.fsencode(folder), b"caf\xe9 \xff.txt"))
    summary, searcher = run(folder)
    assert (summary.unchanged, summary.removed, summary.reports) == (2, 1, 2)
    searcher.close()


def test_commands_print_them(folder: Path) -> None:
    run(folder)[1].close()
    index = str(folder.parent / "index")
    listed = CliRunner().invoke(main, ["reports", "--index", index])
    assert listed.exit_code == 0
    assert "四平市政协工作报告.txt" in listed.output
    as_json = CliRunner().invoke(main, ["index", str(folder), "--index", index, "--json"])
    assert as_json.exit_code == 0
    assert json.loads(as_json.output)["unchanged"] == 3
    missing = os.fsencode(folder).decode() + "/\udcff.txt"
    refused = CliRunner().invoke(main, ["index", missing, "--index", index])
    assert refused.exit_code == 2
    assert "\\udcff.txt" in refused.output
    inspected = CliRunner().invoke(main, ["inspect", str(folder) + "/caf\udce9 \udcff.txt", "--json"])
    assert inspected.exit_code == 0


def test_the_table_of_metadata_names_them_as_they_are_kept(folder: Path) -> None:
    (folder / "metadata.csv").write_text("file,city\n四平市政协工作报告.txt,长春市\ncaf*,吉林市\n", "utf-8")
    _, searcher = run(folder)
    cities = {report.source.partition("/")[2]: report.city for report in searcher.reports()}
    assert cities == {"四平市政协工作报告.txt": "长春市", "caf\\xe9 \\xff.txt": "吉林市", "新.txt": "四平市"}
    searcher.close()


def test_names_that_read_the_same_stay_apart(folder: Path) -> None:
    (folder / "四平市政协工作报告.txt").write_text(TEXT, "utf-8")
    sources, problems = collect([folder])
    names = [source.name for source in named(sources, {})]
    assert not problems
    assert len(set(names)) == len(names) == 4
    assert all(map(is_text, names))
    summary, searcher = run(folder)
    assert summary.reports == 4
    assert len({report.id for report in searcher.reports()}) == 4
    searcher.close()
