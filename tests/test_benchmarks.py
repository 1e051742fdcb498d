"""The benchmarks measure what they say: the reader loses nothing, and every peer gives the right page."""

from __future__ import annotations

import importlib
import io
import json
import lzma
import sys
import tarfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import catalogue, language, week
from benchmarks.adding import seconds_until_found
from benchmarks.attackers import ATTACKS, Seen, holds, idle_server, measure, server
from benchmarks.corpus import MAX_CHARS, CorpusMissing, Paragraph, city_for, city_names, iter_paragraphs
from benchmarks.growth import draw_growth
from benchmarks.hostile import GOOD_FILES, index_files, write_files
from benchmarks.hostile_files import html_attributes, pdf_forms, xlsx_wide, zip_damaged, zip_overlapping
from benchmarks.larger import Changed, enlarge
from benchmarks.measure import Indexing, IndexingFailed, describe_machine, index_alone, tree_bytes
from benchmarks.one_table import index_table, write_table
from benchmarks.opening import Opening, open_alone
from benchmarks.pages import PATHS, ServerFailed, measure_pages, mixed
from benchmarks.peers import PEERS, Answer, Peer, Question, load_peer
from benchmarks.peers.lucene import LuceneMissing, class_path
from benchmarks.peers.ours import to_query
from benchmarks.peers.words import iter_terms
from benchmarks.queries import AS_PHRASE, AS_WORDS, EXACT, LOOSE_NAME, NEW_NAME, make_questions
from benchmarks.race import SAME_TERMS, Race, race
from benchmarks.run import BEGIN, END, PICTURE, Results, main, write_markdown
from benchmarks.tables import ALL, Table, query_table, to_markdown, to_text
from benchmarks.timings import percentile, spread, to_digits
from benchmarks.whole_path import index_ours, index_stock, unpack
from benchmarks.whole_path import table as whole_path_table
from indexer.pipeline import index_sources
from search.language.places import places
from search.language.query import parse_query
from search.language.text import load_analyzer

pytestmark = pytest.mark.benchmarks

CITIES = ("四平市", "长治市", "柳州市")
YEARS = (2021, 2022, None)
SENTENCES = (
    "持续优化营商环境提升服务质量。",
    "推进乡村振兴，改善生态环境。",
    "提案办理，民主监督。",
    "科技创新，产业升级，营商环境。",
    "民生保障，医疗教育。",
)


