"""Metadata of real files: the five that were read by hand, and a hundred whose name says place and year."""

import json
from pathlib import Path

import pytest

from indexer.metadata import describe
from indexer.model import Document, Line, Metadata
from indexer.structure import structure
from search.language.places import places

pytestmark = pytest.mark.corpus


def read_reports(path: Path, *, file_name: str) -> list[Metadata]:
    lines = path.read_text(encoding="utf-8").splitlines()
    numbered = tuple(Line(line, number) for number, line in enumerate(lines, 1))
    document = Document(path.name, "text", "utf-8", numbered)
    found: list[Metadata] = []
    kinds: list[str] = []
    for draft in structure(document).drafts:
        found.append(describe(draft, document, file_name=file_name, siblings=tuple(found)))
        kinds.append(draft.kind)
    return [metadata for metadata, kind in zip(found, kinds, strict=True) if kind == "report"]


def test_seeds_are_read_as_a_person_reads_them(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "seeds.json").read_text(encoding="utf-8"))["files"]
    for name, expected in gold.items():
        reports = read_reports(shared / "corpus" / "seeds" / name, file_name=name)
        assert len(reports) == len(expected["reports"]), name
        for metadata, values in zip(reports, expected["reports"], strict=True):
            values = dict(values)
            assert values.pop("title_contains") in str(metadata.title.value), name
            read = {field: getattr(metadata, field).value for field in values}
            assert read == values, name
            assert metadata.problems == ()


def test_places_and_years_of_the_reports_without_their_names(shared: Path) -> None:
    """A year one less than the name's is right only where the session stands in October to December."""
    files = sorted((shared / "corpus" / "reports").glob("*.txt"))
    assert len(files) == 112
    places_given = years_given = 0
    wrong = []
    for path in files:
        name, _, year = path.stem.partition("_")
        metadata = max(read_reports(path, file_name=""), key=lambda each: each.level.value is not None)
        place = places().resolve(name)
        assert place is not None, name
        if metadata.level.value is not None:
            places_given += 1
            if (metadata.code.value or "") != place.code:
                wrong.append((path.name, metadata.city))
        if isinstance(metadata.year.value, int):
            years_given += 1
            late = str(metadata.date.value)[5:7] in ("10", "11", "12")
            if metadata.year.value != int(year[:4]) - late:
                wrong.append((path.name, metadata.year))
    assert wrong == []
    assert places_given >= 111
    assert years_given >= 108


def test_every_value_has_evidence_and_every_unknown_has_none(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "reports").glob("*.txt"))[::8]:
        for metadata in read_reports(path, file_name=path.name):
            for field in ("title", "type", "city", "province", "level", "year", "date", "session", "speaker"):
                value = getattr(metadata, field)
                assert (value.value is None) == (value.evidence is None), (path.name, field)
