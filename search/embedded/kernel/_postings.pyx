# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Posting lists met, scored and searched for strings in one pass, where they lie in the mapped file.

What `search.embedded.matching`, `occurrences` and `scoring` do with NumPy, to the same bit: additions keep their order. The
layout is that of `search.embedded.postings_layout`. Every list is held against its file and its segment before it is followed,
so that a damaged index is an error and never a crash.
"""

cimport cython
from libc.math cimport INFINITY
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memchr, memcmp, memcpy, memset

import numpy as np

from search.errors import IndexDamaged
from search.messages import stores as says


def _damaged(error):
    return IndexDamaged.because(says.LIST_DAMAGED(error=error))


cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define xs_lowest_bit(word) __builtin_ctzll(word)
    #define xs_fetch(at) __builtin_prefetch(at)
    #else
    #define xs_fetch(at) ((void) (at))
    static int xs_lowest_bit(unsigned long long word) {
        int at = 0;
        while (!(word & 1)) { word >>= 1; at++; }
        return at;
    }
    #endif
    /* The processor's own instruction may not be taken for granted; without it the compiler's is a call. */
    static inline unsigned long long xs_count_in_bytes(unsigned long long word) {
        word -= (word >> 1) & 0x5555555555555555ULL;
        word = (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL);
        return ((word + (word >> 4)) & 0x0F0F0F0F0F0F0F0FULL) * 0x0101010101010101ULL;  /* in it and those below */
    }
    static inline int xs_count_bits(unsigned long long word) {
        return (int) (xs_count_in_bytes(word) >> 56);
    }
    /* How many of 32 numbers are less: compilers make vectors of it. */
    static inline int xs_count_less(const unsigned short* numbers, unsigned short wanted) {
        unsigned short less = 0;
        int n;
        for (n = 0; n < 32; n++)
            less += numbers[n] < wanted;
        return less;
    }
    /* Where a bit stands before which `rank` others do, less than 64, without branches on chance (Vigna, Broadword
       Implementation of Rank/Select Queries, 2008); 64 where there are no more than `rank`. */
    static inline int xs_select_bit(unsigned long long word, int rank) {
        const unsigned long long ones = 0x0101010101010101ULL, tops = 0x8080808080808080ULL;
        unsigned long long counts = xs_count_in_bytes(word), bits;
        int at = (int) ((((((rank * ones) | tops) - counts) & tops) >> 7) * ones >> 56) << 3;
        if (at >= 64)
            return 64;
        rank -= (int) (((counts << 8) >> at) & 0xFF);
        bits = (((word >> at) & 0xFF) * ones) & 0x8040201008040201ULL;  /* one of its bits to a byte */
        bits = ((((bits + 0x7F7F7F7F7F7F7F7FULL) | bits) & tops) >> 7) * ones;
        return at + (int) ((((((rank * ones) | tops) - bits) & tops) >> 7) * ones >> 56);
    }
    /* Of 64 numbers of 16 bits the highest bit of each. */
    #if defined(__SSE2__)
    #include <emmintrin.h>
    static inline unsigned long long xs_high_bits(const unsigned short* numbers) {
        const __m128i* at = (const __m128i*) numbers;
        unsigned long long found = 0;
        int n;
        for (n = 0; n < 4; n++)
            found |= (unsigned long long) (unsigned int) _mm_movemask_epi8(
                _mm_packs_epi16(_mm_loadu_si128(at + 2 * n), _mm_loadu_si128(at + 2 * n + 1))) << (16 * n);
        return found;
    }
    #else
    static inline unsigned long long xs_high_bits(const unsigned short* numbers) {
        unsigned long long found = 0;
        int n;
        for (n = 0; n < 64; n++)
            found |= (unsigned long long) (numbers[n] >> 15) << n;
        return found;
    }
    #endif
    /* Go on from number `at` to the one before which `rank` others have their highest bit set, 64 at a time: whether it was
       found, and which of those behind it have theirs set; else `rank` is what is left of it at the last, fewer than 64. */
    #define XS_FIND_FIRST(name, how, high_bits, count_bits, select_bit) \
        how static int name(const unsigned short* numbers, long long count, long long* at, int* rank, \
                            unsigned long long* behind) { \
            for (; *at + 64 <= count; *at += 64) { \
                unsigned long long firsts = high_bits(numbers + *at); \
                int bit = select_bit(firsts, *rank); \
                if (bit < 64) { \
                    *at += bit; \
                    *behind = firsts >> bit >> 1; \
                    return 1; \
                } \
                *rank -= count_bits(firsts); \
            } \
            return 0; \
        }
    XS_FIND_FIRST(xs_find_first_anywhere, , xs_high_bits, xs_count_bits, xs_select_bit)
    static int (*xs_find_first)(const unsigned short*, long long, long long*, int*, unsigned long long*) =
        xs_find_first_anywhere;
    /* The same where the processor has an instruction for each step, and no slow one. */
    #if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
    #include <immintrin.h>
    #define XS_NEW __attribute__((target("avx2,bmi,bmi2,popcnt")))
    XS_NEW static inline unsigned long long xs_high_bits_new(const unsigned short* numbers) {
        const __m256i* at = (const __m256i*) numbers;
        __m256i low = _mm256_packs_epi16(_mm256_loadu_si256(at), _mm256_loadu_si256(at + 1));
        __m256i high = _mm256_packs_epi16(_mm256_loadu_si256(at + 2), _mm256_loadu_si256(at + 3));
        return (unsigned int) _mm256_movemask_epi8(_mm256_permute4x64_epi64(low, 0xD8))
            | (unsigned long long) (unsigned int) _mm256_movemask_epi8(_mm256_permute4x64_epi64(high, 0xD8)) << 32;
    }
    XS_NEW static inline int xs_select_bit_new(unsigned long long word, int rank) {
        return (int) _tzcnt_u64(_pdep_u64(1ULL << rank, word));
    }
    XS_FIND_FIRST(xs_find_first_new, XS_NEW, xs_high_bits_new, (int) _mm_popcnt_u64, xs_select_bit_new)
    static int xs_choose(int newest) {
        int chosen;
        __builtin_cpu_init();
        chosen = newest && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")
            && __builtin_cpu_supports("popcnt") && !__builtin_cpu_is("amdfam15h") && !__builtin_cpu_is("amdfam17h");
        xs_find_first = chosen ? xs_find_first_new : xs_find_first_anywhere;
        return chosen;
    }
    #else
    static int xs_choose(int newest) { return 0; }
    #endif
    """
    int xs_lowest_bit(uint64_t word) noexcept nogil
    void xs_fetch(const void* at) noexcept nogil
    int xs_count_bits(uint64_t word) noexcept nogil
    int xs_count_less(const uint16_t* numbers, uint16_t wanted) noexcept nogil
    int xs_select_bit(uint64_t word, int rank) noexcept nogil
    bint xs_find_first(
        const uint16_t* numbers, long long count, long long* at, int* rank, unsigned long long* behind
    ) noexcept nogil
    bint xs_choose(bint newest)

xs_choose(True)


def use_new_instructions(bint wanted):
    """Whether instructions are used that not every processor has; they are where it has them, unless told otherwise."""
    return xs_choose(wanted)

cdef enum:
    RAW = 0
    CHUNKED = 1
    RUNS = 2
    BITMAP = 3
    CONSTANT = 0
    CODES = 1
    POSITIONS = 1
    FIRST_OF_DOC = 0x8000
    ALIGNED = 0x4000
    POSITION_MASK = 0x3FFF
    SMALL = 512
    MARK_BITS = 6  # As many documents as a word has bits
    CHUNK_BITS = 16
    WORD_BITS = 6
    POSITION_BITS = 20
    RANK_BITS = 3  # A bitmap's ranks are kept for every 2**3 words.
    BLOCK_BITS = 12  # Of `search.embedded.arrays`
    KEPT_LISTS = 10_000  # Of so many terms it is known where they are: some 300 bytes each
    SEVERAL = 4  # Documents of one stretch for which all of its occurrences are gone through
    SHORTER = 4  # Documents are looked for in those asked about where a list has so many times fewer.
    STRETCH = 32  # Numbers that are compared at once
    CHUNK_WORDS = 1024  # 2**(CHUNK_BITS - WORD_BITS)
    ASKED = 8  # The longest of some lists is asked for the others' documents where it has so many times as many
    AHEAD = 8  # Documents whose occurrences are fetched before they are come to
    LOOKED_AT = 512  # So many postings at a time
    MERGED = 16  # A list less than so many times as long as the documents looked up in it is read whole.


cdef struct Cursor:
    # One term's postings, and how far they have been followed.
    int how
    int weighed
    bint placed  # BITMAP: whether the places of postings are wanted, and not only which documents there are
    const uint32_t* numbers  # RAW: documents. RUNS: pairs. CHUNKED: how many documents each chunk has
    const uint16_t* low  # CHUNKED
    const uint64_t* words  # BITMAP
    const uint32_t* ranks  # BITMAP: postings before every 2**RANK_BITS words
    const uint8_t* codes
    const uint8_t* lengths
    const float* table
    const float* norm
    const float* most  # Of a `Scoring`
    float least_norm
    float factor
    float constant
    float above  # What stands above the line of the score where all weights are the same
    int64_t count  # Postings; RUNS: pairs
    int64_t last  # The last document
    int64_t first_word
    int64_t word_count
    int64_t at  # The posting, RUNS: the pair, at which looking goes on
    int64_t chunk  # BITMAP: a word
    int64_t chunk_end
    int64_t before  # RUNS, BITMAP: postings before the pair or word


cdef struct Occurrences:
    # A term's occurrences, and the document whose occurrences are looked at.
    const uint16_t* positions
    const uint32_t* marks  # Where the occurrences of every 2**MARK_BITS documents begin; NULL for short lists
    int64_t count
    int64_t place  # Of the document in the term's list
    int64_t begin  # Its occurrences
    int64_t end
    int64_t offset  # How far behind the string's beginning the term stands


ctypedef fused Number:
    uint16_t
    uint32_t
    int64_t


cdef inline int64_t gallop(const Number* numbers, int64_t at, int64_t end, Number wanted) noexcept nogil:
    """The first place from `at` on whose number is not below `wanted`."""
    cdef int64_t step = 1, low = at, middle
    if at >= end or numbers[at] >= wanted:
        return at
    while at + step < end and numbers[at + step] < wanted:
        low = at + step
        step <<= 1
    end = min(at + step, end)
    low += 1
    while low < end:
        middle = (low + end) >> 1
        if numbers[middle] < wanted:
            low = middle + 1
        else:
            end = middle
    return low


cdef inline int64_t leap(const uint16_t* numbers, int64_t at, int64_t end, uint16_t wanted) noexcept nogil:
    """As `gallop`, by stretches, within which numbers are counted and not searched: without branches on chance."""
    cdef int64_t step = STRETCH, middle
    if at >= end or numbers[at] >= wanted:
        return at
    while at + step <= end and numbers[at + step - 1] < wanted:
        at += step
        step <<= 1
    while step > STRETCH:
        step >>= 1
        middle = at + step
        if middle <= end and numbers[middle - 1] < wanted:
            at = middle
    if at + STRETCH <= end:
        return at + xs_count_less(numbers + at, wanted)
    return gallop(numbers, at, end, wanted)


cdef inline int64_t seek(Cursor* cursor, int64_t doc) noexcept nogil:
    """The place of a document's posting, or -1. Documents are asked for in ascending order, none behind the last."""
    cdef int64_t at, chunk
    cdef uint64_t word
    if cursor.how == RAW:
        at = cursor.at = gallop(cursor.numbers, cursor.at, cursor.count, <uint32_t> doc)
        return at if at < cursor.count and cursor.numbers[at] == doc else -1
    if cursor.how == CHUNKED:
        chunk = doc >> CHUNK_BITS
        if chunk >= cursor.word_count:
            return -1
        while cursor.chunk < chunk:
            cursor.at = cursor.chunk_end
            cursor.chunk += 1
            cursor.chunk_end += cursor.numbers[cursor.chunk]
        at = cursor.at = leap(cursor.low, cursor.at, cursor.chunk_end, <uint16_t> (doc & 0xFFFF))
        return at if at < cursor.chunk_end and cursor.low[at] == (doc & 0xFFFF) else -1
    if cursor.how == RUNS:
        at = cursor.at
        while at < cursor.count and <int64_t> cursor.numbers[2 * at] + cursor.numbers[2 * at + 1] <= doc:
            cursor.before += cursor.numbers[2 * at + 1]
            at += 1
        cursor.at = at
        if at == cursor.count or cursor.numbers[2 * at] > doc:
            return -1
        return cursor.before + doc - cursor.numbers[2 * at]
    at = (doc >> WORD_BITS) - cursor.first_word
    if at < 0 or at >= cursor.word_count:
        return -1
    word = cursor.words[at]
    if not (word >> (doc & 63)) & 1:
        return -1
    if not cursor.placed:
        return 0
    if at >> RANK_BITS != cursor.chunk >> RANK_BITS:
        cursor.chunk = at >> RANK_BITS << RANK_BITS
        cursor.before = cursor.ranks[at >> RANK_BITS]
    while cursor.chunk < at:
        cursor.before += xs_count_bits(cursor.words[cursor.chunk])
        cursor.chunk += 1
    return cursor.before + xs_count_bits(word & (((<uint64_t> 1) << (doc & 63)) - 1))


