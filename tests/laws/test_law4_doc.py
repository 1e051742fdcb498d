"""Law 4 for DOC: every character of its pieces is in a line or set aside, though LibreOffice stands between."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.messages import aside
from tests.indexer.word_features import CHINESE, LONG
from tests.indexer.word_files import box, make_docx, numbered, p
from tests.laws.counters import difference, kept, signs
from tests.laws.old_word import old_word_texts

BODIES = {
    "paragraphs": p(LONG) * 3,
    "numbers and a text box": numbered("工作回顾") + p(LONG, box(p("专栏一"))),
    "many pages": p("增长5.8%，PM2.5下降到24微克，“有事好商量”——协商。GDP 增速") * 400,
    "letters alone": p("Smart City 2030, 5.8%") * 3,
}


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_every_character_of_a_binary_document_is_read_or_set_aside(body: str, tmp_path: Path) -> None:
    (tmp_path / "报告.docx").write_bytes(make_docx(body, {"numbering.xml": CHINESE}))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path)]
    subprocess.run([*convert, tmp_path / "报告.docx"], check=True, capture_output=True, timeout=200)
    data = (tmp_path / "报告.doc").read_bytes()
    # A shape's text comes from the conversion a second time, as a copy for older programs.
    documents = [
        replace(document, set_aside=tuple(e for e in document.set_aside if e.reason != aside.OLDER_COPY))
        for document in read_source(Source(data, "报告.doc", "报告.doc"))
    ]
    counted = signs(old_word_texts(data))
    assert counted.total() > 30
    assert not difference(counted, kept(documents))
