"""The writer: what it is given is what a reader finds, and nothing is seen before the commit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search import open_searcher
from search.embedded.segment import JOINED, NO_HEADING, REPEATED
from search.embedded.store import latest_generation, open_generation
from search.embedded.writing.analysis import MAX_CHARS, AnalysedFile, Piece, ReportInput, Vocabulary, analyse
from search.embedded.writing.writer import open_writer
from search.errors import IndexLocked, IndexMissing, IndexOutdated
from search.language.text import Analyzer
from search.model import Query


def analysed(analyzer: Analyzer, name: str, *pieces: Piece, city: str | None = "四平市") -> AnalysedFile:
    record = {
        "id": name.encode().hex()[:10],
        "source": f"{name}.txt",
        "ordinal": 1,
        "kind": "report",
        "paragraphs": len(pieces),
        "title": f"{name}工作报告",
        "city": city,
        "year": 2023,
        "type": None,
    }
    file = {
        "path": f"/{name}.txt",
        "source": f"{name}.txt",
        "digest": name,
        "set_aside": [(3, "页码", "页脚")],
    }
    return analyse(file, [ReportInput(record, pieces)], analyzer, Vocabulary(analyzer.words))


def paragraph(text: str, **more: object) -> Piece:
    return Piece("paragraph", 0, text, **more)  # type: ignore[arg-type]


def test_what_is_written_is_read(tmp_path: Path, analyzer: Analyzer) -> None:
    pieces = (
        Piece("title", 0, "工作报告"),
        Piece("heading", 1, "一、回顾"),
        paragraph("优化营商环境。", lines=(7, 9), flags=JOINED),
        Piece("heading", 2, "（一）产业"),
        paragraph("发展梅花鹿产业😀，𠮷。", flags=REPEATED),
        Piece("heading", 1, "二、安排"),
        paragraph("继续努力。"),
    )
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "甲", *pieces))
        assert latest_generation(tmp_path) == -1
        assert writer.commit()
        assert writer.counts() == (1, 7)
    (data,) = open_generation(tmp_path, analyzer.fingerprint).segments
    assert [data.text(doc) for doc in range(7)] == [piece.text for piece in pieces]
    assert [data.kind(doc) for doc in range(7)] == [piece.kind for piece in pieces]
    assert (data.lines(2), data.flags(2), data.flags(4)) == ((7, 9), JOINED, REPEATED)
    assert [data.heading(doc) for doc in (1, 2, 4, 5, 6)] == [
        (),
        ("一、回顾",),
        ("一、回顾", "（一）产业"),
        (),
        ("二、安排",),
    ]
    assert data.file_record(0)["set_aside"] == [[3, "页码", "页脚"]]


def test_leaving_without_commit_changes_nothing(tmp_path: Path, analyzer: Analyzer) -> None:
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    held = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "乙", paragraph("第二段。")))
        writer.remove(writer.files()["/甲.txt"])
    assert open_searcher(tmp_path, analyzer=analyzer).search(Query("“段”")).total == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == held


def test_an_index_that_cannot_be_read_stays_until_the_new_one_is_whole(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    toc = next(tmp_path.glob("*.toc"))
    whole = toc.read_bytes()
    toc.write_bytes(whole[:-1])
    with open_writer(tmp_path, analyzer, rebuild=True) as writer:
        writer.add(analysed(analyzer, "乙", paragraph("第二段。")))
    toc.write_bytes(whole)
    assert open_searcher(tmp_path, analyzer=analyzer).search(Query("“段”")).total == 1
    toc.write_bytes(whole[:-1])
    with open_writer(tmp_path, analyzer, rebuild=True) as writer:
        writer.add(analysed(analyzer, "乙", paragraph("第二段。")))
        writer.commit()
    assert [report.source for report in open_searcher(tmp_path, analyzer=analyzer).reports()] == ["乙.txt"]


def test_nothing_to_do_commits_nothing(tmp_path: Path, analyzer: Analyzer) -> None:
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    with open_writer(tmp_path, analyzer) as writer:
        assert not writer.commit()
        assert writer.counts() == (1, 1)
    assert latest_generation(tmp_path) == 0 + open_generation(tmp_path, analyzer.fingerprint).number


def test_removed_files_are_gone_and_the_others_stay(tmp_path: Path, analyzer: Analyzer) -> None:
    with open_writer(tmp_path, analyzer) as writer:
        for name in "甲乙丙":
            writer.add(
                analysed(analyzer, name, paragraph(f"{name}的第一段。"), paragraph(f"{name}的第二段。"))
            )
        writer.commit()
    with open_writer(tmp_path, analyzer) as writer:
        assert sorted(writer.files()) == sorted(f"/{name}.txt" for name in "甲乙丙")
        assert writer.remove(writer.files()["/乙.txt"]) == 1
        writer.commit()
        assert writer.counts() == (2, 4)
    engine = open_searcher(tmp_path, analyzer=analyzer)
    assert {report.source for report in engine.reports()} == {"甲.txt", "丙.txt"}
    assert engine.search(Query("“的第一段”")).total == 2
    assert engine.search(Query("“乙的”")).total == 0


def test_all_files_removed_leaves_an_empty_collection(tmp_path: Path, analyzer: Analyzer) -> None:
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    with open_writer(tmp_path, analyzer) as writer:
        writer.remove(writer.files()["/甲.txt"])
        writer.commit()
    engine = open_searcher(tmp_path, analyzer=analyzer)
    assert engine.search(Query()).total == 0
    assert engine.search(Query("“段” OR 甲 -乙 year:2023")).total == 0
    assert (engine.stats().reports, engine.stats().paragraphs, list(engine.reports())) == (0, 0, [])


def test_a_second_writer_is_refused(tmp_path: Path, analyzer: Analyzer) -> None:
    with open_writer(tmp_path, analyzer), pytest.raises(IndexLocked), open_writer(tmp_path, analyzer):
        pytest.fail("two writers at once")


def test_an_index_of_another_dictionary_is_not_continued_but_built_anew(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    other = Analyzer({"梅花鹿之乡": 100})
    with open_writer(tmp_path, other) as writer:
        writer.add(analysed(other, "甲", paragraph("梅花鹿之乡。")))
        writer.commit()
    with pytest.raises(IndexOutdated, match="--rebuild"), open_writer(tmp_path, analyzer):
        pytest.fail("another dictionary's terms would be mixed in")
    with open_writer(tmp_path, analyzer, rebuild=True) as writer:
        assert open_generation(tmp_path, other.fingerprint).number == latest_generation(tmp_path)
        writer.add(analysed(analyzer, "乙", paragraph("梅花鹿之乡。")))
        writer.commit()
    assert [report.source for report in open_searcher(tmp_path, analyzer=analyzer).reports()] == ["乙.txt"]


def test_a_file_without_text_is_refused(tmp_path: Path, analyzer: Analyzer) -> None:
    with open_writer(tmp_path, analyzer) as writer, pytest.raises(ValueError, match="no paragraph"):
        writer.add(analysed(analyzer, "甲"))
    with pytest.raises(IndexMissing):
        open_generation(tmp_path, analyzer.fingerprint)


def test_a_paragraph_as_long_as_may_be_is_found_at_its_end(tmp_path: Path, analyzer: Analyzer) -> None:
    text = "很" * (MAX_CHARS - 4) + "营商环境"
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "甲", paragraph(text)))
        writer.commit()
    (hit,) = open_searcher(tmp_path, analyzer=analyzer).search(Query("“很营商环境”")).hits
    assert hit.spans == ((MAX_CHARS - 5, MAX_CHARS),)
    with pytest.raises(ValueError, match="more than"):
        analysed(analyzer, "乙", paragraph(text + "好"))


@pytest.mark.parametrize("text", ["\U0001f600", "a" * 300, "1.2.3.4", "\u3400\U00020000", "‘’“”"])
def test_odd_characters_are_found_again(tmp_path: Path, analyzer: Analyzer, text: str) -> None:
    with open_writer(tmp_path, analyzer) as writer:
        writer.add(analysed(analyzer, "甲", paragraph(f"前{text}后")))
        writer.commit()
    engine = open_searcher(tmp_path, analyzer=analyzer)
    quoted = text.replace("“", "").replace("”", "")
    assert engine.search(Query(f'"前{text}后"' if text == quoted else "“前”")).total == 1
    assert engine.search(Query()).hits[0].text == f"前{text}后"


def test_headings_reach_as_far_as_their_level(analyzer: Analyzer) -> None:
    levels = [1, 0, 2, 0, 3, 0, 2, 0, 1, 0]
    pieces = [Piece("heading" if level else "paragraph", level, f"文字{n}") for n, level in enumerate(levels)]
    found = analysed(analyzer, "甲", *pieces)
    none = NO_HEADING
    assert found.parents.tolist() == [none, 0, 0, 2, 2, 4, 0, 6, none, 8]
    assert np.all(found.heading_lengths[[0, 8]] == 0)
    assert found.heading_lengths[5] == sum(found.lengths[[0, 2, 4]])
