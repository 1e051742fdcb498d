"""Compiled loops over postings and paragraphs, each None if it was not built: NumPy beside the caller does the same."""

from __future__ import annotations

from search.compiled import load_compiled

faults = load_compiled("search.embedded.kernel._faults")
postings = load_compiled("search.embedded.kernel._postings")
page = load_compiled("search.embedded.kernel._page")
runs = load_compiled("search.embedded.kernel._runs")
occurrences = load_compiled("search.embedded.kernel._occurrences")
