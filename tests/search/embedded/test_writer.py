"""The writer: what it is given is what a reader finds, and nothing is seen before the commit."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import open_searcher
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.embedded import store
from search.embedded.segment import JOINED, NO_HEADING, REPEATED
from search.embedded.store import latest_generation, open_generation
from search.embedded.writing import analysis
from search.embedded.writing import writer as writer_module
from search.embedded.writing.analysis import MAX_CHARS, PreparedFile, Vocabulary, analyse
from search.embedded.writing.writer import begin_writing
from search.errors import IndexLocked, IndexMissing, IndexOutdated, IndexUnwritable, SourceError
from search.language.text import Analyzer
from search.model import Query

DOUBT = {"code": "doubtful", "args": {}}


def prepared(
    analyzer: Analyzer, name: str, *paragraphs: DraftParagraph, city: str | None = "四平市"
) -> PreparedFile:
    record = {
        "id": name.encode().hex()[:10],
        "source": f"{name}.txt",
        "ordinal": 1,
        "kind": "report",
        "paragraphs": len(paragraphs),
        "title": f"{name}工作报告",
        "city": city,
        "year": 2023,
        "type": None,
    }
    source = SourceRecord(
        path=f"/{name}.txt",
        name=f"{name}.txt",
        digest=name,
        rules="7",
        reports=1,
        problems=(DOUBT,),
        record={"format": "text", "set_aside": [(3, "页码", "页脚")]},
    )
    draft = DraftSource(source, [DraftReport(record, paragraphs)])
    return analyse(draft, analyzer, Vocabulary(analyzer.words))


def paragraph(text: str, **more: object) -> DraftParagraph:
    return DraftParagraph("paragraph", 0, text, **more)  # type: ignore[arg-type]


def test_what_is_written_is_read(tmp_path: Path, analyzer: Analyzer) -> None:
    pieces = (
        DraftParagraph("title", 0, "工作报告"),
        DraftParagraph("heading", 1, "一、回顾"),
        paragraph("优化营商环境。", lines=(7, 9), joined=True),
        DraftParagraph("heading", 2, "（一）产业"),
        paragraph("发展梅花鹿产业😀，𠮷。", repeated=True),
        DraftParagraph("heading", 1, "二、安排"),
        paragraph("继续努力。"),
    )
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", *pieces))
        assert latest_generation(tmp_path) == -1
        committed = writer.commit()
        assert (committed.changed, committed.reports, committed.paragraphs) == (True, 1, 7)
        assert committed.leftovers == ()
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
    with begin_writing(tmp_path, analyzer) as writer:
        (source,) = writer.sources().values()
    assert (source.path, source.name, source.digest, source.rules) == ("/甲.txt", "甲.txt", "甲", "7")
    assert (source.reports, source.problems) == (1, (DOUBT,))
    assert source.record == {"format": "text", "set_aside": [[3, "页码", "页脚"]]}


def test_leaving_without_commit_changes_nothing(tmp_path: Path, analyzer: Analyzer) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    held = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "乙", paragraph("第二段。")))
        writer.remove("/甲.txt")
    assert open_searcher(tmp_path, analyzer=analyzer).search(Query("“段”")).total == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == held


def test_an_index_that_cannot_be_read_stays_until_the_new_one_is_whole(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    toc = next(tmp_path.glob("*.toc"))
    whole = toc.read_bytes()
    toc.write_bytes(whole[:-1])
    with begin_writing(tmp_path, analyzer, rebuild=True) as writer:
        writer.add(prepared(analyzer, "乙", paragraph("第二段。")))
    toc.write_bytes(whole)
    assert open_searcher(tmp_path, analyzer=analyzer).search(Query("“段”")).total == 1
    toc.write_bytes(whole[:-1])
    with begin_writing(tmp_path, analyzer, rebuild=True) as writer:
        writer.add(prepared(analyzer, "乙", paragraph("第二段。")))
        writer.commit()
    assert [report.source for report in open_searcher(tmp_path, analyzer=analyzer).reports()] == ["乙.txt"]


def test_nothing_to_do_commits_nothing(tmp_path: Path, analyzer: Analyzer) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("第一段。")))
        first = writer.commit()
    with begin_writing(tmp_path, analyzer) as writer:
        again = writer.commit()
    assert again == replace(first, changed=False)
    opened = open_generation(tmp_path, analyzer.fingerprint)
    assert (opened.id, opened.number) == first.version


def test_removed_files_are_gone_and_the_others_stay(tmp_path: Path, analyzer: Analyzer) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        for name in "甲乙丙":
            writer.add(
                prepared(analyzer, name, paragraph(f"{name}的第一段。"), paragraph(f"{name}的第二段。"))
            )
        writer.commit()
    with begin_writing(tmp_path, analyzer) as writer:
        assert sorted(writer.sources()) == sorted(f"/{name}.txt" for name in "甲乙丙")
        assert (writer.remove("/乙.txt"), writer.remove("/乙.txt"), writer.remove("/丁.txt")) == (1, 0, 0)
        committed = writer.commit()
    assert (committed.reports, committed.paragraphs) == (2, 4)
    searcher = open_searcher(tmp_path, analyzer=analyzer)
    assert {report.source for report in searcher.reports()} == {"甲.txt", "丙.txt"}
    assert searcher.search(Query("“的第一段”")).total == 2
    assert searcher.search(Query("“乙的”")).total == 0


def test_all_files_removed_leaves_an_empty_collection(tmp_path: Path, analyzer: Analyzer) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    with begin_writing(tmp_path, analyzer) as writer:
        writer.remove("/甲.txt")
        writer.commit()
    searcher = open_searcher(tmp_path, analyzer=analyzer)
    assert searcher.search(Query()).total == 0
    assert searcher.search(Query("“段” OR 甲 -乙 year:2023")).total == 0
    assert (searcher.stats().reports, searcher.stats().paragraphs, list(searcher.reports())) == (0, 0, [])


def test_a_second_writer_is_refused(tmp_path: Path, analyzer: Analyzer) -> None:
    with begin_writing(tmp_path, analyzer), pytest.raises(IndexLocked), begin_writing(tmp_path, analyzer):
        pytest.fail("two writers at once")


def test_an_index_of_another_dictionary_is_not_continued_but_built_anew(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    other = Analyzer({"梅花鹿之乡": 100})
    with begin_writing(tmp_path, other) as writer:
        writer.add(prepared(other, "甲", paragraph("梅花鹿之乡。")))
        writer.commit()
    with pytest.raises(IndexOutdated, match="--rebuild"), begin_writing(tmp_path, analyzer):
        pytest.fail("another dictionary's terms would be mixed in")
    with begin_writing(tmp_path, analyzer, rebuild=True) as writer:
        assert open_generation(tmp_path, other.fingerprint).number == latest_generation(tmp_path)
        writer.add(prepared(analyzer, "乙", paragraph("梅花鹿之乡。")))
        writer.commit()
    assert [report.source for report in open_searcher(tmp_path, analyzer=analyzer).reports()] == ["乙.txt"]


def test_a_file_without_text_is_refused(tmp_path: Path, analyzer: Analyzer) -> None:
    with begin_writing(tmp_path, analyzer) as writer, pytest.raises(ValueError, match="no paragraph"):
        writer.add(prepared(analyzer, "甲"))
    with pytest.raises(IndexMissing):
        open_generation(tmp_path, analyzer.fingerprint)


def test_a_paragraph_as_long_as_may_be_is_found_at_its_end(tmp_path: Path, analyzer: Analyzer) -> None:
    text = "很" * (MAX_CHARS - 4) + "营商环境"
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph(text)))
        writer.commit()
    (hit,) = open_searcher(tmp_path, analyzer=analyzer).search(Query("“很营商环境”")).hits
    assert hit.spans == ((MAX_CHARS - 5, MAX_CHARS),)
    with pytest.raises(ValueError, match="more than"):
        prepared(analyzer, "乙", paragraph(text + "好"))


@pytest.mark.parametrize("text", ["\U0001f600", "a" * 300, "1.2.3.4", "\u3400\U00020000", "‘’“”"])
def test_odd_characters_are_found_again(tmp_path: Path, analyzer: Analyzer, text: str) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph(f"前{text}后")))
        writer.commit()
    searcher = open_searcher(tmp_path, analyzer=analyzer)
    quoted = text.replace("“", "").replace("”", "")
    assert searcher.search(Query(f'"前{text}后"' if text == quoted else "“前”")).total == 1
    assert searcher.search(Query()).hits[0].text == f"前{text}后"


def test_headings_reach_as_far_as_their_level(analyzer: Analyzer) -> None:
    levels = [1, 0, 2, 0, 3, 0, 2, 0, 1, 0]
    pieces = [
        DraftParagraph("heading" if level else "paragraph", level, f"文字{n}")
        for n, level in enumerate(levels)
    ]
    found = prepared(analyzer, "甲", *pieces)
    none = NO_HEADING
    assert found.parents.tolist() == [none, 0, 0, 2, 2, 4, 0, 6, none, 8]
    assert np.all(found.heading_lengths[[0, 8]] == 0)
    assert found.heading_lengths[5] == sum(found.lengths[[0, 2, 4]])


def test_more_distinct_atoms_than_term_numbers_make_another_segment(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A term number has 24 bits; here only six are left for words and numbers of ASCII."""

    class Crowded(Vocabulary):
        def __init__(self, words: Sequence[str]) -> None:
            super().__init__(words)
            self.first_atom = (1 << 24) - 6

    monkeypatch.setattr(analysis, "Vocabulary", Crowded)
    monkeypatch.setattr(writer_module, "Vocabulary", Crowded)
    monkeypatch.setattr(writer_module, "plan_merges", lambda segments: [])
    files = {
        name: [paragraph("梅花鹿 " + " ".join(f"{name}{n}" for n in range(4)))] for name in ("ab", "cd", "ef")
    }
    drafts = [
        DraftSource(
            SourceRecord(name, name, name, "", 1), [DraftReport({"id": name, "source": name}, paragraphs)]
        )
        for name, paragraphs in files.items()
    ]
    with begin_writing(tmp_path, analyzer) as writer:
        for draft in drafts:
            writer.add(writer.preparer(draft))
        writer.commit()
        many = paragraph(" ".join(f"z{n}" for n in range(7)))
        with pytest.raises(SourceError, match="Divide it"):
            writer.preparer(replace(drafts[0], reports=[DraftReport({"id": "z", "source": "z"}, [many])]))
    assert len(open_generation(tmp_path, analyzer.fingerprint).segments) == 3
    searcher = open_searcher(tmp_path, analyzer=analyzer)
    for name in files:
        assert [hit.report.id for hit in searcher.search(Query(f"{name}3")).hits] == [name]
    assert searcher.search(Query("梅花鹿")).total == 3


