"""Names what is compiled. It is optional: without a C compiler NumPy does the same; see `search.kernels`."""

from setuptools import Extension, setup

# Rounding has to be NumPy's, so a multiplication and an addition must not become one instruction.
FLAGS = ["-O3", "-g0", "-ffp-contract=off"]

setup(
    ext_modules=[
        Extension(
            f"search.kernels.{name}",
            [f"search/kernels/{name}.pyx"],
            extra_compile_args=FLAGS,
            optional=True,
        )
        for name in ("_judging", "_page", "_postings", "_text")
    ]
)
