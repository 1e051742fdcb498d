"""What a report's instruments say on pages and in files is what they answer."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from search import Searcher
from search.instruments import diff_reports, find_reuse
from search.instruments.answers import DiffAnswer, DiffRow, DiffSide
from search.instruments.diff import previous_report
from tests.web.test_export import sheets_of
from tests.web.test_instrument_pages import csv_of, links_to
from tests.web.test_pages import get, text_of
from web.report_instruments import SHOWN, view_runs


@pytest.fixture
def with_earlier(searcher: Searcher) -> str:
    """A report with an earlier one of its place and type, which it repeats somewhat."""
    reports = searcher.reports()
    found = [one for one in reports if previous_report(reports, one) is not None]
    return max(found, key=lambda one: len(diff_reports(searcher, one.id).rows)).id


def test_a_report_leads_to_its_instruments(client: FlaskClient, with_earlier: str) -> None:
    html = get(client, f"/reports/{with_earlier}")
    for start in ("/reuse?", "/diff?"):
        (url,) = links_to(html, start)
        assert with_earlier in get(client, url)


def test_sentences_and_shares_are_those_of_the_instrument(
    client: FlaskClient, searcher: Searcher, with_earlier: str
) -> None:
    html = get(client, f"/reuse?of={with_earlier}")
    found = find_reuse(searcher, with_earlier)
    said = re.findall(
        r'<li class="sentence is-(\w+)">\n<p class="text"[^>]*><a href="[^"]*#p(\d+)">(.*?)</a>', html
    )
    ordered = [
        *(one for one in found.sentences if not one.formula),
        *(one for one in found.sentences if one.formula),
    ]
    assert [(kind, number, unescape(text)) for kind, number, text in said] == [
        (one.first.relation if one.first else "own", one.paragraph.rpartition("-p")[2], one.text)
        for one in ordered
    ]
    for name in ("own_earlier", "nation", "province", "other", "own"):
        row = re.search(rf'<span class="key of-{name}".*?<td>(\d+)%</td><td>(\d+)</td>', html)
        assert row is not None
        assert int(row[1]) == round(100 * getattr(found.shares, name))
        assert int(row[2]) == sum(
            kind == name for kind, _, _ in said[: sum(not one.formula for one in ordered)]
        )
    rows = csv_of(client, f"/reuse.csv?of={with_earlier}")
    assert [row["句子"] for row in rows] == [one.text for one in found.sentences]
    assert list(sheets_of(client.get(f"/reuse.xlsx?of={with_earlier}").data)) == ["相同文句", "占比", "检索"]


@pytest.mark.parametrize("show", list(SHOWN))
def test_sentences_of_one_origin_can_be_listed_alone(
    client: FlaskClient, searcher: Searcher, with_earlier: str, show: str
) -> None:
    """The links say how many there are, and keep the rest of the address; the shares stay those of the whole."""
    whole = get(client, f"/reuse?of={with_earlier}")
    urls = {
        url: int(n)
        for url, n in re.findall(r'href="(/reuse\?of=[^"]*)"[^>]*>[^<]* <span class="num">(\d+)', whole)
    }
    assert len(urls) == len(SHOWN)
    (url,) = [url for url in urls if url.endswith(f"show={show}") or (show == "all" and "show" not in url)]
    html = get(client, unescape(url))
    listed = re.findall(r'<li class="sentence is-(\w+)">', html.split("<details")[0])
    assert len(listed) == urls[url]
    assert set(listed) <= set(SHOWN[show][1])
    found = [one for one in find_reuse(searcher, with_earlier).sentences if not one.formula]
    assert len(listed) == sum((one.first.relation if one.first else "own") in SHOWN[show][1] for one in found)
    assert html.count("<rect") == whole.count("<rect")
    assert client.get(f"/reuse?of={with_earlier}&show=nobody").status_code == 400


def test_each_row_of_a_comparison_is_shown_once(
    client: FlaskClient, searcher: Searcher, with_earlier: str
) -> None:
    html = get(client, f"/diff?of={with_earlier}")
    found = diff_reports(searcher, with_earlier)
    shown = re.findall(r'<li class="diff-row is-(\w+)">(.*?)</li>', html, re.S)
    assert [kind for kind, _ in shown] == [row.kind for row in found.rows]
    for row, (_, body) in zip(found.rows, shown, strict=True):
        sides = [
            unescape(re.sub("<[^>]+>", "", side)) for side in re.findall(r'<p class="text".*?</p>', body)
        ]
        assert sides == [side.text for side in (row.a, row.b) if side is not None]
        marks = [unescape(mark) for mark in re.findall("<mark>(.*?)</mark>", body)]
        wanted = [side.text[s:e] for side in (row.a, row.b) if side is not None for s, e in side.spans]
        assert "".join(marks) == "".join(wanted)
    rows = csv_of(client, f"/diff.csv?of={with_earlier}")
    assert len(rows) == len(found.rows)
    assert rows[0]["引用"].startswith("协搜·逐年对照，")


def test_any_two_reports_are_compared(client: FlaskClient, searcher: Searcher, with_earlier: str) -> None:
    other = next(one.id for one in searcher.reports() if one.id != with_earlier)
    html = get(client, f"/diff?of={with_earlier}&other={other}")
    assert f'href="/reports/{other}"' in html


def test_a_report_without_an_earlier_one_says_so(client: FlaskClient, searcher: Searcher) -> None:
    reports = searcher.reports()
    first = next(one.id for one in reports if previous_report(reports, one) is None)
    assert "没有收录同一地方同一类型更早的报告" in text_of(get(client, f"/diff?of={first}"))
    get(client, "/diff?of=none", 404)
    get(client, "/reuse?of=none", 404)
    get(client, "/reuse", 400)


def test_three_equal_rows_are_folded_and_two_are_not() -> None:
    side = DiffSide("x-p1", "句", [])
    rows = [DiffRow("same", side, side, False)] * 2 + [DiffRow("new", side, None, False)]
    with_three = [*rows, *[DiffRow("same", side, side, False)] * 3]
    from web.app import WebConfig, create_app

    with create_app(WebConfig()).test_request_context("/"):
        runs = view_runs(DiffAnswer("x", "y", with_three))
    assert [(len(run.lines), run.is_folded) for run in runs] == [(2, False), (1, False), (3, True)]
