"""Xiesou's search: language, index format, queries and engines.

`open_engine` gives an `Engine`; a `Query` goes in, a `SearchResult` comes out.
"""

__version__ = "0.1.0"
