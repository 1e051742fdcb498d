"""PDFs drawn here from known text come back as the known paragraphs.

They have what newspapers and offices make: columns, running heads, page numbers, paragraphs over page breaks.
`benchmarks/pdf_accuracy.py` measures the same with PDFs of other producers.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.pdf.drawing import Placed, break_lines, draw_pdf, width_ems
from indexer.model import Document
from indexer.readers import read
from indexer.readers.registry import decoded_text
from indexer.readers.source import Source
from search.errors import SourceError
from search.messages.words import render
from tests.cases import cases
from tests.laws.counters import signs

SIZE = 10.0
LEADING = 16.0
PARAGRAPHS = (
    "过去一年，市政协常委会坚持以人民为中心，围绕中心服务大局，认真履行政治协商、民主监督、参政议政职能，"
    "为推动全市高质量发展作出了积极贡献，充分发挥了人民政协压舱石的作用，各项工作取得新的进展。",
    "一年来，我们聚焦营商环境开展协商议政，组织委员深入企业调研三十余次，提出意见建议一百二十六条，"
    "其中八十五条被市委市政府采纳，转化为具体的政策措施，有力促进了民营经济的发展壮大。",
    "坚持提案办理协商，全年立案提案四百三十二件，办复率达到百分之百，委员满意率达到百分之九十八点五，"
    "一批事关群众切身利益的问题得到解决，群众的获得感和幸福感不断增强，社会各界反响良好。",
    "新的一年，我们将更加紧密地团结在以习近平同志为核心的党中央周围，在市委坚强领导下，凝心聚力、"
    "守正创新，以实干实绩谱写政协事业发展的新篇章，为全面建设社会主义现代化城市而团结奋斗。",
)
TITLE = "云川市第九届委员会工作报告"


def set_columns(
    paragraphs: tuple[str, ...], *, columns: int, chars: int, lines: int, head: str = "", gap_ems: float = 2.4
) -> list[list[Placed]]:
    """Typeset paragraphs with an indent of two characters, column after column, page after page."""
    rows: list[tuple[float, str]] = []
    for paragraph in paragraphs:
        first, rest = paragraph[: chars - 2], paragraph[chars - 2 :]
        rows.append((2 * SIZE, first))
        rows += [(0.0, rest[at : at + chars]) for at in range(0, len(rest), chars)]
    pages: list[list[Placed]] = []
    for at, (indent, text) in enumerate(rows):
        place = at % (columns * lines)
        if place == 0:
            number = Placed(280.0, 30.0, f"- {len(pages) + 1} -")
            pages.append([Placed(50.0, 800.0, head), number] if head else [number])
        x = 50.0 + (place // lines) * (chars + gap_ems) * SIZE + indent
        pages[-1].append(Placed(x, 760.0 - (place % lines) * LEADING, text))
    return pages


def read_pdf(folder: Path, data: bytes) -> Document:
    path = folder / "报告.pdf"
    path.write_bytes(data)
    source = Source(data, path.name, str(path))
    (document,) = read(path)
    texts = [line.text for line in document.lines] + [entry.text for entry in document.set_aside]
    assert signs(texts) == signs([decoded_text(source)])
    return document


def paragraphs_of(document: Document) -> list[str]:
    """The lines put together where the reader says that the paragraph goes on."""
    paragraphs = [""]
    for line in document.lines:
        paragraphs[-1] += line.text
        if line.ends_paragraph:
            paragraphs.append("")
    return [paragraph for paragraph in paragraphs if paragraph]


def reasons_of(document: Document) -> dict[str, str]:
    return {render(entry.reason, "en"): entry.text for entry in document.set_aside}


@pytest.mark.parametrize(
    ("columns", "chars", "lines"), [(1, 40, 30), (2, 21, 6), (2, 20, 40), (3, 14, 9), (1, 33, 5)]
)
def test_known_paragraphs_come_back(tmp_path: Path, columns: int, chars: int, lines: int) -> None:
    pages = set_columns(PARAGRAPHS, columns=columns, chars=chars, lines=lines)
    document = read_pdf(tmp_path, draw_pdf(pages))
    assert paragraphs_of(document) == list(PARAGRAPHS)
    assert {line.page for line in document.lines} == set(range(1, len(pages) + 1))


@pytest.mark.parametrize("gap_ems", [1.0, 1.3, 1.5, 2.0])
@pytest.mark.parametrize(("columns", "chars"), [(2, 22), (3, 15), (4, 11), (5, 8)])
def test_narrow_gutters_part_the_columns(tmp_path: Path, columns: int, chars: int, gap_ems: float) -> None:
    pages = set_columns(PARAGRAPHS * 2, columns=columns, chars=chars, lines=18, gap_ems=gap_ems)
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf(pages))) == list(PARAGRAPHS * 2)


def test_columns_drawn_row_by_row_are_columns(tmp_path: Path) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=2, chars=22, lines=20, gap_ems=1.0)
    page.sort(key=lambda placed: (-placed.y, placed.x))
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([page]))) == list(PARAGRAPHS)


def test_columns_of_different_heights_and_baselines_are_columns(tmp_path: Path) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=3, chars=15, lines=20, gap_ems=1.3)
    shifted = [Placed(p.x, p.y - (7.0 if 210 < p.x < 370 else 0.0), p.text) if p.y > 100 else p for p in page]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([shifted]))) == list(PARAGRAPHS)


def test_table_is_read_row_by_row_and_its_rows_are_marked(tmp_path: Path) -> None:
    cells = [("指标", "单位", "数值"), ("生产总值", "亿元", "1532.6"), ("粮食产量", "万吨", "450.2")]
    cells += [("新增就业", "人", "31200"), ("居民收入", "元", "35210")]
    (page,) = set_columns(PARAGRAPHS[:1], columns=1, chars=40, lines=30)
    for row, texts in enumerate(cells):
        page += [Placed(60.0 + 150 * at, 600.0 - LEADING * row, text) for at, text in enumerate(texts)]
    document = read_pdf(tmp_path, draw_pdf([page]))
    assert paragraphs_of(document) == [PARAGRAPHS[0], *(" ".join(row) for row in cells)]
    assert [line.hint for line in document.lines if line.page][-5:] == ["table"] * 5


def test_running_heads_and_page_numbers_are_set_aside(tmp_path: Path) -> None:
    pages = set_columns(PARAGRAPHS, columns=2, chars=21, lines=4, head="四平日报 2023年1月8日 第3版")
    document = read_pdf(tmp_path, draw_pdf(pages))
    assert paragraphs_of(document) == list(PARAGRAPHS)
    reasons = Counter(render(entry.reason, "en") for entry in document.set_aside)
    assert reasons["running header"] == len(pages) >= 2
    assert reasons["page number"] == len(pages)


def test_text_that_repeats_at_the_top_of_pages_is_no_running_head(tmp_path: Path) -> None:
    pages = set_columns(PARAGRAPHS * 12, columns=2, chars=21, lines=40)
    document = read_pdf(tmp_path, draw_pdf(pages))
    assert paragraphs_of(document) == list(PARAGRAPHS * 12)
    assert {render(entry.reason, "en") for entry in document.set_aside} == {"page number"}


@pytest.mark.parametrize("columns", [2, 3, 5])
def test_short_title_over_the_columns_comes_first(tmp_path: Path, columns: int) -> None:
    chars = {2: 21, 3: 15, 5: 8}[columns]
    rows = sum(-(-(len(paragraph) + 2) // chars) for paragraph in PARAGRAPHS)
    (page,) = set_columns(PARAGRAPHS, columns=columns, chars=chars, lines=-(-rows // columns), gap_ems=1.3)
    middle = 50 + ((chars + 1.3) * columns - 1.3) * SIZE / 2
    title = Placed(middle - width_ems("工作报告") * 9, 785.0, "工作报告", 18.0)
    paragraphs = paragraphs_of(read_pdf(tmp_path, draw_pdf([[*page, title]])))
    assert paragraphs == ["工作报告", *PARAGRAPHS]


def test_short_headline_amid_three_columns_divides_them(tmp_path: Path) -> None:
    upper, lower = (set_columns(PARAGRAPHS[at : at + 2], columns=3, chars=15, lines=5)[0] for at in (0, 2))
    moved = [Placed(p.x, p.y - 200, p.text) for p in lower if p.y > 100]
    headline = Placed(50 + 24.9 * SIZE - 30, 600.0, "开创新局", 15.0)
    paragraphs = paragraphs_of(read_pdf(tmp_path, draw_pdf([[*upper, *moved, headline]])))
    assert paragraphs == [*PARAGRAPHS[:2], "开创新局", *PARAGRAPHS[2:]]


def test_title_across_two_columns_comes_first(tmp_path: Path) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=2, chars=21, lines=10)
    title = "中国人民政治协商会议四平市第九届委员会常务委员会工作报告"
    document = read_pdf(tmp_path, draw_pdf([[Placed(120.0, 785.0, title), *page]]))
    assert paragraphs_of(document) == [title, *PARAGRAPHS]


@pytest.mark.parametrize(("size", "angle"), [(40.0, 45.0), (13.0, 30.0), (48.0, 0.0), (30.0, 325.0)])
@pytest.mark.parametrize("columns", [1, 2])
def test_watermark_is_set_aside_with_its_reason(
    tmp_path: Path, columns: int, size: float, angle: float
) -> None:
    chars = {1: 40, 2: 22}[columns]
    (page, *_) = set_columns(PARAGRAPHS, columns=columns, chars=chars, lines=20, gap_ems=1.0)
    mark = Placed(100.0, 690.0, "内部资料", size, 0.0, angle)
    document = read_pdf(tmp_path, draw_pdf([[mark, *page]]))
    assert paragraphs_of(document) == list(PARAGRAPHS)
    assert [text for reason, text in reasons_of(document).items() if "watermark" in reason] == ["内部资料"]


def test_small_level_watermark_that_is_repeated_is_set_aside(tmp_path: Path) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=1, chars=40, lines=20)
    marks = [
        Placed(63.0 + 130 * x, 755.0 - 62 * y, "征求意见稿", SIZE + 1) for x in range(3) for y in range(3)
    ]
    document = read_pdf(tmp_path, draw_pdf([[*page, *marks]]))
    assert paragraphs_of(document) == list(PARAGRAPHS)


def test_headline_set_upright_is_one_line_before_the_text(tmp_path: Path) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=2, chars=20, lines=20, gap_ems=1.0)
    moved = [Placed(p.x + 50, p.y, p.text) for p in page]
    upright = [Placed(60.0, 750.0 - 26 * at, sign, 20.0) for at, sign in enumerate(TITLE)]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([[*upright, *moved]]))) == [TITLE, *PARAGRAPHS]


def test_page_that_is_written_downwards_is_read_from_the_right(tmp_path: Path) -> None:
    lines = [text for paragraph in PARAGRAPHS for text in break_lines(paragraph, 40)]
    starts = {break_lines(paragraph, 40)[0] for paragraph in PARAGRAPHS}
    page = [
        Placed(520.0 - 16 * row, 780.0 - SIZE * (at + 2 * (text in starts)), sign)
        for row, text in enumerate(lines)
        for at, sign in enumerate(text)
    ]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([page]))) == list(PARAGRAPHS)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_are_read_as_if_upright(tmp_path: Path, turn: int) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=2, chars=20, lines=20, gap_ems=1.0)
    upright = [p for p in page if p.y > 100]
    turned = draw_pdf([upright], page_entries=f"/Rotate {turn}")
    assert paragraphs_of(read_pdf(tmp_path, turned)) == list(PARAGRAPHS)
    x, y = {90: (842, 0), 180: (595, 842), 270: (0, 595)}[turn]
    cosine, sine = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    aside = [
        Placed(x + cosine * p.x - sine * p.y, y + sine * p.x + cosine * p.y, p.text, p.size, 0.0, turn)
        for p in upright
    ]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([aside], wide=turn != 180))) == list(PARAGRAPHS)


def test_slightly_tilted_page_is_read_by_its_own_baselines(tmp_path: Path) -> None:
    (page,) = set_columns(PARAGRAPHS, columns=2, chars=20, lines=20, gap_ems=1.5)
    tilted = [
        Placed(p.x - 0.026 * p.y, p.y + 0.026 * p.x, p.text, p.size, 0.0, 1.5) for p in page if p.y > 100
    ]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([tilted]))) == list(PARAGRAPHS)


def test_line_cut_before_a_long_number_does_not_end_its_paragraph(tmp_path: Path) -> None:
    text = "全市规模以上工业增加值比上年增长51.36%，固定资产投资增长1234567.89万元，民生支出增长。"
    full = "各级各部门要认真学习贯彻会议精神，切实把思想和行动统一起来，抓好各项任务的落实，确保取得实效。"
    for ems in range(14, 30):
        rows = [(at, row) for part in (full, text, full) for at, row in enumerate(break_lines(part, ems))]
        page = [
            Placed(50 + (0 if at else 2 * SIZE), 700 - LEADING * line, row)
            for line, (at, row) in enumerate(rows)
        ]
        assert paragraphs_of(read_pdf(tmp_path, draw_pdf([page]))) == [full, text, full], ems


def test_footnote_comes_behind_the_paragraph_that_runs_over_it(tmp_path: Path) -> None:
    pages = set_columns(PARAGRAPHS, columns=1, chars=40, lines=5)
    pages[0].append(Placed(50.0, 80.0, "①有事好商量：设在街道和社区的协商议事平台。", 8.0))
    paragraphs = paragraphs_of(read_pdf(tmp_path, draw_pdf(pages)))
    assert [p for p in paragraphs if p[0] != "①"] == list(PARAGRAPHS)
    assert "①有事好商量：设在街道和社区的协商议事平台。" in paragraphs


def test_raised_mark_stays_in_its_line(tmp_path: Path) -> None:
    page = [
        Placed(50.0, 700.0, "发展新质生产力"),
        Placed(120.0, 704.0, "①", 6.0),
        Placed(126.0, 700.0, "，提质增效。"),
    ]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([page]))) == ["发展新质生产力①，提质增效。"]


def test_type_drawn_twice_to_look_bold_is_read_once(tmp_path: Path) -> None:
    page = [Placed(50.0, 700.0, "全市工作报告"), Placed(50.4, 700.0, "全市工作报告")]
    page += [
        Placed(50.0 + 10 * at + 0.3 * n, 600.0, s) for n in (0, 1) for at, s in enumerate("逐字加粗的标题")
    ]
    document = read_pdf(tmp_path, draw_pdf([page]))
    assert [line.text for line in document.lines] == ["全市工作报告", "逐字加粗的标题"]
    assert Counter("".join(reasons_of(document)["drawn twice"].split())) == Counter(
        "全市工作报告逐字加粗的标题"
    )


def test_single_page_keeps_its_first_and_last_line(tmp_path: Path) -> None:
    page = [Placed(50.0, 800.0, "政协工作报告"), Placed(50.0, 60.0, "二○二四年一月八日")]
    document = read_pdf(tmp_path, draw_pdf([page]))
    assert [line.text for line in document.lines] == ["政协工作报告", "二○二四年一月八日"]


def test_title_of_two_reports_in_one_file_is_no_running_head(tmp_path: Path) -> None:
    def pages(year: str) -> list[list[Placed]]:
        head = [
            Placed(200.0, 790.0, "政协工作报告", 20.0),
            Placed(220.0, 760.0, f"{year}年1月8日在云川市", 10.0),
        ]
        first, *rest = set_columns(PARAGRAPHS, columns=1, chars=40, lines=5)
        return [[*head, *first], *rest[:1]]

    document = read_pdf(tmp_path, draw_pdf([*pages("2023"), *pages("2024")]))
    assert [line.text for line in document.lines].count("政协工作报告") == 2
    assert set(reasons_of(document)) == {"page number"}


def test_pdf_without_text_layer_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(draw_pdf([[]]))
    with pytest.raises(SourceError, match="no text layer") as caught:
        read(path)
    assert "OCR" in str(caught.value.hint)


def test_protected_pdf_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "加密.pdf"
    key = "00" * 32
    encrypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00> <00>]"
    path.write_bytes(draw_pdf([[Placed(50.0, 700.0, "政协")]], trailer=encrypt))
    with pytest.raises(SourceError, match="password"):
        read(path)


def test_broken_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "坏.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing of the kind")
    with pytest.raises(SourceError, match="broken"):
        read(path)


def test_damaged_pdf_is_read_or_refused_in_time(tmp_path: Path) -> None:
    whole = draw_pdf(set_columns(PARAGRAPHS, columns=2, chars=21, lines=6))
    chance = random.Random("pdf")
    outcomes: Counter[bool] = Counter()
    for attempt in range(cases(80)):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(broken))
            broken[at : at + chance.randrange(3)] = bytes([chance.randrange(256)])
        if attempt % 4 == 0:
            del broken[chance.randrange(1, len(broken)) :]
        begun = time.monotonic()
        try:
            read_pdf(tmp_path, bytes(broken))
            outcomes[True] += 1
        except SourceError:
            outcomes[False] += 1
        assert time.monotonic() - begun < 10
    assert outcomes[True]
    assert outcomes[False]


@pytest.mark.parametrize("left", [50.0, 90.0])
def test_short_lines_of_a_page_with_little_text_are_paragraphs(tmp_path: Path, left: float) -> None:
    lines = [
        "四平市人民政府工作报告",
        "2024年1月9日在四平市第九届人民代表大会第四次会议上",
        "各位代表：",
        "一、第一部分回顾",
        "二、第二部分安排",
        "全市粮食产量创新高。",
    ]
    page = [Placed(left, 760.0 - 18 * at, line) for at, line in enumerate(lines)]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([page]))) == lines


def test_full_line_of_a_page_with_little_text_goes_on(tmp_path: Path) -> None:
    text = "全市粮食产量创历史新高，重点项目开工一百二十个，城乡面貌发生了新的变化，"
    text += "营商环境持续改善，群众生活水平稳步提高。"
    page = [Placed(50.0, 760.0, text[:49]), Placed(50.0, 742.0, text[49:]), Placed(50.0, 724.0, "谢谢大家！")]
    assert paragraphs_of(read_pdf(tmp_path, draw_pdf([page]))) == [text, "谢谢大家！"]


def test_bullets_of_a_symbol_font_are_set_aside(tmp_path: Path) -> None:
    page = [
        Placed(50.0, 760.0 - 18 * at, text)
        for at, text in enumerate(["\uf0b7放管服改革", "\uf0d8就业创业工作"])
    ]
    document = read_pdf(tmp_path, draw_pdf([page]))
    assert [line.text for line in document.lines] == ["放管服改革", "就业创业工作"]
    assert [(entry.text, entry.reason.code) for entry in document.set_aside] == [
        ("\uf0b7\uf0d8", "font_symbol")
    ]
