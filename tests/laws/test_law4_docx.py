"""Law 4 for DOCX: every text element of every part is in a line or set aside, once, whatever Word's feature.

The documents of `word_features` are written as raw XML; the counter reads the parts without knowing what refers to
what.
"""

from __future__ import annotations

import random
import re
import zipfile
from io import BytesIO

import pytest

from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.language.text import normalize_text
from search.messages.words import render
from tests.indexer.word_features import CHINESE, FILES, LONG, STYLES
from tests.indexer.word_files import box, make_docx, p, table
from tests.laws.counters import difference, kept, signs, word_texts


def strictly(data: bytes) -> bytes:
    """The document in the Strict vocabulary."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            pattern = (
                rb"http://schemas\.openxmlformats\.org/(wordprocessingml|drawingml|officeDocument)/2006/"
            )
            new.writestr(name, re.sub(pattern, rb"http://purl.oclc.org/ooxml/\1/", old.read(name)))
    return buffer.getvalue()


def file_of(name: str) -> bytes:
    data = FILES[name][0]
    return strictly(data) if name == "strict" else data


@pytest.mark.parametrize("name", FILES)
def test_feature_of_word_is_read_or_set_aside(name: str) -> None:
    (document,) = read_source(Source(file_of(name), f"{name}.docx", f"{name}.docx"))
    _, lines, aside = FILES[name]
    assert [(line.text, line.hint) for line in document.lines] == lines
    assert {(render(entry.reason, "en"), entry.text.strip()) for entry in document.set_aside} == aside
    assert document.problems == ()


@pytest.mark.parametrize("name", FILES)
def test_every_text_element_is_kept_once(name: str) -> None:
    data = file_of(name)
    documents = tuple(read_source(Source(data, f"{name}.docx", f"{name}.docx")))
    assert not difference(signs(word_texts(data)), kept(documents))


def test_every_text_element_can_be_found_or_is_set_aside() -> None:
    assert len(FILES) >= 20
    for name in FILES:
        data = file_of(name)
        (document,) = read_source(Source(data, f"{name}.docx", f"{name}.docx"))
        searched = [normalize_text(line.text) for line in document.lines]
        set_aside = [normalize_text(entry.text) for entry in document.set_aside]
        for text in "\n".join(word_texts(data)).splitlines():
            wanted = normalize_text(text)
            assert any(wanted in other for other in (*searched, *set_aside)), (name, text)


def test_features_shuffled_into_one_document_are_kept() -> None:
    """Bodies of several features in one document, in an order that no one wrote."""
    chance = random.Random(4)
    bodies = []
    for name, (data, _, _) in FILES.items():
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if "word/document.xml" in archive.namelist() and name != "field_without_end":
                xml = archive.read("word/document.xml").decode()
                bodies.append(xml[xml.index("<w:body>") + 8 : xml.index("</w:body>")])
    for _ in range(20):
        chosen = chance.sample(bodies, 6)
        nested = table(("格", chosen[0]), ("格", "尾")) + p(LONG, box(chosen[1])) + "".join(chosen[2:])
        data = make_docx(nested, {"numbering.xml": CHINESE, "styles.xml": STYLES})
        documents = tuple(read_source(Source(data, "混.docx", "混.docx")))
        assert not difference(signs(word_texts(data)), kept(documents))
