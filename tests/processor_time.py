"""Tells at the end of a run which test files took most processor time, and how much all took together.

Time of the processor, children that have ended included: it says what a test costs however busy the machine is. It
tells and fails nothing; CONTRIBUTING.md has the budget.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator

import pytest

_PROPERTY = "processor seconds"
_SHOWN = 10


def _processor_seconds() -> float:
    return sum(os.times()[:4])


class ProcessorTime:
    """Measured where tests run, told where reports arrive; with xdist these are two processes."""

    def __init__(self) -> None:
        self._by_file: defaultdict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._begun = _processor_seconds()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        now = _processor_seconds()
        report.user_properties = [(_PROPERTY, now - self._begun)]
        self._begun = now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, seconds in report.user_properties:
            if name == _PROPERTY:
                assert isinstance(seconds, float)
                self._by_file[report.nodeid.partition("::")[0]] += seconds

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if len(self._by_file) < 2:
            return
        terminalreporter.section(f"processor time: {sum(self._by_file.values()):.0f} s")
        most = sorted(self._by_file.items(), key=lambda entry: -entry[1])[:_SHOWN]
        for name, seconds in most:
            terminalreporter.write_line(f"{seconds:6.1f} s  {name}")