@pytest.mark.parametrize("memory_bytes", [1, 1 << 29])
def test_file_added_again_takes_the_place_of_the_first(
    tmp_path: Path, analyzer: Analyzer, memory_bytes: int
) -> None:
    """Whether the first was committed, is still being gathered, or is in a segment already."""
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("最早的一段。")))
        writer.commit()
    with begin_writing(tmp_path, analyzer, memory_bytes=memory_bytes) as writer:
        for text in ("第二次的一段。", "第三次的一段。"):
            writer.add(prepared(analyzer, "甲", paragraph(text), paragraph("又一段。")))
            writer.add(prepared(analyzer, "乙", paragraph(text)))
        assert writer.remove("/乙.txt") == 1
        committed = writer.commit()
    assert (committed.reports, committed.paragraphs) == (1, 2)
    searcher = open_searcher(tmp_path, analyzer=analyzer)
    found = [hit.text for hit in searcher.search(Query("“的一段”")).hits]
    assert found == ["第三次的一段。"]


def test_preparer_gives_the_same_in_another_process(analyzer: Analyzer, tmp_path: Path) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        preparer = writer.preparer
    source = SourceRecord("/甲.txt", "甲.txt", "甲", "1", 1)
    draft = DraftSource(source, [DraftReport({"id": "1", "source": "甲.txt"}, [paragraph("梅花鹿产业。")])])
    here, there = preparer(draft), pickle.loads(pickle.dumps(preparer))(draft)
    assert (here.keys == there.keys).all()
    assert here.source == there.source


