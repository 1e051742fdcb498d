"""Tables as people have them: names of columns that nobody listed, no names, paragraphs as rows, JSON, spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from indexer.model import Document
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from indexer.understand import understand
from search.errors import SourceError
from search.messages.words import render

YEARS = (2019, 2020, 2021)


def opening(year: int) -> str:
    return f"各位代表：现在，我代表市人民政府向大会报告工作。{year - 1}年，全市经济平稳运行。{year}年要抓好粮食生产。"


PARAGRAPHS = (
    "云川市人民政府工作报告",
    "——2024年1月10日在云川市第六届人民代表大会第四次会议上",
    "各位代表：",
    "现在，我代表市人民政府向大会报告工作，请予审议。",
    "一、2023年工作回顾",
    "过去一年，我们长期坚持民生优先，改造老旧小区三十六个。",
    "各位代表！让我们团结一心，为全面建设现代化云川而奋斗！",
)


def read_all(data: str | bytes, name: str) -> list[Document]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(read_source(Source(raw, name, name)))


def texts(documents: list[Document]) -> list[str]:
    return ["\n".join(line.text for line in document.lines) for document in documents]


def fields(documents: list[Document], name: str) -> list[str | None]:
    return [document.fields.get(name) for document in documents]


def reasons(documents: list[Document]) -> tuple[list[str], list[str]]:
    problems = [render(problem.reason, "en") for document in documents for problem in document.problems]
    return problems, [render(note.reason, "en") for document in documents for note in document.notes]


def as_csv(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def as_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path.read_bytes()


@pytest.mark.parametrize("text_name", ["工作报告全文", "报告内容", "文章全文本", "gov_report", "甲"])
@pytest.mark.parametrize("year_name", ["年份", "报告年份", "year_of_report"])
def test_column_with_the_long_text_is_the_text_and_it_is_said(text_name: str, year_name: str) -> None:
    rows: list[list[Any]] = [["编号", text_name, "城市名称", year_name]]
    rows += [[n, opening(year), "四平市", year] for n, year in enumerate(YEARS, 1)]
    documents = read_all(as_csv(rows), "表.csv")
    assert texts(documents) == [opening(year) for year in YEARS]
    assert fields(documents, "city") == ["四平市"] * 3
    assert fields(documents, "year") == ["2019", "2020", "2021"]
    problems, notes = reasons(documents)
    assert problems == []
    assert any(text_name in note for note in notes)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_table_without_names_is_told_by_its_values(delimiter: str, order: tuple[int, ...]) -> None:
    rows = [[[year, opening(year), "四平市"][at] for at in order] for year in YEARS]
    documents = read_all(as_csv(rows, delimiter), "表.csv")
    assert texts(documents) == [opening(year) for year in YEARS]
    assert fields(documents, "year") == ["2019", "2020", "2021"]
    assert fields(documents, "city") == ["四平市"] * 3
    assert any("no line names the columns" in note for note in reasons(documents)[1])


def test_lines_above_the_names_are_set_aside() -> None:
    rows: list[list[object]] = [
        ["全省政府工作报告汇总", ""],
        ["", ""],
        ["年份", "正文"],
        [2019, opening(2019)],
    ]
    (document,) = read_all(as_csv(rows), "表.csv")
    assert document.fields["year"] == "2019"
    assert ("全省政府工作报告汇总", "above the table") in {
        (e.text, render(e.reason, "en")) for e in document.set_aside
    }


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{year}\t{opening(year)}" for year in YEARS),
        "年份\t正文\n" + "\n".join(f"{year}\t{opening(year)}" for year in YEARS),
        "\r\n".join(f"四平市\t{year}年\t{opening(year)}" for year in YEARS) + "\r\n",
    ],
)
def test_table_named_txt_is_a_table(text: str) -> None:
    documents = read_all(text, "报告.txt")
    assert [year and year[:4] for year in fields(documents, "year")] == ["2019", "2020", "2021"]


@pytest.mark.parametrize(
    "text",
    [
        "\t各位代表：\n\t现在，我代表市人民政府向大会报告工作，请予审议。\n",
        "云川市政府工作报告\n指标\t2023年\n地区生产总值\t100亿元\n",
        "一\t加快发展\n二\t改善民生\n",
        "2024\t只有一行也不是表\n",
    ],
)
def test_text_with_tabs_is_no_table(text: str) -> None:
    assert [document.format for document in read_all(text, "报告.txt")] == ["text"]


@pytest.mark.parametrize("names", [("地区", "年份", "段落序号", "内容"), ("city", "year", "para_id", "text")])
@pytest.mark.parametrize("places", [("四平市",), ("四平市", "辽源市")])
def test_rows_that_are_paragraphs_are_put_together(names: tuple[str, ...], places: tuple[str, ...]) -> None:
    rows: list[list[Any]] = [list(names)]
    rows += [[place, 2024, n, text] for place in places for n, text in enumerate(PARAGRAPHS, 1)]
    documents = read_all(as_csv(rows), "表.csv")
    assert texts(documents) == ["\n".join(PARAGRAPHS)] * len(places)
    assert fields(documents, "city") == list(places)
    assert all(line.ends_paragraph for document in documents for line in document.lines)
    problems, notes = reasons(documents)
    assert problems == []
    assert any(names[2] in note for note in notes)


def test_rows_are_put_together_by_an_id_of_the_report() -> None:
    rows: list[list[Any]] = [["doc_id", "idx", "content"]]
    rows += [[f"d{doc}", n, text] for doc in range(3) for n, text in enumerate(PARAGRAPHS)]
    assert texts(read_all(as_csv(rows), "表.csv")) == ["\n".join(PARAGRAPHS)] * 3


@pytest.mark.parametrize("name", ["报告", "title", "文件名"])
def test_rows_that_name_their_report_are_put_together_without_numbers(name: str) -> None:
    rows: list[list[Any]] = [[name, "段落"]]
    rows += [[f"{year}年云川市政府工作报告", text] for year in YEARS for text in PARAGRAPHS]
    documents = read_all(as_csv(rows), "表.csv")
    assert texts(documents) == ["\n".join(PARAGRAPHS)] * 3
    assert any(f"put together by {name}" in note for note in reasons(documents)[1])


@pytest.mark.parametrize(
    "rows",
    [
        [["云川市政府工作报告", text] for text in (opening(2020) * 9, opening(2021) * 9, opening(2022) * 9)],
        [["云川市政府工作报告", f"{PARAGRAPHS[5]}{n}"] for n in (1, 2, 3)],
        [[f"{n % 2}号工作报告", f"{PARAGRAPHS[5]}{n}"] for n in range(12)],
        [["云川市新闻", f"{PARAGRAPHS[5]}{n}"] for n in range(12)],
    ],
    ids=["reports", "few", "by-turns", "no-report"],
)
def test_rows_without_numbers_stay_apart(rows: list[list[Any]]) -> None:
    assert len(read_all(as_csv([["title", "text"], *rows]), "表.csv")) == len(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "城市", "年份", "正文"], *([n, "四平市", 2024, opening(2024)] for n in range(1, 4))],
        [
            ["序号", "城市", "年份", "标题", "正文"],
            *([n, "四平市", 2024, f"报告{n}", "甲" * 90] for n in (1, 2, 3)),
        ],
        [["序号", "城市", "年份", "正文"], *([n, "四平市", 2024, "工作取得进展。" * 900] for n in (1, 2, 3))],
        [
            ["序号", "城市", "年份", "正文"],
            *([1, "四平市", 2020 + n, "工作取得进展。" * 9] for n in (1, 2, 3)),
        ],
    ],
    ids=["openings", "titles", "long", "never-runs"],
)
def test_rows_that_are_reports_stay_apart(rows: list[list[Any]]) -> None:
    assert len(read_all(as_csv(rows), "表.csv")) == 3


def unclosed(*, at: int, paragraphs: int = 1, last: bool = True) -> str:
    """Four rows, of which one opens a quote that it doesn't close."""
    lines = ["id,title,text,city,year"]
    for n in range(1, 5):
        body = "\n".join(f"第{n}篇第{p}段，各位代表，工作取得进展。" for p in range(1, paragraphs + 1))
        close = "" if n == at else '"'
        lines.append(f'{n},报告,"{body}{close},四平市,{2018 + n}')
    return "\n".join(lines) + ("\n" if last else "")


