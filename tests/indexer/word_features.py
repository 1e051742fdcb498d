"""A DOCX for each of Word's features: its name -> the bytes, the lines with their hints, what is set aside."""

from __future__ import annotations

from tests.indexer.word_files import box, fields, level, make_docx, numbered, numbering, p, part, run, table

LONG = "全市上下锐意进取，地区生产总值增长百分之六，各项事业取得新的成绩。"
CHINESE = numbering(
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
)
Line = tuple[str, str | None]


def note_part(name: str, **notes: str) -> str:
    return "".join(f'<w:{name} w:id="{key[1:]}">{content}</w:{name}>' for key, content in notes.items())


def reference(name: str, number: int) -> str:
    return f'<w:r><w:{name}Reference w:id="{number}"/></w:r>'


def sdt(properties: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def diagram(*texts: str) -> str:
    points = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in texts
    )
    return part("dgm:dataModel", f"<dgm:ptLst>{points}</dgm:ptLst>")


def values(tag: str, cache: str, *texts: str) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{text}</c:v></c:pt>' for at, text in enumerate(texts))
    return f"<c:{tag}><c:{cache}>{points}</c:{cache}></c:{tag}>"


CHART = part(
    "c:chartSpace",
    "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>财政收入</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    f"<c:plotArea><c:barChart><c:ser>{values('tx', 'strCache', '增速')}{values('cat', 'strCache', '2022', '2023')}"
    f"{values('val', 'numCache', '5.1', '5.8')}</c:ser></c:barChart></c:plotArea></c:chart>",
)
CANVAS = (
    "<w:r><w:drawing><a:graphic><a:graphicData><lc:lockedCanvas><a:sp><a:txSp><a:txBody>"
    "<a:p><a:r><a:t>画布中的</a:t></a:r><a:r><a:t>文字</a:t></a:r></a:p></a:txBody></a:txSp></a:sp>"
    "</lc:lockedCanvas></a:graphicData></a:graphic></w:drawing></w:r>"
)
STYLES = (
    '<w:style w:styleId="H1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="本市一级"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="Hide"><w:name w:val="内部"/><w:rPr><w:vanish/></w:rPr></w:style>'
)
FORMULA = (
    "<m:oMath><m:r><m:t>增速=</m:t></m:r><m:f><m:num><m:r><m:t>本期</m:t></m:r></m:num>"
    "<m:den><m:r><m:t>上期</m:t></m:r></m:den></m:f><m:r><m:t>−1</m:t></m:r></m:oMath>"
)
RESTARTED = (
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num>"
)
GALLERY = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
WATERMARK = '<w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r>'
RUBY = f"<w:r><w:ruby><w:rt>{run('duān')}</w:rt><w:rubyBase>{run('端')}</w:rubyBase></w:ruby></w:r>"