def test_sources_of_what_a_rebuild_replaces_are_told(tmp_path: Path, analyzer: Analyzer) -> None:
    other = Analyzer({"梅花鹿之乡": 100})
    with begin_writing(tmp_path, other) as writer:
        writer.add(prepared(other, "甲", paragraph("第一段。")))
        writer.commit()
    with begin_writing(tmp_path, analyzer, rebuild=True) as writer:
        assert list(writer.sources()) == ["/甲.txt"]
        assert writer.remove("/甲.txt") == 0
        assert writer.commit().reports == 0


@pytest.mark.parametrize("ext", [".cat", ".par"])
def test_damage_does_not_hinder_a_rebuild(tmp_path: Path, analyzer: Analyzer, ext: str) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    (file,) = tmp_path.glob(f"*{ext}")
    whole = bytearray(file.read_bytes())
    for at in range(8, 60):
        whole[at] ^= 0x55
    file.write_bytes(whole)
    with begin_writing(tmp_path, analyzer, rebuild=True) as writer:
        writer.add(prepared(analyzer, "乙", paragraph("第二段。")))
        assert writer.commit().reports == 1


def test_old_files_that_cannot_be_removed_are_told_and_the_new_state_is_live(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("第一段。")))
        writer.commit()
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.suffix in (".toc", ".pst"):
            raise PermissionError(1, "Operation not permitted")
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch, begin_writing(tmp_path, analyzer, rebuild=True) as writer:
        patch.setattr(Path, "unlink", refuse)
        writer.add(prepared(analyzer, "乙", paragraph("第二段。")))
        committed = writer.commit()
    assert sorted(Path(name).suffix for name in committed.leftovers) == [".pst", ".toc"]
    assert [report.source for report in open_searcher(tmp_path, analyzer=analyzer).reports()] == ["乙.txt"]
    with begin_writing(tmp_path, analyzer):
        assert len(list(tmp_path.glob("*.pst"))) == len(list(tmp_path.glob("*.toc"))) == 1


def test_disk_that_does_not_confirm_the_new_state_is_told_and_the_old_one_kept_beside_it(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin_writing(tmp_path, analyzer) as writer:
        writer.add(prepared(analyzer, "甲", paragraph("第一段。")))
        first = writer.commit().version
    sync = store.sync

    def refuse(path: Path) -> None:
        if path == tmp_path and latest_generation(tmp_path) > first.number:
            raise OSError(5, "Input/output error")
        sync(path)

    with begin_writing(tmp_path, analyzer, rebuild=True) as writer:
        monkeypatch.setattr(store, "sync", refuse)
        writer.add(prepared(analyzer, "乙", paragraph("第二段。")))
        with pytest.raises(IndexUnwritable, match=r"has its new state.*Input"):
            writer.commit()
    assert len(list(tmp_path.glob("*.toc"))) == 2
    assert [report.source for report in open_searcher(tmp_path, analyzer=analyzer).reports()] == ["乙.txt"]
