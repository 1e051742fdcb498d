"""A damaged index under search: each answer is right or an error of ours, never a wrong one, and none takes for ever.

XIESOU_MUTANTS sets how many damaged copies are searched (160 where it is not set). Every kind of file is damaged in
every way, before it is opened; while it is served, files are cut short.
"""

from __future__ import annotations

import dataclasses
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from indexer.pipeline import index_sources
from search import open_searcher
from search.addresses import open_collection
from search.answer.searcher import Searcher
from search.collection import Ask
from search.embedded import kernel
from search.errors import StoreError
from search.language.plan import All
from search.language.text import Analyzer
from search.model import Query
from tests.cases import cases

MUTANTS = int(os.environ.get("XIESOU_MUTANTS", cases(160)))
LONGEST_SECONDS = 30
ROOT = Path(__file__).resolve().parents[3]
QUERIES = (
    Query(""),
    Query("营商环境"),
    Query('"乡村振兴"'),
    Query("推动 发展 工作"),
    Query("发展 -经济 (改革 OR 创新)", year=(2023, 2022)),
    Query('"经济 发展"~20', sort="-year"),
    Query("title:政协 heading:工作"),
    Query("5G 10%", group="report"),
    Query("办好民生实事的具体举措有哪些", per_page=30),
    Query("没有这样的词组呀"),
)


def _answers(searcher: Searcher) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Everything that a collection is asked for, by name."""
    for query in QUERIES:
        yield f"search {query.text}", partial(lambda query: _plain(searcher.search(query)), query)
        yield f"count {query.text}", partial(lambda query: _plain(searcher.count(query)), query)
    yield "hits", lambda: [_plain(hit) for hit in searcher.iter_hits(Query("发展"))]
    yield "lines", lambda: [_plain(line) for line in searcher.iter_lines(Query("发展"))]
    yield "concordance", lambda: _plain(searcher.concordance(Query("工作")))
    yield "distribution", lambda: _plain(searcher.distribution(Query("改革")))
    yield "suggest", lambda: [_plain(found) for found in _suggest(searcher)]
    yield "explain", lambda: _plain(searcher.explain(Query("没有这样的词组呀")))
    yield "stats", lambda: _plain(searcher.stats())
    yield "reports", lambda: [_plain(report) for report in searcher.reports(others=True)]
    yield (
        "texts",
        lambda: [_plain(searcher.report(report.id)) for report in searcher.reports(others=True)],
    )


def _suggest(searcher: Searcher) -> Any:
    searcher.suggest("营商")
    searcher.wait()  # a thread reads on
    return searcher.suggest("营商")


def _plain(value: Any) -> str:
    return repr(dataclasses.replace(value, took_ms=0) if hasattr(value, "took_ms") else value)


Damage = Callable[[bytearray, random.Random], bytearray]


def _flip(data: bytearray, chance: random.Random) -> bytearray:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def _blank(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(len(data))
    size = min(chance.choice((1, 8, 64, 4096)), len(data) - at)
    data[at : at + size] = bytes(255 - byte for byte in data[at : at + size])
    return data


def _number(data: bytearray, chance: random.Random) -> bytearray:
    at = chance.randrange(max(len(data) - 4, 1)) & ~3
    old = bytes(data[at : at + 4])
    new = chance.choice((bytes(4), b"\xff" * 4, b"\0\0\0\x80", bytes([old[0] ^ 1]) + old[1:]))
    data[at : at + 4] = new if new != old else b"\x01\x02\x03\x04"
    return data


def _swap(data: bytearray, chance: random.Random) -> bytearray:
    size = min(64, len(data) // 2)
    one, other = chance.randrange(len(data) - size), chance.randrange(len(data) - size)
    moved = bytes(data[one : one + size])
    data[one : one + size], data[other : other + size] = data[other : other + size], moved
    return data


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def _grow(data: bytearray, chance: random.Random) -> bytearray:
    return data + chance.randbytes(chance.choice((1, 8, 4096)))


DAMAGES: tuple[Damage, ...] = (_flip, _flip, _blank, _number, _swap, _cut, _grow)


class Endless(BaseException):
    """A question took longer than any answer."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `Endless` where it takes longer."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Endless

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, _one_dictionary: None) -> Path:
    """The sample reports in two segments, one with deletions."""
    work = tmp_path_factory.mktemp("mutants")
    sources, folder = work / "sources", work / "index"
    sources.mkdir()
    files = sorted((ROOT / "index_data" / "sample").iterdir())
    for file in files[:30]:
        shutil.copy(file, sources)
    index_sources([sources], folder, jobs=1)
    (sources / files[2].name).unlink()
    for file in files[30:]:
        shutil.copy(file, sources)
    index_sources([sources], folder, jobs=1)
    return folder


