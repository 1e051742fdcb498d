"""DOC and WPS: old binary documents, converted to DOCX by LibreOffice where that is installed, then read as such.

bytes -> LibreOffice in a process of its own (bounded in time, memory and output) -> DOCX -> `docx`

A profile of its own for each file keeps macros, recovery and what a user has set out of it. What LibreOffice doesn't
convert is refused with what to do instead, as without it. A file of such a name that is no binary document is text.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.model import Document
from indexer.readers import docx, text
from indexer.readers.source import Source
from search.messages import sources as says

MAX_SECONDS = 120
MAX_MEMORY_BYTES = 4 << 30
MAX_OUTPUT_BYTES = 512 << 20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_KINDS = {".wps": says.KIND_WPS, ".dot": says.KIND_WORD_TEMPLATE}
_SAVE = says.SAVE_AS_DOCX()
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def iter_documents(source: Source) -> Iterator[Document]:
    """The document as one Document.

    Raises:
        SourceError: LibreOffice is not installed, or doesn't convert it in time; or what it makes can't be read.
    """
    if not source.data.startswith(_OLE):
        yield from text.iter_documents(source)
        return
    suffix = source.suffix if source.suffix in _KINDS else ".doc"
    name = _KINDS.get(suffix, says.KIND_WORD_OLD)(suffix=suffix)
    program = next((found for one in _PROGRAMS if (found := shutil.which(one))), None)
    if program is None:
        raise source.refuse(
            says.NEEDS_LIBREOFFICE(kind=name),
            hint=says.INSTALL_LIBREOFFICE(hint=_SAVE),
        )
    used = _filter_of(source.data)
    converted = None if used is None else _convert(source, program, used)
    if converted is None:
        raise source.refuse(says.LIBREOFFICE_CANNOT(kind=name), hint=_SAVE)
    for document in docx.iter_documents(source.within(converted, source.name)):
        yield replace(document, format="doc", encoding="converted by LibreOffice")


def _convert(source: Source, program: str, used: str) -> bytes | None:
    """The document as DOCX by an import filter, or None where the program gives none."""
    with TemporaryDirectory(prefix="xiesou-") as folder:
        given = Path(folder, f"given{'.wps' if source.suffix == '.wps' else '.doc'}")
        given.write_bytes(source.data)
        profile = Path(folder, "profile")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        made = Path(folder, "made")
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nolockcheck"),
            f"--infilter={used}",
            *("--convert-to", "docx", "--outdir", str(made), str(given)),
        ]
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _limit(process.pid)
            process.wait(MAX_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)
        result = made / "given.docx"
        if not result.is_file() or result.stat().st_size > MAX_OUTPUT_BYTES:
            return None
        return result.read_bytes()


def _filter_of(data: bytes) -> str | None:
    """The filter to open it with, by its streams: left to choose, LibreOffice takes what is damaged for plain text."""
    streams = {"WordDocument": "MS Word 97", "MatOST": "MS_Works", "CONTENTS": "MS_Works"}
    return next((used for name, used in streams.items() if name.encode("utf-16-le") in data), None)


def _limit(pid: int) -> None:
    """Bound what the process may take, where the system can."""
    if sys.platform != "linux":
        return
    import resource

    limits = (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES),
    )
    try:
        for kind, limit in limits:
            resource.prlimit(pid, kind, (limit, limit))
    except (ProcessLookupError, PermissionError, ValueError):
        return  # it has ended already, or is bounded tighter


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with all that it has started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.wait()
