"""Names what is compiled. It is optional: without a C compiler NumPy does the same; see `search.compiled`."""

import os
import subprocess
import sys
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# Rounding has to be NumPy's, so a multiplication and an addition must not become one instruction.
FLAGS = ["-O3", "-g0", "-ffp-contract=off"]
# What Cython writes for arrays, once for all modules: in each of them it took half of the time to compile.
SHARED = "search.language.text._cyutility"
# The longest first: the others are compiled beside it.
MODULES = (
    "search.embedded.kernel._postings",
    "search.embedded.kernel._page",
    SHARED,
    "search.instruments._strings",
    "search.language.text._forms",
    "search.instruments._windows",
    "search.language.text._cut",
    "search.answer.rerank._judge",
    "search.embedded.kernel._runs",
    "search.embedded.kernel._occurrences",
    "search.embedded.kernel._faults",
)
TRANSLATE = f"""
import sys
from Cython.Build import cythonize
from setuptools import Extension
force, *named = sys.argv[1:]
modules = [Extension(name, [source]) for name, source in zip(named[::2], named[1::2])]
cythonize(modules, quiet=True, force=force == "force", shared_utility_qualified_name="{SHARED}")
"""


class BuildKernels(build_ext):
    """Compiles them anew or leaves none: one of older source must not stand where this fails."""

    def run(self) -> None:
        if self.inplace:
            for extension in self.extensions:
                Path(self.get_ext_filename(extension.name)).unlink(missing_ok=True)
        super().run()

    def build_extensions(self) -> None:
        """Translate, then compile, as many at once as there are cores."""
        cores = self.parallel or os.cpu_count() or 1
        is_translated = self._translate(cores)
        for extension in self.extensions:
            with self._filter_build_errors(extension):
                translated = cythonize(
                    extension,
                    quiet=self.verbose == 0,
                    force=self.force and not is_translated,
                    shared_utility_qualified_name=SHARED,
                )
                extension.sources = translated[0].sources
        self.parallel = cores
        super().build_extensions()

    def _translate(self, cores: int) -> bool:
        """Translate in several processes, since Cython uses no threads; whether that is done.

        What isn't is translated again in this one, which tells why it can't be.
        """
        force = "force" if self.force else "changed"
        processes = []
        for first in range(cores):
            named = [part for each in self.extensions[first::cores] for part in (each.name, *each.sources)]
            command = [sys.executable, "-c", TRANSLATE, force, *named]
            processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        ended = [process.wait() for process in processes]
        return not any(ended)


setup(
    cmdclass={"build_ext": BuildKernels},
    ext_modules=[
        Extension(
            name,
            [f"{name.replace('.', '/')}.{'c' if name == SHARED else 'pyx'}"],
            extra_compile_args=FLAGS,
            optional=True,
        )
        for name in MODULES
    ],
)
