"""The nodes that `.ci/cluster` runs: killed, stopped, started again, and what processor time they took."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = Any
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_TICKS = os.sysconf("SC_CLK_TCK")


class NotThere(Exception):
    """The cluster did not come to the state that was waited for."""


@dataclass(slots=True)
class Node:
    """A node's process, and how it was started."""

    number: int
    pid_file: Path
    command: list[str]
    environment: dict[str, str]
    folder: str
    user: int
    group: int
    child: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return f"n{self.number}"

    @property
    def pid(self) -> int:
        return int(self.pid_file.read_text("ascii"))

    @property
    def is_running(self) -> bool:
        return _state(self.pid) not in ("", "Z", "X")

    @property
    def processor_seconds(self) -> float:
        """Processor time so far, in user and system mode."""
        return processor_seconds(self.pid)

    def send(self, told: signal.Signals) -> None:
        """Send a signal to its process."""
        os.killpg(self.pid, told)

    def end(self, told: signal.Signals = signal.SIGKILL) -> None:
        """End it, at once or in order, and wait until it is gone."""
        self.send(told)
        until = time.monotonic() + 120
        while self.is_running:
            if self.child is not None:
                self.child.poll()
            if time.monotonic() > until:
                raise NotThere(f"{self.name} doesn't end")
            time.sleep(0.1)

    def start(self, *options: str) -> None:
        """Start it again, with more options on its command line."""
        with open(os.devnull, "wb") as nowhere:
            self.child = subprocess.Popen(
                [*self.command, *options],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=nowhere,
                stderr=nowhere,
                start_new_session=True,
                user=self.user,
                group=self.group,
                extra_groups=[],
            )
        self.pid_file.write_text(str(self.child.pid), encoding="ascii")


class Nodes:
    """All nodes, and what they say of their cluster.

    Args:
        folder: where the pids are: XIESOU_CLUSTER_NODES.
        hosts: host and port of each node, in the order of their numbers.
    """

    def __init__(self, folder: Path, hosts: list[str]) -> None:
        self.hosts = hosts
        files = sorted(folder.glob("*.pid"), key=lambda of: int(of.stem))
        self.every = [_node(file) for file in files]

    def say(self, path: str) -> Json:
        """What the first node that answers says to a GET, as JSON."""
        for host in self.hosts:
            with suppress(OSError, ValueError), _OPENER.open(f"http://{host}{path}", timeout=10) as answer:
                return json.load(answer)
        return None

    def manager(self) -> Node:
        """The node that manages the cluster."""
        return self.named(self._wait("/_cat/cluster_manager?format=json")[0]["node"])

    def named(self, name: str) -> Node:
        """A node by its name."""
        return next(node for node in self.every if node.name == name)

    def wait_until_whole(self, indexes: str = "_all", seconds: float = 600.0) -> None:
        """Wait until all nodes are there and all copies of some indexes."""
        path = f"/_cluster/health/{indexes}?wait_for_status=green&wait_for_nodes={len(self.every)}&timeout=8s"
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            said = self.say(path)
            if said is not None and not said["timed_out"]:
                return
            time.sleep(0.5)
        raise NotThere(f"the cluster is not whole: {self.say('/_cluster/health')}")

    def processor_seconds(self) -> float:
        """Processor time of all nodes so far."""
        return sum(node.processor_seconds for node in self.every if node.is_running)

    def searches(self, index: str) -> int:
        """Searches of shards of an index that nodes have done since they were started."""
        return int(self.say(f"/{index}/_stats/search")["_all"]["total"]["search"]["query_total"])

    def _wait(self, path: str, seconds: float = 120.0) -> Json:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            said = self.say(path)
            if said:
                return said
            time.sleep(0.2)
        raise NotThere(f"nobody answers {path}")


def nodes_of(environment: dict[str, str] | os._Environ[str] = os.environ) -> Nodes:
    """The nodes that `.ci/cluster` names in the environment."""
    hosts = environment["XIESOU_CLUSTER_URL"].partition("://")[2].split(",")
    return Nodes(Path(environment["XIESOU_CLUSTER_NODES"]), hosts)


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far, with that of its children that have ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _TICKS
    return 0.0


def _state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    return ""


def _node(file: Path) -> Node:
    """What runs as a node, from what the system knows of its process, without what an earlier program added."""
    process = Path(f"/proc/{int(file.read_text('ascii'))}")
    said = (process / "environ").read_bytes().decode().split("\0")
    words = (process / "cmdline").read_bytes().decode().split("\0")[:-1]
    owner = process.stat()
    return Node(
        number=int(file.stem),
        pid_file=file,
        command=[of for of in words if not of.startswith("-E")],
        environment=dict(of.split("=", 1) for of in said if "=" in of),
        folder=os.readlink(process / "cwd"),
        user=owner.st_uid,
        group=owner.st_gid,
    )
