"""What was asked: kept by day, counted over processes, bounded, forgotten in time, and never in a search's way."""

from __future__ import annotations

import logging
import multiprocessing
import sqlite3
import stat
import sys
import time
from pathlib import Path

import pytest

from search.errors import OperatorStateError
from search.operating import questions
from search.operating.questions import MOST_CHARS, Asked, QuestionLog
from search.operating.state import FILE, VERSION

DAY = 86_400.0
NOON = 1_770_033_600.0  # 2026-02-02 12:00 UTC


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def ask(text: str, found: int | None = 3, took_ms: float = 5, filters: str = "", **others: bool) -> Asked:
    return Asked(text, filters, found, took_ms, **others)


def rows_of(folder: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / FILE)
    try:
        return connection.execute("SELECT * FROM asked ORDER BY day, text, filters").fetchall()
    finally:
        connection.close()


def test_questions_are_counted_with_what_became_of_them(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path, slow_ms=1000, clock=Clock())
    for asked in (
        ask("营商环境"),
        ask(" 营商  环境 "),
        ask("营商环境", took_ms=1500.4),
        ask("绝无此词", found=0),
        ask("绝无此词", found=0, filters='{"city": ["四平市"]}'),
        ask("绝无此词", found=None),
        ask("a* OR b*", found=None, is_refused=True),
    ):
        log.note(asked)
    found = log.read()
    assert (found.times, found.different) == (7, 5)
    assert [(one.text, one.filters, one.empty) for one in found.empty] == [
        ("绝无此词", "", 1),
        ("绝无此词", '{"city": ["四平市"]}', 1),
    ]
    assert [(one.text, one.times) for one in found.often] == [("绝无此词", 2), ("营商环境", 2)]
    assert [(one.text, one.slow, one.refused, one.slowest_ms) for one in found.slow] == [
        ("a* OR b*", 0, 1, 5),
        ("营商环境", 1, 0, 1500),
    ]


def test_nothing_is_kept_but_text_filters_day_and_counts(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path, clock=Clock())
    log.note(ask("提案"))
    log.write()
    assert rows_of(tmp_path) == [("2026-02-02", "提案", "", 1, 0, 0, 0, 5)]
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_what_is_older_than_was_stated_is_neither_shown_nor_kept(tmp_path: Path) -> None:
    clock = Clock()
    log = QuestionLog(tmp_path, days=3, clock=clock)
    log.note(ask("甲机密词", found=0))
    log.write()
    clock.now += 2 * DAY
    assert [one.text for one in log.read().empty] == ["甲机密词"]
    clock.now += DAY
    assert log.read().empty == ()
    log.note(ask("乙"))
    log.write()
    assert [row[1] for row in rows_of(tmp_path)] == ["乙"]
    assert "甲机密词".encode() not in (tmp_path / FILE).read_bytes()  # overwritten, not only unlinked


def test_long_questions_and_floods_take_no_more_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_ROWS", 20)
    monkeypatch.setattr(questions, "_MOST_PENDING", 30)
    log = QuestionLog(tmp_path, clock=Clock())
    log.note(ask("长" * (MOST_CHARS + 1)))
    log.note(ask("长", filters="x" * (MOST_CHARS + 1)))
    for _ in range(3):
        log.note(ask("常问的"))
    for number in range(1000):
        log.note(ask(f"只问一次 {number}"))
    log.write()
    rows = rows_of(tmp_path)
    assert len(rows) == 20
    assert "常问的" in [row[1] for row in rows]


def test_a_lone_surrogate_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path, clock=Clock())
    log.note(ask("提案\ud800", filters="\udfff"))
    log.write()
    assert [row[1:3] for row in rows_of(tmp_path)] == [("提案?", "?")]


def test_noting_waits_for_nothing_and_writes_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "WRITE_SECONDS", 0.02)
    first = QuestionLog(tmp_path)
    first.note(ask("一"))
    first.write()
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")  # another process writes, for long
    begun = time.monotonic()
    for _ in range(100):
        first.note(ask("二"))
    assert time.monotonic() - begun < 1
    other.execute("ROLLBACK")
    other.close()
    for _ in range(500):
        if ("二", 100) in [(row[1], row[3]) for row in rows_of(tmp_path)]:
            break
        time.sleep(0.02)
    else:
        pytest.fail("not written")


@pytest.mark.parametrize("harm", ["no folder", "damaged", "newer"])
def test_a_state_that_cannot_be_used_stops_no_question_and_is_told_once(
    tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "state"
    if harm == "no folder":
        folder.write_text("a file")
    else:
        folder.mkdir()
        (folder / FILE).write_bytes(b"no database" * 1000)
    if harm == "newer":
        (folder / FILE).unlink()
        connection = sqlite3.connect(folder / FILE)
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        connection.close()
    before = (folder / FILE).read_bytes() if folder.is_dir() else b""
    log = QuestionLog(folder)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            log.note(ask("提案"))
            log.write()
    assert len(caplog.records) == 1
    with pytest.raises(OperatorStateError, match="operator"):
        log.read()
    assert before == ((folder / FILE).read_bytes() if folder.is_dir() else b"")


def write_many(folder: Path, count: int) -> None:
    log = QuestionLog(folder, clock=Clock())
    for number in range(count):
        log.note(ask("一起问的"))
        log.note(ask(f"{number % 7}", found=0))
        if number % 10 == 9:
            log.write()
    log.write()


def test_processes_write_one_state(tmp_path: Path) -> None:
    context = (
        multiprocessing.get_context("fork")
        if sys.platform == "linux"
        else multiprocessing.get_context("spawn")
    )
    processes = [context.Process(target=write_many, args=(tmp_path, 100)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    found = QuestionLog(tmp_path, clock=Clock()).read()
    assert (found.often[0].text, found.often[0].times) == ("一起问的", 400)
    assert sum(one.empty for one in found.empty) == 400
