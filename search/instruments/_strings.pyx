# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Strings of words and what stands beside them, as `search.instruments.numpy_strings` finds them with NumPy.

The places of a word are divided by the word behind them, those by the next one, and so on. Words are counted in a table
that is cleared by what was written in it, so nothing is sorted, and a string costs what it has of places.
"""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport free, qsort, realloc
from libc.string cimport memset

import numpy as np

cdef enum:
    MOST_WORDS = 8
    SHORTEST = 2
    LONGEST = 16
    COLUMNS = 8


cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define xs_prefetch(address) __builtin_prefetch(address)
    #else
    #define xs_prefetch(address) ((void) 0)
    #endif
    """
    void xs_prefetch(const void* address) noexcept nogil

cdef enum:
    STEP_BITS = 8
    AHEAD = 24  # Places ahead of the one that is looked at: what stands there is fetched meanwhile


cdef struct Child:
    # The strings of a group that go on with the same word: its places, those of the first side in front.
    int32_t word
    int32_t of
    int32_t against


cdef struct Uses:
    # Of a word behind the places of a group; then where its next place goes on each side, 0 for nowhere.
    int32_t of
    int32_t against


cdef struct Array:
    void* all
    int64_t count
    int64_t room


cdef void* add(Array* array, int64_t count, size_t size) except NULL nogil:
    """Room for some more, of which nothing is written yet."""
    cdef int64_t room
    cdef void* more
    if array.all == NULL or array.count + count > array.room:
        room = 2 * (array.count + count) + 64
        more = realloc(array.all, room * size)
        if more == NULL:
            with gil:
                raise MemoryError
        array.all, array.room = more, room
    more = <char*> array.all + array.count * size
    array.count += count
    return more


cdef int in_order(const void* one, const void* other) noexcept nogil:
    cdef int32_t a = (<const int32_t*> one)[0]
    cdef int32_t b = (<const int32_t*> other)[0]
    return (a > b) - (a < b)


cdef void* reserve(int64_t count, size_t size) except NULL:
    cdef void* room = PyMem_Calloc(max(count, 1), size)
    if room == NULL:
        raise MemoryError
    return room


