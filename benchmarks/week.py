"""A week's operation in minutes: additions, removals, an upgrade, crashes, a snapshot and a restore, under questions.

    python -m benchmarks.week [--files 100] [--added 200] [--removed 50] [--clients 2] [--seed 20]
    python -m benchmarks.week --watch 60        so many small additions, followed by one run that goes on

Files are written, indexed by `xiesou index` and served by `xiesou serve`, as an operator does it, in a folder that is
dropped afterwards. Clients ask all the while. What fails while a server is down on purpose is counted as meant,
anything else is a failure. At the end every byte is verified and every file is looked for by a sentence of its own.
Prints JSON; ends with 1 if anything failed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import ROOT, describe_machine
from benchmarks.pages import serving
from benchmarks.timings import percentile

_STEP = 10
"""Files that come or go in one run."""
_WAIT_SECONDS = 60.0
_CITIES = ("四平市", "通化市", "长治市", "柳州市", "大同市", "辽源市")
_THINGS = ("营商环境", "乡村振兴", "民生保障", "科技创新", "生态环境", "提案办理")
_AS_BEFORE = (
    "import sys, search.rules; search.rules.RULES_VERSION = 'before'; sys.argv[0] = 'xiesou'; "
    "from xiesou import main; main()"
)
"""The program as it was before an upgrade of its readers and rules."""
_ASKED = (
    "/search?q=" + quote("营商环境"),
    "/api/v1/search?q=" + quote("乡村 振兴"),
    "/search?q=" + quote('"提案办理"') + "&city=" + quote("四平市"),
    "/reports",
    "/api/v1/suggest?q=" + quote("生态"),
    "/healthz",
)


def write_file(folder: Path, number: int) -> None:
    """A report that has a sentence of its own; see `sentence_of`."""
    city, year = _CITIES[number % len(_CITIES)], 2001 + number % 25
    chance = random.Random(number)
    lines = [f"{city}人民政府{year}年工作报告", "各位代表：", sentence_of(number) + "。"]
    lines += [
        f"推进{chance.choice(_THINGS)}和{chance.choice(_THINGS)}，办理事项{chance.randint(2, 999)}件。"
        for _ in range(20)
    ]
    (folder / f"{number:05}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def sentence_of(number: int) -> str:
    """What only one file says."""
    return f"第{number}号文件写下的一句话"


class Clients:
    """Threads that ask a server until they are stopped, whatever becomes of it."""

    def __init__(self, count: int) -> None:
        self.port = 0
        self.took_ms: list[float] = []
        self.failed: list[str] = []
        self.meant = 0
        self._down = threading.Event()
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,), daemon=True) for n in range(count)]

    def start(self, port: int) -> None:
        self.port = port
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(_WAIT_SECONDS)

    @contextmanager
    def no_server(self) -> Iterator[None]:
        """While there is no server on purpose."""
        self._down.set()
        yield
        self._down.clear()

    def _ask(self, number: int) -> None:
        chance = random.Random(number)
        while not self._stopped.is_set():
            path, was_down, begun = chance.choice(_ASKED), self._down.is_set(), time.perf_counter()
            try:
                status = ask(self.port, path)[0]
            except (OSError, http.client.HTTPException) as error:
                if was_down or self._down.is_set():
                    self.meant += 1
                    time.sleep(0.05)
                else:
                    self.failed.append(f"{path}: {error!r}")
                continue
            self.took_ms.append((time.perf_counter() - begun) * 1000)
            if status != http.client.OK:
                self.failed.append(f"{path}: {status}")


def ask(port: int, path: str) -> tuple[int, bytes]:
    """The status and the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_WAIT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Week:
    """The operator: a folder of files, an index of them, and what was done."""

    def __init__(self, work: Path, seed: int) -> None:
        self.files, self.index, self.kept = work / "files", work / "index", work / "kept"
        self.files.mkdir()
        self.held: set[int] = set()
        self.next = 0
        self.seconds: list[float] = []
        self.done: Counter[str] = Counter()
        self.chance = random.Random(seed)

    def xiesou(self, *words: str) -> dict[str, Any]:
        """Run a command to its end; what it says as JSON.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        command = [sys.executable, "-m", "xiesou", *words, "--index", str(self.index), "--json"]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def update(self) -> None:
        """Bring the index up to date."""
        begun = time.perf_counter()
        said = self.xiesou("index", str(self.files), "--allow-removals", "--jobs", "1")
        self.seconds.append(time.perf_counter() - begun)
        self.done["read again"] += said["updated"]
        self.done["runs"] += 1

    def build_as_before(self) -> None:
        """Build the index by the readers and rules of before."""
        command = [sys.executable, "-c", _AS_BEFORE, "index", str(self.files), "--index", str(self.index)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def add(self, count: int) -> None:
        for number in range(self.next, self.next + count):
            write_file(self.files, number)
        self.held |= set(range(self.next, self.next + count))
        self.next += count
        self.done["added"] += count

    def remove(self, count: int) -> None:
        for number in self.chance.sample(sorted(self.held), count):
            (self.files / f"{number:05}.txt").unlink()
            self.held.remove(number)
        self.done["removed"] += count

    def crash(self) -> None:
        """A run that is killed on its way; at times it has ended before."""
        command = [sys.executable, "-m", "xiesou", "index", str(self.files), "--index", str(self.index)]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(self.chance.uniform(0.5, 5))
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            self.done["runs killed"] += 1
        running.wait()

    def lost(self, port: int) -> list[str]:
        """What the server finds otherwise than it should, once it has the last version."""
        wrong = []
        for number in range(self.next):
            status, body = ask(port, "/api/v1/search?per_page=1&q=" + quote(f'"{sentence_of(number)}"'))
            total = json.loads(body)["total"] if status == http.client.OK else status
            if total != (number in self.held):
                wrong.append(f"file {number}: {total}")
        return wrong

    def bytes_held(self) -> int:
        return sum(file.stat().st_size for file in self.index.iterdir())


def live_through(week: Week, clients: Clients, *, files: int, added: int, removed: int) -> list[str]:
    """The week; what was lost at its end."""
    week.add(files)
    week.build_as_before()
    with ExitStack() as servers:
        port, server = servers.enter_context(serving(week.index))
        clients.start(port)
        week.update()  # by newer rules: everything is read again
        restart_at, crash_every = added // 2, max(added // _STEP // 5, 1)
        for step, begin in enumerate(range(0, added, _STEP), 1):
            week.add(min(_STEP, added - begin))
            if step % crash_every == 0:
                week.crash()
            if begin <= restart_at < begin + _STEP:
                week.done["servers upgraded"] += 1
                server = _restart(clients, servers, week.index, server, signal.SIGTERM)
            week.update()
            due = removed * min(begin + _STEP, added) // added - week.done["removed"]
            if due >= min(_STEP, removed):
                week.remove(due)
                week.update()
        week.xiesou("snapshot", str(week.kept))
        week.remove(min(_STEP, len(week.held) // 2))  # the restore brings them back
        week.update()
        week.xiesou("restore", str(week.kept))
        week.done["restores"] += 1
        server = _restart(clients, servers, week.index, server, signal.SIGKILL)
        week.done["servers killed"] += 1
        week.update()
        week.xiesou("verify")
        time.sleep(2)  # a server looks for a new version now and then
        wrong = week.lost(clients.port)
        clients.stop()
    return wrong


def _restart(
    clients: Clients, servers: ExitStack, index: Path, server: subprocess.Popen[str], how: signal.Signals
) -> subprocess.Popen[str]:
    with clients.no_server():
        server.send_signal(how)
        server.wait()
        clients.port, fresh = servers.enter_context(serving(index))
    return fresh


def watch(week: Week, clients: Clients, *, files: int, times: int) -> list[float]:
    """Seconds from a file's writing until a server finds it, for small additions that one run follows."""
    week.add(files)
    week.update()
    command = [
        sys.executable,
        "-m",
        "xiesou",
        "index",
        str(week.files),
        "--index",
        str(week.index),
        "--watch",
        "--json",
    ]
    found = []
    with (
        serving(week.index) as (port, _),
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as following,
    ):
        clients.start(port)
        assert following.stdout is not None
        try:
            following.stdout.readline()
            for _ in range(times):
                week.add(1)
                found.append(_seconds_until_found(port, week.next - 1))
                week.seconds.append(json.loads(following.stdout.readline())["seconds"])
        finally:
            following.terminate()
        clients.stop()
    week.xiesou("verify")
    return found


