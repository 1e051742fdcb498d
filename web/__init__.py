"""Xiesou's pages and JSON interface over any `search.Searcher`.

request -> params -> searcher -> present -> template or JSON -> delivery. Addresses are built in `urls`, markup in
`markup`; nothing here knows of index files or report sources.
"""
