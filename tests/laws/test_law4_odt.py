"""Law 4 for ODT: every text node of the body, of objects and of running headers is in a line or set aside, once."""

from __future__ import annotations

import pytest

from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.words import render
from tests.indexer.odt_files import box, items, level, make_odt, note, p, table
from tests.laws.counters import difference, kept, open_texts, signs

LONG = "全市上下锐意进取，地区生产总值增长百分之六，各项事业取得新的成绩。"
OUTLINE = f"<text:outline-style>{level(1, '一, 二, 三, ...', '', '、')}</text:outline-style>"
TWO_SHOWN = level(2, "1", "", "", 'text:display-levels="2"')
LISTS = (
    f'<text:list-style style:name="L1">{level(1, "一, 二, 三, ...", "", "、")}{level(2, "一, 二, 三, ...", "（", "）")}'
    f'{level(3, "1", "", ".")}</text:list-style><text:list-style style:name="L2">{level(1, "1", "", ".")}'
    f'{TWO_SHOWN}<text:list-level-style-bullet text:level="3"/></text:list-style>'
)
OBJECT = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
CHART = (
    f"<office:document-content><office:body><office:chart><chart:chart><chart:title>{p('财政收入')}</chart:title>"
    f"{table(('年', '增速'), ('2023', '5.8'))}</chart:chart></office:chart></office:body></office:document-content>"
)
FORMULA = (
    "<math:math><math:semantics><math:mi>增速</math:mi><math:mo>=</math:mo><math:mn>5</math:mn>"
    '<math:annotation encoding="StarMath 5.0">增速 = 5</math:annotation></math:semantics></math:math>'
)
CHANGES = (
    "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>甲</dc:creator>"
    f"<dc:date>2024</dc:date></office:change-info>{p('删去的话')}</text:deletion></text:changed-region>"
    "</text:tracked-changes>"
)
CONTENTS = (
    "<text:table-of-content><text:table-of-content-source><text:index-title-template>目录</text:index-title-template>"
    f"</text:table-of-content-source><text:index-body>{p('一、回顾 1')}</text:index-body></text:table-of-content>"
)
COMMENT = (
    "<office:annotation><dc:creator>乙</dc:creator><dc:date>2024</dc:date>"
    f"{p('此数待核')}</office:annotation>"
)
SHAPE = f"<draw:custom-shape>{p('图形里')}</draw:custom-shape>"
RUBY = "<text:ruby><text:ruby-base>端</text:ruby-base><text:ruby-text>duān</text:ruby-text></text:ruby>"
RUNNING = f"<style:header>{p('四平市政府')}</style:header><style:footer-left>{p('第1页')}</style:footer-left>"


def heading(text: str) -> str:
    return f'<text:h text:outline-level="1">{text}</text:h>'


FILES: dict[str, tuple[bytes, list[tuple[str, str | None]], set[tuple[str, str]]]] = {
    "paragraphs": (
        make_odt(
            p("推动<text:span>高质量</text:span>发展<text:s text:c='2'/>甲<text:tab/>乙")
            + p("一行<text:line-break/>二行")
        ),
        [("推动高质量发展 甲\t乙", None), ("一行", None), ("二行", None)],
        set(),
    ),
    "headings": (
        make_odt(heading("回顾") + heading("安排"), styles=OUTLINE),
        [("一、回顾", "heading1"), ("二、安排", "heading1")],
        set(),
    ),
    "lists": (
        make_odt(
            items("L1", p("回顾") + items("", p("经济") + p("不编号"), p("民生")))
            + items("L1", p("安排"), more='text:continue-numbering="true"')
            + items("L1", p("另起"))
            + items("L2", p("甲") + items("", p("乙") + items("", p("丙")))),
            styles=LISTS,
        ),
        [
            ("一、回顾", None), ("（一）经济", None), ("不编号", None), ("（二）民生", None), ("二、安排", None),
            ("一、另起", None), ("1. 甲", None), ("1.1 乙", None), ("丙", "list"),
        ],
        set(),
    ),
    "notes": (
        make_odt(p("研发", note("脚注"), "投入", note("尾注", "endnote"), COMMENT, "强度") + p(LONG)),
        [("研发投入强度", None), ("脚注", "footnote"), ("尾注", "footnote"), ("此数待核", "comment"), (LONG, None)],
        {("mark of a note", "11"), ("author of a comment or change", "乙2024")},
    ),
    "boxes": (
        make_odt(p("前", box(p("专栏一"), table(("甲", "乙"))), "后") + p(SHAPE)),
        [("前后", None), ("专栏一", "textbox"), ("甲\t乙", "textbox"), ("", None), ("图形里", "textbox")],
        {("description of a picture", "图注")},
    ),
    "tables": (
        make_odt(table(("项目", "数量"), ("提案", "432")) + table(("专栏",))),
        [("项目\t数量", "table"), ("提案\t432", "table"), ("专栏", None)],
        set(),
    ),
    "changes_and_contents_and_ruby": (
        make_odt(CHANGES + CONTENTS + p("支持", RUBY, "砚")),
        [("支持端砚", None)],
        {
            ("deleted text", "删去的话"), ("author of a comment or change", "甲2024"), ("ruby", "duān"),
            ("table of contents", "目录一、回顾 1"),
        },
    ),
    "formula": (make_odt(p("其中", OBJECT, "。"), parts={"Object 1/content.xml": FORMULA}),
                [("其中增速=5。", None)], {("source of a formula", "增速 = 5")}),
    "chart": (make_odt(p(LONG, OBJECT), parts={"Object 1/content.xml": CHART}),
              [(LONG, None), ("财政收入", "textbox"), ("年\t增速", "textbox"), ("2023\t5.8", "textbox")], set()),
    "running": (
        make_odt(p(LONG), running=RUNNING),
        [(LONG, None)],
        {("running header", "四平市政府"), ("running footer", "第1页")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_feature_of_writer_is_read_or_set_aside(name: str) -> None:
    data, lines, aside = FILES[name]
    documents = tuple(read_source(Source(data, f"{name}.odt", f"{name}.odt")))
    assert [(line.text, line.hint) for line in documents[0].lines] == lines
    assert {(render(entry.reason, "en"), entry.text.strip()) for entry in documents[0].set_aside} == aside
    assert not difference(signs(open_texts(data)), kept(documents))


def test_object_that_holds_itself_ends() -> None:
    data = make_odt(
        p(LONG, OBJECT),
        parts={"Object 1/content.xml": CHART.replace("<chart:title>", f"<chart:title>{p(OBJECT)}")},
    )
    (document,) = read_source(Source(data, "环.odt", "环.odt"))
    assert document.lines[0].text == LONG


def test_protected_text_is_refused() -> None:
    data = make_odt(
        p(LONG),
        parts={"META-INF/manifest.xml": "<office:manifest><office:encryption-data/></office:manifest>"},
    )
    with pytest.raises(SourceError, match="password"):
        tuple(read_source(Source(data, "密.odt", "密.odt")))
