# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The tokens of many texts in one pass: `search.language.text.trie` and `lattice`, place by place, not level by level;
and their atoms, as `search.language.text.atoms` has them.

The tables are the trie's own, and sums are made in the order in which the plain form makes them, so that ties fall alike.
"""

import numpy as np

from libc.math cimport INFINITY
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, realloc

cdef enum:
    GROWS_BY = 2


cdef struct Word:
    int32_t id
    int32_t length


cdef struct Words:
    Word* all
    Py_ssize_t count
    Py_ssize_t room


cdef int add(Words* words, int32_t id, int32_t length) noexcept nogil:
    """Whether there was memory for one more."""
    cdef Word* more
    if words.count == words.room:
        more = <Word*> realloc(words.all, GROWS_BY * (words.room + 64) * sizeof(Word))
        if more == NULL:
            return 0
        words.all = more
        words.room = GROWS_BY * (words.room + 64)
    words.all[words.count].id = id
    words.all[words.count].length = length
    words.count += 1
    return 1


cdef inline bint is_digit(uint32_t code) noexcept nogil:
    return c"0" <= code <= c"9"


cdef inline bint is_letter(uint32_t code) noexcept nogil:
    return c"a" <= code <= c"z"


cdef inline bint is_atom_char(uint32_t code) noexcept nogil:
    return is_digit(code) or is_letter(code)


cdef Py_ssize_t end_of_atom(const uint32_t[::1] codes, Py_ssize_t at) noexcept nogil:
    """Where the atom ends that begins at a place: digits with one letter, or either with numbers behind points."""
    cdef bint is_number = is_digit(codes[at])
    at += 1
    while is_digit(codes[at]) or (not is_number and is_letter(codes[at])):
        at += 1
    if is_number and is_letter(codes[at]) and not is_atom_char(codes[at + 1]):
        return at + 1
    while codes[at] == c"." and is_digit(codes[at + 1]):
        at += 2
        while is_digit(codes[at]):
            at += 1
    return at


cdef class Cutter:
    """Cuts texts by a trie and the weights of its words, which are those of `Trie` and `word_weights`.

    Args:
        shift, golden: how a key becomes its first slot.
        width: by which a state is multiplied in a key.
        first, last: the characters that runs are made of.
    """

    cdef const uint16_t[::1] symbols
    cdef const uint64_t[::1] keys
    cdef const int32_t[::1] following
    cdef const int32_t[::1] word_ids
    cdef const uint8_t[::1] inner
    cdef const double[::1] weights
    cdef uint64_t golden, shift, width, mask
    cdef uint32_t first, last

    def __init__(self, symbols, keys, following, word_ids, inner, weights, *, golden, shift, width, first, last):
        self.symbols = symbols
        self.keys = keys
        self.following = following
        self.word_ids = word_ids
        self.inner = inner
        self.weights = weights
        self.golden = golden
        self.shift = shift
        self.width = width
        self.mask = len(keys) - 1
        self.first = first
        self.last = last

    def tokens(self, const uint32_t[::1] codes, const uint32_t[::1] terms, const int32_t[::1] own):
        """The tokens at each place, the shortest first.

        Args:
            codes: (characters) the last one in no word.
            terms: (characters) of the token that a character is or begins without the trie.
            own: (characters) 1 where that token is, else 0.

        Returns: (tokens) their terms; (tokens) whether the precise cut uses just this one; (characters) how many begin.
        """
        cdef Py_ssize_t count = codes.shape[0]
        counts_array = np.empty(count, dtype=np.int32)
        cdef int32_t[::1] counts = counts_array
        cdef int32_t* chosen = <int32_t*> malloc(max(count, 1) * sizeof(int32_t))
        cdef double* best = <double*> malloc((count + 1) * sizeof(double))
        cdef Words words = Words(NULL, 0, 0)
        cdef Py_ssize_t total = 0
        cdef int done
        cdef uint32_t[::1] term
        cdef uint8_t[::1] aligned
        try:
            if chosen == NULL or best == NULL:
                raise MemoryError
            with nogil:
                done = self.find_words(codes, &words, counts)
                if done:
                    self.choose(codes, &words, counts, best, chosen)
                    total = words.count
                    for at in range(count):
                        total += own[at]
            if not done:
                raise MemoryError
            term_array, aligned_array = np.empty(total, dtype=np.uint32), np.empty(total, dtype=np.bool_)
            term, aligned = term_array, aligned_array.view(np.uint8)
            with nogil:
                put(&words, counts, terms, own, chosen, term, aligned)
        finally:
            free(chosen)
            free(best)
            free(words.all)
        return term_array, aligned_array, counts_array

    def atoms(self, const uint32_t[::1] codes, int32_t[::1] own):
        """Where atoms begin and end, as `search.language.text.atoms` has them; `own` becomes 0 within each.

        Args:
            codes: (characters) the last one in no atom.
        """
        cdef Py_ssize_t at = 0, end, inner, count = 0, size = codes.shape[0]
        if own.shape[0] < size or (size and is_atom_char(codes[size - 1])):
            raise ValueError("atoms end before the texts do")
        starts_array, ends_array = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
        cdef int64_t[::1] starts = starts_array, ends = ends_array
        with nogil:
            while at < size:
                if not is_atom_char(codes[at]):
                    at += 1
                    continue
                end = end_of_atom(codes, at)
                for inner in range(at + 1, end):
                    own[inner] = 0
                starts[count], ends[count] = at, end
                count += 1
                at = end
        return starts_array[:count].copy(), ends_array[:count].copy()

    cdef int find_words(self, const uint32_t[::1] codes, Words* words, int32_t[::1] counts) noexcept nogil:
        """The words of two and more characters, by place and length, and how many begin at each place."""
        cdef Py_ssize_t at, on
        cdef uint64_t key, slot
        cdef uint64_t state
        cdef uint16_t symbol
        cdef Py_ssize_t before
        for at in range(codes.shape[0]):
            before = words.count
            state = self.symbols[codes[at]]
            on = at + 1
            while self.inner[state] and on < codes.shape[0]:
                symbol = self.symbols[codes[on]]
                if symbol == 0:
                    break
                key = state * self.width + symbol
                slot = (key * self.golden) >> self.shift
                while self.keys[slot] != key and self.keys[slot] != <uint64_t> 0xFFFFFFFFFFFFFFFF:
                    slot = (slot + 1) & self.mask
                if self.keys[slot] != key:
                    break
                state = self.following[slot]
                on += 1
                if self.word_ids[state] >= 0 and not add(words, self.word_ids[state], on - at):
                    return 0
            counts[at] = words.count - before
        return 1

    cdef void choose(
        self, const uint32_t[::1] codes, Words* words, const int32_t[::1] counts, double* best, int32_t* chosen
    ) noexcept nogil:
        """The length of the precise cut's token at each place, 0 inside one: from the ends of runs, as jieba does."""
        cdef Py_ssize_t at, word, first_word = words.count
        cdef int32_t alone, length
        cdef double score
        best[codes.shape[0]] = 0.0
        for at in range(codes.shape[0] - 1, -1, -1):
            first_word -= counts[at]
            chosen[at] = 1
            best[at] = 0.0
            if codes[at] < self.first or codes[at] > self.last:
                continue
            best[at] = -INFINITY
            alone = self.word_ids[self.symbols[codes[at]]]
            if alone >= 0 or counts[at] == 0:
                best[at] = self.weights[alone if alone >= 0 else self.weights.shape[0] - 1] + best[at + 1]
            for word in range(first_word, first_word + counts[at]):
                length = words.all[word].length
                score = self.weights[words.all[word].id] + best[at + length]
                if score >= best[at]:
                    best[at] = score
                    chosen[at] = length
        at = 0
        while at < codes.shape[0]:
            length = chosen[at]
            for word in range(at + 1, at + length):
                chosen[word] = 0
            at += length


cdef void put(
    Words* words,
    int32_t[::1] counts,
    const uint32_t[::1] terms,
    const int32_t[::1] own,
    const int32_t* chosen,
    uint32_t[::1] term,
    uint8_t[::1] aligned,
) noexcept nogil:
    """Write the tokens down, and count those of the characters themselves too."""
    cdef Py_ssize_t at, slot = 0, word = 0, end
    for at in range(counts.shape[0]):
        if own[at]:
            term[slot] = terms[at]
            aligned[slot] = chosen[at] == 1
            slot += 1
        end = word + counts[at]
        while word < end:
            term[slot] = words.all[word].id
            aligned[slot] = words.all[word].length == chosen[at]
            slot += 1
            word += 1
        counts[at] += own[at]
