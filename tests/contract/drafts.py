"""What the stores of the contract hold: drafts of the sample reports, of invented ones and of nasty texts.

`Written` says what a store that holds them must give back, worked out from the drafts alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.language.text import normalize_text
from search.messages import quoted
from search.model import Paragraph, Report, ReportText

if TYPE_CHECKING:
    from indexer.understand import UnderstoodDocument

SAMPLE = Path(__file__).resolve().parents[2] / "index_data" / "sample"
_VALUES = (
    "title",
    "type",
    "city",
    "code",
    "province",
    "level",
    "year",
    "review_year",
    "plan_year",
    "date",
    "session",
    "speaker",
)
RULES = "contract-1"


def paragraph(text: str, kind: str = "paragraph", level: int = 0, **values: Any) -> DraftParagraph:
    """A draft paragraph with its digest; other values are `DraftParagraph`'s."""
    form = normalize_text(text).encode("utf-8", "surrogatepass")
    digest = int.from_bytes(hashlib.blake2b(form, digest_size=8).digest(), "little")
    return DraftParagraph(kind, level, text, (1, 2), digest=digest, **values)


def heading(text: str, level: int = 1, **values: Any) -> DraftParagraph:
    """A draft heading."""
    return paragraph(text, "heading", level, part="标题", **values)


def report(
    report_id: str, source: str, paragraphs: Sequence[DraftParagraph], *, ordinal: int = 1, **values: Any
) -> DraftReport:
    """A draft report; values that are not given are unknown."""
    record = {
        "id": report_id,
        "source": source,
        "ordinal": ordinal,
        "kind": values.pop("kind", "report"),
        "paragraphs": len(paragraphs),
        "evidence": values.pop("evidence", {}),
        "problems": values.pop("problems", []),
        **dict.fromkeys((*_VALUES, "added")),
        **values,
    }
    return DraftReport(record, paragraphs)


def source(
    name: str,
    reports: Sequence[DraftReport],
    *,
    digest: str = "0",
    problems: Sequence[Mapping[str, Any]] = (),
    **record: Any,
) -> DraftSource:
    """A draft source file."""
    kept = SourceRecord(
        f"/reports/{name}", name, digest, RULES, len(reports), tuple(problems), {"set_aside": [], **record}
    )
    return DraftSource(kept, reports)


def sample_drafts() -> list[DraftSource]:
    """The sample reports, as the indexer understands them."""
    from indexer.understand import understand  # what is invented needs none of it

    return [
        source(path.name, _reports_of(path.name, understand(path)), format=path.suffix.lstrip("."))
        for path in sorted(SAMPLE.iterdir())
    ]


def _reports_of(name: str, documents: Iterable[UnderstoodDocument]) -> list[DraftReport]:
    from indexer.metadata.parts import place_blocks  # as above

    found: list[DraftReport] = []
    for understood in (one for document in documents for one in document.reports):
        paragraphs = [
            paragraph(
                placed.block.text,
                placed.block.kind,
                placed.block.level if placed.block.kind == "heading" else 0,
                joined=placed.block.joined,
                repeated=placed.block.repeated,
                part=placed.part,
                context_years=placed.years,
            )
            for placed in place_blocks(understood.draft.blocks)
            if normalize_text(placed.block.text)
        ]
        if not paragraphs:
            continue
        ordinal = len(found) + 1
        values: dict[str, Any] = {field: getattr(understood.metadata, field).value for field in _VALUES}
        evidence = {field: getattr(understood.metadata, field).evidence for field in _VALUES}
        values["evidence"] = {field: said.to_json() for field, said in evidence.items() if said}
        values["kind"] = understood.draft.kind
        found.append(report(f"{name}-{ordinal}", name, paragraphs, ordinal=ordinal, **values))
    return found


CITIES = (("四平市", "吉林省"), ("长春市", "吉林省"), ("洛阳市", "河南省"), (None, "河南省"), (None, None))
TYPES = ("政协常委会工作报告", "政协提案工作报告", "政府工作报告", None)


def invented_drafts() -> list[DraftSource]:
    """Every mixture of known and unknown place, year and type, days known and not, and several reports in a file."""
    return [_invented(number) for number in range(15)]


