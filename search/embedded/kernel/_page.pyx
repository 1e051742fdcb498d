# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What a page is made of besides its matches: counts, facets, the first ten, and where their texts are.

What `search.embedded.facets`, `ordering` and `search.embedded.segment` do with NumPy, with the same results.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

import numpy as np

from cpython.buffer cimport PyBUF_READ
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from cpython.memoryview cimport PyMemoryView_FromMemory
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM
from cpython.unicode cimport PyUnicode_DecodeUTF8

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define xs_prefetch(address) __builtin_prefetch(address)
    #else
    #define xs_prefetch(address) ((void) 0)
    #endif
    static inline int xs_count_bits(unsigned long long word) {  /* As in _postings.pyx */
        word -= (word >> 1) & 0x5555555555555555ULL;
        word = (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL);
        return (int) ((((word + (word >> 4)) & 0x0F0F0F0F0F0F0F0FULL) * 0x0101010101010101ULL) >> 56);
    }
    /* Whether any of 16 numbers reaches a border. */
    #if defined(__SSE2__)
    #include <emmintrin.h>
    static inline int xs_reaches(const float* numbers, float border) {
        __m128 least = _mm_set1_ps(border);
        return _mm_movemask_ps(_mm_or_ps(
            _mm_or_ps(_mm_cmpge_ps(_mm_loadu_ps(numbers), least), _mm_cmpge_ps(_mm_loadu_ps(numbers + 4), least)),
            _mm_or_ps(_mm_cmpge_ps(_mm_loadu_ps(numbers + 8), least), _mm_cmpge_ps(_mm_loadu_ps(numbers + 12), least))));
    }
    #else
    static inline int xs_reaches(const float* numbers, float border) {
        int n, found = 0;
        for (n = 0; n < 16; n++)
            found |= numbers[n] >= border;
        return found;
    }
    #endif
    """
    void xs_prefetch(const void* address) noexcept nogil
    int xs_count_bits(uint64_t word) noexcept nogil
    int xs_reaches(const float* numbers, float border) noexcept nogil

cdef extern from "Python.h":
    ctypedef struct PyTypeObject:
        object (*tp_alloc)(type kind, Py_ssize_t size)

cdef enum:
    KEPT_ROWS = 1 << 15  # Of a facet's values with low counts, so many rows are kept: a page has hundreds, mostly the same
    LEAST_ROWS = 4  # Of each value at least so many
    MOST_ROWS = 64  # And at most
    PLACES = 1 << 20  # In a key that sorts values by count: more than a facet has values
    AHEAD = 32  # Documents ahead of the one that is looked at: what is known of theirs is fetched meanwhile
    AT_ONCE = 16  # Documents of which what is known is fetched together
    SOME_BITS = 5
    LINE = 64  # Bytes that memory gives at once
    RUN_OF = 2048  # Documents whose texts are told apart before they are counted
    REACHED = 16  # Scores that `xs_reaches` compares with the border together
    NEAR = 256  # Documents less than so far from each other are of texts less than so far from each other
    DENSE = 32  # Where one in so many documents is counted, several are of one text
    FETCHED = 512  # Of a block of texts, before it is unpacked

cdef uint32_t NO_PARENT = 0xFFFFFFFF

ctypedef fused Number:
    uint16_t
    uint32_t


cdef class Columns:
    """What a segment's documents are counted and ordered by, taken from the arrays once for all questions.

    Args:
        combination: of each document, uint16 or uint32.
        place: of each document its place in the order that breaks ties.
        report_of: of each document the number of its text.
        first: of each text its first document.
        is_report: of each text whether it is a report.
        repeated: the documents that stand in their file before, ascending.
    """

    cdef const uint16_t[::1] narrow
    cdef const uint32_t[::1] wide
    cdef const uint32_t[::1] place, report_of
    cdef const uint8_t[::1] is_report
    cdef const int64_t[::1] repeated
    cdef const int32_t[::1] known  # The same of texts that have documents, above a bit for those that are reports
    cdef const uint64_t[:, ::1] marks  # Of 64 documents which begin a text, and how many do before them
    cdef const uint8_t[::1] low  # Of each document the lowest bits of its text's number among those
    cdef const int32_t[::1] alike  # Of each text the combination of all of its documents, or -1
    cdef int64_t size, texts, combinations
    cdef bint is_wide

    def __cinit__(self, combination, place, report_of, first, is_report, repeated):
        self.is_wide = combination.dtype != np.uint16
        if self.is_wide:
            self.wide = combination
        else:
            self.narrow = combination
        self.place, self.report_of = place, report_of
        self.is_report, self.repeated = is_report, repeated
        self.size, self.texts = len(combination), len(first)
        self.combinations = int(combination.max()) + 1 if self.size else 0
        if len(is_report) != self.texts or len(report_of) != self.size or len(place) != self.size:
            raise IndexError("a document or text that is not there")
        if int(report_of.max(initial=0)) >= max(self.texts, 1):
            raise IndexError("a document of no text")
        self.alike = alike = _alike(combination, first)
        begins = np.flatnonzero(np.diff(report_of, prepend=report_of[0] + 1)) if self.size else np.zeros(0, dtype=np.int64)
        held = np.take(report_of, begins)
        self.known = alike.take(held) << 1 | (np.take(is_report, held) != 0)
        self.low = np.repeat(np.arange(len(held)).astype(np.uint8), np.diff(begins, append=self.size))
        self.marks = _marks(begins, self.size)

    cdef inline int64_t _combination(self, int64_t doc) noexcept nogil:
        return self.wide[doc] if self.is_wide else self.narrow[doc]

    cdef inline int64_t _text(self, int64_t doc) noexcept nogil:
        """The number of a document's text among those that have documents, in their order."""
        cdef uint64_t upto = (<uint64_t> 2 << (doc & 63)) - 1
        return <int64_t> self.marks[doc >> 6, 1] + xs_count_bits(self.marks[doc >> 6, 0] & upto) - 1

    cdef int _check(self, const int64_t[::1] docs) except -1:
        """The documents ascend, so the first and the last say whether all of them are there."""
        if len(docs) and (docs[0] < 0 or docs[len(docs) - 1] >= self.size):
            raise IndexError("no such document")
        return 0

    def tally(self, const int64_t[::1] docs, int64_t[::1] counts, allowed=None):
        """What some documents are counted by.

        Args:
            docs: ascending.
            counts: of each combination, to which the documents are added; None where they are counted already.
            allowed: which combinations are chosen, bool; None where that isn't asked.

        Returns:
            How many reports they come from, how many texts, how many of them are repeated; and the places in `docs` of those
            whose combination is allowed, int64, or None.
        """
        cdef int64_t at, ahead, n = 0, count = len(docs), combination, first, end, run, runs, begin, behind
        cdef int64_t text, last = -1, reports = 0, of_texts = 0, of_repeated
        cdef bint counted = counts is not None, masked = allowed is not None
        cdef uint8_t low
        cdef uint16_t begins[RUN_OF + 1]
        cdef const uint8_t[::1] mask
        cdef int64_t[::1] kept
        self._check(docs)
        if counted and len(counts) < self.combinations:
            raise IndexError("no such combination")
        kept_made = None
        if masked:
            mask = allowed.view(np.uint8)
            if len(mask) < self.combinations:
                raise IndexError("no such combination")
            kept = kept_made = np.empty(count, dtype=np.int64)
        if not count:
            return 0, 0, 0, kept_made
        with nogil:
            if count * DENSE < self.size:
                end = count
                for at in range(count):  # Without a branch on chance: which documents share a text can't be foreseen.
                    ahead = at + AHEAD if at + AHEAD < count else at
                    xs_prefetch(&self.report_of[docs[ahead]])
                    text = self.report_of[docs[at]]
                    of_texts += text != last
                    reports += (text != last) & (self.is_report[text] != 0)
                    last = text
                    if counted or masked:
                        combination = self.alike[text] if self.alike[text] >= 0 else self._combination(docs[at])
                    if counted:
                        counts[combination] += 1
                    if masked:
                        kept[n] = at
                        n += mask[combination] != 0
            else:
                end = 0
            while end < count:  # One text's are counted together: a count waits for the one before to be written.
                first, end, runs = end, min(end + RUN_OF, count), 0
                low = ~self.low[docs[first]]
                for at in range(first, end):
                    begins[runs] = <uint16_t> (at - first)
                    runs += low != self.low[docs[at]]
                    low = self.low[docs[at]]
                begins[runs] = <uint16_t> (end - first)
                run, behind = 0, first
                while run < runs:
                    begin, behind = behind, first + begins[run + 1]
                    if begin and docs[begin] - docs[begin - 1] < NEAR:
                        text = last + <uint8_t> (self.low[docs[begin]] - last)  # That number ends so.
                    else:
                        text = self._text(docs[begin])
                    if docs[behind - 1] - docs[begin] >= NEAR and self._text(docs[behind - 1]) != text:
                        behind = begin + 1  # Another whose number ends alike comes next.
                        while self._text(docs[behind]) == text:
                            behind += 1
                    run += behind == first + begins[run + 1]
                    combination = self.known[text] >> 1
                    of_texts += text != last
                    reports += (text != last) & self.known[text] & 1
                    last = text
                    if combination < 0:
                        for at in range(begin, behind):
                            combination = self._combination(docs[at])
                            if counted:
                                counts[combination] += 1
                            if masked and mask[combination]:
                                kept[n] = at
                                n += 1
                        continue
                    if counted:
                        counts[combination] += behind - begin
                    if masked and mask[combination]:
                        for at in range(begin, behind):
                            kept[n] = at
                            n += 1
            of_repeated = _common(docs, self.repeated)
        return reports, of_texts, of_repeated, kept_made[:n] if masked else None

    def select(self, docs_given, scores_given, allowed):
        """The documents whose combination is allowed, and their scores, which may be None.

        Args:
            docs_given: ascending.
            allowed: which combinations are, bool.
        """
        cdef const int64_t[::1] docs = docs_given
        cdef const float[::1] scores
        cdef int64_t n, count = len(docs)
        cdef int64_t[::1] kept
        cdef float[::1] kept_scores
        cdef const float* from_scores = NULL
        cdef float* to_scores = NULL
        cdef const uint8_t[::1] mask = allowed.view(np.uint8)
        if not count:
            return docs_given, scores_given
        self._check(docs)
        if len(mask) < self.combinations:
            raise IndexError("no such combination")
        kept = kept_made = np.empty(count, dtype=np.int64)
        kept_scores_made = None
        if scores_given is not None:
            scores = scores_given
            if len(scores) != count:
                raise IndexError("not a score for each document")
            kept_scores = kept_scores_made = np.empty(count, dtype=np.float32)
            from_scores, to_scores = &scores[0], &kept_scores[0]
        with nogil:
            if self.is_wide:
                n = _select(&docs[0], from_scores, count, &self.wide[0], &mask[0], &kept[0], to_scores)
            else:
                n = _select(&docs[0], from_scores, count, &self.narrow[0], &mask[0], &kept[0], to_scores)
        return kept_made[:n].copy(), None if kept_scores_made is None else kept_scores_made[:n].copy()

    def best_first(self, const int64_t[::1] docs, const float[::1] scores, int64_t wanted):
        """Which of some documents are the first by score, ties by place: their numbers among `docs`, int64, in order.

        Args:
            docs: ascending.
            wanted: how many, at most all of them.
        """
        cdef int64_t at, count = len(docs), n = min(wanted, len(docs)), parent, child, moved, end
        cdef int64_t[::1] heap  # The last of those found so far stands at its top.
        cdef const uint32_t[::1] places = self.place
        cdef float border
        self._check(docs)
        if len(scores) != count:
            raise IndexError("not a score for each document")
        heap = made = np.empty(n, dtype=np.int64)
        if not n:
            return made
        with nogil:
            for at in range(n):
                child = at
                while child:
                    parent = (child - 1) >> 1
                    if not stands_behind(
                        scores[at], places[docs[at]], scores[heap[parent]], places[docs[heap[parent]]]
                    ):
                        break
                    heap[child] = heap[parent]
                    child = parent
                heap[child] = at
            border, at = scores[heap[0]], n
            while at < count:
                if at + REACHED <= count and not xs_reaches(&scores[at], border):
                    at += REACHED
                    continue
                end = min(at + REACHED, count)
                while at < end:
                    if scores[at] >= border and stands_behind(
                        border, places[docs[heap[0]]], scores[at], places[docs[at]]
                    ):
                        sift_down(docs, scores, places, heap, n, at)
                        border = scores[heap[0]]
                    at += 1
            for child in range(n - 1, 0, -1):
                moved = heap[child]
                at = heap[0]
                sift_down(docs, scores, places, heap, child, moved)
                heap[child] = at
        return made

    def rank(
        self, type kind, const int64_t[::1] docs, const float[::1] scores, int64_t base, int64_t skip, int64_t wanted
    ):
        """The documents `skip` to `wanted` by score, ties by place, as rows of ref, score and None.

        Args:
            kind: a named tuple of these three.
            docs: ascending.
            base: what a document's number stands above in its ref.
        """
        cdef const int64_t[::1] first = self.best_first(docs, scores, wanted)
        cdef int64_t at
        cdef list rows = []
        if not issubclass(kind, tuple):
            raise TypeError("a row is made as a named tuple")
        for at in range(skip, len(first)):
            rows.append(new_row(kind, base | docs[first[at]], <double> scores[first[at]], None))
        return rows


