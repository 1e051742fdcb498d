"""Law 4: every non-blank character of a document's lines is in exactly one block or one entry set aside.

Compared as multisets over the whole document, for a headline between two halves and a title within its
text are moved; and in order for each block, whose text must be a subsequence of the lines of its range.
`XIESOU_LAW4_ALL=1` checks all 2,117 reports of the archive instead of the first sixty.
"""

from __future__ import annotations

import os
import random
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.model import NOTE_KINDS, Document, Line, StructuredFile
from indexer.structure import structure

HINTS = (
    None,
    None,
    None,
    "heading1",
    "heading2",
    "heading3",
    "list",
    "table",
    "header",
    "footer",
    *NOTE_KINDS,
)
FRAGMENTS = (
    "政协云川市委员会常务委员会工作报告",
    "中国人民政治协商会议",
    "——在政协云川市第六届委员会第二次会议上",
    "2024年1月17日在云川市",
    "第六届人民代表大会第四次会议上",
    "（2024年1月8日）",
    "江 南",
    "市长 江南",
    "各位委员：",
    "一、工作回顾",
    "（一）提高质量",
    "本报讯（记者 山北）",
    "社论",
    "（上接第一版）",
    "（下转第二版）",
    "名词解释",
    "<!--",
    "-->",
    "打印",
    "来源：云川日报",
    "推进城乡建",
    "设，补齐短板。",
    "粮食“压",
    "舱石”，",
    "\u3000\u3000",
    "**",
    "<U+00A0>",
    "| --- |",
    "\u200b",
    "Smart",
    "城市，",
    "第一项工作圆满完成，群众十分满意。" * 90,
)


def non_blank(text: str) -> list[str]:
    return [character for character in text if not character.isspace()]


def lost_or_made(document: Document, read: StructuredFile) -> Counter[str]:
    """The characters whose number differs between the lines and what was made of them."""
    given_ones = Counter(character for line in document.lines for character in non_blank(line.text))
    kept = Counter(c for draft in read.drafts for block in draft.blocks for c in non_blank(block.text))
    kept.update(c for entry in read.set_aside for c in non_blank(entry.text))
    return (given_ones - kept) + (kept - given_ones)


def assert_conserved(document: Document) -> None:
    read = structure(document)
    assert not lost_or_made(document, read)
    by_number: dict[int, str] = {}
    for line in document.lines:
        by_number[line.number] = by_number.get(line.number, "") + line.text
    for draft in read.drafts:
        assert draft.blocks
        for block in draft.blocks:
            assert block.text == block.text.strip() != ""
            assert len(block.text) <= 8_000
            first, last = block.lines
            source = iter("".join(by_number.get(number, "") for number in range(first, last + 1)))
            assert all(character in source for character in non_blank(block.text)), block


def document_of(text: str) -> Document:
    lines = tuple(Line(line, number) for number, line in enumerate(text.splitlines(), start=1))
    return Document("云川.txt", "text", "utf-8", lines)


@settings(deadline=None)  # the first join loads a dictionary
@given(
    st.lists(
        st.tuples(
            st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=4).map("".join),
            st.sampled_from(HINTS),
            st.sampled_from((None, None, True, False)),
            st.sampled_from((None, 1, 2)),
        ),
        max_size=30,
    )
)
def test_made_documents_lose_nothing(rows: list[tuple[str, str | None, bool | None, int | None]]) -> None:
    lines = tuple(
        Line(text, number, page, hint, ends) for number, (text, hint, ends, page) in enumerate(rows, start=1)
    )
    assert_conserved(Document("云川.txt", "text", "utf-8", lines))


@settings(deadline=None)  # the first join loads a dictionary
@given(
    st.lists(st.text(alphabet="的一是在了建设，。“”、（）0123第章节：\u3000 \n", max_size=200), max_size=6)
)
def test_made_texts_lose_nothing(parts: list[str]) -> None:
    assert_conserved(document_of("\n".join(parts)))


def decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["seeds", "reports", "encodings", "csv"])
def test_real_files_lose_nothing(shared: Path, folder: str) -> None:
    paths = sorted((shared / "corpus" / folder).iterdir())
    assert paths
    for path in paths:
        assert_conserved(document_of(decode(path.read_bytes())))


@pytest.mark.corpus
def test_every_tenth_paragraph_of_shuffled_reports_loses_nothing(shared: Path) -> None:
    """Real paragraphs in an order that no one wrote: boundaries and joins meet what they never met."""
    chosen = random.Random(4)
    lines = [
        line
        for path in sorted((shared / "corpus" / "reports").iterdir())
        for line in decode(path.read_bytes()).splitlines()
    ]
    chosen.shuffle(lines)
    for at in range(0, len(lines) // 10, 300):
        assert_conserved(document_of("\n".join(lines[at : at + 300])))


@pytest.mark.corpus
def test_reports_of_the_archive_lose_nothing(shared: Path) -> None:
    most = None if os.environ.get("XIESOU_LAW4_ALL") else 60
    checked = 0
    with tarfile.open(shared / "corpus" / "gov_reports.tar.xz", "r|xz") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is None:
                continue
            assert_conserved(document_of(decode(stream.read())))
            checked += 1
            if checked == most:
                break
    assert checked >= (most or 2_000)