@pytest.mark.parametrize("at", [1, 2, 3, 4])
@pytest.mark.parametrize("paragraphs", [1, 3])
@pytest.mark.parametrize("last", [True, False])
def test_unclosed_quote_spoils_no_other_row(at: int, paragraphs: int, last: bool) -> None:
    documents = read_all(unclosed(at=at, paragraphs=paragraphs, last=last), "表.csv")
    assert fields(documents, "id") == ["1", "2", "3", "4"]
    assert fields(documents, "year") == ["2019", "2020", "2021", "2022"]
    assert [text.count("\n") for text in texts(documents)] == [paragraphs - 1] * 4
    told = [problem for document in documents for problem in document.problems]
    assert [problem.line for problem in told] == [2 + (at - 1) * paragraphs]
    assert "quote" in render(told[0].reason, "en")


@pytest.mark.parametrize(
    "body", ['他说"好"，\n再说一次', "一,二,三,四\n五,六,七,八", "段一\n\n段二\n", 'a""b']
)
def test_quotes_that_are_closed_are_left_alone(body: str) -> None:
    rows: list[list[object]] = [
        ["id", "title", "text", "city", "year"],
        [1, "报告", body * 3, "四平市", 2020],
        [2, "报告", body, "四平市", 2021],
    ]
    documents = read_all(as_csv(rows), "表.csv")
    assert [text.replace("\n", "") for text in texts(documents)] == [
        (body * 3).replace("\n", ""),
        body.replace("\n", ""),
    ]
    assert reasons(documents)[0] == []