cdef inline uint32_t place_of(Cursor* cursor, int64_t doc) noexcept nogil:
    """The place of the posting of a document that was seen to have one.

    Of a file that was cut short since then zeros are read, which say that it has none: then what is read isn't given out.
    """
    cdef int64_t place = seek(cursor, doc)
    return <uint32_t> place if place > 0 else 0


cdef inline float score(const Cursor* cursor, int64_t place, int64_t doc) noexcept nogil:
    """As `search.embedded.scoring` reckons it, step by step in the same order."""
    cdef int code
    if cursor.weighed == CONSTANT:
        return cursor.above / (cursor.constant + cursor.norm[cursor.lengths[doc]]) * cursor.factor
    code = (cursor.codes[place >> 1] >> ((place & 1) << 2)) & 15
    return cursor.table[(code << 8) | cursor.lengths[doc]] * cursor.factor


cdef int64_t decode(const Cursor* cursor, int64_t* docs) noexcept nogil:
    """All documents of a list, for which there is room; how many they are, or -1 where they don't ascend to its last."""
    cdef int64_t at, chunk, end, n = decode_unchecked(cursor, docs)
    cdef bint well = n > 0 and docs[n - 1] == cursor.last
    cdef uint16_t falls = 0
    if cursor.how == BITMAP:
        return n if well else -1
    if cursor.how == CHUNKED:  # Many numbers at a time, since these are narrow.
        end = 0
        for chunk in range(cursor.word_count):
            at, end = end, end + cursor.numbers[chunk]
            for at in range(at, end - 1):
                falls |= cursor.low[at] >= cursor.low[at + 1]
        return n if well and not falls else -1
    for at in range(1, n):
        well &= docs[at - 1] < docs[at]
    return n if well else -1


cdef int64_t decode_unchecked(const Cursor* cursor, int64_t* docs) noexcept nogil:
    cdef int64_t at, n = 0, chunk, end, base
    if cursor.how == RAW:
        for at in range(cursor.count):
            docs[at] = cursor.numbers[at]
        return cursor.count
    if cursor.how == CHUNKED:
        for chunk in range(cursor.word_count):
            base, end = chunk << CHUNK_BITS, min(n + cursor.numbers[chunk], cursor.count)
            while n < end:
                docs[n] = base | cursor.low[n]
                n += 1
        return n
    if cursor.how == RUNS:
        for at in range(cursor.count):
            base = cursor.numbers[2 * at]
            for end in range(cursor.numbers[2 * at + 1]):
                docs[n] = base + end
                n += 1
        return n
    for at in range(cursor.word_count):
        n = put_bits(cursor.words[at], (at + cursor.first_word) << WORD_BITS, docs, n, cursor.count)
    return n


cdef inline int64_t put_bits(uint64_t bits, int64_t base, int64_t* docs, int64_t n, int64_t room) noexcept nogil:
    """Write out which bits of a word are set, behind `n` numbers; how many there are then.

    Many at a time, since how many a word has can't be foreseen: what is too much is written over.
    """
    cdef int64_t end
    cdef int at
    if n + 64 > room:
        while bits and n < room:
            docs[n] = base + xs_lowest_bit(bits)
            bits &= bits - 1
            n += 1
        return n
    end = n + xs_count_bits(bits)
    while n < end:
        for at in range(16):
            docs[n + at] = base + xs_lowest_bit(bits | (<uint64_t> 1 << 63))
            bits &= bits - 1
        n += 16
    return end


cdef inline bint has_document(const Cursor* bitmap, int64_t doc) noexcept nogil:
    """Whether a document stands in a bitmap."""
    cdef uint64_t word = <uint64_t> ((doc >> WORD_BITS) - bitmap.first_word)
    cdef bint inside = word < <uint64_t> bitmap.word_count
    return inside & (bitmap.words[word if inside else 0] >> (doc & 63))


cdef int64_t decode_within(
    const Cursor* cursor, const Cursor* bitmap, int64_t* docs, uint32_t* places
) noexcept nogil:
    """As `decode`, of those documents alone that stand in a bitmap, and the places of their postings: in one pass.

    Only of lists as they are or in chunks.
    """
    cdef int64_t at, chunk, base, n = 0, end = 0, doc = -1
    cdef bint falls = 0
    if cursor.how == RAW:
        for at in range(cursor.count):
            falls |= cursor.numbers[at] <= doc
            doc = docs[n] = cursor.numbers[at]
            places[n] = <uint32_t> at
            n += has_document(bitmap, doc)
        return n if doc == cursor.last and not falls else -1
    for chunk in range(cursor.word_count):
        base, at, end = chunk << CHUNK_BITS, end, end + cursor.numbers[chunk]
        for at in range(at, end):
            falls |= (base | cursor.low[at]) <= doc
            doc = docs[n] = base | cursor.low[at]
            places[n] = <uint32_t> at
            n += has_document(bitmap, doc)
    return n if doc == cursor.last and not falls else -1


cdef class Scoring:
    """What the scores of one field are made of in one segment.

    Args:
        lengths: of each document the code of its length, uint8.
        table: the tf part of a score by code of weight and code of length, float32[16 * 256].
        norm: what tf is added to under the line, by code of length, float32[256].
        k1: BM25's.
    """

    cdef const uint8_t[::1] lengths
    cdef const float[::1] table, norm
    cdef double k1
    cdef float most[16]  # Of each code of a weight: the most that it is worth in any text
    cdef float least_norm

    def __cinit__(self, lengths, table, norm, double k1):
        if len(table) < 16 * 256 or len(norm) < 256:
            raise ValueError("a table is too short")
        self.lengths, self.table, self.norm, self.k1 = lengths, table, norm, k1
        for code in range(16):
            self.most[code] = max(table[code << 8 : (code + 1) << 8])
        self.least_norm = min(norm[:256])


