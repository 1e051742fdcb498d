"""A reader beside attackers: what one visitor may do to the others, on loopback.

    python benchmarks/attackers.py INDEX [--seconds 60] [--attackers 8] [--only NAME]…

Each attack is one of those that stopped an earlier server, by so many attackers at once, for so many seconds; the
reader opens pages one after the other all the while. Measured: the reader's median against that just before, without
attackers (at most 3 times), answers that failed (none), the longest wait for /healthz (under 100 ms), and the most
memory that the server held (under 800 MB). Exit status 1 where one of these does not hold. Beside /healthz stands the
longest wait for a process that does nothing but answer: what the machine itself delays.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import multiprocessing
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ROOT = Path(__file__).resolve().parent.parent
_READ = "营商环境,乡村振兴 产业,有事好商量,养老服务,新能源 汽车,城市更新,河长制,义务教育 均衡"
READS = ["/search?q=" + quote(query) for query in _READ.split(",")]
_COMMON = (
    "的,和,在,了,是,为,发展,建设,经济,工作,全市,推进,加强,实施,社会,完成,企业,项目,农业,农村,城市,服务,管理,安全,教育,文化,"
    "改革,创新,产业,工业,投资,增长,提高,人民,政府,全面,生态,环境,保障,就业,医疗,卫生,群众,重点,工程,基础,设施,机制,市场,科技,"
    "提升,促进"
)
COMMON = _COMMON.split(",")
MOST_MEMORY_MB, MOST_HEALTH_MS, MOST_TIMES = 800, 100, 3

_spawn = multiprocessing.get_context("spawn")

Address = tuple[str, int]
Attack = Callable[[Address, random.Random, threading.Event], None]


def fetch(address: Address, path: str, *, timeout: float = 60, method: str = "GET") -> tuple[int, bytes]:
    """Status and body."""
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=timeout)) as connection:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()


# The attacks: each is done again and again by each attacker until the time is over


def leave_unread(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Ask for everything and never read (point 1)."""
    with socket.create_connection(address, timeout=10) as connection:
        path = chance.choice(["/export.csv", "/export.csv?view=concordance&q=" + quote("的")])
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        stop.wait(40)


