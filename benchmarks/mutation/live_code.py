"""Puts a mutant's code into the functions of this process, wherever they were imported to."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import CodeType, FunctionType

from benchmarks.mutation.mutants import Mutant


def put_in(mutant: Mutant) -> int:
    """Give every function that the mutant changes its new code; how many there were."""
    module = compile(mutant.source, str(mutant.path), "exec", dont_inherit=True)
    name = mutant.name.rpartition(".")[2]
    code = next(
        code for code in _codes(module) if code.co_name == name and code.co_firstlineno == mutant.first_line
    )
    changed = 0
    gc.unfreeze()  # what is frozen is not listed
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and is_of(function.__code__, mutant):
            function.__code__ = code
            changed += 1
    return changed


def is_of(code: CodeType, mutant: Mutant) -> bool:
    """Whether this is the code of the function that the mutant changes."""
    return (
        code.co_firstlineno == mutant.first_line
        and code.co_name == mutant.name.rpartition(".")[2]
        and code.co_filename == str(mutant.path)
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)