cdef object _alike(combination, first):
    """Of each text the combination that all of its documents have, -1 where they have several or there are none; int32."""
    alike = np.full(len(first), -1, dtype=np.int32)
    ends = np.append(first[1:], len(combination)).astype(np.int64)
    held = np.flatnonzero(ends > first)
    if len(held):
        starts = first[held].astype(np.int64)
        least, most = np.minimum.reduceat(combination, starts), np.maximum.reduceat(combination, starts)
        alike[held] = np.where(least == most, least.astype(np.int64), -1)
    return alike


cdef object _marks(first, size):
    """Of each 64 documents which of them begin a text, and how many do before those; uint64."""
    flags = np.zeros(size + 64, dtype=np.uint8)
    flags[first] = 1
    bits = np.packbits(flags[: len(flags) >> 6 << 6], bitorder="little").view("<u8")
    counts = np.add.reduceat(flags, np.arange(0, 64 * len(bits), 64), dtype=np.int64)
    return np.stack([bits, (np.cumsum(counts) - counts).astype(np.uint64)], axis=1)


cdef int64_t _select(
    const int64_t* docs, const float* scores, int64_t count, const Number* combination, const uint8_t* mask,
    int64_t* kept, float* kept_scores,
) noexcept nogil:
    """Copy the documents whose combination is allowed, with their scores if there are any; how many they are."""
    cdef int64_t at, n = 0
    if scores == NULL:
        for at in range(count):
            xs_prefetch(&combination[docs[at + AHEAD if at + AHEAD < count else at]])
            kept[n] = docs[at]
            n += mask[combination[docs[at]]] != 0
        return n
    for at in range(count):  # Without a branch: which are allowed can't be foreseen.
        xs_prefetch(&combination[docs[at + AHEAD if at + AHEAD < count else at]])
        kept[n], kept_scores[n] = docs[at], scores[at]
        n += mask[combination[docs[at]]] != 0
    return n