FILES: dict[str, tuple[bytes, list[Line], set[tuple[str, str]]]] = {
    "runs": (
        make_docx(p("推动", run("高质量", "<w:b/>"), "发展") + p("甲", "<w:r><w:tab/></w:r>", "乙")),
        [("推动高质量发展", None), ("甲\t乙", None)],
        set(),
    ),
    "tab_stops_are_no_text": (
        make_docx(p("正文", properties='<w:tabs><w:tab w:val="left" w:pos="800"/></w:tabs>')),
        [("正文", None)],
        set(),
    ),
    "automatic_numbers": (
        make_docx(
            numbered("工作回顾") + numbered("经济", 1) + p(LONG) + numbered("民生", 1) + numbered("就业", 2)
            + numbered("工作安排") + numbered("经济", 1),
            {"numbering.xml": CHINESE},
        ),
        [
            ("一、工作回顾", None), ("（一）经济", None), (LONG, None), ("（二）民生", None),
            ("1. 就业", None), ("二、工作安排", None), ("（一）经济", None),
        ],
        set(),
    ),
    "numbers_of_styles_and_restarts": (
        make_docx(
            p("总则", style="H1") + p("分则", style="Own") + numbered("另起", number=2) + numbered("再续", number=2),
            {"styles.xml": STYLES, "numbering.xml": numbering(
                level(0, "chineseCounting", "第%1章", more='<w:pStyle w:val="H1"/>'), more=RESTARTED)},
        ),
        [("第一章 总则", "heading1"), ("第二章 分则", "heading1"), ("第一章 另起", None), ("第二章 再续", None)],
        set(),
    ),
    "legal_numbers_bullets_and_none": (
        make_docx(
            numbered("甲") + numbered("乙", 1) + numbered("丙", 2) + numbered("丁", 3) + p("戊"),
            {"numbering.xml": numbering(
                level(0, "upperRoman", "%1."),
                level(1, "decimal", "%1.%2", more="<w:isLgl/>"),
                level(2, "decimalEnclosedCircle", "%3", more='<w:suff w:val="nothing"/>'),
                level(3, "bullet", "\uf0b7"))},
        ),
        [("I. 甲", None), ("1.1 乙", None), ("①丙", None), ("丁", "list"), ("戊", None)],
        set(),
    ),
    "numbers_in_cells": (
        make_docx(table(("序号", "项目"), (numbered(""), "路"), (numbered("桥"), "梁")), {"numbering.xml": CHINESE}),
        [("序号\t项目", "table"), ("\t路", "table"), ("二、桥\t梁", "table")],
        set(),
    ),
    "footnotes_and_endnotes": (
        make_docx(
            p("研发投入", reference("footnote", 2), "百分之二", reference("endnote", 3)) + p(LONG),
            {
                "footnotes.xml": note_part("footnote", _2=p("脚注第一段") + p("第二段"), _9=p("没有人引的脚注")),
                "endnotes.xml": note_part("endnote", _3=p("尾注")),
            },
        ),
        [
            ("研发投入百分之二", None), ("脚注第一段", "footnote"), ("第二段", "footnote"), ("尾注", "footnote"),
            (LONG, None), ("没有人引的脚注", "footnote"),
        ],
        set(),
    ),
    "comments": (
        make_docx(
            p("目标", reference("comment", 0), "百分之五"),
            {"comments.xml": note_part("comment", _0=p("此数待核"))},
        ),
        [("目标百分之五", None), ("此数待核", "comment")],
        set(),
    ),
    "text_box": (
        make_docx(p("前文", box(p("专栏一") + p("十大工程")), "后文") + p(LONG)),
        [("前文后文", None), ("专栏一", "textbox"), ("十大工程", "textbox"), (LONG, None)],
        {("copy for older programs", "专栏一十大工程")},
    ),
    "old_text_box": (
        make_docx(p(LONG, f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{p('旧式文本框')}</w:txbxContent>"
                    "</v:textbox></v:shape></w:pict></w:r>")),
        [(LONG, None), ("旧式文本框", "textbox")],
        set(),
    ),
    "fallback_alone": (
        make_docx(p(LONG, '<w:r><mc:AlternateContent><mc:Choice Requires="wpi"/><mc:Fallback><w:pict><v:shape>'
                    f"<v:textbox><w:txbxContent>{p('只在此处')}</w:txbxContent></v:textbox></v:shape></w:pict>"
                    "</mc:Fallback></mc:AlternateContent></w:r>")),
        [(LONG, None), ("只在此处", "textbox")],
        set(),
    ),
    "box_with_a_table_in_a_cell": (
        make_docx(table(("项目", "说明"), ("路", p(box(table(("甲", "乙")))))) + p(LONG)),
        [("项目\t说明", "table"), ("路\t", "table"), ("甲\t乙", "textbox"), (LONG, None)],
        {("copy for older programs", "甲乙")},
    ),
    "everything_in_boxes": (
        make_docx(p(box(p(LONG))) + p(box(p("第二段")))),
        [("", None), (LONG, None), ("", None), ("第二段", None)],
        {("copy for older programs", LONG), ("copy for older programs", "第二段")},
    ),
    "equations": (
        make_docx(p("其中", FORMULA, "。") + p(f"<m:oMathPara>{FORMULA}</m:oMathPara>")),
        [("其中增速=本期上期−1。", None), ("增速=本期上期−1", None)],
        set(),
    ),
    "diagram": (
        make_docx(
            p(LONG, '<w:r><w:drawing><a:graphic><dgm:relIds r:dm="rId7"/></a:graphic></w:drawing></w:r>'),
            {"diagrams/data1.xml": diagram("规划", "建设"),
             "diagrams/drawing1.xml": part("dsp:drawing", "<a:p><a:r><a:t>规划</a:t></a:r></a:p>")},
            {"rId7": ("diagramData", "diagrams/data1.xml")},
        ),
        [(LONG, None), ("规划", "textbox"), ("建设", "textbox")],
        {("copy for older programs", "规划")},
    ),
    "chart": (
        make_docx(
            p(LONG, '<w:r><w:drawing><a:graphic><c:chart r:id="rId8"/></a:graphic></w:drawing></w:r>'),
            {"charts/chart1.xml": CHART},
            {"rId8": ("chart", "charts/chart1.xml")},
        ),
        [(LONG, None), ("财政收入", "textbox"), ("增速\t2022\t5.1\t2023\t5.8", "textbox")],
        set(),
    ),
    "canvas": (make_docx(p(LONG, CANVAS)), [(LONG, None), ("画布中的文字", "textbox")], set()),
    "word_art": (
        make_docx(p(LONG, '<w:r><w:pict><v:shape><v:textpath string="艺术字"/></v:shape></w:pict></w:r>')),
        [(LONG, None), ("艺术字", "textbox")],
        set(),
    ),
    "chunks": (
        make_docx(
            p("前") + '<w:altChunk r:id="rId1"/><w:altChunk r:id="rId2"/>' + p("后"),
            {
                "附表.txt": "重点项目一百二十项。\n总投资五百亿元。".encode(),
                "内.docx": make_docx(p("内文", box(p("内框")))),
            },
            {"rId1": ("aFChunk", "%E9%99%84%E8%A1%A8.txt"), "rId2": ("aFChunk", "内.docx")},
        ),
        [
            ("前", None), ("重点项目一百二十项。", None), ("总投资五百亿元。", None), ("内文", None),
            ("内框", "textbox"), ("后", None),
        ],
        {("copy for older programs", "内框")},
    ),
    "tracked_changes": (
        make_docx(
            p("产量", "<w:del><w:r><w:delText>八十</w:delText></w:r></w:del>", f"<w:ins>{run('九十')}</w:ins>", "亿斤")
            + p("前半", properties="<w:rPr><w:del/></w:rPr>") + p("后半")
            + p(f"<w:moveFrom>{run('移走')}</w:moveFrom>") + p(f"<w:moveTo>{run('移走')}</w:moveTo>"),
        ),
        [("产量九十亿斤", None), ("前半后半", None), ("", None), ("移走", None)],
        {("deleted text", "八十"), ("deleted text", "移走")},
    ),
    "fields": (
        make_docx(
            p("第", fields("begin", "=PAGE ", "separate", "3", "end"), "页")
            + p(fields("begin", "=IF ", "begin", "=PAGE", "separate", "3", "end", "==3", "separate", "结果", "end"))
            + p(f'<w:fldSimple w:instr="DATE">{run("2024年")}</w:fldSimple>'),
        ),
        [("第3页", None), ("结果", None), ("2024年", None)],
        {("field instruction", "PAGE"), ("field instruction", "IF PAGE3=3")},
    ),
    "field_without_end": (
        make_docx(p(fields("begin", "=TOC ", "separate"), "开头") + p(LONG)),
        [("开头", None), (LONG, None)],
        {("field instruction", "TOC")},
    ),
    "table_of_contents": (
        make_docx(
            sdt(GALLERY, p("目录") + p("一、回顾 1"))
            + p(fields("begin", "=TOC \\o", "separate"), "二、安排 2") + p("三、保障 3", fields("end"))
            + p("附件 4", style="T1") + p(LONG),
            {"styles.xml": STYLES},
        ),
        [("", None), (LONG, None)],
        {
            ("table of contents", "目录"), ("table of contents", "一、回顾 1"), ("table of contents", "二、安排 2"),
            ("table of contents", "三、保障 3"), ("table of contents", "附件 4"), ("field instruction", "TOC \\o"),
        },
    ),
    "headers_and_footers": (
        make_docx(
            p(LONG),
            {
                "header1.xml": p("四平市政府", WATERMARK),
                "footer1.xml": p("第", fields("begin", "=PAGE", "end"), "页"),
            },
        ),
        [(LONG, None)],
        {("running header", "四平市政府"), ("running header", "内部资料"), ("running footer", "第页"),
         ("field instruction", "PAGE")},
    ),
    "ruby": (
        make_docx(p("支持", RUBY, "砚")),
        [("支持端砚", None)],
        {("ruby", "duān")},
    ),
    "hidden_text": (
        make_docx(
            p("公开", run("内部", "<w:vanish/>"), run("也公开", '<w:vanish w:val="0"/>')) + p("整段", style="Hide"),
            {"styles.xml": STYLES},
        ),
        [("公开也公开", None)],
        {("hidden text", "内部"), ("hidden text", "整段")},
    ),
    "content_controls": (
        make_docx(
            sdt("<w:showingPlcHdr/>", p("单击此处输入文字")) + sdt('<w:alias w:val="标题"/>', p("填好的标题"))
            + p("甲", sdt("", run("乙")), "丙"),
        ),
        [("填好的标题", None), ("甲乙丙", None)],
        {("placeholder", "单击此处输入文字")},
    ),
    "nested_and_framing_tables": (
        make_docx(
            table((p("专栏2") + p("重点工程"),)) + table(("甲", table(("乙", "丙"), ("丁", "戊"))), ("己", "庚"))
        ),
        [("专栏2", None), ("重点工程", None), ("甲\t乙\t丙 丁\t戊", "table"), ("己\t庚", "table")],
        set(),
    ),
    "symbols_and_hyphens": (
        make_docx(p(
            '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="宋体" w:char="25CB"/>'
            "<w:t>零一</w:t><w:noBreakHyphen/><w:t>零二</w:t></w:r>")),
        [("○零一-零二", None)],
        {("symbol of a font", "\uf0fc")},
    ),
    "building_blocks_and_strays": (
        make_docx(p(LONG), {"glossary/document.xml": part("w:glossaryDocument", p("部件")),
                            "stray.xml": part("w:hdr", p("无人引用"))}),
        [(LONG, None)],
        {("building block", "部件"), ("part that nothing refers to", "无人引用")},
    ),
    "breaks": (
        make_docx(p("一行", "<w:r><w:br/></w:r>", "二行", '<w:r><w:br w:type="page"/></w:r>', "三行")),
        [("一行", None), ("二行", None), ("三行", None)],
        set(),
    ),
    "elsewhere": (make_docx(p(LONG), main="正文/main.xml"), [(LONG, None)], set()),
    "strict": (
        make_docx(p("严格", FORMULA, box(p("框"))) + p(LONG)),
        [("严格增速=本期上期−1", None), ("框", "textbox"), (LONG, None)],
        {("copy for older programs", "框")},
    ),
}  # fmt: skip