def invent() -> list[Paragraph]:
    """60 paragraphs: 6 documents of 10, two a city, their years in turn."""
    return [
        Paragraph(
            document=f"invented/{document}",
            n=n,
            city=CITIES[document % len(CITIES)],
            year=YEARS[document // 2],
            text=f"{SENTENCES[(document + n) % len(SENTENCES)]}第{n}条。",
        )
        for document in range(6)
        for n in range(1, 11)
    ]


def load(name: str, folder: Path) -> Peer:
    if "tantivy" in name:
        pytest.importorskip("tantivy", reason="the benchmarks' extra isn't installed")
    if name == "lucene":
        try:
            class_path()
        except LuceneMissing as error:
            pytest.skip(str(error))
    folder.mkdir()
    return load_peer(name, folder)


@pytest.fixture(scope="module")
def paragraphs() -> list[Paragraph]:
    return invent()


@pytest.fixture(scope="module", params=PEERS)
def peer(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, paragraphs: list[Paragraph]
) -> Iterator[Peer]:
    made = load(request.param, tmp_path_factory.mktemp("peer") / "index")
    made.build(paragraphs)
    made.open()
    yield made
    made.close()


# The scripts

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted(path.relative_to(ROOT) for path in (ROOT / "benchmarks").rglob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_every_script_finds_what_it_uses(script: Path) -> None:
    for needed in ("ir_measures", "tantivy"):
        pytest.importorskip(needed, reason="the benchmarks' extra isn't installed")
    importlib.import_module(".".join(script.with_suffix("").parts))


# Whole paths


@pytest.mark.filterwarnings(  # jieba.analyse leaves a file of its own open
    "ignore:Exception ignored in. <_io.FileIO name=.*idf.txt:pytest.PytestUnraisableExceptionWarning"
)
def test_whole_path_counts_files_and_paragraphs_of_both(corpus: Path, tmp_path: Path) -> None:
    found = unpack(corpus, tmp_path / "files")
    assert [file.name for file in found] == ["四平市_2022.txt", "长治市_2019-2.txt"]
    ours = index_ours(tmp_path / "files", tmp_path / "index")
    (tmp_path / "stock").mkdir()
    stock = index_stock(found[:1], tmp_path / "stock")
    assert (ours.files, stock.files, stock.paragraphs) == (2, 1, 1)
    assert ours.paragraphs >= 2
    said = whole_path_table(ours, stock)
    assert said.rows[1][2] == f"{stock.seconds * 2:.0f}"
    assert f"{stock.seconds * 2 / ours.seconds:.1f} times" in said.notes[0]


def test_adding_waits_until_a_running_searcher_finds_the_report(tmp_path: Path) -> None:
    index, sources = tmp_path / "index", tmp_path / "sources"
    sources.mkdir()
    (sources / "a.txt").write_text("四平市工作报告\n\n各位委员：\n\n优化营商环境。\n", encoding="utf-8")
    index_sources([sources], index, jobs=1)
    ((ended, found),) = seconds_until_found(index, sources, 1)
    assert found > 0
    assert ended > 0


# The corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of the shape of the shared corpus, of invented text."""
    folder = tmp_path / "corpus"
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "四平市_2022.txt").write_text("各位委员：\n\n优化营商环境。\n", encoding="utf-8")
    with tarfile.open(folder / "gov_reports.tar.xz", "w:xz") as archive:
        for name, text in (("四平市_2022.txt", "再来一次。"), ("长治市_2019-2.txt", "推进\r\n\r\n乡村振兴")):
            content = text.encode()
            member = tarfile.TarInfo(f"gov_reports/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    rows = [
        {"doc": "a", "year": 2020, "text": "第一段"},
        {"doc": "a", "year": 2020, "text": "长" * (MAX_CHARS + 1)},
        {"doc": "a", "year": None, "text": "——"},
        {"doc": "b", "year": None, "text": "第三段"},
    ]
    with lzma.open(folder / "news_paragraphs.jsonl.xz", "wt", encoding="utf-8") as table:
        table.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_corpus_is_read_whole_and_each_report_once(corpus: Path) -> None:
    found = list(iter_paragraphs(corpus))
    assert Counter(paragraph.document for paragraph in found) == {
        "gov/四平市_2022": 2,
        "gov/长治市_2019-2": 2,
        "news/a/2020": 3,
        "news/b/None": 1,
    }
    assert len({paragraph.id for paragraph in found}) == len(found)
    assert "".join(p.text for p in found if p.document == "news/a/2020") == "第一段" + "长" * (MAX_CHARS + 1)


def test_corpus_takes_city_and_year_from_a_reports_name(corpus: Path) -> None:
    places = {(p.city, p.year) for p in iter_paragraphs(corpus) if p.document.startswith("gov/")}
    assert places == {("四平市", 2022), ("长治市", 2019)}


def test_corpus_of_a_size_holds_the_smaller_ones(corpus: Path) -> None:
    whole = list(iter_paragraphs(corpus))
    assert [list(iter_paragraphs(corpus, size)) for size in range(9)] == [whole[:size] for size in range(9)]


def test_city_for_a_text_is_always_the_same() -> None:
    assert city_for("crud-000001") == "雅安市"
    assert len({city_for(str(number)) for number in range(5000)}) == len(city_names()) > 300


def test_corpus_of_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusMissing):
        iter_paragraphs(tmp_path)


