"""What other sites take from us: scripts, frame, oEmbed, OpenSearch, the setup page, and the search under a prefix."""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib.util
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from search import Searcher
from web import embed_script
from web.app import WebConfig, create_app
from web.embed_script import SCRIPTS, STATIC, load_script, read_built
from web.origin_policy import OriginPolicy

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://zx.example.org"


@pytest.fixture(scope="module")
def client(searcher: Searcher) -> FlaskClient:
    return create_app(WebConfig(searcher=searcher, origins=OriginPolicy((SITE,)))).test_client()


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_of_its_version_may_be_kept_for_ever(client: FlaskClient, name: str) -> None:
    script = load_script(name)
    kept = client.get(f"/{name}?v={script.version}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["Access-Control-Allow-Origin"] == "*"
    digest = base64.b64encode(hashlib.sha384(kept.data).digest()).decode()
    assert script.integrity == f"sha384-{digest}"
    for address in (f"/{name}", f"/{name}?v=older"):
        assert client.get(address).headers["Cache-Control"] == "public, max-age=3600"
    tag = kept.headers["ETag"]
    assert client.get(f"/{name}", headers={"If-None-Match": tag}).status_code == 304


def test_script_weighs_at_most_14_kb(client: FlaskClient) -> None:
    sent = client.get("/embed.js", headers={"Accept-Encoding": "gzip"})
    assert len(sent.data) <= 14_000
    assert gzip.decompress(sent.data).decode() == load_script("embed.js").text


@pytest.mark.parametrize("name", SCRIPTS)
def test_built_scripts_are_made_of_the_sources_beside_them(name: str) -> None:
    assert read_built(name) is not None, "run: npm ci && npm run serve, in packages/xiesou-search"


def test_changed_sources_are_served_without_being_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(STATIC, tmp_path / "static")
    monkeypatch.setattr(embed_script, "STATIC", tmp_path / "static")
    words = tmp_path / "static" / "embed" / "words.js"
    words.write_text(words.read_text("utf-8").replace("检索报告", "找报告"), "utf-8")
    joined = load_script.__wrapped__("embed.js").text
    assert "找报告" in joined
    assert not re.search(r"(?m)^(import|export) ", joined)


def test_modules_that_define_the_same_name_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "embed-height.js").write_text('import { a } from "./b.js";\nconst c = a;\n', "utf-8")
    (tmp_path / "b.js").write_text("export const a = 1;\nconst c = 2;\n", "utf-8")
    monkeypatch.setattr(embed_script, "STATIC", tmp_path)
    with pytest.raises(ValueError, match="both define c"):
        embed_script.join_modules("embed-height.js")


def test_frame_shows_results_without_scripts_and_names_who_may_frame_it(client: FlaskClient) -> None:
    answer = client.get("/embed?q=营商环境&theme=dark&lang=en")
    assert "<mark>营商环境</mark>" in answer.text
    assert "Open in report" in answer.text
    assert f"frame-ancestors 'self' {SITE}" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert client.get("/").headers["X-Frame-Options"] == "DENY"
    wrong = client.get("/embed?page=x")
    assert wrong.status_code == 400
    assert f"frame-ancestors 'self' {SITE}" in wrong.headers["Content-Security-Policy"]


def test_frame_and_interface_say_readings_notices_and_errors_in_the_language_asked_for(
    client: FlaskClient,
) -> None:
    asked = {"q": "年份:2023..2021 提案", "lang": "en"}
    told = client.get("/api/v1/search", query_string=asked).get_json()
    assert told["query"]["reading"] == "year 2021–2023 and 提案"
    page = client.get("/embed", query_string=asked).text
    assert "Read as: year 2021–2023 and" in page
    (notice,) = told["notices"]
    assert f'<p class="note">{notice["message"]}</p>' in page
    assert notice["message"].isascii()
    chinese = client.get("/embed", query_string={**asked, "lang": "zh"}).text
    assert "读作：年份 2021–2023 且 提案" in chinese
    assert notice["message"] not in chinese
    wrong = {**asked, "page": "x"}
    message = client.get("/api/v1/search", query_string=wrong).get_json()["error"]["message"]
    assert message.isascii()
    assert message in unescape(client.get("/embed", query_string=wrong).text)


def test_frame_keeps_its_looks_and_fixed_filters_from_page_to_page(client: FlaskClient) -> None:
    page = client.get("/embed?q=提案&year=2020..2024&fixed=year&theme=dark&facets=city,year").text
    links = [unescape(link) for link in re.findall(r'href="(/embed\?[^"]+)"', page)]
    assert links
    for link in links:
        asked = parse_qs(urlsplit(link).query)
        assert (asked["theme"], asked["fixed"], asked["year"]) == (["dark"], ["year"], ["2020..2024"])
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert fields == {"theme": "dark", "facets": "city,year", "fixed": "year", "year": "2020..2024"}


