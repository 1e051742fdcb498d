"""DOC and WPS through LibreOffice: what is asked of it, how it is bounded, and what is told where it isn't there."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from indexer.readers import legacy_word
from indexer.readers.registry import read_source
from indexer.readers.source import Source
from search.errors import SourceError
from tests.indexer.word_features import CHINESE, LONG
from tests.indexer.word_files import box, make_docx, numbered, p

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(500)


def office(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in LibreOffice's place; `$out` and `$given` are what it is asked for."""
    program = folder / "soffice"
    program.write_text(
        '#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done\ngiven=$1\n' + script
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def read(name: str, data: bytes = OLE) -> list[str]:
    (document,) = read_source(Source(data, name, name))
    assert document.name == name
    assert (document.format, document.encoding) == ("doc", "converted by LibreOffice")
    return [line.text for line in document.lines if line.text]


@pytest.mark.parametrize("name", ["报告.doc", "报告.wps", "报告.dot", "报告"])
def test_old_document_is_converted_and_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made.docx").write_bytes(make_docx(p(LONG, box(p("框")))))
    office(tmp_path, f'mkdir -p "$out"; cp {tmp_path}/made.docx "$out/given.docx"', monkeypatch)
    assert read(name) == [LONG, "框"]


def test_text_under_the_name_of_a_document_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_word, "_PROGRAMS", ("no-such-office",))
    (document,) = read_source(Source(LONG.encode("gb18030"), "报告.doc", "报告.doc"))
    assert [line.text for line in document.lines] == [LONG]


def test_old_document_is_refused_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_word, "_PROGRAMS", ("no-such-office",))
    with pytest.raises(SourceError, match=r"\(\.wps\), which can't be read without LibreOffice") as caught:
        read("报告.wps")
    assert ".docx" in str(caught.value.hint)


def test_program_that_makes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office(tmp_path, "exit 0", monkeypatch)
    with pytest.raises(SourceError, match="can't convert") as caught:
        read("报告.doc")
    assert caught.value.hint


def test_program_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait", monkeypatch)
    monkeypatch.setattr(legacy_word, "MAX_SECONDS", 1)
    begun = time.monotonic()
    with pytest.raises(SourceError, match="can't convert"):
        read("报告.doc")
    assert time.monotonic() - begun < 20
    child = int((tmp_path / "child").read_text())
    for _ in range(100):  # a signal takes its time on a busy machine
        if not _runs(child):
            return
        time.sleep(0.1)
    pytest.fail("its child goes on")


def test_protected_document_is_refused_before_it_is_converted() -> None:
    with pytest.raises(SourceError, match="password"):
        read("报告.doc", OLE + "EncryptedPackage".encode("utf-16-le"))


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_itself_converts(tmp_path: Path) -> None:
    body = numbered("工作回顾") + p(LONG, box(p("专栏一")))
    (tmp_path / "报告.docx").write_bytes(make_docx(body, {"numbering.xml": CHINESE}))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "doc",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "报告.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    assert read("报告.doc", (tmp_path / "报告.doc").read_bytes()) == ["一、工作回顾", LONG, "专栏一"]


def _runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
