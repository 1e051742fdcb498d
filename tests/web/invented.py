"""Invented reports for the tests of the pages: four cities, four years, two types, one awkward."""

from __future__ import annotations

from search.messages import as_message
from search.model import Paragraph, Report, ReportText

CITIES = (("四平市", "吉林省"), ("辽源市", "吉林省"), ("忻州市", "山西省"), ("平顶山市", "河南省"))
YEARS = (2020, 2021, 2023, 2024)
TYPES = ("政协常委会工作报告", "政府工作报告")

NASTY = '<script>alert("营商环境")</script> & <b>营商环境</b>\n第二行\x00\x07尾'
LONG = (
    "".join(f"第{i}次协商会议围绕数字经济建言，提出意见{i}条。" for i in range(150))
    + "最后一句说到深埋的宝藏。"
)

_SECTIONS = (
    (
        "一、过去一年工作回顾",
        (
            (
                "（一）围绕中心服务大局",
                "助推{city}营商环境建设，走访民营企业{a}户，优化营商环境不止于口号，报送社情民意信息{b}篇。",
            ),
            (
                "（一）围绕中心服务大局",
                "以“有事好商量”为平台，把协商延伸到社区，{year}年以来开展活动{a}场，群众满意率持续提高。",
            ),
            (
                "（二）聚焦产业发展",
                "推动乡村振兴与产业融合，就招商引资和营商环境开展专题视察，提出建议{b}条，GDP增长6.{a}%。",
            ),
            ("（三）增进民生福祉", "督促改造老旧小区{b}个，新增养老服务床位{a}00张，办好一批惠民实事。"),
        ),
    ),
    (
        "二、新的一年主要任务",
        (
            ("（一）坚持团结和民主", "培育新质生产力，支持数字经济发展，谋划科技创新项目{a}个。"),
            ("（二）加强自身建设", "健全提案办理机制，提高委员履职能力，提案办复率达到百分之百。"),
        ),
    ),
)


def make_texts() -> list[ReportText]:
    """All invented reports, the awkward one last."""
    texts = [
        _make_report(city, province, year, kind, seed=3 * i + 2 * j + k)
        for i, (city, province) in enumerate(CITIES)
        for j, year in enumerate(YEARS)
        for k, kind in enumerate(TYPES)
        if (i + j + k) % 4 != 3
    ]
    return [*texts, _make_awkward()]


def make_old() -> ReportText:
    """One report of long ago and far away: a coverage matrix over it is wide."""
    report = Report(
        "old",
        "旧.txt",
        "旧报告",
        TYPES[1],
        "鄂尔多斯市",
        "内蒙古自治区",
        "市",
        1990,
        None,
        None,
        None,
        None,
        1,
    )
    return ReportText(report, (Paragraph("old-p1", 1, "paragraph", (), "草原上的一年。"),))


def _make_report(city: str, province: str, year: int, kind: str, *, seed: int) -> ReportText:
    report_id = f"{CITIES.index((city, province)) + 1}-{year}-{TYPES.index(kind) + 1}"
    paragraphs: list[Paragraph] = []

    def add(block: str, text: str, *heading: str) -> None:
        n = len(paragraphs) + 1
        paragraphs.append(Paragraph(f"{report_id}-p{n}", n, block, heading, text))

    title = f"{city}{kind}（{year}）"
    add("title", title)
    add("date", f"{year}年1月{seed + 3}日")
    for section, body in _SECTIONS:
        add("heading", section)
        said = ""
        for sub, text in body:
            if sub != said:
                add("heading", sub, section)
                said = sub
            add(
                "paragraph",
                text.format(city=city, year=year - 1, a=seed % 7 + 2, b=seed * 5 + 11),
                section,
                sub,
            )
    report = Report(
        id=report_id,
        source=f"{city}/{year}-{kind}.txt",
        title=title,
        type=kind,
        city=city,
        province=province,
        level="市",
        year=year,
        review_year=year - 1,
        plan_year=year,
        added=f"2026-0{seed % 9 + 1}-03T08:00:00Z",
        date=f"{year}-01-{seed + 3:02d}",
        session=None,
        speaker=None,
        paragraphs=sum(p.kind == "paragraph" for p in paragraphs),
    )
    evidence = {"city": as_message(f"标题：{title}"), "year": as_message(f"日期行：{year}年1月{seed + 3}日")}
    aside = (1, "发布日期:2024-01-05 字体:[大 中 小]", as_message("网页导航文字"))
    return ReportText(report, tuple(paragraphs), evidence, (aside,) if seed == 0 else ())


def _make_awkward() -> ReportText:
    """No place, no year, no title; markup, control characters and a very long paragraph in its text."""
    report = Report("awkward", "残片 <1>.txt", None, None, None, None, None, None, None, None, None, None, 2)
    paragraphs = (
        Paragraph("awkward-p1", 1, "heading", (), "<img src=x onerror=alert(1)>"),
        Paragraph("awkward-p2", 2, "paragraph", ("<img src=x onerror=alert(1)>",), NASTY),
        Paragraph("awkward-p3", 3, "paragraph", ("<img src=x onerror=alert(1)>",), LONG),
    )
    return ReportText(report, paragraphs, {}, ((None, "<i>广告</i>", as_message("与报告无关")),))