def _seconds_until_found(port: int, number: int) -> float:
    begun = time.perf_counter()
    path = "/api/v1/search?per_page=1&q=" + quote(f'"{sentence_of(number)}"')
    while json.loads(ask(port, path)[1])["total"] == 0:
        if time.perf_counter() - begun > _WAIT_SECONDS:
            raise TimeoutError(f"file {number} was not found")
        time.sleep(0.05)
    return time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--files", type=int, default=100, help="held at the beginning (default %(default)s)")
    add("--added", type=int, default=200)
    add("--removed", type=int, default=50)
    add("--watch", type=int, default=0, help="so many additions that are followed, and nothing else")
    add("--clients", type=int, default=2)
    add("--seed", type=int, default=20)
    options = parser.parse_args(arguments)
    clients = Clients(options.clients)
    with tempfile.TemporaryDirectory(prefix="xiesou-week-") as work:
        week = Week(Path(work), options.seed)
        if options.watch:
            found = watch(week, clients, files=options.files, times=options.watch)
            wrong: list[str] = []
        else:
            found = []
            wrong = live_through(
                week, clients, files=options.files, added=options.added, removed=options.removed
            )
        disk_bytes = week.bytes_held()
    report = {
        "machine": describe_machine().describe(),
        "done": dict(week.done),
        "run_seconds": _spread(week.seconds),
        "found_seconds": _spread(found),
        "requests": len(clients.took_ms),
        "request_ms": _spread(clients.took_ms),
        "meant": clients.meant,
        "failed": clients.failed,
        "lost": wrong,
        "disk_bytes": disk_bytes,
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if clients.failed or wrong else 0


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    return {
        "median": round(percentile(values, 50), 2),
        "p95": round(percentile(values, 95), 2),
        "worst": round(max(values), 2),
    }


if __name__ == "__main__":
    raise SystemExit(main())