@pytest.mark.parametrize(
    "value",
    [
        [
            {
                "地区": "四平市",
                "年份": y,
                "段落": [{"行号": 1, "内容": opening(y)}, {"行号": 2, "内容": "谢谢。"}],
            }
            for y in YEARS
        ],
        {
            "code": 0,
            "data": {
                "list": [{"city": "四平市", "year": y, "content": [opening(y), "谢谢。"]} for y in YEARS]
            },
        },
        [{"meta": {"city": "四平市", "year": y}, "body": {"text": f"{opening(y)}\n谢谢。"}} for y in YEARS],
        {str(y): f"{opening(y)}\n谢谢。" for y in YEARS},
        {
            "四平市": {str(y): f"{opening(y)}\n谢谢。" for y in YEARS},
            "辽源市": {"2019": f"{opening(2019)}\n谢谢。"},
        },
    ],
    ids=["paragraphs", "wrapped", "nested", "by-year", "by-place-and-year"],
)
def test_json_of_any_shape_gives_its_reports(value: Any) -> None:
    documents = read_all(json.dumps(value, ensure_ascii=False), "报告.json")
    assert [document.format for document in documents] == ["json"] * len(documents)
    assert texts(documents)[:3] == [f"{opening(y)}\n谢谢。" for y in YEARS]
    assert fields(documents, "year")[:3] == ["2019", "2020", "2021"]


def test_json_object_of_one_report_is_one_document() -> None:
    value = {"地区": "四平市", "年份": 2024, "段落": [{"内容": text} for text in PARAGRAPHS]}
    (document,) = read_all(json.dumps(value), "报告.json")
    assert texts([document]) == ["\n".join(PARAGRAPHS)]
    assert document.fields == {"city": "四平市", "year": "2024"}


def test_json_array_of_paragraphs_is_one_text() -> None:
    assert texts(read_all(json.dumps(PARAGRAPHS), "报告.json")) == ["\n".join(PARAGRAPHS)]


@pytest.mark.parametrize("text", ["\n".join(PARAGRAPHS), "".join(map(opening, YEARS))])
def test_json_array_of_reports_is_a_report_an_entry(text: str) -> None:
    assert texts(read_all(json.dumps([text] * 5), "报告.json")) == [text] * 5