cdef int64_t _common(const int64_t[::1] docs, const int64_t[::1] others) noexcept nogil:
    """How many numbers are in both of two ascending lists: each of the shorter is looked for in the longer."""
    cdef const int64_t* few = NULL
    cdef const int64_t* many = NULL
    cdef int64_t count = len(docs), size = len(others), at, low = 0, high, middle, step, n = 0
    if not count or not size:
        return 0
    if count <= size:
        few, many = &docs[0], &others[0]
    else:
        few, many = &others[0], &docs[0]
        count, size = size, count
    for at in range(count):
        step = 1
        while low + step < size and many[low + step] < few[at]:
            low += step
            step <<= 1
        high = min(low + step, size)
        while low < high:
            middle = (low + high) >> 1
            if many[middle] < few[at]:
                low = middle + 1
            else:
                high = middle
        if low == size:
            break
        n += many[low] == few[at]
    return n


cdef inline bint stands_behind(float score, uint32_t place, float other, uint32_t other_place) noexcept nogil:
    return score < other or (score == other and place > other_place)


cdef void sift_down(
    const int64_t[::1] docs, const float[::1] scores, const uint32_t[::1] places,
    int64_t[::1] heap, int64_t count, int64_t at,
) noexcept nogil:
    """Put `at` in the place of a heap's top."""
    cdef int64_t parent = 0, child
    while True:
        child = 2 * parent + 1
        if child >= count:
            break
        if child + 1 < count and stands_behind(
            scores[heap[child + 1]], places[docs[heap[child + 1]]], scores[heap[child]], places[docs[heap[child]]]
        ):
            child += 1
        if not stands_behind(scores[heap[child]], places[docs[heap[child]]], scores[at], places[docs[at]]):
            break
        heap[parent] = heap[child]
        parent = child
    heap[parent] = at