cdef class Finder:
    """Words of two sides, as strings are looked for in them. Not for several threads at once.

    Args:
        words: as in `Stream`.
        ends, of_reports: as in `Stream`.
        chars: of each word, int32.
        closed: which words no string begins or ends with, uint8.
    """

    cdef const int32_t[::1] words
    cdef const int64_t[::1] ends  # Of reports
    cdef const int32_t[::1] reports_at  # The report of every 2**STEP_BITS words
    cdef const int32_t[::1] chars
    cdef const uint8_t[::1] closed
    cdef int64_t of_words  # The words of the first side
    cdef int64_t vocabulary
    cdef int32_t least_key
    cdef int32_t least_new
    cdef int32_t least_gone
    cdef Uses* totals  # By word
    cdef Uses* uses  # By word; nothing but 0 between groups
    cdef int32_t* begins_at  # By word: where its places begin among those gathered, 0 for a word that is not
    cdef int32_t[::1] gathered  # The places of words, word after word; at 0 is what nobody wants
    cdef Array seen  # Words that have uses
    cdef Array behind  # The word behind each place of a group
    cdef Array places[MOST_WORDS + 1]  # By how many words the strings have
    cdef Array children[MOST_WORDS + 1]
    cdef Array found
    cdef const int32_t[::1] strings  # What is counted beside: words, string after string, in their order
    cdef const int32_t[::1] lengths
    cdef const int64_t[::1] begins
    cdef int64_t[:, ::1] kinds  # By string and side
    cdef int64_t[:, ::1] borders

    def __cinit__(self, words, ends, of_reports, chars, closed):
        self.words, self.chars, self.closed, self.ends = words, chars, closed, ends
        self.vocabulary = len(chars)
        around = np.concatenate([[1], ends])
        if (np.diff(around) < 0).any() or not 0 <= of_reports <= len(ends):
            raise ValueError("not the words of two sides")
        if len(closed) != len(chars) or not around[-1] + MOST_WORDS <= len(words) < 1 << 31:
            raise ValueError("not the words of two sides")
        if words[0] or words[around[-1]:].any():
            raise ValueError("there is no border around the words")
        self.of_words = around[of_reports]
        self.reports_at = np.searchsorted(ends, np.arange(0, len(words), 1 << STEP_BITS), side="right").astype(np.int32)
        self.uses = <Uses*> reserve(self.vocabulary, sizeof(Uses))
        self.totals = <Uses*> reserve(self.vocabulary, sizeof(Uses))
        self.begins_at = <int32_t*> reserve(self.vocabulary, sizeof(int32_t))
        if not self._count_words():
            raise ValueError("a word has no text")

    def __dealloc__(self):
        PyMem_Free(self.uses)
        PyMem_Free(self.totals)
        PyMem_Free(self.begins_at)
        free(self.seen.all)
        free(self.behind.all)
        free(self.found.all)
        for n in range(MOST_WORDS + 1):
            free(self.places[n].all)
            free(self.children[n].all)

    cdef bint _count_words(self):
        cdef int64_t at
        cdef int32_t word
        with nogil:
            for at in range(len(self.words)):
                word = self.words[at]
                if not 0 <= word < self.vocabulary:
                    return False
                if at < self.of_words:
                    self.totals[word].of += 1
                else:
                    self.totals[word].against += 1
        return True

    @property
    def uses_of_words(self):
        """How often each word stands on both sides together."""
        cdef int64_t n
        found = np.empty(self.vocabulary, dtype=np.int64)
        cdef int64_t[::1] into = found
        for n in range(self.vocabulary):
            into[n] = <int64_t> self.totals[n].of + self.totals[n].against
        return found

    def gather(self, const int32_t[::1] words):
        """Look up where some words stand, in one pass, and forget about others, unless all of them are looked up."""
        cdef int64_t n, at, total = 1
        cdef int32_t word
        cdef bint is_missing = False
        cdef int32_t* next_place
        cdef int32_t* gathered
        self._check(words)
        for n in range(len(words)):
            is_missing |= not self.begins_at[words[n]]
        if not is_missing:
            return
        next_place = <int32_t*> reserve(self.vocabulary, sizeof(int32_t))
        try:
            self._forget()
            for n in range(len(words)):
                word = words[n]
                if not next_place[word]:
                    next_place[word] = self.begins_at[word] = <int32_t> total
                    total += self.totals[word].of + self.totals[word].against
            self.gathered = np.empty(total, dtype=np.int32)  # NumPy has the system use large pages.
            gathered = &self.gathered[0]
            with nogil:
                for at in range(len(self.words)):  # Without a branch: which words are wanted can't be foreseen.
                    word = self.words[at]
                    gathered[next_place[word]] = <int32_t> at
                    next_place[word] += next_place[word] != 0
        except BaseException:
            self._forget()
            raise
        finally:
            PyMem_Free(next_place)

    cdef void _forget(self) noexcept:
        memset(self.begins_at, 0, self.vocabulary * sizeof(int32_t))
        self.gathered = None

    def find(self, const int32_t[::1] firsts, int32_t key, int32_t new, int32_t gone):
        """`NumpyFinder.find`, in another order."""
        cdef int64_t n
        cdef Child* child
        self.least_key, self.least_new, self.least_gone = key, new, gone
        self.found.count = self.children[1].count = 0
        self._check(firsts)
        for n in range(len(firsts)):
            self.uses[firsts[n]] = self.totals[firsts[n]]
            self._choose(firsts[n], &self.children[1], LONGEST)
            self.uses[firsts[n]].of = self.uses[firsts[n]].against = 0
        self._gather_missing()
        with nogil:
            for n in range(self.children[1].count):
                child = <Child*> self.children[1].all + n
                self._follow(self._places_of(child), child, 1, self.chars[child.word])
        return self._rows().reshape(-1, COLUMNS)

    def count_beside(self, const int32_t[::1] words, const int32_t[::1] lengths):
        """`NumpyFinder.count_beside`."""
        cdef int64_t n, at = 0
        cdef int32_t head = 0
        cdef Child* child
        self._check(words)
        self.begins = np.cumsum(lengths, dtype=np.int64) - lengths
        self.strings, self.lengths = words, lengths
        self.borders = np.zeros((len(lengths), 2), dtype=np.int64)
        self.kinds = np.zeros((len(lengths), 2), dtype=np.int64)
        self.found.count = self.children[1].count = 0
        for n in range(len(lengths)):
            if lengths[n] < 1 or self.begins[n] + lengths[n] > len(words):
                raise ValueError("not as many words as the strings have")
            if not n or words[self.begins[n]] != head:
                head = words[self.begins[n]]
                child = <Child*> add(&self.children[1], 1, sizeof(Child))
                child.word, child.of, child.against = head, self.totals[head].of, self.totals[head].against
        self._gather_missing()
        with nogil:
            for n in range(self.children[1].count):
                child = <Child*> self.children[1].all + n
                at = self._narrow(self._places_of(child), child, at, 1)
        return self._rows(), np.asarray(self.kinds), np.asarray(self.borders)

    cdef int _check(self, words) except -1:
        if len(words) and not 0 < np.min(words) <= np.max(words) < self.vocabulary:
            raise ValueError("a word has no text")
        return 0

    cdef object _rows(self):
        """What was found, one number behind the other."""
        cdef int64_t n
        rows = np.empty(self.found.count, dtype=np.int64)
        cdef int64_t[::1] into = rows
        cdef int64_t* found = <int64_t*> self.found.all
        for n in range(self.found.count):
            into[n] = found[n]
        return rows

    cdef int _gather_missing(self) except -1:
        """Look up the words in `children[1]`, unless they are."""
        cdef int64_t n, count = self.children[1].count
        words = np.empty(count, dtype=np.int32)
        cdef int32_t[::1] into = words
        for n in range(count):
            into[n] = (<Child*> self.children[1].all + n).word
        self.gather(words)
        return 0

    cdef inline const int32_t* _places_of(self, const Child* child) noexcept nogil:
        return &self.gathered[0] + self.begins_at[child.word]

    cdef inline bint _is_followed(self, int32_t of, int32_t against) noexcept nogil:
        """Whether a string of so many places, or a longer one, may be wanted."""
        return of + against > 1 and (of >= min(self.least_key, self.least_new) or against >= self.least_gone)

    cdef int _follow(self, const int32_t* places, Child* group, int n, int chars) except -1 nogil:
        """Find strings that begin with the `n` words which stand at all these places."""
        cdef int64_t at, of = group.of, against = group.against
        cdef Child* child
        cdef Array* children
        cdef const int32_t* into
        if chars >= SHORTEST and not self.closed[group.word]:
            if self._is_maximal(places, of + against, -1) and self._is_maximal(places, of + against, n):
                self._note(places, of, against, n)
        if n == MOST_WORDS or chars >= LONGEST:
            return 0
        self._count_behind(places, of, against, n)
        children = &self.children[n + 1]
        children.count = 0
        for at in range(self.seen.count):
            self._choose((<int32_t*> self.seen.all)[at], children, LONGEST - chars)
        self._divide(places, of, against, n)
        into = <int32_t*> self.places[n + 1].all + 1
        for at in range(children.count):
            child = <Child*> children.all + at
            self._follow(into, child, n + 1, chars + self.chars[child.word])
            into += child.of + child.against
        return 0

    cdef int _choose(self, int32_t word, Array* children, int room) except -1 nogil:
        """Whether strings are looked for that go on with a word."""
        cdef Uses uses = self.uses[word]
        cdef Child* child
        if word and self.chars[word] <= room and self._is_followed(uses.of, uses.against):
            child = <Child*> add(children, 1, sizeof(Child))
            child.word, child.of, child.against = word, uses.of, uses.against
        return 0

    cdef int _count_behind(self, const int32_t* places, int64_t of, int64_t against, int n) except -1 nogil:
        """Which words stand behind some places, and how often."""
        cdef int64_t at, count = 0
        cdef int32_t word
        cdef int32_t* behind
        cdef int32_t* seen
        cdef const int32_t* words = &self.words[0] + n
        self.behind.count = self.seen.count = 0
        behind = <int32_t*> add(&self.behind, of + against, sizeof(int32_t))
        seen = <int32_t*> add(&self.seen, min(of + against, self.vocabulary) + 1, sizeof(int32_t))
        for at in range(of + against):
            xs_prefetch(&words[places[at + AHEAD if at + AHEAD < of + against else at]])
            behind[at] = words[places[at]]
        for at in range(of):  # Without a branch: which words were seen before can't be foreseen.
            word = behind[at]
            seen[count] = word
            count += self.uses[word].of == 0
            self.uses[word].of += 1
        for at in range(of, of + against):
            word = behind[at]
            seen[count] = word
            count += (self.uses[word].of | self.uses[word].against) == 0
            self.uses[word].against += 1
        self.seen.count = count
        return 0

    cdef int _divide(self, const int32_t* places, int64_t of, int64_t against, int n) except -1 nogil:
        """Put the places of a group's children in order, child after child, behind one that nobody wants."""
        cdef int64_t at, total = 1
        cdef int32_t* into
        cdef Array* children = &self.children[n + 1]
        cdef Child* child
        cdef Uses* uses
        cdef const int32_t* behind = <int32_t*> self.behind.all
        for at in range(self.seen.count):
            uses = &self.uses[(<int32_t*> self.seen.all)[at]]
            uses.of = uses.against = 0
        if not children.count:
            return 0
        for at in range(children.count):
            child = <Child*> children.all + at
            self.uses[child.word].of = <int32_t> total
            self.uses[child.word].against = <int32_t> total + child.of
            total += child.of + child.against
        self.places[n + 1].count = 0
        into = <int32_t*> add(&self.places[n + 1], total, sizeof(int32_t))
        for at in range(of):  # Without a branch, as above
            uses = &self.uses[behind[at]]
            into[uses.of] = places[at]
            uses.of += uses.of != 0
        for at in range(of, of + against):
            uses = &self.uses[behind[at]]
            into[uses.against] = places[at]
            uses.against += uses.against != 0
        for at in range(children.count):
            uses = &self.uses[(<Child*> children.all + at).word]
            uses.of = uses.against = 0
        return 0

    cdef bint _is_maximal(self, const int32_t* places, int64_t count, int beside) noexcept nogil:
        """Whether different words stand there, or a border."""
        cdef const int32_t* words = &self.words[0] + beside
        cdef int64_t at
        cdef int32_t first = words[places[0]]
        if not first or self.closed[first]:
            return True
        for at in range(1, count):
            if words[places[at]] != first:
                return True
        return False

    cdef int _note(self, const int32_t* places, int64_t of, int64_t against, int n) except -1 nogil:
        """Keep a string, if it is wanted."""
        cdef int64_t row[COLUMNS]
        cdef int64_t* into
        cdef int column
        if of < self.least_key and of and against:
            return 0
        row[0], row[1], row[2], row[5] = places[0], n, of, against
        self._count_reports(places, of, row + 3)
        self._count_reports(places + of, 0 if of else against, row + 6)
        if of >= self.least_key or row[3] >= self.least_new or row[6] >= self.least_gone:
            into = <int64_t*> add(&self.found, COLUMNS, sizeof(int64_t))
            for column in range(COLUMNS):
                into[column] = row[column]
        return 0

    cdef void _count_reports(self, const int32_t* places, int64_t count, int64_t* into) noexcept nogil:
        """The reports that places are of, and the most places in one of them."""
        cdef int64_t at, run = 0, report, end = 0
        into[0] = into[1] = 0
        for at in range(count):
            if places[at] >= end:
                report = self.reports_at[places[at] >> STEP_BITS]
                while places[at] >= self.ends[report]:
                    report += 1
                into[0] += 1
                run, end = 0, self.ends[report]
            run += 1
            into[1] = max(into[1], run)

    cdef int64_t _narrow(self, const int32_t* places, Child* group, int64_t first, int n) except -1 nogil:
        """Count beside the strings from `first` on that begin with the `n` words which stand at all these places.

        Returns:
            the first of the others.
        """
        cdef int64_t last = first, at, begin = self.begins[first], places_count = group.of + group.against
        cdef int column
        cdef int32_t word
        cdef Child* child
        cdef Array* children = &self.children[n + 1]
        cdef const int32_t* into
        while first < len(self.lengths) and self.lengths[first] == n and self._begins_alike(begin, first, n):
            for column in range(2):
                self._count_kinds(places, places_count, n if column else -1, first, column)
            first += 1
        last = first
        while last < len(self.lengths) and self._begins_alike(begin, last, n):
            last += 1
        if last == first:
            return last
        self._count_behind(places, group.of, group.against, n)
        children.count = 0
        word = 0
        for at in range(first, last):
            if self.strings[self.begins[at] + n] != word:
                word = self.strings[self.begins[at] + n]
                child = <Child*> add(children, 1, sizeof(Child))
                child.word, child.of, child.against = word, self.uses[word].of, self.uses[word].against
        self._divide(places, group.of, group.against, n)
        into = <int32_t*> self.places[n + 1].all + 1
        for at in range(children.count):
            child = <Child*> children.all + at
            first = self._narrow(into, child, first, n + 1)
            into += child.of + child.against
        return last

    cdef bint _begins_alike(self, int64_t begin, int64_t string, int n) noexcept nogil:
        """Whether a string of `n` words or more begins with those `n`."""
        cdef int64_t at
        if self.lengths[string] < n:
            return False
        for at in range(n):
            if self.strings[begin + at] != self.strings[self.begins[string] + at]:
                return False
        return True

    cdef int _count_kinds(
        self, const int32_t* places, int64_t count, int beside, int64_t string, int column
    ) except -1 nogil:
        """Keep how often each word stands there, by its number."""
        cdef int64_t at
        cdef int32_t word
        cdef int32_t* seen
        cdef int64_t* into
        self._count_behind(places, count, 0, beside)
        seen = <int32_t*> self.seen.all
        qsort(seen, self.seen.count, sizeof(int32_t), in_order)
        for at in range(self.seen.count):
            word = seen[at]
            if word:
                into = <int64_t*> add(&self.found, 1, sizeof(int64_t))
                into[0] = self.uses[word].of
                self.kinds[string, column] += 1
            else:
                self.borders[string, column] = self.uses[word].of
            self.uses[word].of = 0
        return 0
