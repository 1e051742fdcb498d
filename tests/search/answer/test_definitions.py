"""The definition of a query's term: which glossary entries define it, and which of them is shown."""

from __future__ import annotations

import pytest

from search.answer.definitions import head_of
from search.answer.searcher import Searcher
from search.json_form import search_to_json, to_builtins
from search.language.text import Analyzer
from search.model import Definition, Query
from tests.search.answer.made import Reports, body, glossary, in_memory

REST = "减轻作业负担和校外培训负担。"


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (f"双减：{REST}", 0),
        (f"1. 双减：指{REST}", 0),
        (f"17．双减 指{REST}", 0),
        (f"“双减”：{REST}", 0),
        (f"①“双减”：{REST}", 0),
        (f"①双减，指{REST}", 0),
        (f"〔11〕双减：指{REST}", 0),
        (f"[^46]: 双减：即{REST}", 0),
        (f"﹝2﹞雙減:{REST}", 0),
        (f"（三）双减——{REST}", 0),
        (f"10.“双减”。{REST}", 0),
        (f"双减（P25）：{REST}", 0),
        (f"双减是指{REST}", 0),
        (f"注3：双减指的是{REST}", 0),
        (f"12、 双减:是指{REST}", 0),
        (f"42.“双减”政策：{REST}", 1),
        (f"教育“双减”：{REST}", 1),
        (f"5.双减、双升：{REST}", 2),
        (f"“双减”“双升”工作：{REST}", 2),
        (f"31.“双规范双减”：{REST}", None),
        (f"“双减”七大行动：{REST}", None),
        (f"七项行动：包括双减、双升等，{REST}", None),
        (f"四轮驱动：其一。双减：{REST}", None),
        (f"双减改革工作方案：{REST}", None),
        (f"新基建 一般认为包括双减、双升、{REST}", None),
        (f"双减 “双升工程”：{REST}", None),
    ],
)
def test_entry_defines_the_term_at_its_head(entry: str, kind: int | None) -> None:
    head = head_of(entry, "双减")
    assert (head and head.kind) == kind
    assert head is None or head.says


def test_an_entry_that_only_names_its_term_says_nothing() -> None:
    assert head_of("42.“双减”工作：", "双减") is not None
    assert not head_of("双减：略。", "双减").says  # type: ignore[union-attr]
    assert head_of("13.双减", "双减") is None


@pytest.mark.parametrize(
    ("entry", "term"),
    [
        ("R&D：即研究与试验发展。", "R&D"),
        ("5.“互联网＋”：把互联网的创新成果与经济融合。", "互联网+"),
        ("48.“双随机、一公开”：指在监管过程中随机抽取。", "双随机一公开"),
        ("12345热线：是政务服务便民热线。", "12345热线"),
        ("2.5D打印：一种介于平面和立体之间的打印。", "2.5D打印"),
        ("河（湖）长制：由党政负责同志担任河长湖长。", "河长制"),
    ],
)
def test_marks_and_numbers_of_a_term_are_its_own(entry: str, term: str) -> None:
    head = head_of(entry, term)
    assert head is not None
    assert head.kind == 0
    assert head.says


REPORTS = {
    "a": ({"city": "甲市", "level": "市", "plan_year": 2021}, [
        *body("落实双减政策，推进双减。"), *glossary("1.双减：有效减轻学生作业负担和校外培训负担。")]),
    "b": ({"city": "乙市", "level": "市", "plan_year": 2022}, [
        *body("双减见效。"), *glossary("“双减”：有效减轻学生作业负担和校外培训负担。")]),
    "c": ({"city": "丙市", "level": "市", "plan_year": 2024}, [
        *glossary("双减：家长的钱包和孩子的书包一起变轻的一项工作。", "三减：不同于双减的另一件事，名称相近。")]),
    "d": ({"city": "丁市", "level": "市", "plan_year": 2023}, [
        *body("营商环境。"), *glossary("8.“双减”政策：减轻作业负担和校外培训负担。")]),
}  # fmt: skip


@pytest.fixture(scope="module")
def searcher(analyzer: Analyzer) -> Searcher:
    return in_memory(REPORTS, analyzer)


def shown(searcher: Searcher, query: Query) -> Definition | None:
    return searcher.search(query).definition


def ids_of(found: Definition | None) -> list[str]:
    assert found is not None
    return [found.id, *(f"{report.id}-p{n}" for report, n in found.others)]


def test_the_usual_wording_is_shown_the_newest_first(searcher: Searcher) -> None:
    found = shown(searcher, Query("双减"))
    assert ids_of(found) == ["b-p2", "a-p2", "c-p1", "d-p2"]
    assert found is not None
    assert found.term == "双减"
    assert [found.text[slice(*span)] for span in found.spans] == ["双减"]


def test_the_nation_is_believed_first(analyzer: Analyzer) -> None:
    nation = {"level": "国家", "plan_year": 2019}, glossary("双减：国家说的是另一种话，不过算数。")
    found = shown(in_memory({**REPORTS, "n": nation}, analyzer), Query("双减"))
    assert ids_of(found)[0] == "n-p1"


@pytest.mark.parametrize("text", ["双减", '"双减"', "“双减”"])
def test_a_term_may_be_quoted(searcher: Searcher, text: str) -> None:
    assert len(ids_of(shown(searcher, Query(text)))) == 4


@pytest.mark.parametrize(
    "text", ["", "双减 负担", "营商环境", "作业负担", "双减 OR 三减", "-双减", "title:双减", "双"]
)
def test_other_queries_have_no_definition(searcher: Searcher, text: str) -> None:
    assert shown(searcher, Query(text)) is None


def test_filters_hold_but_for_the_part(searcher: Searcher) -> None:
    assert ids_of(shown(searcher, Query("双减", city=("甲市",)))) == ["a-p2"]
    assert ids_of(shown(searcher, Query("双减", plan_year=(2023, 2024)))) == ["c-p1", "d-p2"]
    assert shown(searcher, Query("双减", city=("戊市",))) is None
    assert len(ids_of(shown(searcher, Query("双减", part=("正文",))))) == 4
    assert ids_of(shown(searcher, Query("双减", report=("d",)))) == ["d-p2"]


def test_another_form_of_the_term_is_defined(analyzer: Analyzer) -> None:
    reports: Reports = {"a": ({}, [*body("GDP增长。"), *glossary("国内生产总值：一定时期内的最终成果。")])}
    searcher = in_memory(reports, analyzer)
    found = shown(searcher, Query("GDP"))
    assert found is not None
    assert (found.term, found.id) == ("国内生产总值", "a-p2")
    assert shown(searcher, Query("GDP", synonyms=False)) is None


def test_json_has_the_definition_and_the_ids_of_the_others(searcher: Searcher) -> None:
    answer = to_builtins(search_to_json(searcher.search(Query("双减"))))
    found = answer["definition"]
    assert list(found) == ["term", "id", "report", "text", "spans", "url", "others"]
    assert found["url"] == "/reports/b#p2"
    assert found["report"]["city"] == "乙市"
    assert found["others"] == {"count": 3, "ids": ["a-p2", "c-p1", "d-p2"]}
    assert to_builtins(search_to_json(searcher.search(Query("营商环境"))))["definition"] is None
