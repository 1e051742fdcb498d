"""The language's features on a built index: how long each kind of question takes, suggestions too.

    python benchmarks/language.py INDEX [--repetitions 7] [--clock cpu] [--show]

Questions are taken from the collection itself, with a fixed seed: words, strings and sentences of its texts,
misspellings of its words, words that never meet. A question's time is the median of its repetitions, with nothing kept
from one to the next.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from search import open_searcher

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.race import CLOCKS
from benchmarks.spelling import iter_misspellings
from benchmarks.tables import Table, to_text
from benchmarks.timings import spread
from search.answer.lexicon import Lexicon, build_lexicon
from search.answer.searcher import Searcher
from search.answer.spelling import few_paragraphs
from search.embedded.snapshot import NO_YEAR, Snapshot
from search.embedded.store import open_generation
from search.language.synonyms import load_synonyms
from search.language.text import load_analyzer
from search.language.text.pinyin import load_pinyin
from search.model import Query

PER_CLASS = 15
SUGGESTIONS = ("suggestions by characters", "suggestions by pinyin", "suggestions by initials")
_SEED = 11
_TRIES = 300
_CLAUSE = re.compile("[\u4e00-\u9fff]{8,}")
_SENTENCE = re.compile("[\u4e00-\u9fff，、]{18,60}。")
_LETTERS = re.compile("[A-Za-z]{2,}[0-9]*")


class Questions:
    """Questions about one collection, by class."""

    def __init__(self, engine: Searcher, snapshot: Snapshot, lexicon: Lexicon) -> None:
        self._engine, self._snapshot, self._lexicon = engine, snapshot, lexicon
        self._chance = random.Random(_SEED)
        self._analyzer = load_analyzer()
        ranked = sorted(range(len(lexicon)), key=lambda number: -lexicon.paragraphs[number])
        self._words = [lexicon.terms[number] for number in ranked]
        self._texts = [text for text in self._drawn_texts(4_000) if text]
        years = sorted({int(year) for year in snapshot.combinations.year.tolist() if year != NO_YEAR})
        self._years = years or [2020]
        self._cities = [city for city in snapshot.combinations.values["city"] if city] or ["四平市"]

    def _drawn_texts(self, count: int) -> Iterator[str]:
        for _ in range(count):
            data = self._chance.choice(self._snapshot.parts).data
            yield data.text(self._chance.randrange(data.doc_count))

    def _word(self, share: float = 0.2) -> str:
        """One of that share of the words that is used most."""
        return self._chance.choice(self._words[: max(8, int(len(self._words) * share))])

    def _together(self, count: int) -> list[str]:
        """So many words that stand in one paragraph."""
        for _ in range(_TRIES):
            tokens = self._analyzer.query_tokens(self._chance.choice(self._texts))
            words = list(dict.fromkeys(t.term for t in tokens if re.fullmatch("[\u4e00-\u9fff]{2,}", t.term)))
            if len(words) >= count:
                at = self._chance.randrange(len(words) - count + 1)
                return words[at : at + count]
        return [self._word() for _ in range(count)]

    def _matched(self, pattern: re.Pattern[str]) -> str:
        for _ in range(_TRIES):
            found = pattern.findall(self._chance.choice(self._texts))
            if found:
                return str(self._chance.choice(found))
        return self._texts[0]

    def _range(self) -> str:
        first = self._chance.choice(self._years)
        return f"year:{first}..{first + self._chance.choice([0, 2, 5])}"

    def _never_meeting(self) -> str | None:
        """Three to five usual words that no paragraph has together; None where there are hardly any."""
        for _ in range(_TRIES):
            text = " ".join(self._word(0.02) for _ in range(self._chance.choice([3, 4, 5])))
            if not self._engine.search(Query(text)).total:
                return text
        return None

    def _two_cities(self) -> str:
        return ",".join(self._chance.sample(self._cities, min(2, len(self._cities))))

    def classes(self, per_class: int) -> dict[str, list[str]]:
        """The questions: searches, and beginnings to be completed (`SUGGESTIONS`)."""
        chance = self._chance
        synonyms = [form for form in load_synonyms().others if form in set(self._words)] or self._words[:40]
        letters = sorted({match for text in self._texts for match in _LETTERS.findall(text)}) or ["GDP"]
        makers: dict[str, Callable[[], str | None]] = {
            "two words near each other": lambda: (
                f'"{" ".join(self._together(2))}"~{chance.choice([2, 10, 30])}'
            ),
            "three words near each other": lambda: (
                f'"{" ".join(self._together(3))}"~{chance.choice([10, 30])}'
            ),
            "very common words near each other": lambda: (
                f'"{chance.choice(self._words[:40])} {chance.choice(self._words[:40])}"~{chance.choice([5, 20])}'
            ),
            "prefix of letters": lambda: f"{chance.choice(letters)[:2]}*",
            "prefix of a digit or letter": lambda: f"{chance.choice('12345aegpw')}*",
            "word with synonyms": lambda: chance.choice(synonyms),
            "alternatives with synonyms": lambda: " OR ".join(chance.sample(synonyms, min(3, len(synonyms)))),
            "word without another": lambda: "{} -{}".format(*self._together(2)),
            "denial alone": lambda: f"-{self._word()}",
            "field and years": lambda: (
                f"{chance.choice(('title', 'heading'))}:{self._word(0.01)} {self._range()}"
            ),
            "word, cities and years": lambda: f"{self._word()} city:{self._two_cities()} {self._range()}",
            "long quoted string": lambda: f'"{self._matched(_CLAUSE)[:24]}"',
            "everything at once": lambda: (
                "({} OR {}) -{} ".format(*self._together(3))
                + f'"{" ".join(self._together(2))}"~50 {self._range()}'
            ),
            "sentence": lambda: self._matched(_SENTENCE)[:-1].replace("“", ""),
            "nothing found: words never together": self._never_meeting,
            "nothing found: a word that is nowhere": lambda: (
                f"{' '.join(self._together(2))} 龘{self._word()}龘"
            ),
            "nothing found: filter": lambda: f"{self._word()} year:1900",
        }
        found = {
            name: [text for _ in range(per_class) if (text := make()) is not None]
            for name, make in makers.items()
        }
        few = few_paragraphs(self._snapshot.doc_count)
        wrong = iter_misspellings(self._engine, self._lexicon, load_pinyin(), few)
        found["misspelling"] = [typed for _, typed, _ in islice(wrong, per_class)]
        read = [
            (word, syllables) for word in self._words[:2_000] for syllables in load_pinyin().readings(word)
        ][:2_000]
        chosen = [chance.choice(read) for _ in range(per_class)] if read else [("政协", ("zheng", "xie"))]
        found[SUGGESTIONS[0]] = [word[: chance.choice([1, 1, 2, 3])] for word, _ in chosen]
        found[SUGGESTIONS[1]] = ["".join(syllables)[: chance.choice([1, 2, 4, 9])] for _, syllables in chosen]
        found[SUGGESTIONS[2]] = [
            "".join(s[0] for s in syllables)[: chance.choice([1, 2, 3])] for _, syllables in chosen
        ]
        return found


def measure(
    index: Path, *, repetitions: int = 7, clock: str = "wall", per_class: int = PER_CLASS
) -> dict[str, list[tuple[str, float]]]:
    """Each class's questions with their times in milliseconds."""
    now = CLOCKS[clock]
    analyzer = load_analyzer()
    snapshot = Snapshot(open_generation(index, analyzer.fingerprint))
    engine = open_searcher(index, analyzer=analyzer)
    classes = Questions(engine, snapshot, build_lexicon(snapshot)).classes(per_class)
    engine.suggest("政")
    engine._dialogue.wait()  # Headings and reports are read behind the first answer.
    times: dict[str, list[tuple[str, float]]] = {}
    for name, typed in classes.items():
        times[name] = []
        for text in typed:
            taken = []
            for _ in range(repetitions):
                engine.forget_matches()
                begun = now()
                if name in SUGGESTIONS:
                    engine.suggest(text)
                else:
                    engine.search(Query(text))
                taken.append((now() - begun) * 1000)
            times[name].append((text, statistics.median(taken)))
    engine.close()
    return times