def test_frame_in_a_site_that_is_not_allowed_says_what_to_do(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Dest": "iframe", "Referer": "https://stranger.example/page"}
    answer = client.get("/embed?q=营商环境", headers=headers)
    assert answer.status_code == 403
    assert "--allow-origin https://stranger.example" in answer.text
    assert "<mark>" not in answer.text
    assert client.get("/embed?q=营商环境", headers={**headers, "Referer": SITE + "/x"}).status_code == 200


def test_oembed_answers_in_both_formats(client: FlaskClient) -> None:
    page = client.get("/embed?q=营商环境").text
    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)
    assert found is not None
    answer = client.get(unescape(found[1])).get_json()
    assert (answer["version"], answer["type"]) == ("1.0", "rich")
    assert (answer["width"], answer["height"]) == (720, 640)
    frame = re.fullmatch(r'<iframe src="([^"]+)" width="720" height="640" [^>]+></iframe>', answer["html"])
    assert frame is not None
    assert "<mark>营商环境</mark>" in client.get(unescape(frame[1])).text

    xml = client.get("/oembed?format=xml&maxwidth=300&maxheight=9999&url=http://localhost/search?q=a%2522%3E")
    root = ElementTree.fromstring(xml.data)
    assert root.tag == "oembed"
    assert root.findtext("width") == "300"
    assert root.findtext("height") == "640"
    narrow = client.get("/oembed?maxwidth=120&maxheight=90&url=http://localhost/search?q=a").get_json()
    assert (narrow["width"], narrow["height"]) == (120, 90)
    assert 'width="120" height="90"' in narrow["html"]
    parsed = _Tags(root.findtext("html") or "").found
    assert [tag for tag, _ in parsed] == ["iframe"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("url=https://elsewhere.example/embed", 404),
        ("url=http://localhost/reports", 404),
        ("", 404),
        ("url=http://localhost/embed&format=yaml", 501),
    ],
)
def test_oembed_refuses_what_is_not_ours(client: FlaskClient, asked: str, status: int) -> None:
    assert client.get(f"/oembed?{asked}").status_code == status


def test_opensearch_description_is_what_browsers_take(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.data)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{space}OpenSearchDescription"
    assert 1 <= len(root.findtext(f"{space}ShortName") or "") <= 16
    assert 1 <= len(root.findtext(f"{space}Description") or "") <= 1024
    url = root.find(f"{space}Url")
    assert url is not None
    assert url.get("type") == "text/html"
    target = (url.get("template") or "").replace("{searchTerms}", "营商环境")
    assert "<mark>营商环境</mark>" in client.get(target).text


def test_setup_page_gives_what_was_chosen_and_nothing_else(client: FlaskClient) -> None:
    asked = '/embed/setup?chosen=1&facets=city&city=四平市&lang=en&placeholder="><script>x</script>&site=https://b.org'
    page = client.get(asked).text
    assert "--allow-origin https://b.org" in page
    assert "<script>x" not in page
    pasted = _Tags(unescape(page.partition('id="code-widget">')[2].partition("</code>")[0])).found
    tags = dict(pasted)
    assert "integrity" not in tags["script"]
    assert tags["xiesou-search"] == {"city": "四平市", "lang": "en", "facets": "city"}
    assert tags["form"]["accept-charset"] == "UTF-8"
    assert ("input", {"type": "hidden", "name": "city", "value": "四平市"}) in pasted
    assert pasted[-3][1]["placeholder"] == '"><script>x</script>'
    assert "已在允许名单上" in client.get(f"/embed/setup?site={SITE}").text


@pytest.mark.parametrize("way", ["blueprint", "wsgi"])
def test_search_works_under_a_prefix(searcher: Searcher, way: str) -> None:
    config = WebConfig(searcher=searcher)
    if way == "blueprint":
        spec = importlib.util.spec_from_file_location("example", ROOT / "docs/examples/flask_blueprint.py")
        assert spec is not None
        assert spec.loader is not None
        example = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(example)
        site: Any = example.create_app(config)
    else:
        site = DispatcherMiddleware(Flask("site"), {"/reports-search": create_app(config)})
    client = Client(site)
    page = client.get("/reports-search/search?q=营商环境")
    assert page.status_code == 200
    addresses = [unescape(a) for a in re.findall(r'(?:href|src|action)="([^"#]+)"', page.text)]
    own = [a.removeprefix("http://localhost") for a in addresses if not a.startswith("data:")]
    assert own
    assert [address for address in own if not address.startswith("/reports-search/")] == []
    for address in dict.fromkeys(own):
        assert client.get(address, buffered=True).status_code == 200, address
    answer = client.get("/reports-search/api/v1/search?q=营商环境").get_json()
    assert answer["hits"][0]["url"].startswith("/reports-search/reports/")
    assert 'action="http://localhost/reports-search/search"' in client.get("/reports-search/embed/setup").text
    assert client.get("/reports-search/none").status_code == 404
    assert client.get("/reports-search/api/v1/none").get_json()["error"]["code"] == "not_found"
    assert client.post("/reports-search/search").status_code == 405


class _Tags(HTMLParser):
    """The start tags of a piece of HTML with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
