"""Hard-wrapped text comes back as paragraphs, also where widths are uneven and pages come between the halves."""

from __future__ import annotations

import random

import pytest

from indexer.model import Document, Line, StructuredFile
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from indexer.structure import structure
from indexer.structure.wrapping import find_wrapping

HEAD = ("云川市人民政府工作报告", "——2024年1月10日在云川市第九届人民代表大会第三次会议上", "市长 江南", "")
PARAGRAPHS = (
    "各位代表：现在，我代表市人民政府向大会报告工作，请予审议，并请市政协委员和列席人员提出意见。过去一年，全市上下迎难而上，"
    "地区生产总值增长5.8%，规模以上工业增加值增长6.1%，社会消费品零售总额增长7.2%，城镇新增就业1.2万人。",
    "粮食总产量稳定在90亿斤以上，新建高标准农田20万亩，PM2.5平均浓度下降到24微克/立方米，水环境治理连续四年走在全省前列，"
    "群众的获得感和幸福感不断增强，社会各界反响良好，各项工作取得新的进展。",
    "新的一年，要全面推进乡村振兴，让农业强起来、农村美起来、农民富起来，城乡融合发展迈出更加坚实的步伐，"
    "以实干实绩谱写高质量发展的新篇章。",
)


def wrap(text: str, chance: random.Random, *, chars: int, uneven: int, indent: str = "") -> list[str]:
    """Lines of about so many characters, cut wherever it comes, as recognised text is."""
    lines, rest = [], indent + text
    while rest:
        width = chars - chance.randint(0, uneven)
        while (
            rest[width - 1 : width + 1].isascii()
            and rest[width - 1 : width + 1].isalnum()
            and len(rest) > width
        ):
            width -= 1
        lines.append(rest[:width])
        rest = rest[width:]
    return lines


def read_lines(lines: list[str]) -> StructuredFile:
    numbered = tuple(Line(text, number) for number, text in enumerate(lines, 1))
    return structure(Document("云川.txt", "text", "utf-8", numbered))


def paragraphs_of(read: StructuredFile) -> list[str]:
    return [
        block.text.strip() for draft in read.drafts for block in draft.blocks if block.kind == "paragraph"
    ]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("uneven", [0, 3, 6])
def test_uneven_lines_become_paragraphs(seed: int, uneven: int) -> None:
    chance = random.Random(seed)
    lines = list(HEAD)
    for paragraph in PARAGRAPHS:
        lines += [*wrap(paragraph, chance, chars=31, uneven=uneven), ""]
    assert paragraphs_of(read_lines(lines)) == list(PARAGRAPHS)


def test_indents_alone_part_wrapped_paragraphs() -> None:
    chance = random.Random("indents")
    lines = list(HEAD)
    for paragraph in PARAGRAPHS:
        lines += wrap(paragraph, chance, chars=29, uneven=3, indent="\u3000\u3000")
    assert paragraphs_of(read_lines(lines)) == list(PARAGRAPHS)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("uneven", [0, 3])
def test_lines_with_a_blank_one_behind_each_become_paragraphs(seed: int, uneven: int) -> None:
    """As pdfminer writes pages whose lines stand far apart; where a paragraph begins, only its indent says."""
    chance = random.Random(seed)
    lines = list(HEAD[:3])
    for paragraph in PARAGRAPHS:
        lines += wrap(paragraph, chance, chars=29, uneven=uneven, indent="\u3000\u3000")
    spaced = [line for text in lines for line in (text, "")]
    assert paragraphs_of(read_lines(spaced)) == list(PARAGRAPHS)


def test_paragraphs_with_blank_lines_between_them_stay_apart() -> None:
    sentences = [f"{sentence}。" for text in PARAGRAPHS * 3 for sentence in text.rstrip("。").split("，")]
    spaced = [line for text in sentences for line in (text, "")]
    assert paragraphs_of(read_lines([*HEAD, *spaced]))[:5] == sentences[:5]


def test_two_lines_that_a_tool_put_together_hide_no_wrapping() -> None:
    chance = random.Random("together")
    lines = list(HEAD)
    for paragraph in PARAGRAPHS * 4:
        lines += wrap(paragraph, chance, chars=29, uneven=3, indent="\u3000\u3000")
    lines.append(
        "　　要继续办好协商平台，让协商成为习惯。　　坚持党的领导，把牢政治方向，凝聚共识，为全市发展贡献智慧和力"
    )
    lines.append("量。")
    assert paragraphs_of(read_lines(lines))[: len(PARAGRAPHS)] == list(PARAGRAPHS)


