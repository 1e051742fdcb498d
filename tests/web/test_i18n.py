"""The interface in two languages: every text has both, and the language goes along in every link."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

import web
from tests.web import sample

FOLDER = Path(web.__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]")
TONGHUA = sample.id_of("tonghua-2020-cppcc.txt")


@pytest.mark.parametrize(
    "asked",
    [
        "/search?year=abc",
        "/search?year_from=abc",
        "/search?year=1000..2000",
        "/search?page=0",
        "/search?page=x",
        "/search?page=9999",
        "/search?sort=x",
        "/search?view=x",
        f"/search?q={'x' * 2001}",
        "/search?q=city:(a b)",
        "/search?q=year:20",
        "/search?q=title:(a city:b)",
        f"/search?q={'(' * 40}a{')' * 40}",
        f"/search?q={' '.join(map(str, range(300)))}",
        '/search?q="a b"~999999',
        "/reports/none",
        "/none",
    ],
)
def test_every_error_is_told_in_english(client: FlaskClient, asked: str) -> None:
    chinese = client.get(asked)
    english_one = client.get(asked + ("&" if "?" in asked else "?") + "lang=en")
    assert chinese.status_code == english_one.status_code >= 400
    said = re.search(r"<h1>(.*?)</h1>", english_one.text, re.S)
    assert said is not None
    assert not HAN.search(said[1]), said[1]
    assert HAN.search(chinese.text.partition("<h1>")[2].partition("</h1>")[0])


def test_sentences_of_the_searcher_are_found_with_their_numbers(client: FlaskClient) -> None:
    said = client.get("/search?q=营商环境 火星移民&lang=en").text
    assert re.search(r"No paragraph meets the whole query; the \d+ closest partial matches follow", said)


PAGES = [
    "/",
    "/search?q=营商环境&city=通化市",
    "/search?q=营商环境&view=concordance",
    "/search?q=营商环境&view=distribution&measure=rate",
    "/search?q=火星移民",
    "/reports",
    f"/reports/{TONGHUA}?q=营商环境",
    f"/reports/{TONGHUA}/cite?n=9",
    "/follow?q=营商环境&city=通化市",
    "/api",
    "/none",
]


@pytest.mark.parametrize("path", PAGES)
def test_no_template_says_chinese_of_its_own(path: str) -> None:
    for template in FOLDER.glob("templates/*.html"):
        if template.name.startswith(("embed.", "embed_o", "embed_w", "embed_r")):
            continue  # these speak the language that their host chose
        bare = re.sub(r"\{[{%#].*?[}%#]\}", "", template.read_text("utf-8"), flags=re.S)
        left = {line.strip() for line in bare.splitlines() if HAN.search(line)}
        kept = ("协搜", "中文", "协", "营商环境", "有事好商量", "城市:")
        assert all(any(word in line for word in kept) for line in left), (template.name, left)


@pytest.mark.parametrize("path", PAGES)
def test_language_goes_along_in_every_link(client: FlaskClient, path: str) -> None:
    html = client.get(path + ("&" if "?" in path else "?") + "lang=en").text
    assert '<html lang="en">' in html
    inside = [unescape(url) for url in re.findall(r'<a [^>]*href="(/[^"]*)"', html)]
    pages = [
        url for url in inside if re.match(r"/(search|follow|reports|api(?!/)|embed/setup)?($|[/?])", url)
    ]
    assert len(pages) >= 3
    back = [url for url in pages if "lang=en" not in url]  # the switch to Chinese alone
    assert [unquote(url) for url in back if "lang=" not in url] == ([path] if path != "/none" else [])
    assert html.count('name="lang" value="en"') == html.count("<form")


def test_chinese_is_the_default_and_an_unknown_language_too(client: FlaskClient) -> None:
    for path in ("/", "/?lang=zh", "/?lang=xx"):
        html = client.get(path).text
        assert '<html lang="zh-Hans">' in html
        assert "lang=en" in re.findall(r'<a href="([^"]+)" lang="en"', html)[0]


def test_one_thing_is_singular(client: FlaskClient) -> None:
    said = client.get('/search?q="人参产业与梅花鹿养殖"&lang=en').text
    assert re.search(r"<strong>1 paragraph</strong> · 1 occurrence · from 1 report<", said)


@pytest.mark.parametrize("path", ["/api", "/embed/setup?site=https://www.example.org", "/embed/setup"])
def test_english_pages_without_reports_say_no_chinese(client: FlaskClient, path: str) -> None:
    html = client.get(path + ("&" if "?" in path else "?") + "lang=en").text
    main = re.search(r"<main.*</footer>", html, re.S)
    assert main is not None
    said = re.sub(r"<(datalist|option|select|script|pre)\b.*?</\1>|<code>.*?</code>", "", main[0], flags=re.S)
    said = re.sub(
        r"[\u4e00-\u9fff]*未知[\u4e00-\u9fff]*", "", said
    )  # what an address spells so in any language
    assert HAN.findall(said) == []
