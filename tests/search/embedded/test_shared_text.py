"""Which other report has most of a report's text, against a count by hand, over several segments with deletions."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from whoosh.util.numeric import byte_to_length, length_to_byte

from search.addresses import begin_writing
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.embedded import shared_text as shared_text_module
from search.embedded.segment import SegmentData
from search.embedded.shared_text import LEAST_CHARS, shared_text
from search.embedded.store import open_generation
from search.embedded.writing import writer as writer_module
from search.language.text import Analyzer

PHRASES = [f"这是第{n}句常常写到的话，" + "各项工作稳步推进" * (n % 4 + 1) for n in range(30)] + [
    "各位委员："
]
DIGESTS = {phrase: n + 1 for n, phrase in enumerate(PHRASES)}
Reports = dict[str, list[str]]


def draft(name: str, reports: Reports) -> DraftSource:
    made = [
        DraftReport(
            {"id": report, "source": f"{name}.txt", "ordinal": n},
            [DraftParagraph("paragraph", 0, text, digest=DIGESTS[text]) for text in texts],
        )
        for n, (report, texts) in enumerate(reports.items(), start=1)
    ]
    return DraftSource(SourceRecord(name, f"{name}.txt", name, "", len(made)), made)


def chars(texts: set[str]) -> int:
    """How long they are together, each as roughly as the index keeps it."""
    return sum(byte_to_length(length_to_byte(len(text))) for text in texts)


def by_hand(reports: Reports, of: str) -> tuple[int, int]:
    """The most characters that another report shares with it, and its own."""
    counted = {name: {text for text in texts if len(text) >= LEAST_CHARS} for name, texts in reports.items()}
    own = counted[of]
    return max(chars(own & counted[other]) for other in reports if other != of), chars(own)


@pytest.mark.parametrize("seed", range(6))
def test_shared_text_is_what_a_count_by_hand_gives(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(writer_module, "plan_merges", lambda segments: [])
    chance = random.Random(seed)
    held: dict[str, Reports] = {}
    for _ in range(3):
        with begin_writing(str(tmp_path), analyzer) as writer:
            for name in sorted(held)[:2]:
                writer.remove(name)
                del held[name]
            for _ in range(5):
                name = f"{chance.randrange(1_000):03}"
                held[name] = {
                    f"{name}-{n}": chance.choices(PHRASES, k=chance.randrange(1, 12)) for n in range(2)
                }
                writer.add(writer.preparer(draft(name, held[name])))
            writer.commit()
    segments = open_generation(tmp_path, analyzer.fingerprint).segments
    assert len(segments) == 3
    reports = {report: texts for of_file in held.values() for report, texts in of_file.items()}
    found = {entry.report: entry for entry in shared_text(segments, [*reports, "没有的"])}
    for report in reports:
        most, whole = by_hand(reports, report)
        if not most:
            assert report not in found
            continue
        entry = found[report]
        assert (entry.shared_chars, entry.chars) == (most, whole)
        other = {text for text in reports[entry.other] if len(text) >= LEAST_CHARS}
        assert chars(other & set(reports[report])) == most
        assert entry.other != report


def write_reports(folder: Path, analyzer: Analyzer, reports: Reports) -> list[SegmentData]:
    with begin_writing(str(folder), analyzer) as writer:
        writer.add(writer.preparer(draft("all", reports)))
        writer.commit()
    return list(open_generation(folder, analyzer.fingerprint).segments)


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_true_of_the_two_reports_where_formulas_are_everywhere(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """The other report may be another one than the best; what is said of it holds, and what is rare finds its copy."""
    monkeypatch.setattr(shared_text_module, "MOST_COMPARED", 3)
    chance = random.Random(seed)
    reports = {f"{n:03}": [*chance.choices(PHRASES[:6], k=4), PHRASES[6 + n % 20]] for n in range(40)}
    segments = write_reports(tmp_path, analyzer, reports)
    found = {entry.report: entry for entry in shared_text(segments, list(reports))}
    assert set(found) == set(reports)
    for name, entry in found.items():
        own, other = set(reports[name]), set(reports[entry.other])
        assert (entry.shared_chars, entry.chars) == (chars(own & other), chars(own))
        assert entry.shared_chars >= chars({reports[name][-1]})
        assert entry.is_whole == (reports[name] == reports[entry.other])


def test_the_work_grows_with_the_reports_where_all_say_the_same(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither copies nor formulas with something of its own in each are compared in pairs."""
    compared: list[int] = []
    repeat = np.repeat

    def count(*given: Any) -> Any:
        made = repeat(*given)
        compared.append(len(made))
        return made

    monkeypatch.setattr(shared_text_module, "np", SimpleNamespace(**{**vars(np), "repeat": count}))
    chance = random.Random(7)
    amount = {}
    for size in (300, 1_200):
        reports = {
            f"{n:04}": ([] if n % 3 else chance.sample(PHRASES[:24], 8)) + PHRASES[24:30] for n in range(size)
        }
        segments = write_reports(tmp_path / str(size), analyzer, reports)
        compared.clear()
        assert len(shared_text(segments, list(reports))) == size
        amount[size] = sum(compared)
    assert amount[1_200] < 5 * amount[300]