cdef class Postings:
    """The dictionary and the posting lists of one field in one segment.

    Args:
        info: arrays of what is known of each term, by the names of `search.embedded.postings_layout.PER_TERM`.
        data: the bytes of the file of postings, uint8.
        text: the terms as UTF-8, one behind the other, ascending.
        starts: where each begins, and the end of all, uint32.
        file: the `search.embedded.arrays.ArrayFile` that `data` is of; what is read is verified by it first.
    """

    cdef const uint8_t[::1] data, encoding, text
    cdef const uint32_t[::1] df, cf, runs, first, last, starts
    cdef const uint64_t[::1] docs_at, weights_at, values_at
    cdef const float[::1] maxweight
    cdef dict ranks, lists
    cdef uint8_t[::1] verified
    cdef object verify

    def __cinit__(self, info, data, text, starts, file=None):
        self.data, self.text, self.starts = data, text, starts
        if file is not None:
            self.verified, self.verify = file.verified, file.verify
        self.df, self.cf, self.runs, self.first = info["df"], info["cf"], info["runs"], info["first"]
        self.last, self.encoding, self.maxweight = info["last"], info["encoding"], info["maxweight"]
        self.docs_at, self.weights_at, self.values_at = info["docs_at"], info["weights_at"], info["values_at"]
        self.ranks, self.lists = {}, {}
        if {len(array) for array in info.values()} != {len(starts) - 1}:
            raise _damaged(says.LIST_LENGTHS())

    def ceiling(self, const uint8_t[::1] term):
        """The number of the first term that is not below `term`; how many there are, where there is none."""
        cdef int64_t low = 0, high = len(self.df), middle, size = len(term), begin, end
        cdef int order
        while low < high:
            middle = (low + high) >> 1
            begin, end = self.starts[middle], self.starts[middle + 1]
            if begin > end or end > len(self.text):
                raise _damaged(says.LIST_REACH())
            order = memcmp(&self.text[0] + begin, &term[0], min(end - begin, size)) if size else 0
            if order < 0 or (order == 0 and end - begin < size):
                low = middle + 1
            else:
                high = middle
        return low

    def docs(self, int64_t number):
        """The documents of a term, ascending, int64[df]."""
        cdef Cursor cursor
        cdef int64_t[::1] docs
        cdef int64_t n
        made = np.empty(self.open(number, None, 0, &cursor), dtype=np.int64)
        docs = made
        with nogil:
            n = decode(&cursor, &docs[0])
        if n < 0:
            raise _damaged(says.LIST_ORDER())
        return made

    cdef const void* _numbers(self, uint64_t at, int64_t count, int size) except NULL:
        """`count` numbers of `size` bytes each, at least one, that begin at byte `at` of the file."""
        cdef uint64_t wanted = <uint64_t> count * size, held = len(self.data)
        cdef int64_t first, last
        if count < 1 or wanted > held or at > held - wanted:
            raise _damaged(says.LIST_REACH())
        if self.verify is not None:
            first, last = <int64_t> at >> BLOCK_BITS, <int64_t> (at + wanted - 1) >> BLOCK_BITS
            if last >= len(self.verified) or memchr(&self.verified[first], 0, last - first + 1) != NULL:
                self.verify(at, at + wanted)
        if <size_t> (&self.data[0] + at) % size:  # The compiler may take for granted that none is.
            raise _damaged(says.LIST_BORDERS())
        return &self.data[0] + at

    cdef _Lists _lists_of(self, int64_t number):
        """A term's lists, held against the file when they are first asked for, and kept: what is known of a term lies in ten
        columns, and who looks at one place of each waits ten times.
        """
        lists = self.lists.get(number)
        if lists is None:
            if number < 0 or number >= len(self.df):
                raise IndexError("no such term")
            if len(self.lists) >= KEPT_LISTS:
                self.lists.clear()
            lists = self.lists[number] = _Lists(self, number)
        return lists

    cdef int64_t open(self, int64_t number, Scoring scoring, double factor, Cursor* cursor) except -1:
        """Place a cursor before a list's first posting; `scoring` is None where no scores are wanted.

        Returns:
            How many documents it has, as it was held against the file: who makes room for them goes by no later reading.
        """
        cdef _Lists lists = self._lists_of(number)
        cursor[0] = lists.cursor
        if scoring is None:
            return lists.df
        if cursor.last >= len(scoring.lengths):
            raise _damaged(says.LIST_REACH())
        cursor.lengths, cursor.norm, cursor.table = &scoring.lengths[0], &scoring.norm[0], &scoring.table[0]
        cursor.most, cursor.least_norm = scoring.most, scoring.least_norm
        cursor.factor = <float> factor
        if cursor.weighed == CONSTANT:
            cursor.above = <float> (<double> cursor.constant * (scoring.k1 + 1))
        elif cursor.weighed == CODES:
            if lists.codes == NULL:
                lists.codes = <const uint8_t*> self._numbers(self.weights_at[number], (lists.df + 1) // 2, 1)
            cursor.codes = lists.codes
            cursor.placed = True
        else:
            raise ValueError("a posting list has weights of a kind that Xiesou doesn't write")
        return lists.df

    cdef int open_occurrences(self, int64_t number, int64_t offset, Occurrences* term) except -1:
        """Place a cursor before a list's first document's occurrences."""
        cdef _Lists lists = self._lists_of(number)
        if offset < 0:
            raise ValueError("a term stands before its string")
        if lists.occurrences.positions == NULL:
            lists.place(self, number)
        term[0] = lists.occurrences
        term.offset = offset
        return 0

    cdef const uint32_t* _ranks(self, int64_t number, const Cursor* cursor) except NULL:
        """How many postings stand before every 2**RANK_BITS words of a bitmap; kept."""
        cdef uint32_t[::1] made
        cdef int64_t at
        cdef uint32_t total = 0
        if number not in self.ranks:
            made = np.empty((cursor.word_count >> RANK_BITS) + 1, dtype=np.uint32)
            for at in range(cursor.word_count):
                if not at & ((1 << RANK_BITS) - 1):
                    made[at >> RANK_BITS] = total
                total += xs_count_bits(cursor.words[at])
            if total != cursor.count or cursor.words[cursor.word_count - 1] >> (cursor.last & 63) != 1:
                raise _damaged(says.LIST_BITS())
            self.ranks.setdefault(number, made)  # Another thread's may be followed already, so it stays.
        made = self.ranks[number]
        if len(made) != (cursor.word_count >> RANK_BITS) + 1:
            raise _damaged(says.LIST_BITS())
        return &made[0]


cdef class _Lists:
    """A term's lists in the file, none of which was followed yet."""

    cdef Cursor cursor  # Without what scores are made of
    cdef Occurrences occurrences  # Without positions until they are asked for
    cdef int64_t df
    cdef const uint8_t* codes  # NULL until they are asked for

    def __cinit__(self, Postings postings, int64_t number):
        cdef Cursor* cursor = &self.cursor
        cdef int encoding = postings.encoding[number]
        cdef int64_t df = postings.df[number], chunk, total = 0
        cdef uint64_t at = postings.docs_at[number]
        self.df, self.codes = df, NULL
        memset(cursor, 0, sizeof(Cursor))
        memset(&self.occurrences, 0, sizeof(Occurrences))
        cursor.how, cursor.weighed, cursor.count = encoding & 3, (encoding >> 2) & 3, df
        cursor.last, cursor.constant = postings.last[number], postings.maxweight[number]
        if df > cursor.last + 1:
            raise _damaged(says.LIST_MORE())
        if cursor.how == RAW:
            cursor.numbers = <const uint32_t*> postings._numbers(at, df, 4)
        elif cursor.how == RUNS:
            cursor.count = postings.runs[number]
            cursor.numbers = <const uint32_t*> postings._numbers(at, 2 * cursor.count, 4)
            for chunk in range(cursor.count):
                total += cursor.numbers[2 * chunk + 1]
            if total != df:
                raise _damaged(says.LIST_SUM())
        elif cursor.how == CHUNKED:
            cursor.word_count = (cursor.last >> CHUNK_BITS) + 1
            cursor.numbers = <const uint32_t*> postings._numbers(at, cursor.word_count, 4)
            cursor.low = <const uint16_t*> postings._numbers(at + 4 * cursor.word_count, df, 2)
            for chunk in range(cursor.word_count):
                total += cursor.numbers[chunk]
            if total != df:
                raise _damaged(says.LIST_SUM())
            cursor.chunk_end = cursor.numbers[0]
        else:
            cursor.first_word = postings.first[number] >> WORD_BITS
            cursor.word_count = (cursor.last >> WORD_BITS) - cursor.first_word + 1
            cursor.words = <const uint64_t*> postings._numbers(at, cursor.word_count, 8)
            cursor.ranks = postings._ranks(number, cursor)

    cdef int place(self, Postings postings, int64_t number) except -1:
        """See where the occurrences are."""
        cdef int64_t df = self.df, marks = ((df - 1) >> MARK_BITS) + 2
        cdef uint64_t at = postings.values_at[number]
        if postings.encoding[number] >> 4 != POSITIONS:
            raise ValueError("a posting list has no positions")
        self.occurrences.count = postings.cf[number]
        if df >= SMALL:
            if at < <uint64_t> (4 * marks):
                raise _damaged(says.LIST_REACH())
            self.occurrences.marks = <const uint32_t*> postings._numbers(at - 4 * marks, marks, 4)
        self.occurrences.positions = <const uint16_t*> postings._numbers(at, self.occurrences.count, 2)
        return 0


cdef class _Word:
    """A word that is looked for: any of its terms has to stand in a document, and the scores of those that do add up."""

    cdef tuple terms  # So that what the cursors point into stays
    cdef Cursor* cursors
    cdef int count
    cdef int64_t estimate  # At most so many documents have it

    @cython.nonecheck(True)
    def __cinit__(self, terms, *, bint scored):
        cdef int64_t number, size = 0
        cdef double factor
        cdef Postings postings
        cdef Scoring scoring
        self.terms = tuple(terms)
        if not scored and len(self.terms) != 1:
            raise ValueError("without scores a word is one term")
        self.cursors = <Cursor*> malloc(max(len(self.terms), 1) * sizeof(Cursor))
        if self.cursors == NULL:
            raise MemoryError
        for postings, number, scoring, factor in self.terms:
            if scored:
                size = max(size, len(scoring.lengths))
            self.estimate += postings.open(number, scoring, factor, &self.cursors[self.count])
            self.count += 1
        if scored:
            self.estimate = min(self.estimate, size)  # As `search.embedded.matching` has it: it decides what is added first.

    def __dealloc__(self):
        free(self.cursors)

    cdef bint is_bitmap(self) noexcept nogil:
        return self.count == 1 and self.cursors[0].how == BITMAP


cdef int64_t merge(
    const int64_t* docs, const float* scores, int64_t count,
    const int64_t* more_docs, const float* more_scores, int64_t more_count,
    int64_t* to_docs, float* to_scores,
) noexcept nogil:
    """The union of two ascending lists, scores of both added up; how many documents it has."""
    cdef int64_t a = 0, b = 0, n = 0
    while a < count or b < more_count:
        if b == more_count or (a < count and docs[a] < more_docs[b]):
            to_docs[n], to_scores[n] = docs[a], scores[a]
            a += 1
        elif a == count or more_docs[b] < docs[a]:
            to_docs[n], to_scores[n] = more_docs[b], more_scores[b]
            b += 1
        else:
            to_docs[n], to_scores[n] = docs[a], scores[a] + more_scores[b]
            a += 1
            b += 1
        n += 1
    return n


def unite(const int64_t[::1] docs, const float[::1] scores, const int64_t[::1] more_docs, const float[::1] more_scores):
    """The union of two ascending lists of documents, and their scores, those of both added up."""
    cdef int64_t count = len(docs), more = len(more_docs), n
    cdef int64_t[::1] to_docs
    cdef float[::1] to_scores
    if len(scores) != count or len(more_scores) != more:
        raise IndexError("not a score for each document")
    docs_made, scores_made = np.empty(count + more + 1, dtype=np.int64), np.empty(count + more + 1, dtype=np.float32)
    to_docs, to_scores = docs_made, scores_made
    with nogil:
        n = merge(
            &docs[0] if count else NULL, &scores[0] if count else NULL, count,
            &more_docs[0] if more else NULL, &more_scores[0] if more else NULL, more,
            &to_docs[0], &to_scores[0],
        )
    return docs_made[:n], scores_made[:n]


cdef void score_all(const Cursor* cursor, const int64_t* docs, int64_t count, float* scores) noexcept nogil:
    """The scores of all postings of a list, in their order."""
    cdef int64_t at
    cdef float rows[16 * 256]
    cdef const uint8_t* lengths = cursor.lengths
    cdef const uint8_t* codes = cursor.codes
    if cursor.weighed == CONSTANT:
        for at in range(256):
            rows[at] = cursor.above / (cursor.constant + cursor.norm[at]) * cursor.factor
        for at in range(count):
            scores[at] = rows[lengths[docs[at]]]
    elif count < 16 * 256:
        for at in range(count):
            scores[at] = score(cursor, at, docs[at])
    else:
        for at in range(16 * 256):
            rows[at] = cursor.table[at] * cursor.factor
        for at in range(0, count - 1, 2):  # Two codes are a byte.
            scores[at] = rows[(codes[at >> 1] & 15) << 8 | lengths[docs[at]]]
            scores[at + 1] = rows[(codes[at >> 1] >> 4) << 8 | lengths[docs[at + 1]]]
        if count & 1:
            scores[count - 1] = score(cursor, count - 1, docs[count - 1])


cdef void score_some(
    const Cursor* cursor, const uint32_t* places, const int64_t* docs, int64_t count, float* scores
) noexcept nogil:
    """The scores of some postings of a list, whose documents these are."""
    cdef int64_t at
    cdef const uint8_t* lengths = cursor.lengths
    cdef const uint8_t* codes = cursor.codes
    cdef const float* table = cursor.table
    cdef float factor = cursor.factor
    if cursor.weighed == CONSTANT:
        for at in range(count):
            scores[at] = score(cursor, 0, docs[at])
        return
    for at in range(count):
        scores[at] = table[((codes[places[at] >> 1] >> ((places[at] & 1) << 2)) & 15) << 8 | lengths[docs[at]]] * factor


def match_words(words, bonuses=(), *, bint scored=True):
    """The documents that have every one of some words, and their scores.

    Args:
        words: each a list of (Postings, number of a term in it, Scoring, factor), any of which has to stand in a document. A
            word's terms are given with the longest list first.
        bonuses: words that only add to the scores of the documents that have them, one after the other.
        scored: whether scores are wanted; if not, each word is one term, and its Scoring may be None.

    Returns:
        Documents int64, ascending; scores float32, or None.

    Raises:
        IndexDamaged: a list can't be right.
    """
    return _match_words(words, bonuses, scored, False)[:2]


def match_and_count(words, bonuses=()):
    """The same, and how often the words stand in the documents together; None where one isn't a single term with positions."""
    return _match_words(words, bonuses, True, True)


cdef tuple _match_words(words, bonuses, bint scored, bint counted):
    cdef list given = sorted([_Word(terms, scored=scored) for terms in words], key=_estimate_of)
    cdef _Word first, word
    cdef int64_t n = 0, at, size = 0, others = len(given) - 1
    cdef bint single
    cdef int64_t[::1] docs
    cdef float[::1] scores
    cdef uint32_t[::1] rows
    cdef uint32_t* places = NULL
    cdef float* sums = NULL
    if not given:
        raise ValueError("no words")
    first = given[0]
    single = first.count == 1
    docs_made = np.empty(first.estimate, dtype=np.int64)
    scores_made = np.empty(first.estimate, dtype=np.float32) if scored else None
    counted = counted and others > 0 and scored and all([_is_counted(of) for of in given])
    if not first.estimate:
        return docs_made, scores_made, 0 if counted else None
    docs = docs_made
    if scored:
        scores = scores_made
        sums = &scores[0]
    if not single:
        n = _union(first, &docs[0], sums)
    elif others and first.cursors[0].how == BITMAP:
        n = _decode_common([word for word in given if word.is_bitmap()], &docs[0])
    else:
        with nogil:
            n = decode(&first.cursors[0], &docs[0])
            if n >= 0 and sums != NULL and not others:
                score_all(&first.cursors[0], &docs[0], n, sums)
    if n < 0:
        raise _damaged(says.LIST_ORDER())
    if counted:
        rows = np.empty((others + 1) * max(n, 1), dtype=np.uint32)
        places = &rows[0]
        for word in given:
            word.cursors[0].placed = True
    size = n
    for at in range(1, others + 1):
        word = given[at]
        n = narrow(word, &docs[0], sums, n, at > 1 or not single, places, size, at - 1)
    if single and others and sums != NULL:
        n = narrow(first, &docs[0], sums, n, True, places, size, others)
    for word in [_Word(terms, scored=True) for terms in bonuses if scored]:
        _favour(word, &docs[0], sums, n)
    said = _count_places([*given[1:], first], places, size, n) if counted else None
    if 2 * n < first.estimate:  # So that what is kept of a query is not the longest list's memory.
        return docs_made[:n].copy(), scores_made[:n].copy() if scored else None, said
    return docs_made[:n], scores_made[:n] if scored else None, said


cdef bint _is_counted(_Word word):
    """Whether a word is one term, whose occurrences are known."""
    cdef Postings postings
    if word.count != 1:
        return False
    postings, number = word.terms[0][:2]
    return postings.encoding[number] >> 4 == POSITIONS


cdef int64_t _count_places(list words, const uint32_t* places, int64_t size, int64_t count) except -1:
    """How often some words of one term stand in `count` documents.

    Args:
        places: of each word its postings in the documents; each word's begin `size` behind the last one's.
    """
    cdef int64_t row, total = 0
    cdef Occurrences term
    cdef Postings postings
    cdef _Word word
    for row in range(len(words)):
        word = words[row]
        postings, number = word.terms[0][:2]
        postings.open_occurrences(number, 0, &term)
        with nogil:
            total += count_at(&term, places + row * size, count)
    return total


def _estimate_of(_Word word):
    return word.estimate


cdef int _favour(_Word word, const int64_t* docs, float* scores, int64_t count) except -1:
    """Add a word's scores to those of the documents that have it."""
    cdef int64_t at
    cdef uint32_t* which
    cdef float* more
    cdef uint8_t* mask
    if not word.count or not count:
        return 0
    which = <uint32_t*> malloc(2 * count * sizeof(uint32_t))
    more = <float*> malloc(count * sizeof(float))
    mask = <uint8_t*> malloc(count)
    if which == NULL or more == NULL or mask == NULL:
        free(which)
        free(more)
        free(mask)
        raise MemoryError
    with nogil:
        look(word, docs, count, which, which + count, mask, more)
        for at in range(count):
            if mask[at]:
                scores[at] += more[at]
    free(which)
    free(more)
    free(mask)
    return 0


cdef int64_t hits(
    Cursor* cursor, const int64_t* docs, int64_t count, uint32_t* which, uint32_t* places
) noexcept nogil:
    """Which of some ascending documents have a term, and the places of their postings, if wanted; how many they are.

    Sets of about the same size meet without branches: those on chance cost more than all else.
    """
    cdef int64_t at, n = 0, place, word
    cdef bint inside
    cdef uint16_t* table
    while count and docs[count - 1] > cursor.last:  # What stands there in a damaged list may be beyond the segment.
        count -= 1
    if cursor.how == CHUNKED and cursor.count < MERGED * count:
        table = <uint16_t*> malloc((1 << CHUNK_BITS) * sizeof(uint16_t))
        if table != NULL:
            n = meet(cursor, docs, count, which, places, table)
            free(table)
            return n
    if cursor.how <= CHUNKED and SHORTER * cursor.count < count:
        return hits_of_short(cursor, docs, count, which, places)
    if cursor.how == BITMAP:
        for at in range(count):
            word = (docs[at] >> WORD_BITS) - cursor.first_word
            inside = word >= 0
            which[n] = <uint32_t> at
            n += inside & (cursor.words[word if inside else 0] >> (docs[at] & 63))
        if cursor.placed:
            for at in range(n):
                places[at] = place_of(cursor, docs[which[at]])
        return n
    if cursor.how == RAW:
        place = cursor.at
        for at in range(count):
            place = gallop(cursor.numbers, place, cursor.count, <uint32_t> docs[at])
            if place == cursor.count:
                break
            which[n], places[n] = <uint32_t> at, <uint32_t> place
            n += cursor.numbers[place] == docs[at]
        return n
    for at in range(count):
        place = seek(cursor, docs[at])
        if place >= 0:
            which[n], places[n] = <uint32_t> at, <uint32_t> place
            n += 1
    return n


cdef int64_t hits_of_short(
    const Cursor* cursor, const int64_t* docs, int64_t count, uint32_t* which, uint32_t* places
) noexcept nogil:
    """As `hits`, for a list that is short beside the documents, in which its own are looked for."""
    cdef int64_t at = 0, n = 0, place = 0, chunk, end, doc
    if cursor.how == RAW:
        for place in range(cursor.count):
            at = gallop(docs, at, count, <int64_t> cursor.numbers[place])
            if at == count:
                break
            if docs[at] == cursor.numbers[place]:
                which[n], places[n] = <uint32_t> at, <uint32_t> place
                n += 1
        return n
    for chunk in range(cursor.word_count):
        end = place + cursor.numbers[chunk]
        while place < end:
            doc = (chunk << CHUNK_BITS) | cursor.low[place]
            at = gallop(docs, at, count, doc)
            if at == count:
                return n
            if docs[at] == doc:
                which[n], places[n] = <uint32_t> at, <uint32_t> place
                n += 1
            place += 1
    return n


cdef int64_t meet(
    const Cursor* cursor, const int64_t* docs, int64_t count, uint32_t* which, uint32_t* places, uint16_t* table
) noexcept nogil:
    """As `hits`, for a list in chunks: each is laid out as a sparse set, in which its documents are looked up.

    Args:
        table: 2**CHUNK_BITS places, of which none need be right: what stands there is held against the list.

    Source: Briggs and Torczon, An Efficient Representation for Sparse Sets (1993).
    """
    cdef int64_t at = 0, n = 0, place, chunk, size, begin = 0, end
    cdef const uint16_t* low
    cdef uint16_t wanted
    for chunk in range(cursor.word_count):
        low, size = cursor.low + begin, cursor.numbers[chunk]
        end = (chunk + 1) << CHUNK_BITS
        if size and at < count and docs[at] < end:
            for place in range(size):
                table[low[place]] = <uint16_t> place
            while at < count and docs[at] < end:
                wanted = <uint16_t> (docs[at] & 0xFFFF)
                place = table[wanted]
                place = place if place < size else 0
                which[n], places[n] = <uint32_t> at, <uint32_t> (begin + place)
                n += low[place] == wanted
                at += 1
        else:
            while at < count and docs[at] < end:
                at += 1
        begin += size
    return n


cdef int64_t narrow(
    _Word word, int64_t* docs, float* scores, int64_t count, bint scored,
    uint32_t* rows, int64_t size, int64_t filled,
) except -1:
    """Keep the documents that have a word; how many are left.

    Args:
        scores: of the documents, to which the word's are added, or which they become where not `scored`; or NULL.
        rows: the postings in the documents of `filled` words before, `size` apart; this one's become the next. Or NULL.
    """
    cdef int64_t at, row, kept = 0
    cdef uint32_t* which = <uint32_t*> malloc((2 * count + 1) * sizeof(uint32_t))
    cdef float* more = <float*> malloc((count + 1) * sizeof(float))
    cdef uint8_t* mask = <uint8_t*> malloc(count + 1)
    if which == NULL or more == NULL or mask == NULL:
        free(which)
        free(more)
        free(mask)
        raise MemoryError
    with nogil:
        if word.count == 1:
            kept = hits(&word.cursors[0], docs, count, which, which + count)
            for at in range(kept):
                docs[at] = docs[which[at]]
            if rows != NULL:
                for row in range(filled):
                    for at in range(kept):
                        rows[row * size + at] = rows[row * size + which[at]]
                memcpy(&rows[filled * size], &which[count], kept * sizeof(uint32_t))
            if scores != NULL:
                score_some(&word.cursors[0], which + count, docs, kept, more)
                for at in range(kept):
                    scores[at] = scores[which[at]] + more[at] if scored else more[at]
        else:
            look(word, docs, count, which, which + count, mask, more)
            for at in range(count):
                docs[kept] = docs[at]
                if scores != NULL:
                    scores[kept] = scores[at] + more[at] if scored else more[at]
                kept += mask[at]
    free(which)
    free(more)
    free(mask)
    return kept


cdef void look(
    _Word word, const int64_t* docs, int64_t count, uint32_t* which, uint32_t* places, uint8_t* mask, float* more
) noexcept nogil:
    """Which documents have a word, and what it scores there, 0 where it is not."""
    cdef int64_t at, n
    cdef int term
    memset(mask, 0, count)
    memset(more, 0, count * sizeof(float))
    for term in range(word.count):
        n = hits(&word.cursors[term], docs, count, which, places)
        for at in range(n):
            mask[which[at]] = 1
            more[which[at]] += score(&word.cursors[term], places[at], docs[which[at]])


cdef int64_t _decode_common(list words, int64_t* docs) except -1:
    """The documents that stand in all of some bitmaps; how many they are. There is room for all of the rarest."""
    cdef int64_t n = 0, at, first = 0, last = 1 << 40, room = 1 << 40
    cdef int which, count = len(words)
    cdef uint64_t bits
    cdef _Word word
    cdef Cursor* bitmaps = <Cursor*> malloc(count * sizeof(Cursor))
    if bitmaps == NULL:
        raise MemoryError
    for which in range(count):
        word = words[which]
        bitmaps[which] = word.cursors[0]
        first = max(first, bitmaps[which].first_word)
        room = min(room, bitmaps[which].count)
        last = min(last, bitmaps[which].first_word + bitmaps[which].word_count)
    with nogil:
        for at in range(first, last):
            bits = bitmaps[0].words[at - bitmaps[0].first_word]
            for which in range(1, count):
                bits &= bitmaps[which].words[at - bitmaps[which].first_word]
            n = put_bits(bits, at << WORD_BITS, docs, n, room)
    free(bitmaps)
    return n


cdef int64_t _union(_Word word, int64_t* docs, float* scores) except -2:
    """All documents that have one of a word's terms, scored; there is room for as many as all lists have.

    -1 where a list is out of order.
    """
    cdef int64_t n, more
    cdef int which
    cdef int64_t* spare_docs = <int64_t*> malloc(2 * word.estimate * sizeof(int64_t))
    cdef float* spare_scores = <float*> malloc(2 * word.estimate * sizeof(float))
    cdef int64_t* of_term
    cdef float* of_term_scores
    if spare_docs == NULL or spare_scores == NULL:
        free(spare_docs)
        free(spare_scores)
        raise MemoryError
    of_term, of_term_scores = spare_docs + word.estimate, spare_scores + word.estimate
    with nogil:
        n = decode(&word.cursors[0], docs)
        if n >= 0:
            score_all(&word.cursors[0], docs, n, scores)
        for which in range(1, word.count):
            more = decode(&word.cursors[which], of_term)
            if n < 0 or more < 0:
                n = -1
                break
            score_all(&word.cursors[which], of_term, more, of_term_scores)
            n = merge(docs, scores, n, of_term, of_term_scores, more, spare_docs, spare_scores)
            memcpy(docs, spare_docs, n * sizeof(int64_t))
            memcpy(scores, spare_scores, n * sizeof(float))
    free(spare_docs)
    free(spare_scores)
    return n


def probe_word(terms, const int64_t[::1] docs):
    """Which of some documents have a word, and what it scores there.

    Args:
        terms: as a word of `match_words`.
        docs: ascending, none below 0.

    Returns:
        bool[len(docs)]; the scores of those that have it, float32.
    """
    cdef _Word word = _Word(terms, scored=True)
    cdef int64_t at, n = 0, count = len(docs)
    cdef uint8_t[::1] mask
    cdef float[::1] scores
    cdef uint32_t[::1] spare
    mask_made, scores_made = np.empty(count, dtype=np.uint8), np.empty(count, dtype=np.float32)
    if count:
        if docs[0] < 0:
            raise IndexError("no such document")
        mask, scores, spare = mask_made, scores_made, np.empty(2 * count, dtype=np.uint32)
        with nogil:
            look(word, &docs[0], count, &spare[0], &spare[count], &mask[0], &scores[0])
            for at in range(count):
                scores[n] = scores[at]
                n += mask[at]
    return mask_made.view(np.bool_), scores_made[:n]


# The best sums


cdef struct Held:
    # A document that is among the best so far.
    float value
    uint32_t place  # Of equal values the one with the lesser place is better
    uint32_t doc


cdef struct Best:
    # The best documents so far, the worst of them first: a heap.
    Held* heap
    int64_t held
    int64_t count  # At most so many
    float least  # What a document has to reach to be of interest


cdef inline bint is_worse(const Held* one, const Held* other) noexcept nogil:
    return one.value < other.value or (one.value == other.value and one.place > other.place)


cdef void offer(Best* best, float value, uint32_t place, uint32_t doc) noexcept nogil:
    """Hold a document, if there is room or it is better than the worst that is held."""
    cdef Held new
    cdef Held* heap = best.heap
    cdef int64_t at, below
    new.value, new.place, new.doc = value, place, doc
    if best.held < best.count:
        at = best.held
        best.held += 1
        while at and is_worse(&new, &heap[(at - 1) >> 1]):
            heap[at] = heap[(at - 1) >> 1]
            at = (at - 1) >> 1
    elif is_worse(&heap[0], &new):
        at, below = 0, 1
        while below < best.count:
            if below + 1 < best.count and is_worse(&heap[below + 1], &heap[below]):
                below += 1
            if not is_worse(&heap[below], &new):
                break
            heap[at] = heap[below]
            at, below = below, 2 * below + 1
    else:
        return
    heap[at] = new
    if best.held == best.count:
        best.least = heap[0].value


cdef struct Listed:
    # A list whose documents are looked at chunk by chunk.
    Cursor* cursor
    const uint32_t* numbers  # All its documents; NULL for those in chunks and bitmaps
    uint32_t* written  # Room for them, where the file has them otherwise
    int64_t total
    int64_t begin  # Its postings in the chunk; of a bitmap its words
    int64_t end


cdef struct Left:
    # Documents that are left out.
    const int64_t* docs
    int64_t count


cdef class Room:
    """What `best_sums` works in. Touching a fresh array of all documents costs more than the sums of a few thousand."""

    cdef uint64_t* several  # One bit a document: whether it stands in several lists; zeros between two questions
    cdef uint64_t* seen  # The same of one chunk, for one list or more
    cdef float* sums  # Of one chunk; zeros between two chunks
    cdef uint16_t* picked  # Of one chunk, the postings of the longest list whose documents stand in others too
    cdef int64_t words

    def __cinit__(self):
        self.seen = <uint64_t*> malloc(CHUNK_WORDS * sizeof(uint64_t))
        self.sums = <float*> calloc(1 << CHUNK_BITS, sizeof(float))
        self.picked = <uint16_t*> malloc(((1 << CHUNK_BITS) + 1) * sizeof(uint16_t))
        if self.seen == NULL or self.sums == NULL or self.picked == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.picked)
        free(self.several)
        free(self.seen)
        free(self.sums)

    cdef int make(self, int64_t words) except -1:
        """Room for so many words of documents' bits."""
        if words > self.words:
            free(self.several)
            self.several, self.words = <uint64_t*> calloc(words, sizeof(uint64_t)), words
            if self.several == NULL:
                self.words = 0
                raise MemoryError
        return 0


