"""What a report is, and what its values may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from search.messages import Message, as_message

REPORT_TYPES = (
    "政协常委会工作报告",
    "政协提案工作报告",
    "政府工作报告",
    "人大常委会工作报告",
    "法院工作报告",
    "检察院工作报告",
    "预算报告",
    "计划报告",
    "新闻",
    "社论",
    "决议",
    "说明",
    "其他",
)
"""Values of `Report.type`."""

OTHER_TYPES = ("新闻", "社论", "决议", "说明", "其他")
"""Those of texts that are no reports."""

LEVELS = ("国家", "省", "市", "县")
"""Values of `Report.level`."""

PARTS = ("正文", "标题", "名词解释", "附件", "批注")
"""Values of `Paragraph.part`: running text; titles and headings; glossaries and notes; annexes; Word's comments."""

COMMENTS = "批注"
"""The part that is left out of a search unless it is asked for."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report's catalogue record, as `xiesou reports --json` prints it."""

    id: str
    source: str
    title: str | None
    type: str | None
    city: str | None
    province: str | None
    level: str | None
    year: int | None
    review_year: int | None
    date: str | None
    session: str | None
    speaker: str | None
    paragraphs: int
    code: str | None = None
    """The division code of the place, GB/T 2260; not part of the promised list of reports."""
    plan_year: int | None = None
    """The year whose work the report lays out."""
    added: str | None = None
    """When it came into the collection, UTC, such as 2026-01-31T08:00:00Z; an update doesn't change it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One block of a report: `n` counts from 1 within the report, `id` is `<report id>-p<n>`.

    `kind` is title, session, date, speaker, salutation, heading, paragraph, list, table, appendix, footnote, textbox …
    `heading` is the path of headings above it, outermost first. `joined`: halves cut by a page break were put together.
    `part` is one of `PARTS`; `ocr`: how sure the recognition of a picture was, 0 to 1, None where the source has text.
    """

    id: str
    n: int
    kind: str
    heading: tuple[str, ...]
    text: str
    joined: bool = False
    part: str = PARTS[0]
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class ReportText:
    """A whole report. `evidence` maps a metadata field to what it was read from."""

    report: Report
    paragraphs: tuple[Paragraph, ...]
    evidence: Mapping[str, Message] = field(default_factory=dict)
    set_aside: tuple[tuple[int | None, str, Message], ...] = ()
    """What the file held beside its reports: (line, text, reason)."""
    problems: tuple[Message, ...] = ()
    """Where the source contradicts itself about the report, and what was taken."""

    def __post_init__(self) -> None:
        """The catalogue keeps messages as JSON, and old indexes bare words."""
        evidence: Mapping[str, Any] = {name: as_message(said) for name, said in self.evidence.items()}
        object.__setattr__(self, "evidence", evidence)
        aside = tuple((line, text, as_message(reason)) for line, text, reason in self.set_aside)
        object.__setattr__(self, "set_aside", aside)
        object.__setattr__(self, "problems", tuple(map(as_message, self.problems)))