def hang_up(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Ask for a workbook of everything and hang up (point 1)."""
    path = chance.choice(["/export.xlsx", "/export.xlsx?view=concordance&q=" + quote("的")])
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        stop.wait(chance.random())


def ask_long_strings(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Strings of one character, 2,000 times (point 2)."""
    sign = chance.choice("，。的、和")
    text = chance.choice(['"' + sign * 1_900 + '"', sign * 1_950, 'heading:"' + sign * 1_900 + '"'])
    fetch(address, "/search?q=" + quote(text))


def ask_prefixes(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Every word that begins with anything (point 3)."""
    signs = list("abcdefghijklmnopqrstuvwxyz0123456789")
    chance.shuffle(signs)
    query = quote(" OR ".join(f"{sign}*" for sign in signs[: chance.randrange(18, 37)]))
    view = chance.choice(
        ["/search?", "/api/v1/count?", "/search?view=distribution&", "/search?view=concordance&"]
    )
    fetch(address, f"{view}q={query}")


def ask_concordances(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Concordances of fifty frequent words, other ones each time (point 4)."""
    words = quote(" OR ".join(chance.sample(COMMON, 50)))
    order = chance.choice(["left", "right", "order"])
    fetch(address, f"/api/v1/concordance?order={order}&q={words}")


def ask_wide(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Two hundred long values, long queries over wide tables (point 5)."""
    values = "&".join(
        f"city={quote(chance.choice(COMMON) * 20)}{number}" for number in range(chance.choice([20, 200]))
    )
    path = chance.choice(["/search", "/embed", "/distribution.csv", "/search?view=distribution"])
    path += "&" if "?" in path else "?"
    fetch(address, f"{path}q={quote('发展 OR ' + '长' * 1_900)}&{values}"[:30_000])


def ask_many_parameters(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Addresses as long as they may be, of one parameter many times, over every kind of answer (point 5)."""
    paths = "search embed suggest compare numbers collocates feed export.csv api/v1/search api/v1/count api/v1/trends"
    paths += " api/v1/concordance api/v1/suggest reports oembed match"
    name = chance.choice(["q", "city", "report", "year", "x", "type", "text"])
    long = chance.choice(COMMON) * chance.choice([1, 30, 600])
    values = (f"{name}={quote(long)}{number if name != 'year' else ''}" for number in itertools.count())
    query = "&".join(itertools.islice(values, 31_000 // (len(quote(long)) + len(name) + 6) or 1))
    fetch(address, f"/{chance.choice(paths.split())}?{query}"[:32_000])


def open_halves(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Fifteen connections that send a header now and then (point 6)."""
    with contextlib.ExitStack() as opened:
        connections = [opened.enter_context(socket.create_connection(address, timeout=10)) for _ in range(15)]
        for connection in connections:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        for _ in range(30):
            if stop.wait(0.5):
                return
            for connection in connections:
                connection.sendall(b"x: y\r\n")


def post_much(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """A body of a gigabyte (point 6)."""
    with socket.create_connection(address, timeout=10) as connection:
        length = b"Content-Length: 1073741824" if chance.random() < 0.5 else b"Transfer-Encoding: chunked"
        connection.sendall(b"POST /search HTTP/1.1\r\nHost: x\r\n" + length + b"\r\n\r\n")
        while not stop.is_set():
            connection.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def ask_instruments(address: Address, chance: random.Random, stop: threading.Event) -> None:
    """Numbers and collocates of two frequent words, other ones each time."""
    words = quote(" ".join(chance.sample(COMMON, 2)))
    fetch(address, f"/api/v1/{chance.choice(['numbers', 'collocates', 'spread'])}?q={words}")


ATTACKS: dict[str, Attack] = {
    "1 never read exports": leave_unread,
    "1 hang up on workbooks": hang_up,
    "2 strings of one character": ask_long_strings,
    "3 prefixes": ask_prefixes,
    "4 concordances of 50 words": ask_concordances,
    "5 long values": ask_wide,
    "5 one parameter many times": ask_many_parameters,
    "6 half requests": open_halves,
    "6 bodies of 1 GB": post_much,
    "instruments of frequent words": ask_instruments,
}


@dataclass
class Seen:
    """What was seen during one attack."""

    reads_ms: list[float] = field(default_factory=list)
    health_ms: list[float] = field(default_factory=list)
    idle_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    attacks: int = 0
    memory_mb: float = 0.0

    @property
    def median_ms(self) -> float:
        return statistics.median(self.reads_ms) if self.reads_ms else float("inf")


@contextlib.contextmanager
def server(index: Path, options: list[str]) -> Iterator[tuple[Address, int]]:
    """A server over the index: where it is, and its process."""
    command = [
        sys.executable,
        str(ROOT / "xiesou.py"),
        "serve",
        "--index",
        str(index),
        "--port",
        "0",
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        found = re.search(r"http://([\d.]+):(\d+)/", process.stdout.readline())
        if found is None:
            raise SystemExit("the server did not start")
        try:
            yield (found[1], int(found[2])), process.pid
        finally:
            process.terminate()
            process.wait(30)


def memory_mb(pid: int) -> float:
    """What a process and its children hold that the system could not take back: no mapped files."""
    total = 0
    pids = [pid]
    while pids:
        each = pids.pop()
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{each}/status").read_text()
            total += int(re.search(r"RssAnon:\s+(\d+)", text)[1])  # type: ignore[index]
            for task in Path(f"/proc/{each}/task").iterdir():
                pids += map(int, (task / "children").read_text().split())
    return total / 1024


def read_on(address: Address, seen: Seen, stop: threading.Event) -> None:
    """A reader: page after page."""
    for path in itertools.cycle(READS):
        if stop.is_set():
            return
        begun = time.perf_counter()
        try:
            status, _ = fetch(address, path)
            if status != 200:
                seen.failed.append(f"{path}: {status}")
        except (OSError, http.client.HTTPException) as error:
            seen.failed.append(f"{path}: {error!r}")
        seen.reads_ms.append((time.perf_counter() - begun) * 1000)
        stop.wait(0.05)


def answer_at_once(told: Any) -> None:
    """A server that has nothing else to do."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told.put(listening.getsockname())
        while True:
            connection, _ = listening.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@contextlib.contextmanager
def idle_server() -> Iterator[Address]:
    """Where `answer_at_once` is served while this lasts."""
    told = _spawn.Queue()
    process = _spawn.Process(target=answer_at_once, args=(told,), daemon=True)
    process.start()
    try:
        yield told.get(timeout=60)
    finally:
        process.kill()
        process.join()


def watch(address: Address, idle: Address, pid: int, seen: Seen, stop: threading.Event) -> None:
    """/healthz, what does nothing else, and memory, ten times a second."""
    while not stop.wait(0.1):
        begun = time.perf_counter()
        with contextlib.suppress(OSError, http.client.HTTPException):
            fetch(idle, "/")
        seen.idle_ms.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        try:
            if fetch(address, "/healthz")[0] != 200:
                seen.failed.append("/healthz")
        except (OSError, http.client.HTTPException) as error:
            seen.failed.append(f"/healthz: {error!r}")
        seen.health_ms.append((time.perf_counter() - begun) * 1000)
        seen.memory_mb = max(seen.memory_mb, memory_mb(pid))


def attack_together(name: str, address: Address, attackers: int, seconds: float, done: Any) -> None:
    """So many attackers at once, in a process of their own, each again and again."""
    stop, count = threading.Event(), itertools.count()

    def attack_on(seed: int) -> None:
        chance = random.Random(seed)
        while not stop.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                ATTACKS[name](address, chance, stop)
            next(count)
            stop.wait(0.01)

    threads = [threading.Thread(target=attack_on, args=(seed,), daemon=True) for seed in range(attackers)]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    done.put(next(count))
    stop.set()
    for thread in threads:
        thread.join(5)


def measure(address: Address, idle: Address, pid: int, name: str, *, attackers: int, seconds: float) -> Seen:
    """What a reader and a supervisor see for some seconds."""
    seen, stop = Seen(), threading.Event()
    done = _spawn.Queue()
    given = (name, address, attackers, seconds + 1, done)
    attacking = _spawn.Process(target=attack_together, args=given, daemon=True) if name in ATTACKS else None
    if attacking is not None:
        attacking.start()
        time.sleep(1)
    threads = [
        threading.Thread(target=read_on, args=(address, seen, stop)),
        threading.Thread(target=watch, args=(address, idle, pid, seen, stop)),
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join(90)
    if attacking is not None:
        seen.attacks = done.get(timeout=30)
        attacking.join(30)
        attacking.kill()
    return seen


def main() -> None:
    """Run the attacks, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--attackers", type=int, default=8)
    parser.add_argument("--only", action="append", default=[], help="attacks whose name begins so")
    parser.add_argument("options", nargs="*", help="options of `xiesou serve`, behind --")
    given = parser.parse_args()
    chosen = {
        name: each for name, each in ATTACKS.items() if not given.only or name.startswith(tuple(given.only))
    }
    bad: list[str] = []
    print(
        "| attack | reader alone, median ms | beside it | times | p95 ms | failed | /healthz, longest ms | beside, ms "
        "| memory, MB | attacks |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    with server(given.index, given.options) as (address, pid), idle_server() as idle:
        for path in READS:
            fetch(address, path)
        for name in chosen:
            alone = measure(address, idle, pid, "none", attackers=0, seconds=min(given.seconds, 15))
            bad += [f"before {name}: {each}" for each in alone.failed[:3]]
            seen = measure(address, idle, pid, name, attackers=given.attackers, seconds=given.seconds)
            tell(name, seen, alone)
            bad += [f"{name}: {each}" for each in seen.failed[:3]]
            bad += [name] if not holds(seen, alone) else []
    for each in bad:
        print(each, file=sys.stderr)
    sys.exit(1 if bad else 0)


def holds(seen: Seen, alone: Seen) -> bool:
    """Whether all that is promised was seen."""
    return (
        not seen.failed
        and seen.median_ms <= MOST_TIMES * alone.median_ms
        and max(seen.health_ms, default=0) < MOST_HEALTH_MS
        and seen.memory_mb <= MOST_MEMORY_MB
    )


def tell(name: str, seen: Seen, alone: Seen) -> None:
    """A row of the table."""
    reads = sorted(seen.reads_ms) or [float("inf")]
    p95 = reads[int(len(reads) * 0.95)]
    times = seen.median_ms / alone.median_ms
    print(
        f"| {name} | {alone.median_ms:.0f} | {seen.median_ms:.0f} | {times:.1f} | {p95:.0f} | {len(seen.failed)} "
        f"| {max(seen.health_ms, default=0):.0f} | {max(seen.idle_ms, default=0):.0f} "
        f"| {seen.memory_mb:.0f} | {seen.attacks} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
