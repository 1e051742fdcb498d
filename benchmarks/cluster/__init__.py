"""A collection on a cluster put to the test: equal answers, nodes that die, what indexing and questions cost."""
