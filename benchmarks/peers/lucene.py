"""Lucene 10 in a JVM that stays, with the terms and positions of our own analyzer (`benchmarks/lucene`).

paragraphs -> terms at their positions -> one segment;  question -> a line -> a page, and what it took inside

The program answers in each way that it knows and tells the least time, without what it takes to cross between the
processes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from benchmarks.corpus import Paragraph
from benchmarks.peers.protocol import NO_YEAR, Answer, Question, known_year
from benchmarks.peers.words import iter_terms
from search.language.text import load_analyzer

PROGRAM = Path(__file__).resolve().parent.parent / "lucene"
_LEAST_JAVA = 21
_BUILD_SECONDS = 300


class LuceneMissing(RuntimeError):
    """Java or Maven isn't there, or the program can't be built; the message says which."""


@cache
def find_java() -> Path:
    """The home of a Java that is new enough: JAVA_HOME, the one on the path, else any that is installed.

    Raises:
        LuceneMissing: there is none.
    """
    on_path = shutil.which("java")
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in homes:
        if (home / "bin" / "javac").is_file() and _java_version(home) >= _LEAST_JAVA:
            return home
    raise LuceneMissing(f"no Java {_LEAST_JAVA} or newer with its compiler")


def _java_version(home: Path) -> int:
    said = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', said.stderr)
    return int(found[1]) if found else 0


@cache
def class_path() -> str:
    """The program and its library, built by Maven where that was not done since the program changed.

    Raises:
        LuceneMissing: Maven isn't there, or failed.
    """
    made = PROGRAM / "target" / "lucene-peer.jar"
    sources = [PROGRAM / "pom.xml", *PROGRAM.glob("src/**/*.java")]
    if not made.is_file() or made.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        maven = shutil.which("mvn")
        if maven is None:
            raise LuceneMissing("no Maven")
        command = [maven, "-q", "-B", "-f", str(PROGRAM / "pom.xml"), "package"]
        done = subprocess.run(
            command,
            env={**os.environ, "JAVA_HOME": str(find_java())},
            capture_output=True,
            text=True,
            timeout=_BUILD_SECONDS,
            check=False,
        )
        if done.returncode:
            raise LuceneMissing(f"Maven failed: {done.stdout[-500:]}")
    return os.pathsep.join([str(made), str(PROGRAM / "target" / "dependency" / "*")])


class LuceneTerms:
    """See `benchmarks.peers.protocol.Peer`; `inside_ms` has what the last page took inside."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.inside_ms = 0.0

    def build(self, paragraphs: Sequence[Paragraph]) -> None:
        with self._start("build") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for line in _iter_lines(paragraphs):
                process.stdin.write(line)
            process.stdin.close()
            if process.stdout.readline() != "built\n":
                raise RuntimeError("Lucene could not index")

    def open(self) -> None:
        self._process = self._start("search")
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "open\n":
            raise RuntimeError("Lucene could not open its index")

    def search(self, question: Question) -> Answer:
        taken, total, ids, texts, cities, years = self._ask("page", question).split("\t")
        self.inside_ms = int(taken) / 1e6
        return Answer(
            total=int(total),
            ids=tuple(ids.split()),
            texts=tuple(b64decode(text).decode() for text in texts.split()),
            cities=dict(_read_counts(cities)),
            years={known_year(int(year)): count for year, count in _read_counts(years)},
        )

    def all_ids(self, question: Question) -> frozenset[str]:
        return frozenset(self._ask("ids", question).split())

    def _ask(self, what: str, question: Question) -> str:
        process = self._process
        assert process is not None, "it is open"
        assert process.stdin is not None
        assert process.stdout is not None
        terms, positions = list(question.words), ""
        if question.exact:
            tokens = load_analyzer().query_tokens(question.words[0])
            terms = [token.term for token in tokens]
            positions = " ".join(str(token.start) for token in tokens)
        year = "" if question.year is None else str(question.year)
        process.stdin.write("\t".join([what, " ".join(terms), positions, question.city or "", year]) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError("Lucene ended; what it said is above")
        return answer.rstrip("\n")

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _start(self, what: str) -> subprocess.Popen[str]:
        java = str(find_java() / "bin" / "java")
        modules = ["--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]
        command = [java, *modules, "-cp", class_path(), "xiesou.benchmarks.Peer", what, str(self._folder)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")


def _iter_lines(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Paragraphs as the program reads them."""
    for paragraph, (terms, positions) in zip(paragraphs, iter_terms(p.text for p in paragraphs), strict=True):
        fields = (
            paragraph.id,
            b64encode(paragraph.text.encode()).decode(),
            terms,
            positions,
            paragraph.city,
            str(paragraph.year or NO_YEAR),
        )
        yield "\t".join(fields) + "\n"


def _read_counts(written: str) -> Iterator[tuple[str, int]]:
    for one in written.split():
        name, _, count = one.partition(":")
        yield b64decode(name).decode(), int(count)
