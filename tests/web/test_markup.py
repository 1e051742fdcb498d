"""Text and spans -> HTML: whatever comes in, what is read is the text and nothing else is markup."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from search.media import for_markup
from web.charts.histogram import Bar, Histogram
from web.markup import bars_of_years, facet_items, highlight, href, merge_spans
from web.page_environment import PageEnvironment, finalize, to_markup
from web.present import FacetLink

SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)


@pytest.mark.parametrize(
    ("text", "spans", "html"),
    [
        ("优化营商环境", [(2, 6)], "优化<mark>营商环境</mark>"),
        ("优化营商环境", [], "优化营商环境"),
        ("营商环境", [(0, 2), (2, 4)], "<mark>营商环境</mark>"),
        ("营商环境好", [(0, 3), (1, 4)], "<mark>营商环境</mark>好"),
        ("<b>&", [(0, 1), (2, 3)], "<mark>&lt;</mark>b<mark>&gt;</mark>&amp;"),
        ("一\n二", [(0, 3)], "<mark>一\n二</mark>"),
        ("a\x00b\x07", [(1, 2)], "a<mark>␀</mark>b␇"),
        ("𠮷野家", [(0, 1)], "<mark>𠮷</mark>野家"),
        ("短", [(0, 99)], "<mark>短</mark>"),
        ("", [(0, 1)], ""),
    ],
)
def test_highlight_gives_exactly(text: str, spans: list[tuple[int, int]], html: str) -> None:
    assert highlight(text, spans) == html


def test_highlight_escapes_text_that_claims_to_be_markup() -> None:
    assert highlight(Markup("<i>x</i>"), [(0, 3)]) == "<mark>&lt;i&gt;</mark>x&lt;/i&gt;"


@given(st.text(max_size=50), SPANS)
def test_highlight_marks_the_covered_characters_and_no_others(
    text: str, spans: list[tuple[int, int]]
) -> None:
    html = str(highlight(text, spans))
    pieces = re.split(r"(</?mark>)", html)
    assert not any(set("<>") & set(piece) for piece in pieces[::2])
    covered: list[bool] = []
    read: list[str] = []
    inside = False
    for piece in pieces:
        if piece in ("<mark>", "</mark>"):
            assert inside == (piece == "</mark>")
            inside = piece == "<mark>"
            continue
        plain = unescape(piece)
        read.append(plain)
        covered += [inside] * len(plain)
    assert len("".join(read)) == len(text)
    assert covered == [any(s <= i < e for s, e in spans) for i in range(len(text))]
    assert [a for a, b in zip(text, "".join(read), strict=True) if a != b and a.isprintable()] == []


@given(SPANS)
def test_merge_spans_are_sorted_and_apart(spans: list[tuple[int, int]]) -> None:
    merged = merge_spans(spans, 50)
    assert all(0 <= s < e <= 50 for s, e in merged)
    assert all(a[1] < b[0] for a, b in pairwise(merged))


def test_lines_of_a_facet_are_escaped_and_say_what_is_chosen() -> None:
    value = FacetLink('<b>"县', 1234, selected=True, url='/search?q="&city=x')
    html = facet_items((value,), "（已选）")
    assert isinstance(html, Markup)
    assert html == (
        '<li><a class="value on" href="/search?q=&#34;&amp;city=x" aria-current="true" data-value="&lt;b&gt;&#34;县">'
        '<span class="label">&lt;b&gt;&#34;县</span> <span class="num">1,234</span>'
        '<span class="sr">（已选）</span></a></li>'
    )
    plain = facet_items((FacetLink("县", 1, selected=False, url="/search"),), "（已选）")
    assert "已选" not in plain
    assert "aria-current" not in plain
    assert 'href="/search"' in plain


def test_what_the_addresses_of_a_facet_share_stands_around_those_that_add_a_value() -> None:
    values = (
        FacetLink("县", 1, selected=False, url="%E5'"),
        FacetLink("市", 2, selected=True, url="/search?q=x&"),
    )
    html = facet_items(values, "", shared=("/search?q='&city=", "&page=2"))
    assert re.findall('href="([^"]*)"', html) == [
        "/search?q=&#39;&amp;city=%E5&#39;&amp;page=2",
        "/search?q=x&amp;",
    ]


@given(st.text(alphabet=st.sampled_from("&<>\"'ab营商\n\x00\u200b;#"), max_size=30))
def test_text_is_escaped_as_markupsafe_escapes_it(text: str) -> None:
    assert highlight(text, []) == Markup.escape(for_markup(text))
    assert href(text) == (Markup(' href="{}"').format(for_markup(text)) if text else "")


VALUES = st.text() | st.integers() | st.floats() | st.none() | st.booleans() | st.text().map(Markup)


@given(VALUES)
def test_what_a_template_says_is_written_as_escape_and_finalize_write_it(value: object) -> None:
    assert str(to_markup(value)) == str(escape(finalize(value)))


def test_templates_escape_what_they_say_and_no_markup_twice(app: Flask) -> None:
    environment = app.jinja_env
    assert isinstance(environment, PageEnvironment)
    said = environment.from_string(
        "{{ a }}|{{ b }}|{{ c }}|{{ missing }}|{{ 'x' ~ a }}{% set d %}{{ a }}{% endset %}|{{ d }}"
    )
    html = said.render(a="<\0&", b=Markup("<b>"), c=5)
    assert html == "&lt;␀&amp;|<b>|5||x&lt;␀&amp;|&lt;␀&amp;"


def test_bars_of_years_are_escaped_and_leave_out_what_has_nothing_to_say() -> None:
    bars = (
        Bar(2021, 3, True, 0.5, 2.0, 4.0, 54.0, '/search?q="', said="2021: 3 <p>"),
        Bar(2022, 0, False, 5.5, 56.0, 4.0, 0.0, "", said=""),
    )
    html = bars_of_years(Histogram(bars, 2021, 2022, 2021, 2022))
    assert html == (
        '<a class="year-bar on" href="/search?q=&#34;" tabindex="-1" aria-label="2021: 3 &lt;p&gt;" data-year="2021">'
        '<title>2021: 3 &lt;p&gt;</title><rect class="touch" x="0.5" y="0" width="4.0" height="56"/>'
        '<rect class="bar" x="0.5" y="2.0" width="4.0" height="54.0"/></a>\n'
    )
