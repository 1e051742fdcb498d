"""Whoosh's own tests with our codec as its default one: how many pass.

python benchmarks/whoosh_suite.py [PYTEST ARGUMENTS…]

pip fetches the source distribution of the installed Whoosh-Reloaded into a temporary folder; its tests run there with
`whoosh.codec.default_codec` giving an `ArrayCodec`, so that every index that they make is written and read by it.
Needs a network or a pip cache; takes a few minutes. All 588 tests of 2.7.5 passed when this was written.

Exits with pytest's status.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

DISTRIBUTION = "Whoosh-Reloaded"
_PLUGIN = """
import whoosh.codec
from search.embedded.codec import ArrayCodec

written = []


class CountedCodec(ArrayCodec):
    def field_writer(self, storage, segment):
        written.append(segment)
        return super().field_writer(storage, segment)


whoosh.codec.default_codec = lambda *arguments, **options: CountedCodec(*arguments, **options)


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"{len(written)} segments were written by {ArrayCodec.__name__}")
"""


def fetch_tests(folder: Path) -> Path:
    """The tests of the installed Whoosh-Reloaded's source distribution, unpacked in `folder`."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"]
    wanted = f"{DISTRIBUTION}=={version(DISTRIBUTION)}"
    subprocess.run(
        [*pip, "--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--dest", str(folder), wanted],
        check=True,
    )
    archive = next(folder.glob("*.tar.gz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(folder.glob("*/tests"))


def main(arguments: list[str]) -> int:
    """Run the tests; give back pytest's exit status."""
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory(prefix="whoosh-suite-") as name:
        folder = Path(name)
        tests = fetch_tests(folder)
        plugin = folder / "plugin"
        plugin.mkdir()
        (plugin / "array_codec_plugin.py").write_text(_PLUGIN, encoding="utf-8")
        (folder / "empty.ini").write_text("[pytest]\n", encoding="utf-8")
        paths = os.pathsep.join([str(plugin), str(root)])
        command = [sys.executable, "-m", "pytest", "-q", "-p", "array_codec_plugin", "-p", "no:cacheprovider"]
        command += ["-c", str(folder / "empty.ini"), "--rootdir", str(tests), str(tests), *arguments]
        environment = {**os.environ, "PYTHONPATH": paths}
        return subprocess.run(command, cwd=tests.parent, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