cdef class _Sums:
    """The sums of the documents of some lists, of which the best are kept; most are never made.

    Documents that stand in several lists come first, chunk by chunk. What one list alone gives is bounded by the code of a
    document's weight: the others are looked at only where that may still be among the best.
    """

    cdef list words, left_out  # So that what is pointed into stays
    cdef Listed* lists
    cdef Left* left
    cdef int count, left_count
    cdef int64_t size
    cdef Best best
    cdef Room room
    cdef Listed* asked  # The longest list, if only documents of the others are looked up there; or NULL
    cdef Listed* longest  # Else the longest, if that is no bitmap: its documents are held against those of the others
    cdef const uint32_t[::1] place
    cdef const uint8_t[::1] live
    cdef const uint16_t[::1] narrow
    cdef const uint32_t[::1] wide
    cdef const float[::1] placed
    cdef float most_placed
    cdef bint is_astray  # Whether a combination was seen that `placed` doesn't have
    cdef bint is_well  # Whether lists ascended to their last documents, as far as they were looked at

    def __cinit__(self, words, int64_t count, place, live, combination, placed, left_out, Room room not None):
        cdef _Word word
        cdef const int64_t[::1] docs
        if count < 1:
            raise ValueError("the best are one at least")
        self.size, self.is_well = len(place), True
        if len(combination) < self.size or (live is not None and len(live) < self.size):
            raise ValueError("a segment has more documents than it says")
        self.place, self.placed = place, placed
        self.live = None if live is None else live.view(np.uint8)
        is_narrow = combination.dtype == np.uint16
        self.narrow, self.wide = combination if is_narrow else None, None if is_narrow else combination
        self.most_placed = 0 if placed is None or not len(placed) else placed.max()
        self.words = [_Word(terms, scored=True) for terms in words]
        self.left_out = list(left_out)
        self.best.count = min(count, max(self.size, 1))
        self.best.heap = <Held*> malloc(self.best.count * sizeof(Held))
        self.lists = <Listed*> calloc(len(self.words) + 1, sizeof(Listed))
        self.left = <Left*> calloc(len(self.left_out) + 1, sizeof(Left))
        self.room = room
        room.make((self.size >> WORD_BITS) + CHUNK_WORDS)
        if self.best.heap == NULL or self.lists == NULL or self.left == NULL:
            raise MemoryError
        for docs in self.left_out:
            if docs is None:
                raise ValueError("no documents")
            self.left[self.left_count].count = len(docs)
            if len(docs):
                self.left[self.left_count].docs = &docs[0]
                self.left_count += 1
        for word in self.words:
            if word.count != 1:
                raise ValueError("a word is one term")
            if word.cursors[0].last >= self.size:
                raise _damaged(says.LIST_REACH())
            self._list(&word.cursors[0], word.estimate)
        self._choose_asked()

    def __dealloc__(self):
        cdef int which
        if self.lists != NULL:
            for which in range(self.count):
                free(self.lists[which].written)
        free(self.best.heap)
        free(self.lists)
        free(self.left)

    cdef int _list(self, Cursor* cursor, int64_t total) except -1:
        """Take in a list; runs are written out."""
        cdef Listed* listed = &self.lists[self.count]
        cdef int64_t run, at, n = 0, doc = -1
        listed.cursor, listed.total = cursor, total
        self.count += 1
        if cursor.how == RAW:
            listed.numbers = cursor.numbers
        elif cursor.how == RUNS:
            listed.numbers = listed.written = <uint32_t*> malloc(total * sizeof(uint32_t))
            if listed.written == NULL:
                raise MemoryError
            for run in range(cursor.count):
                if cursor.numbers[2 * run] <= doc:
                    raise _damaged(says.LIST_ORDER())
                for at in range(cursor.numbers[2 * run + 1]):
                    doc = cursor.numbers[2 * run] + at
                    listed.written[n] = <uint32_t> doc
                    n += 1
            if doc != cursor.last:
                raise _damaged(says.LIST_ORDER())
        return 0

    cdef void _choose_asked(self) noexcept nogil:
        cdef Listed* longest = &self.lists[0]
        cdef int64_t others = 0
        cdef int which
        for which in range(self.count):
            others += self.lists[which].total
            if self.lists[which].total > longest.total:
                longest = &self.lists[which]
        if self.count > 1 and ASKED * (others - longest.total) < longest.total:
            self.asked = longest
        elif self.count > 1 and longest.cursor.how != BITMAP:
            self.longest = longest

    def take(self):
        """The best documents, ascending, int64, and their sums, float32."""
        cdef int which
        cdef int64_t at, base = 0
        with nogil:
            while self.count > 1 and self.is_well and base < self.size:
                self._add_chunk(base)
                base += 1 << CHUNK_BITS
            for which in range(self.count):
                if self.is_well:
                    self._add_alone(&self.lists[which])
            if self.count > 1:
                memset(self.room.several, 0, ((self.size >> WORD_BITS) + CHUNK_WORDS) * sizeof(uint64_t))
        if not self.is_well:
            raise _damaged(says.LIST_ORDER())
        if self.is_astray:
            raise IndexError("a document's combination is beyond the table")
        docs_made, values_made = np.empty(self.best.held, dtype=np.int64), np.empty(self.best.held, dtype=np.float32)
        cdef int64_t[::1] docs = docs_made
        cdef float[::1] values = values_made
        for at in range(self.best.held):
            docs[at], values[at] = self.best.heap[at].doc, self.best.heap[at].value
        order = docs_made.argsort()
        return docs_made[order], values_made[order]

    cdef void _consider(self, int64_t doc, float value) noexcept nogil:
        """Hold a document with a sum, if it is live, allowed, and one of the best so far."""
        cdef int64_t combination, at
        cdef int which
        if self.placed is not None:
            if value <= 0:
                return
            combination = self.narrow[doc] if self.narrow is not None else self.wide[doc]
            if combination >= len(self.placed):
                self.is_astray = True
                return
            value += self.placed[combination]
        if not value > 0 or value < self.best.least or (self.live is not None and not self.live[doc]):
            return
        for which in range(self.left_count):
            at = gallop(self.left[which].docs, 0, self.left[which].count, doc)
            if at < self.left[which].count and self.left[which].docs[at] == doc:
                return
        offer(&self.best, value, self.place[doc], <uint32_t> doc)

    cdef void _add_chunk(self, int64_t base) noexcept nogil:
        """Consider the documents of a chunk that stand in several lists; if one is asked, all documents of the others."""
        cdef int which, held = 0
        cdef bint marked = False
        cdef int64_t at, low, picked = 0
        cdef uint64_t word
        cdef uint64_t* several = self.room.several + (base >> WORD_BITS)
        cdef float* sums = self.room.sums
        cdef Listed* listed
        for which in range(self.count):
            listed = &self.lists[which]
            held += turn(listed, base) and listed != self.asked
        if held < 1 + (self.asked == NULL):
            return
        memset(self.room.seen, 0, CHUNK_WORDS * sizeof(uint64_t))
        for which in range(self.count):
            listed = &self.lists[which]
            if listed.begin < listed.end and listed != self.asked and listed != self.longest:
                self.is_well &= mark(listed, base, self.room.seen, several if marked else NULL)
                marked = True
        if self.longest != NULL:
            picked = pick(self.longest, base, self.room.seen, several, self.room.picked)
            self.is_well &= picked >= 0
        if not self.is_well:
            return
        if self.asked != NULL:
            memcpy(several, self.room.seen, CHUNK_WORDS * sizeof(uint64_t))
        for which in range(self.count):
            listed = &self.lists[which]
            if listed == self.asked:
                ask_marked(listed.cursor, base, several, sums)
            elif listed == self.longest:
                for at in range(picked):
                    low = listed.begin + self.room.picked[at]
                    sums[low_at(listed, low)] += score(listed.cursor, low, base + low_at(listed, low))
            elif listed.begin < listed.end:
                add_marked(listed, base, several, sums)
        for at in range(CHUNK_WORDS):
            word = several[at]
            while word:
                low = (at << WORD_BITS) + xs_lowest_bit(word)
                word &= word - 1
                self._consider(base + low, sums[low])
                sums[low] = 0

    cdef void _add_alone(self, const Listed* listed) noexcept nogil:
        """Consider the documents that stand in no other list."""
        cdef const Cursor* cursor = listed.cursor
        cdef Walk walk
        cdef float worth[16]
        cdef float least = -1
        cdef bint fits[16]
        cdef uint8_t either[256]
        cdef int64_t at, place, byte, end = 0
        cdef int code
        memset(&walk, 0, sizeof(Walk))
        for code in range(16):
            worth[code] = worth_of(cursor, code) + self.most_placed
        if cursor.weighed == CONSTANT:
            for place in range(listed.total):
                if worth[0] < self.best.least:
                    return
                self._add_one(listed, place, &walk)
            return
        while end < (listed.total + 1) >> 1:
            if self.best.least != least:
                least = self.best.least
                for code in range(16):
                    fits[code] = worth[code] >= least
                for code in range(256):
                    either[code] = fits[code & 15] or fits[code >> 4]
            at, end = end, min(end + LOOKED_AT, (listed.total + 1) >> 1)
            for byte in range(at, end):
                if either[cursor.codes[byte]]:
                    if fits[cursor.codes[byte] & 15]:
                        self._add_one(listed, 2 * byte, &walk)
                    if fits[cursor.codes[byte] >> 4] and 2 * byte + 1 < listed.total:
                        self._add_one(listed, 2 * byte + 1, &walk)

    cdef void _add_one(self, const Listed* listed, int64_t place, Walk* walk) noexcept nogil:
        cdef int64_t doc = doc_at(listed, place, walk)
        if doc > listed.cursor.last:
            self.is_well = False
        elif not (self.room.several[doc >> WORD_BITS] >> (doc & 63)) & 1:
            self._consider(doc, score(listed.cursor, place, doc))