def language_table(paragraphs: int, times: dict[str, list[tuple[str, float]]]) -> Table:
    """Median, 95th percentile and worst of each class."""
    rows = [[name, str(len(of)), str(spread([ms for _, ms in of]))] for name, of in times.items() if of]
    return Table(
        f"The language's features on {paragraphs:,} paragraphs: median / p95 / worst, ms",
        ["class", "questions", "ours"],
        rows,
    )


def count_paragraphs(index: Path) -> int:
    return sum(data.doc_count for data in open_generation(index, load_analyzer().fingerprint).segments)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Time the language's features on a built index.")
    parser.add_argument("index", type=Path)
    parser.add_argument("--repetitions", type=int, default=7, help="of every question (default %(default)s)")
    parser.add_argument("--clock", choices=sorted(CLOCKS), default="wall", help="cpu: the thread's own time")
    parser.add_argument("--show", action="store_true", help="print each question with its time")
    asked = parser.parse_args(arguments)
    times = measure(asked.index, repetitions=asked.repetitions, clock=asked.clock)
    if asked.show:
        for name, of in times.items():
            print(
                name,
                *(f"  {ms:8.2f}  {text}" for text, ms in sorted(of, key=lambda pair: -pair[1])),
                sep="\n",
            )
        print()
    print(to_text(language_table(count_paragraphs(asked.index), times)))


if __name__ == "__main__":
    main()