def test_lines_of_the_mnbvc_corpus_are_reports(tmp_path: Path) -> None:
    line = {
        "文件名": "政府报告/四平市2024年政府工作报告.txt",
        "是否待查文件": False,
        "是否重复文件": False,
        "文件大小": 1024,
        "simhash": 1234567890,
        "最长段落长度": 40,
        "段落数": len(PARAGRAPHS),
        "去重段落数": len(PARAGRAPHS),
        "低质量段落数": 0,
        "段落": [
            {"行号": n, "是否重复": False, "是否跨文件重复": False, "md5": "0a1b", "内容": text}
            for n, text in enumerate(PARAGRAPHS[2:])
        ],
    }
    path = tmp_path / "mnbvc.jsonl"
    path.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    (document,) = understand(path)
    (report,) = document.reports
    assert (report.metadata.city.value, report.metadata.year.value) == ("四平市", 2024)
    assert not document.problems


@pytest.mark.parametrize("text", ["{", "[1, 2", '{"a": 1}}'])
def test_what_is_no_json_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(SourceError, match="not JSON"):
        read_all(text, "报告.json")


def test_json_lines_named_json_are_read() -> None:
    text = "\n".join(json.dumps({"year": y, "text": opening(y)}) for y in YEARS)
    assert fields(read_all(text, "报告.json"), "year") == ["2019", "2020", "2021"]


def test_spreadsheet_is_a_table_a_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["城市", "年份", "正文"],
        *(["四平市", year, opening(year)] for year in YEARS),
    ]
    notes = [["说明", "本表由人工整理"]]
    documents = read_all(as_xlsx(tmp_path / "a.xlsx", {"报告": rows, "备注": notes}), "表.xlsx")
    assert [document.name for document in documents] == [f"表.xlsx#报告 row {n}" for n in (1, 2, 3)]
    assert texts(documents) == [opening(year) for year in YEARS]
    assert fields(documents, "year") == ["2019", "2020", "2021"]
    assert "本表由人工整理" in "".join(entry.text for entry in documents[-1].set_aside)
    assert any("备注" in note for note in reasons(documents)[1])


def test_spreadsheet_of_paragraphs_below_a_headline(tmp_path: Path) -> None:
    rows = [["云川市政府工作报告段落表"], ["地区", "年份", "序号", "段落内容"]]
    rows += [["四平市", "2024", str(n), text] for n, text in enumerate(PARAGRAPHS, 1)]
    (document,) = read_all(as_xlsx(tmp_path / "a.xlsx", {"Sheet1": rows}), "表.xlsx")
    assert texts([document]) == ["\n".join(PARAGRAPHS)]


