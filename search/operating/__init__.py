"""What an operator wants to know of a collection and of how it is used.

`quality` looks at what is held; `questions` and `runs` keep what was asked and what could not be read, in a folder of
the operator's own (`state`). Nothing here knows of requests; the index knows nothing of it.
"""
