"""Whatever is typed: an answer or a placed refusal, from searcher and HTTP; never a failure, never a silent zero.

XIESOU_FUZZ_EXAMPLES sets how much is tried (120 where it is not set).
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search import Searcher, open_searcher
from search.errors import QueryError
from search.language.query.signs import MAX_CHARS
from search.model import Query, SearchResult
from tests.cases import cases
from tests.web.conftest import make_app

EXAMPLES = int(os.environ.get("XIESOU_FUZZ_EXAMPLES", cases(120)))
PIECES = st.sampled_from(
    [
        *"\"＂“”「」『』‘’'()（）|｜-－−–—*＊~～\\:：,，、；!?.。 　\t\0《》…%$&<>{}[]^/#😀㐀〇é",
        *"\u200b\u202e\ud800\ufeff",
        *["OR", " OR ", " NOT ", " AND ", "ＯＲ", " or ", " 或 ", "~10", "~5字", "GD*", "1*", "a*", "0*"],
        *[
            "title:",
            "标题：",
            "heading:",
            "小标题:",
            "text:",
            "正文:",
            "city:",
            "城市：",
            "省份:",
            "类型:",
            "报告:",
        ],
        *[
            "year:",
            "年份：",
            "year:2020..2024",
            "2023",
            "二〇二三年",
            "..",
            "至",
            "未知",
            "四平",
            "洛阳市",
            "吉林",
        ],
        *[
            "政协",
            "提案",
            "委员",
            "营商环境",
            "营商环竟",
            "乡村振兴",
            "龘龘",
            "的",
            "發展",
            "GDP",
            "PM2.5",
            "8.5%",
            "yshj",
        ],
        *[
            "十四届二次会议",
            "“十四五”",
            "推动",
            "、",
            "5G",
            "zhengxie",
            "https://a.cn/?q=1",
            "'; DROP TABLE x;--",
            "<b>",
        ],
    ]
)
TYPED = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30)
HARD = [
    "",
    "提案" * (MAX_CHARS // 2),
    "提" * (MAX_CHARS + 1),
    "(" * 1000 + "提案" + ")" * 999,
    "NOT " * 499 + "提案",
    "-" * MAX_CHARS,
    "“" * 999 + "提案" + "”" * 999,
    "1* a* 0* 2* " * 16,
    '"的 的 的 的 的 的"~1000',
    "的 " * 64,
    "year:" + "2020," * 64,
    "city:" + "四平," * 63,
    " OR ".join(["提案"] * 64),
    "\ud800" * 40,
    "\u200b" * 40,
    "-\u200b",
    'NOT "\u200b"',
    "。" * MAX_CHARS,
    "a" * MAX_CHARS,
    "\\" * MAX_CHARS,
    "提案 -提案",
    "“" * 1500 + "提案 龘 鱻 -龘",
    '"' + "提 " * 99 + '龘"',
    "city:\u200b",
]


def hard(function: Callable[..., None]) -> Callable[..., None]:
    for typed in HARD:
        function = example(typed)(function)
    return settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )(given(TYPED)(function))


def assert_says_why(result: SearchResult) -> None:
    """Nothing found is explained, and what is offered instead is told by numbers that the tests of ways out hold."""
    in_full = sum(tier.total or 0 for tier in result.tiers)
    if not in_full:
        assert result.explanation is not None
        assert all(result.explanation.sentences)
        assert len(result.explanation.sentences) > 1
    assert (result.explanation is None) == bool(in_full)


def ask(searcher: Searcher, typed: str) -> SearchResult | None:
    """The answer; None where the query was refused, with its place and what to do."""
    try:
        return searcher.search(Query(typed))
    except QueryError as error:
        refusal = error
    assert refusal.position is not None
    assert 0 <= refusal.position <= len(typed)
    assert refusal.message
    assert refusal.hint
    return None


@hard
def test_the_searcher_answers_or_says_where_it_cannot_read(searcher: Searcher, typed: str) -> None:
    result = ask(searcher, typed)
    if result is None:
        return
    assert_says_why(result)
    assert len([hit for hit in result.hits if hit.tier == 1]) == min(result.total, 10)
    if result.explanation is not None:
        for way in result.explanation.ways_out[:2]:
            assert searcher.search(way.query).total == way.total > 0
    for other in result.did_you_mean[:1]:
        searcher.search(Query(other))
    for offer in result.offers:
        searcher.search(Query(offer.query_without, **{offer.field: (offer.value,)}))  # type: ignore[arg-type]
    searcher.suggest(typed)


@hard
def test_pages_and_api_answer_whatever_is_typed(client: FlaskClient, typed: str) -> None:
    sent = typed.encode("utf-8", "surrogatepass")
    for path in ("/search", "/api/v1/search", "/api/v1/suggest"):
        response = client.get(path, query_string={"q": sent})
        assert response.status_code in (200, 400), (path, response.status_code)
        if path == "/api/v1/search":
            answer = response.get_json()
            assert (
                answer["error"]["field"] == "q"
                if response.status_code == 400
                else (answer["explanation"] is None or answer["explanation"]["sentences"])
            )
        elif path == "/search" and response.status_code == 200:
            page = html.unescape(response.get_data(as_text=True))
            assert 'class="hits"' in page or "没有找到" in page


@pytest.mark.corpus
@hard
def test_the_searcher_answers_on_real_text(real_searcher: Searcher, typed: str) -> None:
    result = ask(real_searcher, typed)
    if result is not None:
        assert_says_why(result)


@pytest.fixture(scope="module")
def real_searcher(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Some of the real reports."""
    from indexer.pipeline import index_sources

    folder = tmp_path_factory.mktemp("real")
    files = sorted((shared / "corpus" / "reports").glob("*.txt"))[::6]
    index_sources(files, folder, jobs=1)
    searcher = open_searcher(folder)
    yield searcher
    searcher.close()


@pytest.mark.parametrize("view", ["concordance", "distribution"])
@pytest.mark.parametrize(
    "typed", ["的", '"。，"', "-提案", "GD*", '"提案 委员"~9', "heading:提案", "\ud800", "", "龘"]
)
def test_every_view_answers(searcher: Searcher, view: str, typed: str) -> None:
    sent = typed.encode("utf-8", "surrogatepass")
    response = make_app(searcher).test_client().get("/search", query_string={"q": sent, "view": view})
    assert response.status_code == 200