cdef bint turn(Listed* listed, int64_t base) noexcept nogil:
    """Turn to the next chunk; whether a list has anything there."""
    cdef const Cursor* cursor = listed.cursor
    if cursor.how == BITMAP:
        listed.begin = max((base >> WORD_BITS) - cursor.first_word, 0)
        listed.end = min((base >> WORD_BITS) + CHUNK_WORDS - cursor.first_word, cursor.word_count)
    else:
        listed.begin = listed.end
        if listed.numbers != NULL:
            listed.end = gallop(listed.numbers, listed.begin, listed.total, <uint32_t> (base + (1 << CHUNK_BITS)))
        elif base >> CHUNK_BITS < cursor.word_count:
            listed.end += cursor.numbers[base >> CHUNK_BITS]
    return listed.begin < listed.end


cdef bint mark(const Listed* listed, int64_t base, uint64_t* seen, uint64_t* several) noexcept nogil:
    """Mark a list's documents of a chunk; whether they ascend, and not beyond its last.

    Args:
        seen: those of the lists before.
        several: those that were seen already; NULL for the first list.
    """
    cdef const Cursor* cursor = listed.cursor
    cdef int64_t at, low, before = -1, shift
    cdef uint64_t word, bit
    cdef bint well = True
    if cursor.how == BITMAP:
        shift = cursor.first_word - (base >> WORD_BITS)
        for at in range(listed.begin, listed.end):
            word = cursor.words[at]
            if several != NULL:
                several[at + shift] |= seen[at + shift] & word
            seen[at + shift] |= word
        return True
    for at in range(listed.begin, listed.end):
        if listed.numbers != NULL:
            low = <int64_t> listed.numbers[at] - base
            if low >> CHUNK_BITS:
                return False
        else:
            low = cursor.low[at]
        well &= low > before
        before = low
        word, bit = seen[low >> WORD_BITS], (<uint64_t> 1) << (low & 63)
        if several != NULL:
            several[low >> WORD_BITS] |= word & bit
        seen[low >> WORD_BITS] = word | bit
    return well and base + before <= cursor.last


cdef inline int64_t low_at(const Listed* listed, int64_t place) noexcept nogil:
    """The document at a place of a list, in its chunk."""
    return listed.cursor.low[place] if listed.numbers == NULL else listed.numbers[place] & 0xFFFF


cdef int64_t pick(
    const Listed* listed, int64_t base, const uint64_t* seen, uint64_t* several, uint16_t* picked
) noexcept nogil:
    """As `mark`, for the last list: only what was seen already is marked. How many those postings are; -1 for False.

    Args:
        picked: becomes their places behind the first of the chunk.
    """
    cdef int64_t at, low, before = -1, n = 0
    cdef bint well = True
    if listed.end - listed.begin > 1 << CHUNK_BITS:
        return -1
    for at in range(listed.begin, listed.end):
        if listed.numbers != NULL:
            low = <int64_t> listed.numbers[at] - base
            if low >> CHUNK_BITS:
                return -1
        else:
            low = listed.cursor.low[at]
        well &= low > before
        before = low
        picked[n] = <uint16_t> (at - listed.begin)
        n += (seen[low >> WORD_BITS] >> (low & 63)) & 1
    if listed.begin < listed.end and not (well and base + before <= listed.cursor.last):
        return -1
    for at in range(n):
        low = low_at(listed, listed.begin + picked[at])
        several[low >> WORD_BITS] |= <uint64_t> 1 << (low & 63)
    return n


cdef void add_marked(Listed* listed, int64_t base, const uint64_t* marked, float* sums) noexcept nogil:
    """Add a list's scores to the sums of a chunk's marked documents."""
    cdef Cursor* cursor = listed.cursor
    cdef int64_t at, low, shift, begin, n
    cdef uint64_t word
    cdef uint16_t which[LOOKED_AT]
    if cursor.how == BITMAP:
        shift = cursor.first_word - (base >> WORD_BITS)
        for at in range(listed.begin, listed.end):
            word = cursor.words[at] & marked[at + shift]
            while word:
                low = ((at + shift) << WORD_BITS) + xs_lowest_bit(word)
                word &= word - 1
                sums[low] += score(cursor, place_of(cursor, base + low), base + low)
        return
    begin = listed.begin
    while begin < listed.end:
        n = 0  # Without branches: those on chance cost more than all else.
        for at in range(begin, min(begin + LOOKED_AT, listed.end)):
            low = cursor.low[at] if listed.numbers == NULL else listed.numbers[at] & 0xFFFF
            which[n] = <uint16_t> (at - begin)
            n += (marked[low >> WORD_BITS] >> (low & 63)) & 1
        for at in range(n):
            low = cursor.low[begin + which[at]] if listed.numbers == NULL else listed.numbers[begin + which[at]] & 0xFFFF
            sums[low] += score(cursor, begin + which[at], base + low)
        begin += LOOKED_AT


cdef void ask_marked(Cursor* cursor, int64_t base, const uint64_t* marked, float* sums) noexcept nogil:
    """Add the scores of a list to the sums of a chunk's marked documents, which are looked up there."""
    cdef int64_t at, low, place
    cdef uint64_t word
    for at in range(CHUNK_WORDS):
        word = marked[at]
        while word:
            low = (at << WORD_BITS) + xs_lowest_bit(word)
            word &= word - 1
            if base + low > cursor.last:
                return
            place = seek(cursor, base + low)
            if place >= 0:
                sums[low] += score(cursor, place, base + low)


cdef struct Walk:
    # How far a list's documents were followed by their places.
    int64_t chunk  # BITMAP: a word
    int64_t before  # Postings before it


cdef inline int64_t doc_at(const Listed* listed, int64_t place, Walk* walk) noexcept nogil:
    """The document at a place of a list; one beyond its last where it was cut short since. Places ascend."""
    cdef const Cursor* cursor = listed.cursor
    cdef uint64_t word
    cdef int64_t n
    if listed.numbers != NULL:
        return listed.numbers[place]
    if cursor.how == CHUNKED:
        while walk.chunk < cursor.word_count and place >= walk.before + cursor.numbers[walk.chunk]:
            walk.before += cursor.numbers[walk.chunk]
            walk.chunk += 1
        if walk.chunk >= cursor.word_count:
            return cursor.last + 1
        return walk.chunk << CHUNK_BITS | cursor.low[place]
    while walk.chunk < cursor.word_count and place >= walk.before + xs_count_bits(cursor.words[walk.chunk]):
        walk.before += xs_count_bits(cursor.words[walk.chunk])
        walk.chunk += 1
    if walk.chunk >= cursor.word_count:
        return cursor.last + 1
    word = cursor.words[walk.chunk]
    for n in range(place - walk.before):
        word &= word - 1
    if not word:
        return cursor.last + 1
    return ((cursor.first_word + walk.chunk) << WORD_BITS) + xs_lowest_bit(word)


