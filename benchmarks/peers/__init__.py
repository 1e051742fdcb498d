"""What is measured, each behind one protocol. Names only; `PEERS` finds them by name.

ours          Xiesou's index and engine, as the pages use it
ours-unmarked the same index, without highlights
tantivy       Tantivy with jieba's search-mode words
fts5          SQLite FTS5 with the same words
whoosh        Whoosh as it is, with the same words
tantivy-terms Tantivy with our index terms: for words it must find exactly what ours finds
"""

from benchmarks.peers.protocol import PEERS, Answer, Peer, Question, load_peer

__all__ = ["PEERS", "Answer", "Peer", "Question", "load_peer"]
