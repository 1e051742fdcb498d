"""Names what is compiled. It is optional: without a C compiler NumPy does the same; see `search.compiled`."""

import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# Rounding has to be NumPy's, so a multiplication and an addition must not become one instruction.
FLAGS = ["-O3", "-g0", "-ffp-contract=off"]


class BuildKernels(build_ext):
    """Compiles them anew or leaves none: one of older source must not stand where this fails."""

    def run(self) -> None:
        if self.inplace:
            for extension in self.extensions:
                Path(self.get_ext_filename(extension.name)).unlink(missing_ok=True)
        super().run()

    def build_extensions(self) -> None:
        """Translate one after the other, since Cython uses no threads; compile as many at once as there are cores."""
        for extension in self.extensions:
            with self._filter_build_errors(extension):
                translated = cythonize(extension, quiet=self.verbose == 0, force=self.force)
                extension.sources = translated[0].sources
        self.parallel = self.parallel or os.cpu_count()
        super().build_extensions()


setup(
    cmdclass={"build_ext": BuildKernels},
    ext_modules=[
        Extension(name.replace("/", "."), [f"{name}.pyx"], extra_compile_args=FLAGS, optional=True)
        for name in (
            "search/answer/rerank/_judge",
            "search/embedded/kernel/_faults",
            "search/embedded/kernel/_occurrences",
            "search/embedded/kernel/_page",
            "search/embedded/kernel/_postings",
            "search/embedded/kernel/_runs",
            "search/instruments/_strings",
            "search/instruments/_windows",
            "search/language/text/_cut",
            "search/language/text/_forms",
        )
    ],
)
