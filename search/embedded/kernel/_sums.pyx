# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Sums of scores over posting lists, as `search.embedded.candidates` makes them with NumPy; equal to the bit."""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t

import numpy as np


cdef class Sums:
    """The sums of a segment's documents, and what becomes of each: nothing where it is deleted, more by its place.

    Args:
        sums: of each document, float32; all 0.
        live: which documents are not deleted, None for all.
        combination: of each document, uint16 or uint32.
        placed: what is added for each combination, float32; -inf where it is left out; None for nothing.
    """

    cdef float[::1] sums
    cdef const uint8_t[::1] live
    cdef const uint16_t[::1] narrow
    cdef const uint32_t[::1] wide
    cdef const float[::1] placed
    cdef list lists
    cdef bint is_astray  # Whether a combination was seen that `placed` doesn't have

    def __cinit__(self, sums, live, combination, placed):
        self.sums, self.placed, self.lists = sums, placed, []
        self.live = None if live is None else live.view(np.uint8)
        if len(combination) < len(sums) or (live is not None and len(live) < len(sums)):
            raise ValueError("a segment has more documents than it says")
        is_narrow = combination.dtype == np.uint16
        self.narrow, self.wide = combination if is_narrow else None, None if is_narrow else combination

    def add(self, const int64_t[::1] docs, const float[::1] scores):
        """Add scores to some ascending documents' sums."""
        cdef int64_t at, count = len(docs)
        cdef float* sums
        self._check(docs)
        if len(scores) != count:
            raise ValueError("documents and scores differ in number")
        self.lists.append(docs)
        if count:
            sums = &self.sums[0]
            with nogil:
                for at in range(count):
                    sums[docs[at]] += scores[at]

    def drop(self, const int64_t[::1] docs):
        """Some ascending documents are no longer of interest."""
        self._check(docs)
        self._forget(docs)

    cdef int _check(self, const int64_t[::1] docs) except -1:
        """Each of them, for those of a damaged list need not be ascending."""
        cdef int64_t at
        cdef uint64_t size = len(self.sums)
        cdef bint is_beyond = False
        for at in range(len(docs)):
            is_beyond |= <uint64_t> docs[at] >= size
        if is_beyond:
            raise ValueError("a document is beyond its segment")
        return 0

    cdef void _forget(self, const int64_t[::1] docs) noexcept:
        cdef int64_t at
        for at in range(len(docs)):
            self.sums[docs[at]] = 0

    def clear(self):
        """All sums are 0 again."""
        cdef const int64_t[::1] docs
        for docs in self.lists:
            self._forget(docs)
        self.lists = []

    cdef inline float _value(self, int64_t doc) noexcept nogil:
        cdef float value = self.sums[doc]
        cdef int64_t combination
        if self.live is not None and not self.live[doc]:
            return 0
        if self.placed is not None:
            if value <= 0:
                return 0
            combination = self.narrow[doc] if self.narrow is not None else self.wide[doc]
            if combination >= len(self.placed):
                self.is_astray = True
                return 0
            value += self.placed[combination]
            return value if value > 0 else 0
        return value

    cdef float _look(
        self, const int64_t[::1] docs, float* heap, int64_t count, float border,
        int64_t* found, float* values, int64_t* n,
    ) noexcept nogil:
        """The border after one more list: what `count` of its documents reach, or what it was.

        Args:
            heap: room for the `count` best of the list that are above the border, the least of them first; no more than
                the list has.
            found, values, n: where the documents go that may reach the border in the end.
        """
        cdef int64_t at, held = 0
        cdef float value, least = border
        cdef const float* sums = &self.sums[0] if len(docs) else NULL
        cdef bint is_plain = self.live is None and self.placed is None
        for at in range(len(docs)):
            value = sums[docs[at]] if is_plain else self._value(docs[at])
            if value < least:
                continue
            if value > 0:
                found[n[0]], values[n[0]] = docs[at], value
                n[0] += 1
            if held == count:
                if value > least:
                    heap[0] = value
                    sink(heap, count)
                    least = heap[0]
            elif value > border:
                heap[held] = value
                rise(heap, held)
                held += 1
                if held == count:
                    least = heap[0]
        return least if held == count and len(docs) > count else border

    def take_best(self, int64_t count, among=None):
        """The documents with the best values, ascending int64, and the values, float32; all sums are 0 then.

        They are all that reach a border which at least `count` of a list reach that is longer than that.

        Args:
            among: lists of ascending documents; None for those that were added.
        """
        cdef const int64_t[::1] docs
        cdef list lists = self.lists if among is None else list(among)
        cdef float border = 0
        cdef int64_t n = 0, room = 1
        self.is_astray = False
        if count < 1:
            raise ValueError("the best are one at least")
        for docs in lists:
            if among is not None:
                self._check(docs)
            room += len(docs)
        cdef float[::1] heap = np.empty(min(count, room), dtype=np.float32)
        found_made, values_made = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.float32)
        cdef int64_t[::1] found = found_made
        cdef float[::1] values = values_made
        for docs in lists:
            with nogil:
                border = self._look(docs, &heap[0], count, border, &found[0], &values[0], &n)
        cdef int64_t at, kept = 0
        for at in range(n):
            if values[at] >= border and self.sums[found[at]] != 0:
                self.sums[found[at]] = 0  # Another list may have it too.
                found[kept], values[kept] = found[at], values[at]
                kept += 1
        self.clear()
        if self.is_astray:
            raise IndexError("a document's combination is beyond the table")
        order = found_made[:kept].argsort()
        return found_made[order], values_made[order]


cdef inline void rise(float* heap, int64_t at) noexcept nogil:
    """Put the heap's last value in its place."""
    cdef float value = heap[at]
    while at and heap[(at - 1) >> 1] > value:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = value


cdef inline void sink(float* heap, int64_t count) noexcept nogil:
    """Put the heap's first value in its place."""
    cdef float value = heap[0]
    cdef int64_t at = 0, below = 1
    while below < count:
        if below + 1 < count and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= value:
            break
        heap[at] = heap[below]
        at, below = below, 2 * below + 1
    heap[at] = value
