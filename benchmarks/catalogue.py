"""The catalogue alone: very many short reports, and what opening, lists, filters and additions take.

    python -m benchmarks.catalogue make INDEX [--reports 200000]    the same reports in every run
    python -m benchmarks.catalogue measure INDEX                    prints JSON

The places, years, names and numbers of the reports are drawn; their sentences are a few of our own. Each has a title
and three paragraphs, so that what is measured is the catalogue and not the postings. What reads files is left out: the
reports go to the store as they are.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from search.addresses import begin_writing
from search.collection import DraftParagraph, DraftReport, DraftSource, SourceRecord
from search.language.places import Place, places
from search.language.text import load_analyzer
from search.report_ids import report_id
from search.rules import RULES_VERSION

SEED = 20
_PER_SOURCE = 500
_TRIES = 5
_PARTS = ("农业农村", "工业经济", "文化旅游", "教育卫生", "城市更新", "生态环境", "社会治理", "对外开放")
_VERBS = ("推进", "支持", "改善", "加强", "督促", "调研")
_TYPES = ("政府工作报告", "政协常委会工作报告", "政协提案工作报告", "人大常委会工作报告")


def iter_drafts(count: int, seed: int = SEED) -> Iterator[DraftSource]:
    """So many reports, `_PER_SOURCE` to a source."""
    chance = random.Random(seed)
    cities = sorted(
        (place for place in places().at_level("市") if place.held_in(2020)), key=lambda of: of.code
    )
    for number, begin in enumerate(range(0, count, _PER_SOURCE)):
        name, size = f"{number:05}.csv", min(_PER_SOURCE, count - begin)
        reports = [_draw(chance, name, ordinal, cities) for ordinal in range(1, size + 1)]
        source = SourceRecord(
            f"/tables/{name}", name, f"{number:064x}", RULES_VERSION, size, (), {"format": "csv"}
        )
        yield DraftSource(source, reports)


def _draw(chance: random.Random, source: str, ordinal: int, cities: Sequence[Place]) -> DraftReport:
    city, year, of_type = chance.choice(cities), chance.randint(1996, 2026), chance.choice(_TYPES)
    province = places().province_of(city)
    title = f"{city.name}{year}年{of_type}（第{chance.randint(1, 9_999)}号）"
    record = {
        "id": report_id(source, ordinal),
        "source": f"{source}#row {ordinal}",
        "ordinal": ordinal,
        "kind": "report",
        "title": title,
        "type": of_type,
        "city": city.name,
        "province": None if province is None else province.name,
        "level": city.level,
        "code": city.code,
        "year": year,
        "plan_year": year,
        "review_year": year - 1,
        "date": f"{year}-01-{chance.randint(5, 25):02}",
        "session": None,
        "speaker": None,
        "added": f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}T08:00:00Z",
        "paragraphs": 4,
    }
    texts = [_sentence(chance) for _ in range(3)]
    paragraphs = [
        DraftParagraph(kind, 0, text, digest=zlib.crc32(text.encode()))
        for kind, text in zip(["title", *["paragraph"] * len(texts)], [title, *texts], strict=True)
    ]
    return DraftReport(record, paragraphs)


def _sentence(chance: random.Random) -> str:
    return (
        f"{chance.choice(_VERBS)}{chance.choice(_PARTS)}工作{chance.randint(2, 9_999)}项，"
        f"落实资金{chance.randint(2, 99_999)}万元，{chance.choice(_PARTS)}有了新的变化。"
    )


def make(index: Path, count: int) -> None:
    """Write the reports as one version."""
    with begin_writing(str(index), load_analyzer()) as writer:
        for draft in iter_drafts(count):
            writer.add(writer.preparer(draft))
        writer.commit()


def measure(index: Path) -> dict[str, float]:
    """Milliseconds of the thread, and megabytes that are no file's pages, after each step of a fresh process."""
    from web.app import WebConfig, create_app

    figures: dict[str, float] = {"imported_mb": _own_mb()}
    begun = time.thread_time()
    app = create_app(WebConfig(index=index))
    client = app.test_client()

    def get(url: str) -> None:
        answer = client.get(url)
        assert answer.status_code == 200, f"{url}: {answer.status}"

    def once(name: str, act: Callable[[], object]) -> None:
        start = time.thread_time()
        act()
        figures[f"{name}_first_ms"] = _ms(start)
        again = []
        for _ in range(_TRIES):
            start = time.thread_time()
            act()
            again.append(_ms(start))
        figures[f"{name}_ms"] = statistics.median(again)

    get("/search?q=农业")
    figures["opened_and_searched_ms"] = _ms(begun)
    figures["opened_mb"] = _own_mb()
    for name, url in PAGES.items():
        once(name, lambda url=url: get(url))  # type: ignore[misc]
    figures["listed_mb"] = _own_mb()
    return {name: round(value, 1) for name, value in figures.items()}


PAGES = {
    "reports": "/reports",
    "by_city": "/reports?sort=city",
    "by_type": "/reports?sort=type",
    "oldest": "/reports?sort=year",
    "of_city": "/reports?city=四平市",
    "of_year_and_type": "/reports?year=2020&type=政府工作报告",
    "page_1000": "/reports?page=1000",
    "feed": "/reports.atom",
    "search": "/search?q=农业",
    "search_of_city": "/search?q=四平市2020",
}


def _ms(start: float) -> float:
    return (time.thread_time() - start) * 1000


def _own_mb() -> float:
    """The memory of this process that is no file's pages."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (size,) = (line.split()[1] for line in lines if line.startswith("RssAnon:"))
    return int(size) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("index", type=Path)
    making.add_argument("--reports", type=int, default=200_000)
    commands.add_parser("measure").add_argument("index", type=Path)
    chosen = parser.parse_args()
    if chosen.command == "make":
        make(chosen.index, chosen.reports)
    else:
        print(json.dumps(measure(chosen.index), indent=1))


if __name__ == "__main__":
    main()
