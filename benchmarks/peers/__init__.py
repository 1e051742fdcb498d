"""What is measured, each behind one protocol. Names only; `PEERS` finds them by name.

ours           Xiesou's index and searcher, as the pages use it
ours-bare      the same index, and of the page what every peer gives
tantivy        Tantivy with jieba's search-mode words
tantivy-marked its pages with marked texts, to set beside ours
tantivy-terms  Tantivy with our index terms: for words it must find exactly what ours finds
tantivy-terms-marked  the same with marked texts
lucene         Lucene 10 with our index terms; its time is what it took in its own process
fts5           SQLite FTS5 with jieba's search-mode words
whoosh         Whoosh as it is, with the same words
"""

from benchmarks.peers.protocol import PEERS, Answer, Peer, Question, load_peer

__all__ = ["PEERS", "Answer", "Peer", "Question", "load_peer"]