cdef inline float worth_of(const Cursor* cursor, int code) noexcept nogil:
    """The most that a weight's code scores in any text; of a list with one weight, whatever the code."""
    if cursor.factor < 0:
        return INFINITY
    if cursor.weighed == CONSTANT:
        return cursor.above / (cursor.constant + cursor.least_norm) * cursor.factor
    return cursor.most[code] * cursor.factor


def best_sums(words, int64_t count, place, room, *, live=None, combination, placed=None, left_out=()):
    """The documents of a segment with the best sums of some words' scores.

    Args:
        words: each a list of one (Postings, number of a term in it, Scoring, factor); scores are added in their order.
        count: so many at most.
        place: of each document, uint32: of equal sums the one with the lesser place is better.
        room: a thread's own.
        live: of each document whether it is not deleted, None where none is.
        combination: of each document, uint16 or uint32.
        placed: what a document's combination adds, float32; -inf where it is left out; None for nothing.
        left_out: lists of ascending documents, int64.

    Returns:
        Documents int64, ascending, whose sums are above 0; the sums, float32.

    Raises:
        IndexDamaged: a list can't be right.
    """
    return _Sums(words, count, place, live, combination, placed, left_out, room).take()


# Strings


cdef inline bint turn_to(Occurrences* term, int64_t place) noexcept nogil:
    """Go on to a document's occurrences, by its place in the list; whether there are any. Places ascend."""
    cdef int64_t at, left
    if term.marks != NULL:
        return turn_by_marks(term, place)
    if term.begin >= term.count:
        return False
    at, left = term.begin, place - term.place
    term.place = place
    if left:
        at = term.end if term.end > at else at + 1
        while at < term.count:
            left -= term.positions[at] >> 15
            if not left:
                break
            at += 1
    return until_next(term, at)


cdef inline bint until_next(Occurrences* term, int64_t at) noexcept nogil:
    """Take a document's occurrences to begin at a place among all; whether there are any."""
    term.begin = at
    at += 1
    while at < term.count and not term.positions[at] & FIRST_OF_DOC:
        at += 1
    term.end = at
    return term.begin < term.count


cdef bint turn_by_marks(Occurrences* term, int64_t place) noexcept nogil:
    """As `turn_to`, from where the document's stretch begins, 64 occurrences at a time; hardly ever a branch on chance."""
    cdef long long at = term.marks[place >> MARK_BITS]
    cdef int rank = place & ((1 << MARK_BITS) - 1)
    cdef unsigned long long behind
    if xs_find_first(term.positions, term.count, &at, &rank, &behind):
        if not behind:
            return until_next(term, at)
        term.begin, term.end = at, at + 1 + xs_lowest_bit(behind)
        return True
    while at < term.count:
        rank -= term.positions[at] >> 15
        if rank < 0:
            break
        at += 1
    return until_next(term, at)


cdef int64_t count_at(Occurrences* term, const uint32_t* places, int64_t count) noexcept nogil:
    """How many occurrences some of a term's documents have, by their places in its list, which ascend.

    Where a stretch between two marks has several of them, all of it is gone through, without branches on chance.
    """
    cdef int64_t at = 0, stretch, position, end, document, total = 0
    cdef uint64_t wanted
    while at < count:
        stretch = places[at] >> MARK_BITS
        if term.marks == NULL or at + SEVERAL > count or places[at + SEVERAL - 1] >> MARK_BITS != stretch:
            if turn_to(term, places[at]):
                total += term.end - term.begin
            at += 1
            continue
        wanted = 0
        while at < count and places[at] >> MARK_BITS == stretch:
            wanted |= <uint64_t> 1 << (places[at] & 63)
            at += 1
        document = -1
        end = min(<int64_t> term.marks[stretch + 1], term.count)
        for position in range(term.marks[stretch], end):
            document += term.positions[position] >> 15
            total += (wanted >> (document & 63)) & 1
    return total


cdef bint stands(const Occurrences* term, int64_t position) noexcept nogil:
    """Whether the term stands at a position of the document."""
    cdef int64_t at
    for at in range(term.begin, term.end):
        if (term.positions[at] & POSITION_MASK) == position:
            return True
    return False


cdef struct Placed:
    # The postings that some documents have in a term's list.
    uint32_t* of
    Cursor* cursor  # Of a bitmap in which they are still to be looked for; else NULL


cdef inline void fetch_at(const Occurrences* term, int64_t place) noexcept nogil:
    """Fetch what is looked at first of a document's occurrences."""
    if term.marks != NULL:
        xs_fetch(&term.positions[term.marks[place >> MARK_BITS]])


cdef inline void fetch(
    const Occurrences* term, const uint32_t* places, int64_t document, int64_t documents
) noexcept nogil:
    """Fetch a term's occurrences in a document some way ahead."""
    if term.marks == NULL:
        return
    if document + 2 * AHEAD < documents:
        xs_fetch(&term.marks[places[document + 2 * AHEAD] >> MARK_BITS])
    if document + AHEAD < documents:
        fetch_at(term, places[document + AHEAD])


cdef void look_up(Placed* places, const int64_t* docs, int64_t documents) noexcept nogil:
    """Look for a term's postings in documents that have it."""
    cdef int64_t document
    cdef Cursor cursor
    if places.cursor != NULL:
        cursor = places.cursor[0]  # Another place in a string may look for the same.
        for document in range(documents):
            places.of[document] = place_of(&cursor, docs[document])
        places.cursor = NULL


cdef int64_t find_string(
    Occurrences* terms, int count, Placed* places, const int64_t* docs, const uint32_t* which, int64_t documents,
    int64_t* spots, int64_t room, int flag,
) noexcept nogil:
    """Where the terms stand at their offsets, as `string_places` gives it; -1 where there is no more room.

    Args:
        terms: the rarest first.
        places: of each term, its postings in the documents; of a bitmap they are looked for where they are needed.
        which: the numbers that the documents have in the answer.
        flag: what the rarest term's positions must have; 0 for nothing.
    """
    cdef int64_t document, at, begin, n = 0, tried, left
    cdef int term
    for term in range(min(count, 2)):
        look_up(&places[term], docs, documents)
    for document in range(documents):
        for term in range(min(count, 2)):
            fetch(&terms[term], places[term].of, document, documents)
        if not turn_to(&terms[0], places[0].of[document]):
            continue
        if n + terms[0].end - terms[0].begin > room:
            return -1
        tried = n
        for at in range(terms[0].begin, terms[0].end):
            begin = (terms[0].positions[at] & POSITION_MASK) - terms[0].offset
            spots[tried] = (<int64_t> which[document] << POSITION_BITS) | begin
            tried += begin >= 0 and (terms[0].positions[at] & flag) == flag
        for term in range(1, count):
            if tried > n and places[term].cursor != NULL:
                places[term].of[document] = place_of(places[term].cursor, docs[document])
            if tried == n or not turn_to(&terms[term], places[term].of[document]):
                tried = n
                break
            left = n
            for at in range(n, tried):
                spots[left] = spots[at]
                left += stands(&terms[term], (spots[at] & ((1 << POSITION_BITS) - 1)) + terms[term].offset)
            tried = left
        n = tried
    return n


cdef class _Met:
    """The documents that have all of some terms, and the place of each one's posting by term.

    Bitmaps only say which documents those are; of all that stand in them `place` tells the postings.

    Args:
        words: of one term each.
        among: the documents to look at, ascending, none below 0; all where None.
    """

    cdef int64_t[::1] docs
    cdef uint32_t[::1] numbers  # Of each document, which of those among which it was looked for
    cdef uint32_t[:, ::1] places
    cdef int64_t count
    cdef bint is_numbered
    cdef int decoded  # The row whose postings are known since its list was read; or -1

    def __cinit__(self, list words, among=None):
        cdef list in_turn = sorted(range(len(words)), key=[_estimate_of(word) for word in words].__getitem__)
        cdef _Word word = words[in_turn[0]], other
        cdef int row = in_turn[0], terms = len(words)
        cdef int64_t at, room = word.estimate if among is None else len(among)
        cdef bint bitmaps = among is None and terms > 1 and word.is_bitmap()
        self.decoded = -1
        if not room:
            return
        self.docs = np.empty(room, dtype=np.int64) if among is None else np.array(among)
        self.places = np.empty((terms, room), dtype=np.uint32)
        if among is not None:
            self.count, self.numbers, self.is_numbered = room, np.arange(room, dtype=np.uint32), True
        elif bitmaps:  # These are looked up behind the others, in documents that have them all.
            self.count = _decode_common([each for each in words if (<_Word> each).is_bitmap()], &self.docs[0])
            in_turn.sort(key=[(<_Word> each).is_bitmap() for each in words].__getitem__)
        elif among is None and terms > 1 and word.cursors[0].how <= CHUNKED and self._bring_forward(words, in_turn):
            self.decoded = row
            other = words[in_turn[1]]
            with nogil:
                self.count = decode_within(
                    &word.cursors[0], &other.cursors[0], &self.docs[0], &self.places[row, 0]
                )
            if self.count < 0:
                raise _damaged(says.LIST_ORDER())
            self._narrow(words, in_turn, 2)
            return
        else:
            self.decoded = row
            with nogil:
                self.count = decode(&word.cursors[0], &self.docs[0])
                for at in range(self.count):
                    self.places[row, at] = <uint32_t> at
            if self.count < 0:
                raise _damaged(says.LIST_ORDER())
        self._narrow(words, in_turn, 0 if bitmaps or among is not None else 1)

    cdef bint _bring_forward(self, list words, list in_turn) except -1:
        """Put the rarest bitmap second; whether there is one."""
        cdef int turn
        for turn in range(1, len(in_turn)):
            if (<_Word> words[in_turn[turn]]).is_bitmap():
                in_turn.insert(1, in_turn.pop(turn))
                return True
        return False

    cdef int _narrow(self, list words, list in_turn, int met) except -1:
        """Leave out the documents that lack one of the terms that were not met yet."""
        cdef int64_t at, kept
        cdef int turn, row, before, terms = len(words)
        cdef _Word word
        cdef uint32_t[::1] which
        cdef uint32_t* of_row
        cdef bint numbered = self.is_numbered
        if met == terms or not self.count:
            return 0
        which = np.empty(self.count, dtype=np.uint32)
        for turn in range(met, terms):
            row = in_turn[turn]
            word = words[row]
            word.cursors[0].placed = not word.is_bitmap()
            with nogil:
                kept = hits(&word.cursors[0], &self.docs[0], self.count, &which[0], &self.places[row, 0])
                if kept < self.count:
                    for at in range(kept):
                        self.docs[at] = self.docs[which[at]]
                    if numbered:
                        for at in range(kept):
                            self.numbers[at] = self.numbers[which[at]]
            if kept < self.count:
                for before in range(turn):
                    if (<_Word> words[in_turn[before]]).is_bitmap() and in_turn[before] != self.decoded:
                        continue
                    of_row = &self.places[<int> in_turn[before], 0]
                    for at in range(kept):
                        of_row[at] = of_row[which[at]]
            self.count = kept
            if not kept:
                break
        return 0

    cdef Placed place(self, list words, int row) except *:
        """Where a word's postings are, or are to be looked for."""
        cdef Placed placed
        cdef _Word word = words[row]
        placed.of, placed.cursor = &self.places[row, 0], NULL
        if row != self.decoded and word.is_bitmap():
            word.cursors[0].placed = True
            placed.cursor = &word.cursors[0]
        return placed


def count_occurrences(Postings postings not None, int64_t number, const int64_t[::1] docs):
    """How often a term stands in some documents.

    Args:
        docs: ascending, none below 0.

    Raises:
        IndexDamaged: a list can't be right.
    """
    cdef int64_t count = len(docs), n, total = 0
    cdef Occurrences term
    cdef _Word word = _Word([(postings, number, None, 0)], scored=False)
    cdef uint32_t[::1] which
    if not count:
        return 0
    if docs[0] < 0:
        raise IndexError("no such document")
    postings.open_occurrences(number, 0, &term)
    which = np.empty(2 * count, dtype=np.uint32)
    with nogil:
        n = hits(&word.cursors[0], &docs[0], count, &which[0], &which[count])
    if n == postings.df[number]:  # Often those are all that have it.
        return postings.cf[number]
    with nogil:
        if word.is_bitmap():
            word.cursors[0].placed = True
            n = hits(&word.cursors[0], &docs[0], count, &which[0], &which[count])
        total = count_at(&term, &which[count], n)
    return total


