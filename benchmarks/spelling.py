"""Did you mean: is the right term offered first for a misspelling, and is a right term left alone?

    python benchmarks/spelling.py INDEX

Terms are the collection's own, drawn by how often they are used, two characters and more. A misspelling is a string
that hardly stands in the collection: a homophone, or a near form, where one character is replaced by a random one, left
out, put in, or has changed places with the next; near forms of words of three characters and more. Right phrases are
pieces of the texts themselves, from word to word, of three to eight characters. Fixed seed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from search import open_searcher

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from search.answer.lexicon import Lexicon, build_lexicon
from search.answer.searcher import Searcher
from search.answer.spelling import _HAN_CHUNK, few_paragraphs
from search.embedded.snapshot import Snapshot
from search.embedded.store import open_generation
from search.language.text import Analyzer, load_analyzer
from search.language.text.pinyin import Pinyin, load_pinyin
from search.model import Query

MISSPELLINGS, RIGHT_TERMS, RIGHT_PHRASES = 200, 1_000, 1_000
PHRASE_CHARS = range(3, 9)
KINDS = ("homophone", "replaced", "missing", "extra", "transposed")
_SEED = 5
_TRIES = 2_000


def misspell(
    term: str, kind: str, chance: random.Random, by_sound: dict[str, str], pinyin: Pinyin
) -> str | None:
    """`term` with one error, or None where that kind can't happen to it."""
    at = chance.randrange(len(term))
    common = "".join(by_sound.values())
    if kind == "homophone":
        syllable = (pinyin.read(term) or [""] * len(term))[at]
        others = [char for char in by_sound.get(syllable, "") if char != term[at]]
        return term[:at] + chance.choice(others) + term[at + 1 :] if others else None
    if len(term) < 3:
        # One character of a word of two says too little of which word it was.
        return None
    if kind == "replaced":
        return term[:at] + chance.choice(common) + term[at + 1 :]
    if kind == "missing":
        return term[:at] + term[at + 1 :]
    if kind == "extra":
        return term[:at] + chance.choice(common) + term[at:]
    at = min(at, len(term) - 2)
    return term[:at] + term[at + 1] + term[at] + term[at + 2 :] if term[at] != term[at + 1] else None


def iter_misspellings(
    engine: Searcher, lexicon: Lexicon, pinyin: Pinyin, few: int
) -> Iterator[tuple[str, str, str]]:
    """(kind, misspelling, term), the kinds in turn, without end; none where hardly any word is used enough."""
    chance = random.Random(_SEED)
    used = Counter(char for term in lexicon.terms for char in term)
    by_sound: dict[str, str] = {}
    for char, _ in used.most_common(3_000):
        syllable = pinyin.characters.get(char)
        if syllable:
            by_sound[syllable] = by_sound.get(syllable, "") + char
    weights = [count**0.5 for count in lexicon.uses]
    while True:
        for kind in KINDS:
            wrong = None
            for _ in range(_TRIES):
                if wrong is not None:
                    break
                (term,) = chance.choices(lexicon.terms, weights)
                if lexicon.paragraphs[lexicon.find(term) or 0] > 20 * few:
                    wrong = misspell(term, kind, chance, by_sound, pinyin)
                if wrong and (
                    lexicon.find(wrong) is not None or engine.search(Query(f'"{wrong}"')).total > few
                ):
                    wrong = None
            if wrong is None:
                return
            yield kind, wrong, term


def iter_phrases(snapshot: Snapshot, analyzer: Analyzer) -> Iterator[str]:
    """Pieces of the texts as they stand, without end: what is there can't be misspelled, or the collection is."""
    chance = random.Random(_SEED + 2)
    while True:
        data = chance.choice(snapshot.parts).data
        tokens = analyzer.query_tokens(data.text(chance.randrange(data.doc_count)))
        first = chance.randrange(len(tokens)) if tokens else 0
        phrase = ""
        for token in tokens[first : first + chance.randint(2, 4)]:
            if not _HAN_CHUNK.fullmatch(token.term):
                break
            phrase += token.term
        if len(phrase) in PHRASE_CHARS:
            yield phrase


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure did-you-mean over a built index.")
    parser.add_argument("index", type=Path)
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    asked = parser.parse_args()
    analyzer = load_analyzer()
    snapshot = Snapshot(open_generation(asked.index, analyzer.fingerprint))
    begun = time.perf_counter()
    lexicon = build_lexicon(snapshot)
    build_seconds = time.perf_counter() - begun
    engine = open_searcher(asked.index, analyzer=analyzer)
    pinyin = load_pinyin()

    right: Counter[str] = Counter()
    offered: Counter[str] = Counter()
    asked_of: Counter[str] = Counter()
    milliseconds = []
    made = iter_misspellings(engine, lexicon, pinyin, few_paragraphs(snapshot.doc_count))
    for _, (kind, wrong, term) in zip(range(MISSPELLINGS), made, strict=False):
        result = engine.search(Query(wrong))
        milliseconds.append(result.took_ms)
        asked_of[kind] += 1
        right[kind] += result.did_you_mean[:1] == (term,)
        offered[kind] += term in result.did_you_mean
        if asked.show and result.did_you_mean[:1] != (term,):
            print(f"{kind}: {term} as {wrong}: {result.did_you_mean}")
    disturbed = []
    for term in random.Random(_SEED + 1).sample(lexicon.terms, min(RIGHT_TERMS, len(lexicon))):
        result = engine.search(Query(term))
        if result.did_you_mean:
            disturbed.append((term, result.did_you_mean))
    disturbed_phrases = []
    for _, phrase in zip(range(RIGHT_PHRASES), iter_phrases(snapshot, analyzer), strict=False):
        result = engine.search(Query(phrase))
        if result.did_you_mean:
            disturbed_phrases.append((phrase, result.did_you_mean))
    if asked.show:
        print(*disturbed, *disturbed_phrases, sep="\n")

    print(f"{snapshot.doc_count:,} paragraphs, {len(lexicon):,} terms, read in {build_seconds:.2f} s\n")
    print("| misspelling | asked | right one first | among those offered |\n|---|---|---|---|")
    for kind in KINDS:
        print(
            f"| {kind} | {asked_of[kind]} | {right[kind] / asked_of[kind]:.1%} | {offered[kind] / asked_of[kind]:.1%} |"
        )
    print(
        f"| all | {MISSPELLINGS} | {right.total() / MISSPELLINGS:.1%} | {offered.total() / MISSPELLINGS:.1%} |"
    )
    print(f"\nRight terms disturbed: {len(disturbed)} of {min(RIGHT_TERMS, len(lexicon)):,}")
    print(f"Right phrases disturbed: {len(disturbed_phrases)} of {RIGHT_PHRASES:,}")
    milliseconds.sort()
    print(
        f"A misspelling's answer: median {milliseconds[100]:.1f} ms, 95th of 100 {milliseconds[190]:.1f} ms"
    )


if __name__ == "__main__":
    main()
