"""What is a report and what only speaks of one: sixty texts of each, written for this test, alone in their files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer.understand import understand

TEXTS = Path(__file__).with_name("texts")


def read_texts(name: str) -> list[tuple[str, str]]:
    """(type, text) of each text of a file."""
    parts = re.split(r"^=== (\S+)\n", (TEXTS / name).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return list(zip(parts[0::2], parts[1::2], strict=True))


NOT_REPORTS = read_texts("not_reports.txt")
REPORTS = read_texts("reports.txt")


def kinds_of(path: Path, text: str, *, name: str) -> list[tuple[str, object]]:
    """The texts of a file: their kinds and types."""
    file = path / name
    file.write_text(text, encoding="utf-8")
    return [
        (report.draft.kind, report.metadata.type.value)
        for document in understand(file)
        for report in document.reports
    ]


def test_there_are_sixty_of_each() -> None:
    assert len(NOT_REPORTS) >= 60
    assert len(REPORTS) >= 60


@pytest.mark.parametrize(("kind", "text"), NOT_REPORTS, ids=[text.split("\n")[0] for _, text in NOT_REPORTS])
def test_text_about_a_report_is_none(tmp_path: Path, kind: str, text: str) -> None:
    assert [found for found, _ in kinds_of(tmp_path, text, name="0412.txt")] == [kind]


@pytest.mark.parametrize(
    ("type_name", "text"),
    REPORTS,
    ids=[f"{n} {text.split(chr(10))[0]}" for n, (_, text) in enumerate(REPORTS)],
)
def test_report_is_one_of_its_type(tmp_path: Path, type_name: str, text: str) -> None:
    found = kinds_of(tmp_path, text, name="0412.txt")
    assert [kind for kind, _ in found if kind == "report"] == ["report"]
    types = [type_of for kind, type_of in found if kind == "report"]
    named = re.search("报告|代表|委托", text.split("一、")[0]) is not None
    assert types == [type_name] or not named