# A larger corpus


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_larger_corpus_holds_the_given_one_and_changed_copies(corpus: Path, tmp_path: Path) -> None:
    enlarge(corpus, tmp_path / "larger", copies=3)
    given, larger = list(iter_paragraphs(corpus)), list(iter_paragraphs(tmp_path / "larger"))
    assert len(larger) == 3 * len(given)
    assert len({paragraph.id for paragraph in larger}) == len(larger)
    assert set(given) < set(larger)
    assert sorted(len(p.text) for p in larger) == sorted(len(p.text) for p in given * 3)


def test_larger_corpus_is_the_same_on_every_run_of_a_seed(corpus: Path, tmp_path: Path) -> None:
    for name, seed, jobs in (("first", 1, 1), ("again", 1, 2), ("other", 2, 1)):
        enlarge(corpus, tmp_path / name, copies=2, seed=seed, jobs=jobs)
    assert _contents(tmp_path / "first") == _contents(tmp_path / "again") != _contents(tmp_path / "other")


def test_larger_corpus_is_not_written_over_anything(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        enlarge(corpus, corpus)
    with pytest.raises(CorpusMissing):
        enlarge(tmp_path / "nothing", tmp_path / "larger")


def test_names_and_numbers_are_the_same_throughout_a_copy_and_others_in_the_next() -> None:
    text = "2022年，吉林省四平市铁东区（四平）有612件，007号，四平市2022年又3件。"
    changed = [Changed(copy) for copy in (1, 2, 3)]
    said = [copy.text(text) for copy in changed]
    assert said[0] == text
    assert len(set(said)) == 3
    for copy, one in zip(changed[1:], said[1:], strict=True):
        year, city = str(copy.year(2022)), copy.text("四平市")
        assert year != "2022"
        assert city in {place.name for place in places().at_level("市") if place.last is None} - {"四平市"}
        assert one.count(f"{year}年") == one.count(city) == 2
        assert f"（{city[:-1]}）" in one
        assert not [known for known in ("吉林", "四平", "铁东", "612", "007号", "又3件") if known in one]
        assert len(one) == len(text)
        assert copy.file_name("四平市_2022.txt") == f"{city}_{year}-{copy.copy}000.txt"
        assert copy.file_name("四平市_2022-7.txt") == f"{city}_{year}-{copy.copy}007.txt"
        assert copy.file_name("国务院_1900.txt") == f"国务院_1900-{copy.copy}000.txt"


def test_no_two_names_or_numbers_become_the_same() -> None:
    copy = Changed(2)
    names = {place.name for level in ("省", "市") for place in places().at_level(level)}
    becomes = [copy.text(name) for name in names]
    assert set(becomes) == names
    assert sum(map(str.__eq__, becomes, names)) < 12  # those whose shape no other place has
    for digits in (1, 2, 3):
        numbers = range(10 ** (digits - 1) if digits > 1 else 0, 10**digits)
        assert {int(copy.text(str(number))) for number in numbers} == set(numbers)
    years = range(1950, 2027)
    assert {copy.year(year) for year in years} == set(years)
    assert all(copy.text(str(year)) == str(copy.year(year)) != str(year) for year in years)


# The peers


def test_terms_are_those_of_our_analyzer_at_their_positions() -> None:
    texts = [*SENTENCES, "GDP 增长 5.5%。", "", "——", "　优化 营商环境"]
    told = [load_analyzer().index_terms(text) for text in texts]
    seen = [[(term, start) for term, start, *_ in of if not term.isspace()] for of in told]
    assert list(iter_terms(texts)) == [
        (" ".join(term for term, _ in of), " ".join(str(start) for _, start in of)) for of in seen
    ]


QUESTIONS = [
    Question(("营商",)),
    Question(("环境",)),
    Question(("营商", "环境")),
    Question(("生态", "振兴", "环境")),
    Question(("监督",), city="四平市"),
    Question(("监督",), year=2022),
    Question(("环境",), city="长治市", year=2021),
    Question(("环境",), city="长治市", year=2022),
    Question(("医疗教育",), exact=True),
    Question(("侯川",)),
]


def has(paragraph: Paragraph, question: Question) -> bool:
    return all(word in paragraph.text for word in question.words)


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_peer_gives_the_right_page(peer: Peer, paragraphs: list[Paragraph], question: Question) -> None:
    if question.exact and type(peer).__name__.startswith("TantivyTerms"):
        assert peer.search(question).total == 0  # Its terms overlap: it has no place in the race for strings.
        return
    in_text = [paragraph for paragraph in paragraphs if has(paragraph, question)]
    in_city = [p for p in in_text if question.city in (None, p.city)]
    in_year = [p for p in in_text if question.year in (None, p.year)]
    wanted = {p.id: p.text for p in in_city if p in in_year}
    answer = peer.search(question)
    assert answer.total == len(wanted)
    assert answer.cities == Counter(p.city for p in in_year)
    assert answer.years == Counter(p.year for p in in_city)
    assert len(answer.ids) == min(10, len(wanted))
    assert [wanted[found] for found in answer.ids] == list(answer.texts)
    assert peer.all_ids(question) == set(wanted)


# The questions


def test_questions_are_the_same_on_every_run_and_find_something(paragraphs: list[Paragraph]) -> None:
    classes = make_questions(paragraphs)
    assert classes == make_questions(paragraphs)
    assert {"2 words", EXACT, "word in a city and year", "one character"} <= set(classes)
    for questions in classes.values():
        assert len(set(questions)) == len(questions)
        for question in questions:
            assert any(
                has(p, question) and question.city in (None, p.city) and question.year in (None, p.year)
                for p in paragraphs
            )


def test_names_are_typed_as_one_chunk_and_peers_are_asked_for_phrase_and_words() -> None:
    texts = ["发展夜经济，落实“双减”政策。", "夜经济点亮，“双减”政策见效。"] + ["乡村振兴。"] * 98
    paragraphs = [Paragraph("d", at, "四平市", 2022, text) for at, text in enumerate(texts)]
    classes = make_questions(paragraphs)
    assert Question(("夜经济",), exact=True, typed="夜经济") in classes[f"{NEW_NAME}, {AS_PHRASE}"]
    assert Question(("夜", "经济"), typed="夜经济") in classes[f"{NEW_NAME}, {AS_WORDS}"]
    (loose,) = classes[f"{LOOSE_NAME}, {AS_PHRASE}"]
    assert (loose.typed, to_query(loose).text) == ("双减政策", "双减政策")
    assert to_query(classes[f"{LOOSE_NAME}, {AS_WORDS}"][0]) == to_query(loose)


def test_mixed_takes_every_question_once() -> None:
    one, two, three = (Question((word,)) for word in ("提案", "民生", "教育"))
    assert mixed({"first": [one, two], "second": [three]}) == [one, three, two]


# The race


class Scripted(Peer):
    """A peer that says what it is told."""

    def __init__(self, *ids: str) -> None:
        self.answer = Answer(len(ids), ids, ids, {"四平市": len(ids)}, {2022: len(ids)})

    def build(self, paragraphs: Sequence[Paragraph]) -> None:
        """It has its answer."""

    def open(self) -> None:
        """It needs nothing."""

    def close(self) -> None:
        """It holds nothing."""

    def search(self, question: Question) -> Answer:
        return self.answer

    def all_ids(self, question: Question) -> frozenset[str]:
        return frozenset(self.answer.ids)


@pytest.mark.parametrize("checked_hits", [0, 100])
@pytest.mark.parametrize(("theirs", "equal"), [(("a", "b"), 1), (("a", "b", "c"), 0)])
def test_race_compares_answers(checked_hits: int, theirs: tuple[str, ...], equal: int) -> None:
    peers = {"ours": Scripted("a", "b"), "tantivy": Scripted("b", "d"), SAME_TERMS: Scripted(*theirs)}
    found = race(peers, {"word": [Question(("提案",))]}, repetitions=1, checked_hits=checked_hits)
    compared = found.compared["word"]
    assert (compared["questions"], compared["equal"]) == (1, equal)
    assert (compared["sets"], compared["jieba_loses"], compared["jieba_adds"]) == (
        (1, 1, 1) if checked_hits else (0, 0, 0)
    )


def test_race_times_every_question_and_leaves_strings_to_those_that_can() -> None:
    peers = {name: Scripted("a") for name in ("ours", SAME_TERMS)}
    classes = {
        "word": [Question(("提案",)), Question(("民生",))],
        EXACT: [Question(("提案办理",), exact=True)],
    }
    found = race(peers, classes, repetitions=3, checked_hits=10, clock="cpu")
    assert {name: {who: len(times) for who, times in by.items()} for name, by in found.times_ms.items()} == {
        "word": {"ours": 2, SAME_TERMS: 2},
        EXACT: {"ours": 1},
    }
    assert found.totals == {"word": {"ours": 2, SAME_TERMS: 2}, EXACT: {"ours": 1}}
    assert {name: list(by) for name, by in found.in_turn_ms.items()}.keys() == found.times_ms.keys()


def test_a_peer_in_a_process_of_its_own_says_what_it_took() -> None:
    class Elsewhere(Scripted):
        inside_ms = 0.25

    found = race({"lucene": Elsewhere("a")}, {"word": [Question(("提案",))]}, repetitions=3, checked_hits=10)
    assert found.times_ms == found.in_turn_ms == {"word": {"lucene": [0.25]}}


def test_in_rounds_a_peer_answers_everything_before_the_next_and_in_turn_one_question() -> None:
    said: list[tuple[str, str]] = []

    class Noted(Scripted):
        def search(self, question: Question) -> Answer:
            said.append((self.answer.ids[0], question.words[0]))
            return self.answer

    peers = {"a": Noted("a"), "b": Noted("b")}
    race(peers, {"word": [Question(("一",)), Question(("二",))]}, repetitions=1, checked_hits=0)
    warm, rounds, turns = said[:4], said[4:8], said[8:]
    assert sorted(warm) == sorted(rounds) == sorted(turns)
    assert rounds[0][0] == rounds[1][0] != rounds[2][0] == rounds[3][0]
    assert turns[0][1] == turns[1][1] != turns[2][1] == turns[3][1]


# The numbers


@pytest.mark.parametrize(("percent", "value"), [(0, 1.0), (25, 2.0), (50, 3.0), (95, 4.8), (100, 5.0)])
def test_percentile_lies_between_neighbours_in_proportion(percent: float, value: float) -> None:
    assert percentile([5.0, 3.0, 1.0, 4.0, 2.0], percent) == pytest.approx(value)


def test_spread_reads_as_three_times() -> None:
    assert str(spread([0.5, 3.25, 12.0])) == "3.2 / 11 / 12"
    assert to_digits(0.005) == "0.01"


def test_query_table_sums_up_all_classes_and_compares() -> None:
    found = Race(
        times_ms={
            "word": {"ours-bare": [1.0], "tantivy": [2.0]},
            EXACT: {"ours-bare": [3.0], "tantivy": [2.0]},
        },
        totals={"word": {"ours-bare": 1, "tantivy": 1}},
    )
    table = query_table(10, found)
    assert [row[0] for row in table.rows] == ["word", EXACT, ALL]
    assert [row[-1] for row in table.rows] == ["0.50", "1.50", "1.00"]


def test_ratios_leave_out_what_only_one_answers() -> None:
    found = Race(
        times_ms={"word": {"ours-bare": [1.0], SAME_TERMS: [2.0]}, EXACT: {"ours-bare": [30.0]}},
        totals={"word": {"ours-bare": 1, SAME_TERMS: 1}},
    )
    assert [row[-1] for row in query_table(10, found).rows] == ["0.50", "-", "0.50"]


def test_tables_align_chinese_and_are_markdown() -> None:
    table = Table("表", ("city", "count"), [("四平市", "7"), ("x", "12")], ("a note",))
    assert to_text(table).splitlines()[2:] == [
        "city    count",
        "------  -----",
        "四平市      7",
        "x          12",
        "",
        "a note",
    ]
    assert to_markdown(table).splitlines()[2:5] == ["| city | count |", "| --- | ---: |", "| 四平市 | 7 |"]


def test_markdown_goes_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    results = Results(
        "a machine",
        indexed=[Indexing("ours", 60, 900, 1.5, 0.5, 4_000_000, None)],
        races=[(60, Race(times_ms={"word": {"ours": [0.25]}}, totals={"word": {"ours": 1}}))],
        opened={60: Opening(99.5, 7, 2_000_000)},
    )
    write_markdown(page, results)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| 60 ours | 1.5 | 40 | - | 4.0 |" in text
    assert "| 60 | 1.5 | 4.0 | - | 0.25 | 0.25 | 100 | 2 |" in text
    assert "old" not in text
    write_markdown(page, results)
    assert page.read_text(encoding="utf-8") == text
    assert (tmp_path / PICTURE).is_file()


def test_growth_picture_is_svg_with_a_point_a_size() -> None:
    picture = draw_growth({"ms": {"ours": [(10_000, 0.2), (100_000, 0.9)], "absent": []}})
    root = ElementTree.fromstring(picture)
    assert len(root.findall(".//{http://www.w3.org/2000/svg}circle")) == 2


def test_machine_is_described_without_names() -> None:
    machine = describe_machine()
    assert machine.cores >= 1
    assert "Whoosh-Reloaded" in machine.packages
    assert "\n" not in machine.describe()


def test_memory_of_a_process_that_is_gone_is_unknown() -> None:
    assert tree_bytes(2**22 + 1) is None


# The whole


def write_invented(folder: Path, paragraphs: list[Paragraph]) -> Path:
    folder.mkdir()
    rows = [{"doc": p.document, "year": p.year, "text": p.text} for p in paragraphs]
    with lzma.open(folder / "invented_paragraphs.jsonl.xz", "wt", encoding="utf-8") as table:
        table.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_run_measures_and_writes_a_page(
    tmp_path: Path, paragraphs: list[Paragraph], capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_invented(tmp_path / "corpus", paragraphs)
    page = tmp_path / "page.md"
    arguments = [str(corpus), "--sizes", "30,all", "--peers", "ours,fts5", "--repetitions", "1", "--no-pages"]
    assert main([*arguments, "--markdown", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "| 30 ours |" in text
    assert "| 60 SQLite FTS5 |" in text
    assert "Growth of ours" in capsys.readouterr().out


def test_run_on_an_empty_folder_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "reports/*.txt" in capsys.readouterr().err


def test_a_peer_that_fails_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexingFailed, match="fts5"):
        index_alone("fts5", tmp_path / "index", tmp_path / "nowhere", None)


def test_opening_puts_every_question(tmp_path: Path, paragraphs: list[Paragraph]) -> None:
    ours = load("ours", tmp_path / "index")
    ours.build(paragraphs)
    opened = open_alone(
        tmp_path / "index", [to_query(Question(("环境",))), to_query(Question(("民生",), year=2021))]
    )
    assert opened.questions == 2
    assert opened.first_answer_ms > 0


def test_pages_are_asked_by_one_and_by_many(tmp_path: Path, paragraphs: list[Paragraph]) -> None:
    ours = load("ours", tmp_path / "index")
    ours.build(paragraphs)
    served = measure_pages(
        tmp_path / "index", [Question(("环境",)), Question(("监督",), city="四平市")], requests=16
    )
    assert [(load.path, load.clients, load.requests) for load in served.rounds] == [
        (path, clients, 16) for path in PATHS for clients in (1, 8)
    ]
    assert all(0 < load.p50_ms <= load.p95_ms <= load.worst_ms for load in served.rounds)
    told = [load.server_ms for load in served.rounds if load.server_ms is not None]
    assert len(told) == (len(served.rounds) if Path("/proc/self/stat").exists() else 0)
    assert all(ms >= 0 for ms in told)


def test_pages_without_an_index_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="didn't start"):
        measure_pages(tmp_path / "nothing", [Question(("环境",))])


# The language's features


def test_language_features_are_timed_on_a_built_index(tmp_path: Path) -> None:
    sample = Path(__file__).resolve().parent.parent / "index_data" / "sample"
    index_sources([sample], tmp_path / "index", jobs=1)
    times = language.measure(tmp_path / "index", repetitions=1, per_class=2)
    assert {*language.SUGGESTIONS, "two words near each other", "sentence", "denial alone"} <= set(times)
    assert all(ms >= 0 for of in times.values() for _, ms in of)
    for name, of in times.items():
        for text, _ in of:
            parse_query(text)
            assert name in language.SUGGESTIONS or text
    said = to_text(language.language_table(language.count_paragraphs(tmp_path / "index"), times))
    assert "two words near each other" in said
    assert "median / p95 / worst, ms" in said


def test_hostile_files_are_told_and_the_good_ones_held(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    kinds = (html_attributes, pdf_forms, zip_damaged, xlsx_wide, zip_overlapping)
    outcome = index_files(files, tmp_path / "index", write_files(files, 10, kinds), idle_cpu_s=30)
    assert (outcome.status, outcome.lost, outcome.failed) == (1, 0, [])
    assert outcome.of_kind["html_attributes"] == outcome.of_kind["zip_overlapping"] == {"refused": 2}
    assert sum(sum(counts.values()) for counts in outcome.of_kind.values()) == 10
    assert len(list(files.iterdir())) == 10 + GOOD_FILES


def test_one_table_has_every_report(corpus: Path, tmp_path: Path) -> None:
    table = tmp_path / "reports.csv"
    rows = write_table(corpus, table)
    run = index_table(table, tmp_path / "index", 64)
    assert run.paragraphs > 0  # texts as short as these need not be reports
    assert run.reports <= rows
    assert run.table_bytes == table.stat().st_size


def test_a_week_of_operation_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert week.main(["--files", "6", "--added", "4", "--removed", "2", "--clients", "1"]) == 0
    said = json.loads(capsys.readouterr().out)
    done = {
        name: said["done"][name] for name in ("added", "removed", "read again", "restores", "servers killed")
    }
    assert done == {"added": 10, "removed": 6, "read again": 6, "restores": 1, "servers killed": 1}
    assert said["requests"] > 0
    assert said["failed"] == said["lost"] == []


def test_small_additions_are_followed(capsys: pytest.CaptureFixture[str]) -> None:
    assert week.main(["--files", "3", "--watch", "2", "--clients", "1"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["done"]["added"] == 5
    assert 0 < said["found_seconds"]["median"] <= said["found_seconds"]["worst"]


def test_the_catalogue_alone_is_measured(tmp_path: Path) -> None:
    catalogue.make(tmp_path / "index", 60)
    figures = catalogue.measure(tmp_path / "index")
    assert {f"{name}_ms" for name in catalogue.PAGES} <= figures.keys()
    assert min(figures.values()) > 0


def test_a_reader_is_measured_beside_attackers(tmp_path: Path) -> None:
    index_sources([Path(__file__).resolve().parent.parent / "index_data" / "sample"], tmp_path / "index")
    with server(tmp_path / "index", []) as (address, pid), idle_server() as idle:
        seen = measure(address, idle, pid, "2 strings of one character", attackers=2, seconds=2)
    assert seen.reads_ms
    assert seen.health_ms
    assert seen.idle_ms
    assert seen.memory_mb > 10
    assert seen.attacks > 0
    assert not seen.failed
    assert {name[0] for name in ATTACKS} >= set("123456")
    assert not holds(Seen(reads_ms=[100.0], failed=["x"]), Seen(reads_ms=[100.0]))
    assert not holds(Seen(reads_ms=[400.0]), Seen(reads_ms=[100.0]))
    assert holds(Seen(reads_ms=[200.0], health_ms=[5.0], memory_mb=200), Seen(reads_ms=[100.0]))