def _invented(number: int) -> DraftSource:
    name = f"invented-{number:02d}.md"
    reports = []
    for ordinal in range(1, 2 + number % 3):
        turn = 3 * number + ordinal
        city, province = CITIES[turn % len(CITIES)]
        year = None if turn % 7 == 0 else 2019 + turn % 5
        day = f"{year}-0{1 + turn % 3}-1{turn % 9}" if year and turn % 4 else None
        if turn % 11 == 0 and year:
            day = f"{year - 1}-12-28"
        kind = "新闻" if turn % 10 == 9 else "report"
        reports.append(
            report(
                f"inv{number:02d}-{ordinal}",
                name,
                list(_invented_paragraphs(number, ordinal)),
                ordinal=ordinal,
                title=None if turn % 6 == 5 else f"第{turn}次会议工作报告",
                type="新闻" if kind == "新闻" else TYPES[turn % len(TYPES)],
                city=city,
                province=province,
                code="220300" if city == "四平市" else None,
                level="市" if city else "省" if province else None,
                year=year,
                plan_year=year + (turn % 11 == 0) if year and turn % 13 else None,
                added=f"2026-0{1 + turn % 9}-0{1 + turn % 5}T08:00:0{turn % 10}Z" if turn % 9 else None,
                date=day,
                kind=kind,
                evidence={"city": f"题目：{city}"} if city else {},
                problems=["题目与正文的年份不一致"] if turn % 8 == 0 else [],
            )
        )
    aside = [[3, "发布日期：2024-01-05 字体：[大 中 小]", "网页导航文字"]] if number % 2 else []
    return source(
        name,
        reports,
        digest=f"{number:x}",
        problems=[quoted("第三行读不出来").to_json()][: number % 2],
        set_aside=aside,
    )


def _invented_paragraphs(number: int, ordinal: int) -> Iterator[DraftParagraph]:
    yield paragraph(f"第{number}号文件的报告", "title")
    yield heading("一、2021年工作回顾")
    yield heading("（一）优化营商环境", 2, context_years=(2021, 2021))
    seen: dict[str, Any] = {"ocr": (0.0, 0.125, 0.904, 1.0)[ordinal]} if number % 4 == 0 else {}
    yield paragraph(
        f"优化营商环境，办理提案{number}件，ＰＭ２.５下降{ordinal}.5微克。优化，再优化营商环境。",
        context_years=(2021, 2021),
        **seen,
    )
    yield paragraph(
        "乡村振兴取得新进展，乡村  振兴样板村达到三十个，5G基站和GDP增速位居前列。",
        joined=True,
        context_years=(2021, 2021),
    )
    yield heading("（二）2020至2022年的发展", 2, context_years=(2021, 2021))
    yield paragraph("发展发展再发展，人民政协为人民，中国人民政治协商会议。", context_years=(2020, 2022))
    if ordinal == 2:
        yield paragraph(
            "发展发展再发展，人民政协为人民，中国人民政治协商会议。",
            repeated=True,
            context_years=(2020, 2022),
        )
        yield paragraph("这里的营商环境要再核一下。", "comment", part="批注", context_years=(2020, 2022))
    yield heading("二、下一步安排")
    yield paragraph(
        f"推动高质量发展，让营商 環境更好，建言资政和凝聚共识双向发力，第{number}项、第{ordinal}点。"
    )
    yield paragraph("- 办好有事好商量协商平台；\n- 提案办复率100%；\n\n- gdp2020 与 GDP 并列。", "list")
    if number % 3 == 1:
        yield paragraph("营商环境：企业从设立到退出所遇到的条件。", "appendix", part="名词解释")