@pytest.mark.parametrize("data", [b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook"])
@pytest.mark.parametrize("name", ["表.xlsx", "表.xls"])
def test_broken_spreadsheet_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(SourceError):
        read_all(data, name)


def test_spreadsheet_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no column for the text"):
        read_all(as_xlsx(tmp_path / "a.xlsx", {"S": [["城市", "年份"], ["四平市", 2024]]}), "表.xlsx")


@pytest.mark.parametrize(
    ("province", "expected"),
    [("吉林", "吉林省"), ("海南", "海南省"), ("吉林省", "吉林省"), ("内蒙古", "内蒙古自治区")],
)
def test_name_in_a_column_of_provinces_is_a_province(tmp_path: Path, province: str, expected: str) -> None:
    path = tmp_path / "表.csv"
    path.write_text(f"province,year,text\n{province},2024,各位代表：现在向大会报告工作。\n", encoding="utf-8")
    ((report,),) = (document.reports for document in understand(path))
    assert report.metadata.province.value == expected
    assert report.metadata.city.value is None
    assert report.metadata.problems == ()


def test_unclosed_quote_among_quoted_cells_spoils_its_own_cell_alone() -> None:
    rows = ['"id","text","city","year"']
    rows += [
        f'"{n}","第{n}篇：各位代表，工作取得进展。{"" if n == 2 else chr(34)},"四平市","{2018 + n}"'
        for n in (1, 2, 3)
    ]
    documents = read_all("\n".join(rows) + "\n", "表.csv")
    assert fields(documents, "city") == ["四平市"] * 3
    assert fields(documents, "year") == ["2019", "2020", "2021"]
    assert ["quote" in reason for reason in reasons(documents)[0]] == [True]


def test_texts_of_several_lines_behind_a_year_are_a_table() -> None:
    text = "".join(f"{year}\t{opening(year)}\n第二段，抓好民生。\n" for year in YEARS)
    documents = read_all(text, "国务院.txt")
    assert texts(documents) == [f"{opening(year)}\n第二段，抓好民生。" for year in YEARS]
    assert fields(documents, "year") == ["2019", "2020", "2021"]


def test_sentences_as_rows_are_put_together() -> None:
    rows: list[list[Any]] = [["省份", "城市", "年份", "句子编号", "句子"]]
    rows += [["吉林省", "四平市", year, n, text] for year in YEARS for n, text in enumerate(PARAGRAPHS)]
    assert texts(read_all(as_csv(rows), "表.csv")) == ["\n".join(PARAGRAPHS)] * 3


def test_mapping_from_places_to_lists_of_reports_is_a_table() -> None:
    value = {
        "reports": {place: [{"year": y, "text": opening(y)} for y in YEARS] for place in ("四平市", "辽源市")}
    }
    documents = read_all(json.dumps(value, ensure_ascii=False), "报告.json")
    assert fields(documents, "city") == ["四平市"] * 3 + ["辽源市"] * 3


def test_title_of_a_row_tells_the_type_that_its_text_does_not(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    body = "2023年，我市一般公共预算收入完成六十亿元，全市民生支出占比超过八成。"
    path.write_text(f"标题,城市,年份,正文\n关于四平市2024年预算的报告,四平市,2024,{body}\n", encoding="utf-8")
    ((report,),) = (document.reports for document in understand(path))
    assert report.metadata.type.value == "预算报告"


@pytest.mark.parametrize(
    ("first", "city", "year"),
    [
        ('1,报告甲,"四平市,2023', "四平市", "2023"),
        ('1,报告甲,四平市,"2023', "四平市", "2023"),
        ('1,报告甲,"四平市', "四平市", None),
        ('1,报告甲,"', None, None),
        ('1,"报告甲', None, None),
        ('1,报告甲,四平市,2023,"', "四平市", "2023"),
    ],
)
@pytest.mark.parametrize(
    "second", ['2,报告乙,长春市,2022,"乙的正文，有,逗号。"', "2,报告乙,长春市,2022,乙的正文。"]
)
def test_row_that_ends_inside_a_quote_takes_nothing_of_the_next(
    first: str, city: str | None, year: str | None, second: str
) -> None:
    rows = ["id,title,city,year,text", "0,报告〇,辽源市,2024,头一行的正文。", first, second]
    rows.append('3,报告丙,吉林市,2021,"丙的正文。\n第二段。"')
    documents = read_all("\n".join(rows) + "\n", "表.csv")
    assert fields(documents, "id") == ["0", "1", "2", "3"]
    assert fields(documents, "city") == ["辽源市", city, "长春市", "吉林市"]
    assert fields(documents, "year") == ["2024", year, "2022", "2021"]
    assert [text.count("正文") for text in texts(documents)] == [1, 0, 1, 1]
    told = [problem.line for document in documents for problem in document.problems]
    assert 3 in told
    assert set(told) == {3}


def test_text_of_several_lines_with_bare_quotes_stays_one_cell() -> None:
    rows = ["id,title,city,year,text"]
    rows += [f'{n},报告,四平市,{2020 + n},"第一段。\n他说"好，对"。\n第三段，{n}。"' for n in (1, 2)]
    documents = read_all("\n".join(rows) + "\n", "表.csv")
    assert texts(documents) == [f'第一段。\n他说"好，对"。\n第三段，{n}。' for n in (1, 2)]


def test_unclosed_text_of_several_lines_before_quoted_cells_is_told_and_mended() -> None:
    rows = ["title,city,year,text", '甲,四平市,2023,"第一段。\n第二段。', '乙,长春市,2022,"乙的正文。"']
    documents = read_all("\n".join(rows) + "\n", "表.csv")
    assert texts(documents) == ["第一段。\n第二段。", "乙的正文。"]
    assert [problem.line for problem in documents[0].problems] == [2]


@pytest.mark.parametrize("sign", ["|", ",", ";", "\t"])
@pytest.mark.parametrize("names", [True, False])
def test_table_named_txt_is_told_by_its_sign(sign: str, names: bool) -> None:
    rows: list[list[Any]] = [["年份", "全文"]] if names else []
    rows += [[year, opening(year)] for year in YEARS]
    documents = read_all(as_csv(rows, delimiter=sign), "国务院.txt")
    assert texts(documents) == [opening(year) for year in YEARS]
    assert fields(documents, "year") == [str(year) for year in YEARS]


def test_table_of_quoted_texts_named_txt() -> None:
    rows: list[list[object]] = [
        ["城市", "年份", "标题", "全文"],
        ["四平市", 2021, "报告", "第一段，四平。\n第二段,有逗号。"],
    ]
    (document,) = read_all(as_csv([*rows, ["", "", "", ""]]), "汇编.txt")
    assert texts([document]) == ["第一段，四平。\n第二段,有逗号。"]
    assert document.fields["city"] == "四平市"


@pytest.mark.parametrize(
    "text",
    [
        "标题,来源\n四平市政府工作报告,本站\n各位代表：现在报告工作，请予审议。\n",
        "2018年,粮食增产。\n2019年,工业增产。\n",
        "2018,粮食增产,各位代表。\n2019,工业增产。\n大事记\n",
        "| 城市 | 年份 |\n| 四平市 | 2021 |\n",
        "城市;年份是很长的一句话所以不是列名也不是别的什么东西;全文\n甲;乙;丙\n",
    ],
)
def test_text_with_a_few_such_signs_is_no_table(text: str) -> None:
    (document,) = read_all(text, "报告.txt")
    assert document.format == "text"


@pytest.mark.parametrize(
    ("title", "city"),
    [
        ("2023年四平市政府工作报告", "四平市"),
        ("关于四平市2022年预算执行情况的报告", "四平市"),
        ("政协长春市委员会常务委员会工作报告", "长春市"),
        ("政府工作报告", None),
    ],
)
def test_place_is_read_from_the_column_of_titles(tmp_path: Path, title: str, city: str | None) -> None:
    rows: list[list[object]] = [
        ["标题", "年份", "全文"],
        [title, 2023, "各位代表：现在报告工作。全年粮食总产量创新高。"],
    ]
    path = tmp_path / "汇编.csv"
    path.write_text(as_csv(rows), encoding="utf-8")
    (document,) = understand(path)
    (report,) = document.reports
    assert report.metadata.city.value == city


def workbook(*sheets: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for rows in sheets:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 1, row)
    book.close()
    return out.getvalue()


def test_sheet_with_a_text_in_one_column_is_a_report() -> None:
    (document,) = read_all(workbook([[text] for text in PARAGRAPHS]), "云川.xlsx")
    assert tuple(line.text for line in document.lines) == PARAGRAPHS
    assert [note.reason.code for note in document.notes] == ["sheet_is_prose"]


@pytest.mark.parametrize(
    "rows",
    [
        [["序号"], [1], [2], [3]],
        [["指标", "数值"], ["生产总值", 5.8], ["粮食", 450.2]],
        [["四平市"], ["辽源市"], ["通化市"], ["白山市"]],
    ],
)
def test_sheet_of_numbers_or_names_is_no_report(rows: list[list[Any]]) -> None:
    with pytest.raises(SourceError):
        read_all(workbook(rows), "表.xlsx")


def test_sheet_with_whole_reports_in_one_column_stays_a_table() -> None:
    rows = [[opening(year) * 30] for year in YEARS]
    assert len(read_all(workbook(rows), "汇编.xlsx")) == len(YEARS)
    assert len(read_all(workbook([["正文"], *[[opening(year)] for year in YEARS]]), "汇编.xlsx")) == len(
        YEARS
    )