@pytest.mark.parametrize("number", ["- {} -", "—{}—", "第{}页", "{}/9", "{}"])
def test_page_numbers_and_running_heads_between_halves_are_set_aside(number: str) -> None:
    chance = random.Random(number)
    lines = wrap(PARAGRAPHS[0], chance, chars=30, uneven=4)
    more = wrap(PARAGRAPHS[1], chance, chars=30, uneven=4)
    pages = [
        *HEAD,
        *lines[:2],
        "",
        number.format(1),
        HEAD[0],
        "",
        *lines[2:],
        "",
        *more[:1],
        "",
        number.format(2),
    ]
    read = read_lines([*pages, HEAD[0], "", *more[1:], ""])
    assert paragraphs_of(read) == list(PARAGRAPHS[:2])
    assert [block.text for draft in read.drafts for block in draft.blocks if block.kind == "title"] == [
        HEAD[0]
    ]
    assert [entry.text for entry in read.set_aside] == [number.format(1), HEAD[0], number.format(2), HEAD[0]]


@pytest.mark.parametrize(
    "lines",
    [
        [
            f"关于加强{place}老旧小区改造与水环境治理工作的提案（第{n}号）"
            for n, place in enumerate("东南西北", 1)
        ]
        * 3,
        list(PARAGRAPHS),
        [
            "一、坚持以高质量发展为主题全面提升产业竞争力和发展的后劲",
            "二、坚持以人民为中心不断增进全市各族群众的民生福祉水平",
        ]
        * 3,
        [f"第{n}项工作已按年初的目标全部完成，并通过了上级的验收。" for n in range(10, 40)],
    ],
    ids=["titles in a list", "a paragraph a line", "headings", "sentences of one width"],
)
def test_lines_that_are_whole_are_not_wrapped(lines: list[str]) -> None:
    assert find_wrapping([Line(text, number) for number, text in enumerate(lines, 1)]).width == 0


def test_lines_of_one_width_that_break_off_are_wrapped_evenly() -> None:
    lines = wrap("".join(PARAGRAPHS) * 3, random.Random(1), chars=20, uneven=0)
    wrapping = find_wrapping([Line(text, number) for number, text in enumerate(lines, 1)])
    assert wrapping.even
    assert wrapping.width == 40


def test_head_of_a_wrapped_report_stays_apart() -> None:
    lines = [line for line in HEAD if line] + wrap(
        "".join(PARAGRAPHS), random.Random("head"), chars=31, uneven=2
    )
    (draft,) = read_lines(lines).drafts
    assert [block.text for block in draft.blocks[:2]] == list(HEAD[:2])


@pytest.mark.parametrize("margin", ["      ", "\u3000"])
def test_margin_that_all_lines_have_indents_none(margin: str) -> None:
    chance = random.Random(1)
    lines = [margin + line for line in HEAD]
    for paragraph in PARAGRAPHS:
        lines += [
            margin + line for line in wrap(paragraph, chance, chars=30, uneven=2, indent="\u3000\u3000")
        ]
    assert paragraphs_of(read_lines(lines)) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("first", "second"),
    [("优良天数比例达到百分之八", "十九，水质"), ("比例达到百分之", "九十、水质"), ("共有二", "十三、四个")],
)
def test_number_cut_between_lines_begins_no_heading(first: str, second: str) -> None:
    whole = "全市上下迎难而上，" * 3
    paragraph = f"{whole[: 27 - len(first)]}{first}{second}{'全部达标，群众满意度继续提高，各项工作取得新的进展' * 2}。"
    lines = [*HEAD, *wrap(paragraph, random.Random(1), chars=27, uneven=0)]
    lines += [*wrap(PARAGRAPHS[1], random.Random(1), chars=27, uneven=0)]
    assert lines[5].startswith(second)
    assert paragraph in paragraphs_of(read_lines(lines))


def test_tool_that_counts_characters_fills_lines_with_digits() -> None:
    full = "粮食总产量九十亿斤，新建高标准农田二十亩，GDP增长5.8%。"
    paragraph = full + "".join(PARAGRAPHS)
    wrapped = [paragraph[at : at + len(full)] for at in range(0, len(paragraph), len(full))]
    assert paragraphs_of(read_lines([*HEAD, *[*wrapped, ""] * 4])) == [paragraph] * 4


def page_of(lines: list[str]) -> StructuredFile:
    page = "<html><body><div>" + "<br>".join(lines) + "</div></body></html>"
    (document,) = read_source(Source(page.encode(), "云川.html", "云川.html"))
    return structure(document)


def test_page_whose_breaks_wrap_its_lines_has_paragraphs() -> None:
    lines = list(HEAD)
    for paragraph in PARAGRAPHS:
        lines += wrap(paragraph, random.Random(3), chars=30, uneven=2, indent="\u3000\u3000")
    assert paragraphs_of(page_of(lines)) == list(PARAGRAPHS)


def test_two_breaks_end_a_paragraph_of_a_page() -> None:
    lines = list(HEAD)
    for paragraph in PARAGRAPHS:
        lines += [
            *wrap(paragraph[: len(paragraph) // 30 * 30 - 1] + "。", random.Random(3), chars=30, uneven=0),
            "",
        ]
    assert len(paragraphs_of(page_of(lines))) == len(PARAGRAPHS)


def test_page_whose_breaks_end_paragraphs_keeps_them() -> None:
    assert paragraphs_of(page_of([*HEAD, *PARAGRAPHS])) == list(PARAGRAPHS)