cdef class FacetAxis:
    """What a facet counts by; made once for a collection, so that to count is all that is left to do.

    Args:
        kind: a named tuple of value, count and whether it is chosen.
        values: of the facet, in the order in which they are listed where `by_count` is not given.
        places: of each combination, its value's place among them.
        by_count: the highest first, in the values' order where they are equal.
    """

    cdef type kind
    cdef tuple all
    cdef list kept  # Of each value its rows by count, None where none was made yet
    cdef int64_t most  # How many of each
    cdef const int64_t[::1] places
    cdef bint by_count

    def __cinit__(self, type kind, tuple values, const int64_t[::1] places, bint by_count):
        cdef int64_t at, size = len(values)
        if not issubclass(kind, tuple):
            raise TypeError("a value is made as a named tuple")
        if size > PLACES:
            raise ValueError("more values than a facet can have")
        for at in range(len(places)):
            if <uint64_t> places[at] >= <uint64_t> size:
                raise IndexError("no such value")
        self.kind, self.all, self.places, self.by_count = kind, values, places, by_count
        self.most = max(min(KEPT_ROWS // max(size, 1), MOST_ROWS), LEAST_ROWS)
        self.kept = [None] * (size * self.most)

    cdef object _row(self, int64_t place, int64_t count, bint is_chosen):
        """A value with its count; one of a low count is made but once, since nothing changes it."""
        if is_chosen or count < 0 or count >= self.most:
            return new_row(self.kind, self.all[place], count, is_chosen)
        row = self.kept[place * self.most + count]
        if row is None:
            row = self.kept[place * self.most + count] = new_row(self.kind, self.all[place], count, False)
        return row

    cdef tuple _list(self, const int64_t[::1] counts, const int64_t* counted, int64_t which, int64_t of_all, chosen):
        """The values with their counts: those that are counted or chosen.

        Args:
            counts: of each combination.
            counted: the `which` combinations that count.
            of_all: the sum of their counts.
            chosen: places of values that are chosen.
        """
        cdef int64_t at, place, n = 0, size = len(self.all), combination, combinations = len(counts)
        cdef int64_t held = 0, total = 0
        cdef int64_t* totals
        cdef int64_t* keys
        cdef int64_t* picks  # Of each value whether it is chosen
        cdef const int64_t[::1] places = self.places
        cdef tuple listed
        if size == 1 and not chosen and len(places) == combinations:
            return (new_row(self.kind, self.all[0], of_all, False),) if of_all else ()
        if len(places) != combinations:
            raise IndexError("no such combination")
        for one in chosen:
            if one < 0 or one >= size:
                raise IndexError("no such value")
        totals = <int64_t*> PyMem_Calloc(3 * size + 1, sizeof(int64_t))
        if totals == NULL:
            raise MemoryError
        keys, picks = totals + size, totals + 2 * size
        for one in chosen:
            picks[<int64_t> one] = 1
        try:
            with nogil:
                for at in range(which):
                    combination = counted[at]
                    place = places[combination]
                    if place != held:  # Neighbours mostly have the same, and a sum is sooner added to than what stands there
                        totals[held] += total
                        held, total = place, 0
                    total += counts[combination]
                totals[held] += total
            for place in range(size):
                if totals[place] or picks[place]:
                    keys[n] = place - (totals[place] * PLACES if self.by_count else 0)
                    n += 1
            if self.by_count and n > 1:
                sort_numbers(keys, n)
            listed = PyTuple_New(n)
            for at in range(n):
                place = keys[at] & (PLACES - 1)
                row = self._row(place, totals[place], picks[place])
                Py_INCREF(row)
                PyTuple_SET_ITEM(listed, at, row)
            return listed
        finally:
            PyMem_Free(totals)


def list_facets(const int64_t[::1] counts, listed):
    """The values of some facets with their counts, by the facets' names.

    Args:
        counts: of each combination.
        listed: of each facet its name, axis, which combinations count (bool; None for all), the places of its values that
            are chosen, and what is listed behind all others.
    """
    cdef int64_t at, n = 0, total = 0, left = 0, of_left = 0, size = len(counts)
    cdef int64_t* counted = <int64_t*> PyMem_Malloc(2 * (size + 1) * sizeof(int64_t))
    cdef int64_t* narrowed = counted + size + 1
    cdef const uint8_t[::1] mask
    cdef FacetAxis axis
    cdef dict found = {}
    if counted == NULL:
        raise MemoryError
    try:
        with nogil:
            for at in range(size):
                counted[n] = at  # Without a branch: which are counted can't be foreseen.
                n += counts[at] != 0
                total += counts[at]
        narrowed_by = None
        for name, given, allowed, chosen, missing in listed:
            axis = <FacetAxis?> given
            if allowed is None:
                found[name] = axis._list(counts, counted, n, total, chosen) + missing
                continue
            if allowed is not narrowed_by:  # Where one value is chosen, all other facets have the same.
                mask, left, of_left = allowed.view(np.uint8), 0, 0
                if len(mask) != size:
                    raise IndexError("no such combination")
                for at in range(n):
                    narrowed[left] = counted[at]
                    if mask[counted[at]]:
                        left += 1
                        of_left += counts[counted[at]]
                narrowed_by = allowed
            found[name] = axis._list(counts, narrowed, left, of_left, chosen) + missing
        return found
    finally:
        PyMem_Free(counted)


cdef void sort_numbers(int64_t* numbers, int64_t count) noexcept nogil:
    """In place, ascending: for hundreds, by steps that shrink (Ciura, Best Increments for Shellsort, 2001)."""
    cdef int64_t* steps = [701, 301, 132, 57, 23, 10, 4, 1]
    cdef int64_t step, at, before, number
    cdef int of
    for of in range(8):
        step = steps[of]
        for at in range(step, count):
            number, before = numbers[at], at - step
            while before >= 0 and numbers[before] > number:
                numbers[before + step] = numbers[before]
                before -= step
            numbers[before + step] = number


cdef inline object new_row(type kind, object value, object count, object selected):
    """`tuple.__new__`, past the named tuple's own constructor and Python's call: a page has hundreds of these."""
    cdef object row = (<PyTypeObject *> kind).tp_alloc(kind, 3)
    Py_INCREF(value)
    PyTuple_SET_ITEM(row, 0, value)
    Py_INCREF(count)
    PyTuple_SET_ITEM(row, 1, count)
    Py_INCREF(selected)
    PyTuple_SET_ITEM(row, 2, selected)
    return row


cdef class SortedKeys:
    """Keys that ascend, uint64, and where each of them is.

    Every so many of them stand together once more: so most steps of a search stay near one another.

    Args:
        starts: of each key where what it stands for begins, and where that of the last one ends; None if nobody asks.
    """

    cdef const uint64_t[::1] keys, some
    cdef const uint32_t[::1] starts

    def __cinit__(self, keys, starts=None):
        self.keys = keys
        self.some = keys[:: 1 << SOME_BITS].copy()
        if starts is not None and len(starts) != len(keys) + 1:
            raise IndexError("not a start for each key")
        self.starts = starts

    cpdef int64_t find(self, uint64_t key):
        """The place of a key; -1 where it is none of them."""
        cdef int64_t low = 0, high = len(self.some), middle
        while low < high:
            middle = (low + high) >> 1
            if self.some[middle] <= key:
                low = middle + 1
            else:
                high = middle
        high = min(low << SOME_BITS, len(self.keys))
        low = max(low - 1, 0) << SOME_BITS
        while low < high:
            middle = (low + high) >> 1
            if self.keys[middle] < key:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self.keys) and self.keys[low] == key else -1

    def span(self, uint64_t key):
        """Where what a key stands for begins and ends; None where it is none of them."""
        cdef int64_t at = self.find(key)
        if self.starts is None:
            raise ValueError("made without starts")
        return None if at < 0 else (self.starts[at], self.starts[at + 1])


cdef class TextLayout:
    """Where a segment's texts are, and the texts; made once for all questions.

    What is known of a text stands together: who reads ten texts here and there waits for memory at each column.

    Args:
        block_first: of each block its first document, ascending.
        blocks_at: where each begins in the file, and where the last one ends.
        text_at: of each document where its text begins, all of them one behind the other, modulo 2**32.
        text_bytes: of each document how long its text is.
        data: all of the file.
        verified: of each 2 ** `verified_bits` bytes of the file, whether they were compared with their checksum.
    """

    cdef const uint8_t[::1] data, verified
    cdef const uint64_t[:, ::1] texts  # Of each document where its block is, and its text there: begin above length
    cdef int verified_bits

    def __cinit__(
        self, const uint32_t[::1] block_first, const uint64_t[::1] blocks_at, const uint32_t[::1] text_at,
        const uint32_t[::1] text_bytes, data, verified, int verified_bits,
    ):
        cdef int64_t block, doc, first, end, size = len(text_at), blocks = len(block_first)
        cdef uint64_t start
        cdef uint64_t[:, ::1] texts
        if len(text_bytes) != size or len(blocks_at) <= blocks:
            raise IndexError("no such text")
        if size and (not blocks or block_first[0]):
            raise IndexError("no block has the document")
        texts = np.empty((size, 3), dtype=np.uint64)
        for block in range(blocks):
            first, end = block_first[block], block_first[block + 1] if block + 1 < blocks else size
            if first > end or end > size:
                raise IndexError("no such document")
            for doc in range(first, end):
                start = <uint32_t> (text_at[doc] - text_at[first])
                texts[doc, 0], texts[doc, 1] = blocks_at[block], blocks_at[block + 1]
                texts[doc, 2] = start << 32 | text_bytes[doc]
        self.texts, self.data = texts, data
        self.verified, self.verified_bits = verified, verified_bits

    def blocks(self, const int64_t[::1] docs):
        """Where each document's block begins and ends in the file."""
        cdef int64_t at
        self._check(docs)
        return [(self.texts[docs[at], 0], self.texts[docs[at], 1]) for at in range(len(docs))]

    def read(self, const int64_t[::1] docs, unpack, bint is_verified):
        """The texts of some documents, those of one block one behind the other.

        Args:
            unpack: decompresses a block.
            is_verified: whether the checksums of their blocks are known to have been compared.

        Returns:
            The texts; None where the checksum of a block was not compared yet.

        Raises:
            IndexError: there is no such document.
            ValueError: a text can't be what was written; and what `unpack` raises.
        """
        self._check(docs)
        return self.read_some(&docs[0], len(docs), unpack, is_verified) if len(docs) else []

    cdef int _check(self, const int64_t[::1] docs) except -1:
        cdef int64_t at
        for at in range(len(docs)):
            if docs[at] < 0 or docs[at] >= len(self.texts):
                raise IndexError("no such document")
        return 0

    cdef list read_some(self, const int64_t* docs, int64_t count, unpack, bint is_verified):
        """As `read`, of documents that are there."""
        cdef int64_t begin, end, at
        cdef uint64_t of_file, to, start, size, opened = 0, behind = 0
        cdef bytes block = b""
        cdef list found = []
        for begin in range(0, count, AT_ONCE):
            end = min(begin + AT_ONCE, count)
            for at in range(begin, end):
                xs_prefetch(&self.texts[docs[at], 0])
            for at in range(begin, end):
                of_file, to = self.texts[docs[at], 0], self.texts[docs[at], 1]
                if not (is_verified or self._is_verified(of_file, to)):
                    return None
                if to <= of_file or to > <uint64_t> len(self.data):
                    raise ValueError("a block reaches beyond its file")
                self._fetch(of_file, to)
            for at in range(begin, end):
                of_file, to = self.texts[docs[at], 0], self.texts[docs[at], 1]
                if of_file != opened or to != behind:
                    block = unpack(
                        PyMemoryView_FromMemory(<char*> &self.data[of_file], <Py_ssize_t> (to - of_file), PyBUF_READ)
                    )
                    opened, behind = of_file, to
                start, size = self.texts[docs[at], 2] >> 32, self.texts[docs[at], 2] & <uint64_t> 0xFFFFFFFF
                if start + size > <uint64_t> len(block):
                    raise ValueError("a text reaches beyond its block")
                found.append(PyUnicode_DecodeUTF8(<const char*> block + start, <Py_ssize_t> size, "surrogatepass"))
        return found

    cdef inline bint _is_verified(self, uint64_t at, uint64_t to) noexcept nogil:
        if to <= at or (to - 1) >> self.verified_bits >= <uint64_t> len(self.verified):
            return False
        while at < to:
            if not self.verified[at >> self.verified_bits]:
                return False
            at = ((at >> self.verified_bits) + 1) << self.verified_bits
        return True

    cdef inline void _fetch(self, uint64_t at, uint64_t to) noexcept nogil:
        """Fetch the beginning of what is about to be unpacked."""
        cdef uint64_t end = min(to, at + FETCHED)
        while at < end:
            xs_prefetch(&self.data[at])
            at += LINE


cdef class Paragraphs:
    """A segment's paragraphs, read as they are handed out; what is kept of each besides its text stands together here.

    Args:
        texts: their texts.
        parents: of each document the heading directly above it, or NO_PARENT; always an earlier one.
        report_of: of each document the number of its report.
        first: of each report its first document.
        kind: a named tuple of ref, number in the report, report, kind, headings, text, part, and how sure it was recognised.
        kind_names, part_names, confidences: what their numbers stand for.
    """

    cdef const uint32_t[:, ::1] known  # Of each document its parent, report, number there, and three bytes
    cdef TextLayout texts
    cdef uint32_t kinds, parts  # How many there are
    cdef type kind
    cdef tuple kind_names, part_names, confidences

    def __cinit__(
        self, TextLayout texts not None, const uint32_t[::1] parents, const uint32_t[::1] report_of,
        const uint32_t[::1] first, const uint8_t[::1] kinds, const uint8_t[::1] parts, const uint8_t[::1] ocr,
        type kind, tuple kind_names, tuple part_names, tuple confidences,
    ):
        cdef int64_t doc, size = len(report_of)
        cdef uint32_t[:, ::1] known
        if not issubclass(kind, tuple):
            raise TypeError("a paragraph is made as a named tuple")
        if {len(parents), len(kinds), len(parts), len(ocr), len(texts.texts)} != {size}:
            raise IndexError("columns of different lengths")
        if len(confidences) < 256:
            raise IndexError("not a confidence for each number")
        known = np.empty((size, 4), dtype=np.uint32)
        for doc in range(size):
            if report_of[doc] >= len(first):
                raise IndexError("no such report")
            known[doc, 0], known[doc, 1] = parents[doc], report_of[doc]
            known[doc, 2] = <uint32_t> (doc - first[report_of[doc]] + 1)
            known[doc, 3] = <uint32_t> ocr[doc] << 16 | <uint32_t> parts[doc] << 8 | kinds[doc]
        self.known, self.texts, self.kind = known, texts, kind
        self.kind_names, self.part_names, self.confidences = kind_names, part_names, confidences
        self.kinds, self.parts = len(kind_names), len(part_names)

    def read(self, refs, int64_t base, reports, unpack, verify):
        """Some paragraphs, in the order of their refs, with the headings above them; all texts are read at once.

        Args:
            base: what a document's number stands above in its ref.
            reports: gives a report by its number.
            unpack: decompresses a block of texts.
            verify: compares the checksums of blocks, given where each begins and ends.

        Returns:
            The paragraphs. None where not all of them are this segment's, or something can't be what was written: the plain
            form sees to it.

        Raises:
            ValueError: a text can't be what was written; and what `reports`, `unpack` and `verify` raise.
        """
        cdef list rows = [], texts
        cdef int64_t count = len(refs), size = len(self.known), at, doc, n
        cdef int64_t* docs = <int64_t*> PyMem_Malloc((count + 1) * sizeof(int64_t))
        cdef int64_t* wanted = NULL
        if docs == NULL:
            raise MemoryError
        try:
            for at in range(count):
                docs[at] = refs[at]
                docs[at] -= base
                if docs[at] < 0 or docs[at] >= size:
                    return None
                xs_prefetch(&self.known[docs[at], 0])
                xs_prefetch(&self.texts.texts[docs[at], 0])
            n = self._count_wanted(docs, count)
            if n < 0:
                return None
            wanted = <int64_t*> PyMem_Malloc((n + 1) * sizeof(int64_t))
            if wanted == NULL:
                raise MemoryError
            n = self._list_wanted(docs, count, wanted)
            texts = self.texts.read_some(wanted, n, unpack, False)
            if texts is None:
                verify([(self.texts.texts[wanted[at], 0], self.texts.texts[wanted[at], 1]) for at in range(n)])
                texts = self.texts.read_some(wanted, n, unpack, True)
            for at in range(count):
                rows.append(self._row(docs[at], refs[at], reports, texts, wanted, n))
            return rows
        finally:
            PyMem_Free(docs)
            PyMem_Free(wanted)

    cdef int64_t _count_wanted(self, const int64_t* docs, int64_t count) noexcept nogil:
        """How many documents there are with all above them, some of them twice; -1 where they don't lead up, or have no kind."""
        cdef int64_t at, n = count
        cdef uint32_t of, parent
        for at in range(count):
            of, parent = <uint32_t> docs[at], self.known[docs[at], 0]
            if (self.known[of, 3] & 255) >= self.kinds or (self.known[of, 3] >> 8 & 255) >= self.parts:
                return -1
            while parent != NO_PARENT:
                if parent >= of:  # What stood behind what it is above could lead back to itself, for ever.
                    return -1
                n += 1
                of, parent = parent, self.known[parent, 0]
        return n

    cdef int64_t _list_wanted(self, const int64_t* docs, int64_t count, int64_t* wanted) noexcept nogil:
        """The documents and all that stand above them, ascending, none twice; how many they are."""
        cdef int64_t at, n = 0, kept = 0
        cdef uint32_t parent
        for at in range(count):
            wanted[n] = docs[at]
            n += 1
            parent = self.known[docs[at], 0]
            while parent != NO_PARENT:
                wanted[n] = parent
                n += 1
                parent = self.known[parent, 0]
        sort_numbers(wanted, n)
        for at in range(n):
            if not kept or wanted[at] != wanted[kept - 1]:
                wanted[kept] = wanted[at]
                kept += 1
        return kept

    cdef object _row(self, int64_t doc, ref, reports, list texts, const int64_t* wanted, int64_t n):
        """A paragraph, past its own constructor and Python's loop: a page has ten, a list of contexts thousands."""
        cdef uint32_t codes = self.known[doc, 3], parent = self.known[doc, 0]
        cdef Py_ssize_t of
        cdef list path
        cdef tuple values
        above = ()
        if parent != NO_PARENT:
            path = []
            while parent != NO_PARENT:
                path.append(texts[_place_of(parent, wanted, n)])
                parent = self.known[parent, 0]
            path.reverse()
            above = tuple(path)
        values = (
            ref, self.known[doc, 2], reports[self.known[doc, 1]], self.kind_names[codes & 255], above,
            texts[_place_of(doc, wanted, n)], self.part_names[codes >> 8 & 255], self.confidences[codes >> 16],
        )
        row = (<PyTypeObject *> self.kind).tp_alloc(self.kind, 8)
        for of in range(8):
            value = values[of]
            Py_INCREF(value)
            PyTuple_SET_ITEM(row, of, value)
        return row


cdef int64_t _place_of(int64_t number, const int64_t* numbers, int64_t high) noexcept nogil:
    """The place of a number among some that ascend, of which it is one."""
    cdef int64_t low = 0, middle
    while high - low > 1:
        middle = (low + high) >> 1
        if numbers[middle] <= number:
            low = middle
        else:
            high = middle
    return low
