"""Law 4 on what LibreOffice writes: Word's features as RTF, ODT and DOC lose nothing that the file holds."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.messages import aside
from tests.cases import IS_THOROUGH
from tests.indexer.word_features import FILES
from tests.laws.counters import counted, difference, kept

pytestmark = [
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
    pytest.mark.skipif(not IS_THOROUGH, reason="takes half a minute: only with XIESOU_THOROUGH=1"),
]
AS_DOC = ("comments", "footnotes_and_endnotes", "numbers_in_cells", "runs", "text_box", "tracked_changes")
"""A few, for each is converted back by itself; fields become instructions then, which a DOC holds as properties."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every feature in every format."""
    folder = tmp_path_factory.mktemp("office")
    for name, (data, _, _) in FILES.items():
        (folder / f"{name}.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    every = tuple(FILES)
    for form, names in (("rtf", every), ("odt:writer8", every), ("doc:MS Word 97", AS_DOC)):
        files = [folder / f"{name}.docx" for name in names]
        convert = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(folder),
            *map(str, files),
        ]
        subprocess.run(convert, check=True, capture_output=True, timeout=300)
    return folder


@pytest.mark.parametrize("suffix", ["rtf", "odt", "doc"])
def test_what_libreoffice_writes_of_word_is_kept_once(written: Path, suffix: str) -> None:
    names = AS_DOC if suffix == "doc" else tuple(FILES)
    wrong = {}
    for path in [written / f"{name}.{suffix}" for name in names]:
        source = Source(path.read_bytes(), path.name, path.name)
        documents = list(read_source(source))
        if suffix == "doc":  # a shape's text comes from the conversion a second time
            documents = [
                replace(each, set_aside=tuple(e for e in each.set_aside if e.reason != aside.OLDER_COPY))
                for each in documents
            ]
        found = difference(counted(source), kept(documents))
        if found:
            wrong[path.stem] = found
    assert wrong == {}


def test_counters_count_what_libreoffice_writes(written: Path) -> None:
    """A counter that sees nothing would agree with a reader that sees nothing."""
    text = Counter("推动高质量发展")
    for suffix in ("rtf", "odt", "doc"):
        path = written / f"runs.{suffix}"
        assert not text - counted(Source(path.read_bytes(), path.name, path.name))