def string_places(tokens, const int64_t[::1] docs, *, bint aligned=False):
    """Which of some documents have a string, and where.

    Args:
        tokens: (Postings, number of a term in it, how far behind the string's beginning the term stands).
        docs: ascending, none below 0.
        aligned: only where the rarest term is a word of the precise cut.

    Returns:
        bool[len(docs)]; ascending numbers, (place in `docs`) << POSITION_BITS | position of the string's beginning, int64.

    Raises:
        IndexDamaged: a list can't be right.
    """
    cdef int64_t count = len(docs), left, at, number, offset, n, room
    cdef int terms = len(tokens), term
    cdef Postings postings
    cdef Occurrences* found
    cdef Placed* places
    cdef uint32_t[::1] kept
    cdef int64_t[::1] spots
    cdef uint8_t[::1] mask
    cdef _Met met
    mask_made = np.zeros(count, dtype=np.bool_)
    if not terms:
        raise ValueError("a string without terms")
    if not count:
        return mask_made, np.zeros(0, dtype=np.int64)
    if docs[0] < 0:
        raise IndexError("no such document")
    rows = {}  # A term that the string has more than once is looked up once.
    for postings, number, offset in tokens:
        rows.setdefault((id(postings), number), (postings, number, None, 0))
    words = [_Word([each], scored=False) for each in rows.values()]
    met = _Met(words, docs)
    left = met.count
    if not left:
        return mask_made, np.zeros(0, dtype=np.int64)
    row_of, kept = {key: row for row, key in enumerate(rows)}, met.numbers
    by_occurrences = sorted(tokens, key=_occurrence_count)
    found = <Occurrences*> malloc(terms * sizeof(Occurrences))
    places = <Placed*> malloc(terms * sizeof(Placed))
    try:
        if found == NULL or places == NULL:
            raise MemoryError
        for term in range(terms):
            postings, number, offset = by_occurrences[term]
            postings.open_occurrences(number, offset, &found[term])
            places[term] = met.place(words, row_of[id(postings), number])
        room = found[0].count
        spots_made = np.empty(room, dtype=np.int64)
        spots = spots_made
        with nogil:
            n = find_string(
                found, terms, places, &met.docs[0], &kept[0], left, &spots[0], room, ALIGNED if aligned else 0
            )
    finally:
        free(found)
        free(places)
    if n < 0:
        raise _damaged(says.LIST_SUM())
    spots_made = spots_made[:n].copy()
    mask = mask_made.view(np.uint8)
    spots = spots_made
    for at in range(n):
        mask[spots[at] >> POSITION_BITS] = 1
    return mask_made, spots_made


def match_string(tokens):
    """All documents that have a string, with their scores, and all of its places.

    Args:
        tokens: (Postings, number of a term in it, Scoring, factor, how far behind the string's beginning the term stands).

    Returns:
        Places, document << POSITION_BITS | position of the string's beginning, in order, int64; documents int64, ascending;
        scores float32: the tokens' scores, added in their order.

    Raises:
        IndexDamaged: a list can't be right.
    """
    cdef int terms = len(tokens), term
    cdef int64_t n = 0, at, number, offset, room, last = -1, held = 0
    cdef Postings postings
    cdef _Word word
    cdef _Met met
    cdef Occurrences* found = NULL
    cdef Placed* places = NULL
    cdef int* rows_of = NULL
    cdef float total
    cdef int64_t[::1] docs, spots, kept
    cdef uint32_t[:, ::1] of_terms
    cdef uint32_t[::1] which
    cdef float[::1] scores
    none = np.zeros(0, dtype=np.int64)
    nothing = none, none, np.zeros(0, dtype=np.float32)
    if not terms:
        raise ValueError("a string without terms")
    rows = {}
    for postings, number, scoring, factor, offset in tokens:
        rows.setdefault((id(postings), number), (postings, number, scoring, factor))
    scorers = [_Word([each], scored=True) for each in rows.values()]
    met = _Met(scorers)
    n = met.count
    if not n:
        return nothing
    docs, of_terms = met.docs, met.places
    row_of = {key: row for row, key in enumerate(rows)}
    found = <Occurrences*> malloc(terms * sizeof(Occurrences))
    places = <Placed*> malloc(terms * sizeof(Placed))
    rows_of = <int*> malloc(terms * sizeof(int))
    try:
        if found == NULL or places == NULL or rows_of == NULL:
            raise MemoryError
        for term in range(terms):
            postings, number = tokens[term][0], tokens[term][1]
            rows_of[term] = row_of[id(postings), number]
        by_occurrences = sorted([(each[0], each[1], each[4]) for each in tokens], key=_occurrence_count)
        for term in range(terms):
            postings, number, offset = by_occurrences[term]
            postings.open_occurrences(number, offset, &found[term])
            places[term] = met.place(scorers, row_of[id(postings), number])
        room = found[0].count
        spots_made = np.empty(room, dtype=np.int64)
        spots, which = spots_made, np.arange(n, dtype=np.uint32)
        with nogil:
            room = find_string(found, terms, places, &docs[0], &which[0], n, &spots[0], room, 0)
        if room < 0:
            raise _damaged(says.LIST_SUM())
        kept_made, scores_made = np.empty(min(n, room), dtype=np.int64), np.empty(min(n, room), dtype=np.float32)
        kept, scores = kept_made, scores_made
        for at in range(room):
            number = spots[at] >> POSITION_BITS
            if number != last:
                last = number
                total = 0
                for term in range(terms):
                    word = scorers[rows_of[term]]
                    total += score(&word.cursors[0], of_terms[rows_of[term], number], docs[number])
                kept[held], scores[held] = docs[number], total
                held += 1
            spots[at] = (docs[number] << POSITION_BITS) | (spots[at] & ((1 << POSITION_BITS) - 1))
    finally:
        free(found)
        free(places)
        free(rows_of)
    return spots_made[:room].copy(), kept_made[:held], scores_made[:held]


cdef struct Gap:
    # The bridges of one gap of a phrase, in order of document and place, and how far they have been followed.
    const int64_t* docs
    const int64_t* places
    const int64_t* lengths
    const int64_t* latest
    const int64_t* earliest
    int64_t count
    int64_t at


cdef struct Piece:
    # A string between two gaps: which of the terms' occurrences it consists of.
    int first
    int behind
    int64_t length


cdef int64_t cross(
    Occurrences* terms, const Piece* pieces, int strings, Gap* gaps, int64_t doc, int64_t begin, bint* crosses
) noexcept nogil:
    """Where a phrase ends whose first term stands at `begin` of the document; -1 where it is not the phrase.

    Args:
        crosses: becomes whether a bridge was passed over.
    """
    cdef int string, term
    cdef int64_t at, end = begin, latest = 1 << 40, earliest = 0
    crosses[0] = False
    for string in range(strings):
        if string:
            at = gaps[string - 1].at
            while at < gaps[string - 1].count and gaps[string - 1].docs[at] == doc:
                if gaps[string - 1].places[at] == end:
                    end += gaps[string - 1].lengths[at]
                    latest = min(latest, gaps[string - 1].latest[at])
                    earliest = max(earliest, gaps[string - 1].earliest[at])
                    crosses[0] = True
                    break
                at += 1
        for term in range(pieces[string].first, pieces[string].behind):
            if not stands(&terms[term], end + terms[term].offset):
                return -1
        end += pieces[string].length
    return end if begin <= latest and end >= earliest else -1


cdef int64_t follow_bridges(
    Occurrences* terms, int count, const uint32_t** places, const int64_t* docs, int64_t documents,
    const Piece* pieces, int strings, Gap* gaps, int64_t* first, int64_t* last, int64_t room,
) noexcept nogil:
    """The places of a phrase across marks in documents that have all of its terms; -1 where there is no more room."""
    cdef int64_t document, at, n = 0, end
    cdef int term, gap
    cdef bint crosses, well
    for document in range(documents):
        well = True
        for term in range(count):
            well = well and turn_to(&terms[term], places[term][document])
        if not well:
            continue
        for gap in range(strings - 1):
            gaps[gap].at = gallop(gaps[gap].docs, gaps[gap].at, gaps[gap].count, docs[document])
        for at in range(terms[0].begin, terms[0].end):
            end = cross(terms, pieces, strings, gaps, docs[document], terms[0].positions[at] & POSITION_MASK, &crosses)
            if end >= 0 and crosses:
                if n == room:
                    return -1
                first[n] = (docs[document] << POSITION_BITS) | (terms[0].positions[at] & POSITION_MASK)
                last[n] = (docs[document] << POSITION_BITS) | end
                n += 1
    return n


def bridged_places(strings, gaps, const int64_t[::1] docs):
    """Where a phrase stands across marks in some documents.

    Args:
        strings: what stands between its gaps: each its length in characters, and (Postings, number of a term, how far behind
            its beginning the term stands) of each of its terms, the first of which stands at its beginning.
        gaps: one between every two strings: its bridges, as `search.embedded.bridges.Bridges` has them, by document and place.
        docs: ascending, none below 0.

    Returns:
        Where it begins and ends, document << POSITION_BITS | position, in order; int64.

    Raises:
        IndexDamaged: a list can't be right.
    """
    cdef int count = len(strings), string, term = 0, terms
    cdef int64_t n, room = 0, number, offset
    cdef Postings postings
    cdef _Met met
    cdef const int64_t[::1] of_docs, of_places, of_lengths, of_latest, of_earliest
    cdef int64_t[::1] first, last
    cdef Occurrences* found = NULL
    cdef const uint32_t** places = NULL
    cdef Piece* pieces = NULL
    cdef Gap* bridges = NULL
    cdef Placed placed
    none = np.zeros(0, dtype=np.int64)
    tokens = [token for _, of_string in strings for token in of_string]
    terms = len(tokens)
    if count < 2 or len(gaps) != count - 1 or any(not of_string or of_string[0][2] for _, of_string in strings):
        raise ValueError("a gap stands between two strings, whose first terms begin them")
    if not len(docs):
        return none, none
    if docs[0] < 0:
        raise IndexError("no such document")
    rows = {}
    for postings, number, offset in tokens:
        rows.setdefault((id(postings), number), (postings, number, None, 0))
    words = [_Word([each], scored=False) for each in rows.values()]
    met = _Met(words, docs)
    if not met.count:
        return none, none
    row_of = {key: row for row, key in enumerate(rows)}
    found = <Occurrences*> malloc(terms * sizeof(Occurrences))
    places = <const uint32_t**> malloc(terms * sizeof(uint32_t*))
    pieces = <Piece*> malloc(count * sizeof(Piece))
    bridges = <Gap*> calloc(count, sizeof(Gap))
    try:
        if found == NULL or places == NULL or pieces == NULL or bridges == NULL:
            raise MemoryError
        for string in range(count):
            pieces[string].length, pieces[string].first = strings[string][0], term
            for postings, number, offset in strings[string][1]:
                postings.open_occurrences(number, offset, &found[term])
                placed = met.place(words, row_of[id(postings), number])
                look_up(&placed, &met.docs[0], met.count)
                places[term] = placed.of
                term += 1
            pieces[string].behind = term
        for string in range(count - 1):
            of_docs, of_places, of_lengths, of_latest, of_earliest = gaps[string]
            n = len(of_docs)
            room += n  # The first bridge that a place passes over says where it begins, so there are no more of them.
            if len(of_places) != n or len(of_lengths) != n or len(of_latest) != n or len(of_earliest) != n:
                raise ValueError("columns of bridges differ in length")
            if not n:
                continue
            bridges[string].count, bridges[string].docs, bridges[string].places = n, &of_docs[0], &of_places[0]
            bridges[string].lengths = &of_lengths[0]
            bridges[string].latest, bridges[string].earliest = &of_latest[0], &of_earliest[0]
        if not room:
            return none, none
        first_made, last_made = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
        first, last = first_made, last_made
        with nogil:
            n = follow_bridges(
                found, terms, places, &met.docs[0], met.count, pieces, count, bridges, &first[0], &last[0], room
            )
    finally:
        free(found)
        free(places)
        free(pieces)
        free(bridges)
    if n < 0:
        raise _damaged(says.LIST_SUM())
    return first_made[:n].copy(), last_made[:n].copy()


def places_of_two(
    const uint32_t[::1] docs, const uint16_t[::1] places, const uint16_t[::1] limits, const int64_t[::1] which, among,
    *, int length_shift,
):
    """Where two characters stand that bridges are kept by, across those bridges.

    Args:
        docs, places: of the key's bridges, by document and place, with their lengths as `search.embedded.bridges` has them.
        limits: two of each bridge, or none at all.
        which: those that fit, as places among them, ascending.
        among: documents, ascending; None for all.

    Returns:
        Where the two begin and end, document << POSITION_BITS | position, int64; None where a run is so long that its
        length stands elsewhere.
    """
    cdef const int64_t[::1] wanted
    cdef int64_t number, at, doc, begin, end, length, n = 0, next = 0, count = len(which), size = len(docs)
    cdef bint is_narrowed = among is not None, is_limited = len(limits) > 0
    if len(places) != size or (is_limited and len(limits) != 2 * size):
        raise ValueError("columns of bridges differ in length")
    if count and not (0 <= which[0] and which[count - 1] < size):
        raise IndexError("no such bridge")
    wanted = among if is_narrowed else which
    first_made, last_made = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    cdef int64_t[::1] first = first_made, last = last_made
    for number in range(count):
        at = which[number]
        doc = docs[at]
        if is_narrowed:
            next = gallop(&wanted[0], next, len(wanted), doc) if len(wanted) else 0
            if next == len(wanted):
                break
            if wanted[next] != doc:
                continue
        length = places[at] >> length_shift
        if not length:
            return None
        begin = (places[at] & POSITION_MASK) - 1
        end = begin + length + 2
        if is_limited and (begin > limits[2 * at] or end < limits[2 * at + 1]):
            continue
        first[n], last[n] = (doc << POSITION_BITS) | begin, (doc << POSITION_BITS) | end
        n += 1
    return first_made[:n].copy(), last_made[:n].copy()


cdef int64_t _count_chars(const uint8_t* text, int64_t size) noexcept nogil:
    """The characters of UTF-8."""
    cdef int64_t at, n = 0
    for at in range(size):
        n += (text[at] & 0xC0) != 0x80
    return n


