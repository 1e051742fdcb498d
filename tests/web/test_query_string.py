"""Parameters of pages that aren't UTF-8: read as GB18030, all of one query string alike."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from web.query_string import read_parameters


@pytest.mark.parametrize("encoding", ["gb2312", "gbk", "gb18030", "utf-8"])
def test_words_are_found_whatever_the_page_is_written_in(client: FlaskClient, encoding: str) -> None:
    wanted = client.get("/api/v1/search?q=营商环境&city=通化市").get_json()
    sent = f"q={quote('营商环境'.encode(encoding))}&city={quote('通化市'.encode(encoding))}"
    for query_string in (sent, "q=营商环境&city=通化市".encode(encoding).decode("latin-1")):
        got = client.get("/api/v1/search", environ_overrides={"QUERY_STRING": query_string}).get_json()
        assert got["query"]["q"] == "营商环境"
        assert got["total"] == wanted["total"] > 0


def test_one_query_string_is_in_one_encoding() -> None:
    # 模 is C4 A3 in GBK, which alone would be a letter of UTF-8: the rest of the query string tells
    assert read_parameters("q=模&city=四平市".encode("gbk")) == [("q", "模"), ("city", "四平市")]


def test_characters_that_the_page_lacks_come_as_references() -> None:
    sent = b"q=" + quote("营商".encode("gbk")).encode() + b"%26%23134071%3B&n=%26%2355296%3B"
    assert read_parameters(sent) == [("q", "营商\U00020bb7"), ("n", "&#55296;")]
    assert read_parameters(b"q=%26%23134071%3B") == [("q", "&#134071;")]  # in UTF-8 it is what was typed


def test_what_is_in_no_encoding_stays_percent_encoded() -> None:
    assert read_parameters(b"q=%FF%FFa&empty=&flag&&b=1+2") == [
        ("q", "%FF%FFa"), ("empty", ""), ("flag", ""), ("b", "1 2"),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_utf8_is_read_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    kept = [
        (name, value) for name, value in pairs if not any(0xD800 <= ord(c) < 0xE000 for c in name + value)
    ]
    sent = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in kept)
    assert read_parameters(sent.encode()) == kept


@given(st.binary(max_size=60))
def test_any_bytes_are_read(raw: bytes) -> None:
    for name, value in read_parameters(raw):
        (name + value).encode("utf-8")
