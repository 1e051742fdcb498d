"""Whatever a text holds, a medium gets what it can hold, and nothing else is changed."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from search.media import for_cell, for_download, for_line, for_markup

ANY_TEXT = st.text(
    st.characters(codec=None, categories=None)
    | st.sampled_from("\0\x07\x1b\x7f\x85\u2028\u202e\ud800\udcb5\ufffe\n\r\t\"';<&")
)


@given(ANY_TEXT)
def test_markup_is_well_formed_and_of_the_same_length(text: str) -> None:
    safe = for_markup(text)
    assert len(safe) == len(text)
    assert for_markup(safe) == safe
    root = ElementTree.Element("a", b=safe)
    root.text = safe
    read = ElementTree.fromstring(ElementTree.tostring(root, encoding="utf-8"))
    assert (read.text or "").replace("\r", "\n") == safe.replace("\r\n", "\n").replace("\r", "\n")


@given(ANY_TEXT)
def test_a_line_is_one_and_prints(text: str) -> None:
    line = for_line(text)
    assert line.isprintable()
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")


@given(ANY_TEXT)
def test_a_cell_is_written_and_read_back_and_is_no_formula(text: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow([for_cell(text)])
    out.getvalue().encode("utf-8")
    (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert row == [for_cell(text)]
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@given(ANY_TEXT)
def test_a_download_is_one_header_that_gives_the_name_back(text: str) -> None:
    header = for_download(text)
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert options.get("filename", "") == for_line(for_markup(text).replace("/", "_"))


@pytest.mark.parametrize("text", ["优化营商环境", "a b\tc\nd\re", "😀㐀", "<b>&\"'", "\u202e"])
def test_what_markup_can_hold_stays(text: str) -> None:
    assert for_markup(text) == text