def nasty_drafts() -> list[DraftSource]:
    """Texts that no reader lets through, and some that it does."""
    texts = [
        "\ud800半个代理对，后面是\udfff另一半",
        "前\0后有零字符，\x1b[31m红\x07铃",
        "长" * 7_000 + "城" + "长" * 7_999,
        "笑😀脸👨‍👩‍👧‍👦家庭🇨🇳旗e\u0301组合",
        "第一行\n\n\n空行之后\r\n\t　再一行",
        "  首尾都有空白  ",
        "<script>alert('&amp;')</script> \" ' \\ % _ *",
        "\ufeff\u200b零宽\u200d字\u202e符",
        "𠀀𪚥扩展区汉字𠮷野家",
        "．5、2.5.、1.2.3、a.b、v2.0.、..",
        "ﬁ连字㍿㎏①⑩Ⅻ½",
        ",",
        "a",
    ]
    paragraphs = [paragraph(text) for text in texts]
    headed = [
        heading("\ud800<h1>\n一", 3),
        paragraph("在怪标题之下"),
        heading("二", 6),
        paragraph("更深一层"),
    ]
    return [
        source(
            "nasty\ud83d.txt",
            [
                report("nasty", "nasty\ud83d.txt", paragraphs, title="题\udc00目\n第二行", year=2021),
                report(
                    "nasty-2",
                    "nasty\ud83d.txt",
                    headed,
                    ordinal=2,
                    city="零\0市",
                    evidence={"city": "\ud800"},
                ),
            ],
            problems=[quoted("\udfff").to_json()],
            encoding="gb18030",
        )
    ]


def all_drafts() -> list[DraftSource]:
    """Everything above."""
    return [*sample_drafts(), *invented_drafts(), *nasty_drafts()]


def with_text(draft: DraftSource, text: str) -> DraftSource:
    """The same file with one paragraph in each report."""
    paragraphs = [paragraph(text)]
    return replace(
        draft,
        reports=[
            DraftReport({**of.record, "paragraphs": 1, "title": "旧题目"}, paragraphs) for of in draft.reports
        ],
    )


def renamed(draft: DraftSource, prefix: str) -> DraftSource:
    """The same text in another file, with other ids."""
    name = f"{prefix}-{draft.source.name}"
    reports = [
        replace(of, record={**of.record, "id": f"{prefix}-{of.record['id']}", "source": name})
        for of in draft.reports
    ]
    return DraftSource(replace(draft.source, path=f"/reports/{name}", name=name), reports)


class Written:
    """The reports of some drafts, as a store must give them back; with `reports` and `report` like a `View`'s."""

    def __init__(self, drafts: Iterable[DraftSource]) -> None:
        self.drafts = list(drafts)
        found = [(draft, of) for draft in self.drafts for of in draft.reports]
        found.sort(key=lambda pair: (pair[1].record["source"], pair[1].record["ordinal"]))
        self.texts = {of.record["id"]: _to_text(draft, of) for draft, of in found}
        self.kinds = {of.record["id"]: of.record["kind"] for _, of in found}
        self.repeated = {
            f"{of.record['id']}-p{n}": draft_paragraph.repeated
            for _, of in found
            for n, draft_paragraph in enumerate(of.paragraphs, 1)
        }

    def reports(self, *, others: bool = False) -> list[Report]:
        """The reports by source and order in it; with `others`, other texts too."""
        return [text.report for name, text in self.texts.items() if others or self.kinds[name] == "report"]

    def report(self, report_id: str) -> ReportText:
        """A whole report."""
        return self.texts[report_id]


def _to_text(draft: DraftSource, of: DraftReport) -> ReportText:
    record = of.record
    paragraphs: list[Paragraph] = []
    above: dict[int, str] = {}
    for n, one in enumerate(of.paragraphs, 1):
        if one.level:
            above = {level: text for level, text in above.items() if level < one.level}
        path = tuple(text for _, text in sorted(above.items()))
        ocr = None if one.ocr is None else round(100 * one.ocr) / 100
        name = f"{record['id']}-p{n}"
        paragraphs.append(Paragraph(name, n, one.kind, path, one.text, one.joined, one.part, ocr))
        if one.level:
            above[one.level] = one.text
    return ReportText(
        report=Report(**{field.name: record[field.name] for field in fields(Report)}),
        paragraphs=tuple(paragraphs),
        evidence=record["evidence"],
        set_aside=tuple((line, text, reason) for line, text, reason in draft.source.record["set_aside"]),
        problems=tuple(record["problems"]),
    )