def _ask_all(folder: Path, analyzer: Analyzer, expected: dict[str, str] | None) -> Counter[str]:
    """What became of each question: right, wrong or refused; a wrong or another exception than ours is raised."""
    outcomes: Counter[str] = Counter()
    try:
        searcher = open_searcher(folder, analyzer=analyzer)
    except StoreError:
        return Counter(unopened=1)
    try:
        for name, ask in _answers(searcher):
            try:
                answer = repr(ask())
            except StoreError:
                outcomes["refused"] += 1
            else:
                outcomes["right" if expected is None or answer == expected[name] else f"wrong {name}"] += 1
    finally:
        searcher.close()
    return outcomes


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer here to end an endless question")
def test_a_damaged_index_never_answers_wrongly(sample: Path, analyzer: Analyzer, tmp_path: Path) -> None:
    searcher = open_searcher(sample, analyzer=analyzer)
    expected = {name: repr(ask()) for name, ask in _answers(searcher)}
    searcher.close()
    files = sorted(path for path in sample.iterdir() if "WRITELOCK" not in path.name)
    chance = random.Random(13)
    folder = tmp_path / "index"
    shutil.copytree(sample, folder)
    seen: Counter[str] = Counter()
    for number in range(MUTANTS):
        file = folder / files[number % len(files)].name
        damage = DAMAGES[number // len(files) % len(DAMAGES)]
        whole = file.read_bytes()
        altered = damage(bytearray(whole), chance)
        if altered == whole:
            continue
        file.unlink()
        file.write_bytes(altered)
        with within(LONGEST_SECONDS):
            outcomes = _ask_all(folder, analyzer, expected)
        wrong = [name for name in outcomes if name.startswith("wrong")]
        assert not wrong, f"{file.name} {damage.__name__}, mutant {number}: {wrong}"
        seen.update(dict.fromkeys(outcomes, 1))
        file.unlink()
        file.write_bytes(whole)
    print(json.dumps({"mutants": MUTANTS, "of them with questions": dict(seen)}))
    assert min(seen["refused"], seen["right"], seen["unopened"]) > 0


def test_every_byte_of_an_array_file_is_under_a_checksum(sample: Path) -> None:
    """What is read of each array is verified, whatever it is called: nothing in a segment is left out."""
    from search.embedded.arrays import ArrayFile, DamagedFile

    chance = random.Random(3)
    for path in sorted(sample.iterdir()):
        if path.suffix not in (".trm", ".pst", ".par", ".cat", ".txt"):
            continue
        whole = path.read_bytes()
        names = list(ArrayFile(memoryview(whole))._arrays)
        for name in chance.sample(names, min(len(names), 12)):
            _, at, size = ArrayFile(memoryview(whole))._arrays[name]
            if not size:
                continue
            altered = bytearray(whole)
            altered[at + chance.randrange(size)] ^= 4
            file = ArrayFile(memoryview(altered), name=path.name)
            with pytest.raises(DamagedFile, match="something in bytes"):
                file[name]


def test_untouched_blocks_are_not_read(sample: Path) -> None:
    """Opening and asking costs no pass over all files: what nobody asks for stays unverified."""
    from search.embedded.arrays import ArrayFile

    path = max(sample.glob("*.pst"), key=lambda path: path.stat().st_size)
    file = ArrayFile(memoryview(path.read_bytes()))
    assert len(file.verified) > 8
    assert not any(file.verified)
    file.read("u1", 5000, 10)
    assert sum(file.verified) == 1
    file.verify_all()
    assert all(file.verified)


_CUT_SHORT = """
import os, sys, time
from pathlib import Path
from search import open_searcher
from search.errors import IndexDamaged
from search.model import Query
asked = [Query("营商环境"), Query('"乡村振兴"'), Query("发展 改革"), Query("工作", per_page=50)]
for folder in map(Path, sys.argv[1:]):
    searcher = open_searcher(folder)
    before = searcher.search(Query("四平")).total
    kept = {path: path.read_bytes() for path in folder.iterdir() if path.name.endswith(folder.suffix)}
    for path in kept:
        os.truncate(path, 0)
    refused = 0
    for query in asked:
        try:
            searcher.search(query)
        except IndexDamaged:
            refused += 1
    for path, data in kept.items():
        path.unlink()
        path.write_bytes(data)
    time.sleep(0.3)
    again = searcher.search(Query("四平")).total
    print(folder.suffix, refused, again == before, flush=True)
"""
_SERVED = (".trm", ".pst", ".par", ".cat", ".txt", ".col")


@pytest.mark.skipif(kernel.faults is None, reason="the kernel that survives it was not compiled")
def test_a_file_that_is_cut_short_while_it_is_served_ends_nothing(sample: Path, tmp_path: Path) -> None:
    """Without the handler each of these ends the process by SIGBUS."""
    folders = [str(shutil.copytree(sample, tmp_path / f"index{ext}")) for ext in _SERVED]
    done = subprocess.run(
        [sys.executable, "-c", _CUT_SHORT, *folders], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    said = [line.split() for line in done.stdout.splitlines()]
    assert [ext for ext, _, _ in said] == list(_SERVED)
    assert [ext for ext, refused, is_back in said if int(refused) < 1 or is_back != "True"] == []


def test_a_heading_that_leads_back_to_itself_is_damage(sample: Path, analyzer: Analyzer) -> None:
    """One flipped bit made such a loop endless."""
    collection = open_collection(str(sample), analyzer=analyzer)
    view = collection.at()
    (data, *_) = [part.data for part in view._snapshot.parts]  # type: ignore[attr-defined]
    parents = data.paragraphs["parent"].copy()
    doc = int((parents != 0xFFFFFFFF).nonzero()[0][0])
    parents[parents[doc]] = doc
    data.parents = parents
    with pytest.raises(StoreError, match="heading"), within(LONGEST_SECONDS):
        data.heading_docs(doc)
    assert view.find([Ask(All())])[0].total
    collection.close()
