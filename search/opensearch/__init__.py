"""A collection on an OpenSearch cluster, for what is too much for one machine or must outlive one. Names only.

drafts -> `documents` -> `writer` (`bulk`, `generations`, `lease`) -> an index a generation, behind an alias
plan -> `dsl`, `verified` -> `bodies` -> `client` -> `answers` -> `view`

Terms, characters and what a posting is worth are reckoned here, by the same analyzer as everywhere; the cluster stores
tokens and numbers, and analyses nothing. So a query finds the same as on the embedded store, and scores the same.
"""
