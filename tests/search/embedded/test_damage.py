"""An index that can't be used as it is: always one of our errors, with what to do about it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from search import open_searcher
from search.addresses import begin_writing
from search.embedded import store
from search.embedded.mapped_files import MappedFiles
from search.embedded.store import SealedToc, latest_generation, open_generation, publish, verify
from search.errors import IndexDamaged, IndexMissing, IndexOutdated, StoreError
from search.language.text import Analyzer
from search.model import Query

EXTENSIONS = (".trm", ".pst", ".par", ".txt", ".cat", ".col", ".toc")


def files(folder: Path, ext: str) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.name.endswith(ext))
    assert found
    return found


@pytest.mark.parametrize("there", [True, False])
def test_no_index_is_told_with_what_to_do(tmp_path: Path, analyzer: Analyzer, there: bool) -> None:
    folder = tmp_path / "nothing"
    if there:
        folder.mkdir()
    with pytest.raises(IndexMissing, match=r"no index in .*nothing.*xiesou index"):
        open_searcher(folder, analyzer=analyzer)


def test_index_of_another_dictionary_is_told(folder: Path) -> None:
    with pytest.raises(IndexOutdated, match=r"another dictionary.*--rebuild"):
        open_generation(folder, "1-another")


def test_index_of_another_version_is_told(
    folder: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FORMAT_VERSION", 99)
    with pytest.raises(IndexOutdated, match=r"another version.*--rebuild"):
        open_generation(folder, analyzer.fingerprint)


def test_index_of_whoosh_itself_is_told(tmp_path: Path, analyzer: Analyzer) -> None:
    from whoosh.fields import TEXT, Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import FileIndex

    from search.embedded.schema import INDEX_NAME

    folder = tmp_path / "whoosh"
    folder.mkdir()
    writer = FileIndex.create(FileStorage(str(folder)), Schema(text=TEXT), INDEX_NAME).writer()
    writer.add_document(text="committee")
    writer.commit()
    with pytest.raises(IndexDamaged, match=r"another program.*--rebuild"):
        open_generation(folder, analyzer.fingerprint)


@pytest.mark.parametrize("ext", EXTENSIONS)
def test_missing_file_is_told(folder: Path, analyzer: Analyzer, ext: str) -> None:
    for file in files(folder, ext):
        kept = file.read_bytes()
        file.unlink()
        with pytest.raises(StoreError, match="xiesou index"):
            open_generation(folder, analyzer.fingerprint)
        file.write_bytes(kept)
    open_generation(folder, analyzer.fingerprint)


@pytest.mark.parametrize("ext", EXTENSIONS)
def test_truncated_file_is_told_when_the_index_is_opened(folder: Path, analyzer: Analyzer, ext: str) -> None:
    chance = random.Random(ext)
    for file in files(folder, ext):
        kept = file.read_bytes()
        for size in {0, 1, len(kept) - 1, *(chance.randrange(len(kept)) for _ in range(6))}:
            file.write_bytes(kept[:size])
            with pytest.raises(StoreError, match=r"xiesou index PATH…( --rebuild)?$"):
                open_generation(folder, analyzer.fingerprint)
        file.write_bytes(kept + b"\0")
        with pytest.raises(IndexDamaged, match="--rebuild"):
            verify(folder, analyzer.fingerprint)
        file.write_bytes(kept)
    verify(folder, analyzer.fingerprint)


@pytest.mark.parametrize("ext", EXTENSIONS)
def test_altered_byte_is_found_by_verify(folder: Path, analyzer: Analyzer, ext: str) -> None:
    chance = random.Random(ext)
    for file in files(folder, ext):
        kept = file.read_bytes()
        last = range(max(0, len(kept) - 40), len(kept))
        for place in {
            0,
            *chance.sample(last, min(8, len(last))),
            *(chance.randrange(len(kept)) for _ in range(12)),
        }:
            altered = bytearray(kept)
            altered[place] ^= 1 << chance.randrange(8)
            file.write_bytes(altered)
            with pytest.raises(StoreError, match="--rebuild"):
                verify(folder, analyzer.fingerprint)
        file.write_bytes(kept)
    verify(folder, analyzer.fingerprint)


@pytest.mark.parametrize("ext", [".trm", ".par", ".cat", ".txt", ".toc"])
def test_altered_directory_is_told_when_the_index_is_opened(
    folder: Path, analyzer: Analyzer, ext: str
) -> None:
    """What says where the arrays are is checked before anything is read by it."""
    chance = random.Random(ext)
    file = files(folder, ext)[0]
    kept = file.read_bytes()
    begins = 0 if ext == ".toc" else kept.rindex(b'{"arrays"')
    for place in chance.sample(range(begins, len(kept) - 36), 40):
        file.write_bytes(kept[:place] + bytes([kept[place] ^ (1 << chance.randrange(7))]) + kept[place + 1 :])
        with pytest.raises(StoreError, match="--rebuild"):
            open_generation(folder, analyzer.fingerprint)


def test_damaged_text_is_told_and_never_shown(folder: Path, analyzer: Analyzer) -> None:
    for file in files(folder, ".txt"):
        data = bytearray(file.read_bytes())
        data[12:40] = bytes(28)
        file.write_bytes(data)
    searcher = open_searcher(folder, analyzer=analyzer)
    with pytest.raises(IndexDamaged, match="--rebuild"):
        searcher.search(Query("营商环境"))


def test_leftovers_of_a_killed_run_hinder_nobody(folder: Path, analyzer: Analyzer) -> None:
    (folder / "MAIN_0000000000000000.trm").write_bytes(b"XSARRAY1 half")
    (folder / "_MAIN_99.toc.new").write_bytes(b"half")
    verify(folder, analyzer.fingerprint)


def test_verify_beside_a_commit_raises_no_false_alarm(
    folder: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that it has opened are replaced and removed while it reads them."""
    check = MappedFiles.check
    checked = []

    def committed_first(self: MappedFiles) -> None:
        with begin_writing(str(folder), analyzer, rebuild=True) as writer:
            writer.commit()
        assert not any(path.name.startswith(self.name(".")) for path in folder.iterdir())
        check(self)
        checked.append(self.name(""))

    monkeypatch.setattr(MappedFiles, "check", committed_first)
    generation = verify(folder, analyzer.fingerprint)
    assert checked == [data.id for data in generation.segments] != []


def test_index_replaced_while_it_is_opened_is_opened_again(
    folder: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what replaces it has the same number: another build, moved into its place."""
    number = latest_generation(folder)
    read = store.read_toc
    reads: list[SealedToc] = []

    def replaced_after(path: Path) -> SealedToc:
        sealed = read(path)
        if not reads:
            other = folder.with_name("other")
            other.mkdir()
            publish(other, [], number)
            folder.rename(folder.with_name("old"))
            other.rename(folder)
        reads.append(sealed)
        return sealed

    monkeypatch.setattr(store, "read_toc", replaced_after)
    generation = open_generation(folder, analyzer.fingerprint)
    assert (generation.number, generation.segments) == (number, ())
    assert generation.id != reads[0].id