cdef int64_t _occurrences_among(
    const int64_t* of_term, int64_t df, Occurrences* term, const int32_t* number_of, int64_t size, int64_t* spots
) noexcept nogil:
    """A term's occurrences in the documents that have a number; how many there are, -1 where they are more than it has.

    There is room for all that it has.
    """
    cdef int64_t place, at, number, n = 0
    for place in range(df):
        if of_term[place] >= size:
            break
        number = number_of[of_term[place]]
        if number < 0 or not turn_to(term, place):
            continue
        if n + term.end - term.begin > term.count:
            return -1
        for at in range(term.begin, term.end):
            spots[n] = (number << POSITION_BITS) | (term.positions[at] & POSITION_MASK)
            n += 1
    return n


def places_of_terms(Postings postings, int64_t first, int64_t last, const int64_t[::1] docs):
    """Where the terms `first` to `last` - 1 stand in some documents, term by term.

    Args:
        docs: ascending, none below 0.

    Returns:
        Numbers, (place in `docs`) << POSITION_BITS | position, int64; the length of the term at each, in characters, int64.

    Raises:
        IndexDamaged: a list can't be right.
    """
    cdef int64_t count = len(docs), at, number, n = 0, more, df, most = 0, room = 0, length
    cdef Cursor cursor
    cdef Occurrences term
    cdef int64_t[::1] of_term, spots, lengths
    cdef int32_t[::1] number_of
    cdef uint32_t begin, end
    if first < 0 or last > len(postings.df):
        raise IndexError("no such term")
    none = np.zeros(0, dtype=np.int64)
    if not count or first >= last:
        return none, none
    if docs[0] < 0:
        raise IndexError("no such document")
    for number in range(first, last):
        most, room = max(most, postings.df[number]), room + postings.cf[number]
    number_of = np.full(docs[count - 1] + 1, -1, dtype=np.int32)
    for at in range(count):
        number_of[docs[at]] = <int32_t> at
    of_term = np.empty(most, dtype=np.int64)
    spots_made, lengths_made = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    spots, lengths = spots_made, lengths_made
    for number in range(first, last):
        df = postings.open(number, None, 0, &cursor)
        postings.open_occurrences(number, 0, &term)
        begin, end = postings.starts[number], postings.starts[number + 1]
        if begin >= end or end > len(postings.text) or df > most:
            raise _damaged(says.LIST_REACH())
        with nogil:
            length = _count_chars(&postings.text[begin], end - begin)
            more = -1
            if decode(&cursor, &of_term[0]) == df and n + term.count <= room:
                more = _occurrences_among(&of_term[0], df, &term, &number_of[0], len(number_of), &spots[n])
                for at in range(n, n + more):
                    lengths[at] = length
        if more < 0:
            raise _damaged(says.LIST_ORDER())
        n += more
    return spots_made[:n].copy(), lengths_made[:n].copy()


@cython.boundscheck(True)
@cython.nonecheck(True)
def _list_length(token):
    cdef Postings postings = token[0]
    return postings.df[<int64_t> token[1]]


@cython.boundscheck(True)
@cython.nonecheck(True)
def _occurrence_count(token):
    cdef Postings postings = token[0]
    return postings.cf[<int64_t> token[1]]


# Places

cdef struct Places:
    # Of one string, in order: where it begins and ends.
    const int64_t* first
    const int64_t* last
    int64_t count
    int64_t at


def choose_places(found):
    """Of the places of some strings those that are apart, from left to right, of several at one place the longest.

    Args:
        found: of each string where it begins, in order, and where it ends, int64; of several that begin at one place the
            longest comes first.

    Returns:
        Where the chosen places begin and end, in order, int64.
    """
    cdef int count = len(found), which, best
    cdef int64_t total = 0, n = 0, end = -1, first, last
    cdef const int64_t[::1] firsts, lasts
    cdef int64_t[::1] chosen_first, chosen_last
    cdef Places* places = <Places*> calloc(max(count, 1), sizeof(Places))
    if places == NULL:
        raise MemoryError
    try:
        for which in range(count):
            firsts, lasts = found[which]
            if len(firsts) != len(lasts):
                raise ValueError("each place has a beginning and an end")
            places[which].count = len(firsts)
            total += len(firsts)
            if len(firsts):
                places[which].first, places[which].last = &firsts[0], &lasts[0]
        first_made, last_made = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64)
        chosen_first, chosen_last = first_made, last_made
        with nogil:
            while True:
                best = -1
                first = last = 0
                for which in range(count):
                    while places[which].at < places[which].count and places[which].first[places[which].at] < end:
                        places[which].at += 1
                    if places[which].at == places[which].count:
                        continue
                    if best < 0 or places[which].first[places[which].at] < first or (
                        places[which].first[places[which].at] == first
                        and places[which].last[places[which].at] > last
                    ):
                        best = which
                        first, last = places[which].first[places[which].at], places[which].last[places[which].at]
                if best < 0:
                    break
                places[best].at += 1
                if last <= first:  # Such places don't come up; with one nothing would be behind its end.
                    continue
                chosen_first[n], chosen_last[n] = first, last
                n += 1
                end = last
    finally:
        free(places)
    return first_made[:n].copy(), last_made[:n].copy()



cdef enum:
    ABSENT = 0xFFFFFFFF  # In place of a posting's place
    SENTENCES = POSITION_MASK + 2


cdef struct Stretch:
    # A string of a word: which of the terms' occurrences it consists of, and what its first one's positions must have.
    int first
    int behind
    int flag


cdef struct Said:
    # A word: its strings, and which documents have it above their text, NULL for none.
    int first
    int behind
    const uint8_t* above


cdef int64_t merge_ends(
    Occurrences* terms, const uint32_t** places, int first, int behind, int64_t document, int64_t* ends
) noexcept nogil:
    """Where the sentences of a document end, in order; how many they are, -1 where there are more than places."""
    cdef int64_t n = 0, position
    cdef int term, least
    for term in range(first, behind):  # Of these terms the offset is how far they have been read.
        if places[term][document] != ABSENT and turn_to(&terms[term], places[term][document]):
            terms[term].offset = terms[term].begin
        else:
            terms[term].offset = terms[term].end
    while True:
        least = -1
        for term in range(first, behind):
            if terms[term].offset < terms[term].end and (least < 0 or (
                (terms[term].positions[terms[term].offset] & POSITION_MASK)
                < (terms[least].positions[terms[least].offset] & POSITION_MASK)
            )):
                least = term
        if least < 0:
            return n
        position = terms[least].positions[terms[least].offset] & POSITION_MASK
        terms[least].offset += 1
        if n == SENTENCES - 1:
            return -1
        ends[n] = position
        n += 1


cdef int64_t count_before(const int64_t* ends, int64_t count, int64_t position) noexcept nogil:
    """How many ends stand before a position."""
    cdef int64_t low = 0, high = count, middle
    while low < high:
        middle = (low + high) >> 1
        if ends[middle] < position:
            low = middle + 1
        else:
            high = middle
    return low


cdef int shares_sentence(
    Occurrences* terms, const uint32_t** places, const Said* words, int count, const Stretch* strings,
    int ends_from, int ends_to, int64_t document, bint in_paragraph, int64_t* ends, int32_t* counts,
) noexcept nogil:
    """Whether a document has all words in one sentence, or at all; -1 where its lists can't be right."""
    cdef int word, string, term, wanted = 0
    cdef int64_t held = -1, at, begin, sentence, most = 0
    cdef bint found, well, shared = False
    for word in range(count):
        if words[word].above != NULL and words[word].above[document]:
            continue
        wanted += 1
        found = False
        for string in range(words[word].first, words[word].behind):
            well = True
            for term in range(strings[string].first, strings[string].behind):
                if places[term][document] == ABSENT or not turn_to(&terms[term], places[term][document]):
                    well = False
                    break
            if not well:
                continue
            for at in range(terms[strings[string].first].begin, terms[strings[string].first].end):
                begin = terms[strings[string].first].positions[at]
                if (begin & strings[string].flag) != strings[string].flag:
                    continue
                begin &= POSITION_MASK
                well = True
                for term in range(strings[string].first + 1, strings[string].behind):
                    if not stands(&terms[term], begin + terms[term].offset):
                        well = False
                        break
                if not well:
                    continue
                found = True
                if in_paragraph:
                    break
                if held < 0:
                    held = merge_ends(terms, places, ends_from, ends_to, document, ends)
                    if held < 0:
                        return -1
                sentence = count_before(ends, held, begin)
                most = max(most, sentence)
                if counts[sentence] == wanted - 1:
                    counts[sentence] = wanted
        if not found:
            wanted = -1  # No sentence has them all.
            break
    if in_paragraph:
        shared = wanted >= 0
    for sentence in range(most + 1):
        shared |= wanted > 0 and counts[sentence] == wanted
        counts[sentence] = 0
    return shared or not wanted


def same_sentence(words, ends, const int64_t[::1] docs, *, bint in_paragraph):
    """Which of some documents have a sentence in which all words stand.

    Args:
        words: each its strings, and which documents have it above their text, where it needn't stand in the text, uint8, or
            None. A string is (Postings, number of a term in it, how far behind its beginning the term stands) of each of its
            terms, the first of which begins it, and whether that has to be a word of the precise cut.
        ends: (Postings, number of a term in it) of the terms that end sentences.
        docs: ascending, none below 0.
        in_paragraph: whether it is enough that they stand in one document.

    Returns:
        bool[len(docs)].

    Raises:
        IndexDamaged: a list can't be right.
    """
    cdef int64_t count = len(docs), at, n, number, offset
    cdef int term = 0, terms, string = 0, word_number, row, ends_from, well = 1
    cdef Postings postings
    cdef _Word word
    cdef const uint8_t[::1] above
    cdef uint32_t[:, ::1] of_terms
    cdef uint32_t[::1] spare
    cdef uint8_t[::1] mask
    cdef int64_t[::1] held
    cdef int32_t[::1] counts
    mask_made = np.zeros(count, dtype=np.bool_)
    if not count:
        return mask_made
    if docs[0] < 0:
        raise IndexError("no such document")
    tokens = [token for strings, _ in words for of_string, _ in strings for token in of_string]
    ends_from = len(tokens)
    tokens += [(postings, number, 0) for postings, number in ends]
    terms = len(tokens)
    row_of = {}
    for postings, number, offset in tokens:
        row_of.setdefault((id(postings), number), len(row_of))
    of_terms = np.full((len(row_of) + 1, count), 0xFFFFFFFF, dtype=np.uint32)
    spare = np.empty(2 * count, dtype=np.uint32)
    for postings, number in {(token[0], token[1]) for token in tokens}:
        row = row_of[id(postings), number]
        word = _Word([(postings, number, None, 0)], scored=False)
        word.cursors[0].placed = True
        with nogil:
            n = hits(&word.cursors[0], &docs[0], count, &spare[0], &spare[count])
            for at in range(n):
                of_terms[row, spare[at]] = spare[count + at]
    cdef Occurrences* found = <Occurrences*> malloc(max(terms, 1) * sizeof(Occurrences))
    cdef const uint32_t** places = <const uint32_t**> malloc(max(terms, 1) * sizeof(uint32_t*))
    cdef Stretch* stretches = <Stretch*> malloc(max(terms, 1) * sizeof(Stretch))
    cdef Said* said = <Said*> malloc(max(len(words), 1) * sizeof(Said))
    cdef int word_count = len(words)
    try:
        if found == NULL or places == NULL or stretches == NULL or said == NULL:
            raise MemoryError
        for term in range(terms):
            postings, number, offset = tokens[term]
            postings.open_occurrences(number, offset, &found[term])
            row = row_of[id(postings), number]
            places[term] = &of_terms[row, 0]
        term = 0
        for word_number in range(word_count):
            strings, above_given = words[word_number]
            said[word_number].first, said[word_number].above = string, NULL
            if above_given is not None:
                above = above_given
                if len(above) != count:
                    raise ValueError("a word is asked of every document")
                said[word_number].above = &above[0]
            for of_string, aligned in strings:
                if not of_string or of_string[0][2]:
                    raise ValueError("a string's first term begins it")
                stretches[string].first, stretches[string].flag = term, ALIGNED if aligned else 0
                term += len(of_string)
                stretches[string].behind = term
                string += 1
            said[word_number].behind = string
        held, counts = np.empty(SENTENCES, dtype=np.int64), np.zeros(SENTENCES, dtype=np.int32)
        mask = mask_made.view(np.uint8)
        with nogil:
            for at in range(count):
                for term in range(terms):
                    if at + AHEAD < count and places[term][at + AHEAD] != ABSENT:
                        fetch_at(&found[term], places[term][at + AHEAD])
                well = shares_sentence(
                    found, places, said, word_count, stretches, ends_from, terms, at, in_paragraph, &held[0], &counts[0]
                )
                if well < 0:
                    break
                mask[at] = well
    finally:
        free(found)
        free(places)
        free(stretches)
        free(said)
    if well < 0:
        raise _damaged(says.LIST_SUM())
    return mask_made


def find_in(const int64_t[::1] wanted, const int64_t[::1] among):
    """Where ascending numbers stand among others, int64; -1 for those that don't. Numbers may come more than once."""
    cdef int64_t at = 0, number, count = len(wanted), size = len(among)
    cdef int64_t[::1] found
    made = np.empty(count, dtype=np.int64)
    found = made
    with nogil:
        for number in range(count):
            at = gallop(&among[0], at, size, wanted[number]) if size else 0
            found[number] = at if at < size and among[at] == wanted[number] else -1
    return made
