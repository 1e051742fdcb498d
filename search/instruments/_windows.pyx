# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What stands around occurrences, paragraph by paragraph, as `search.instruments.numpy_windows` finds it with NumPy.

A run of Han characters that stands in many windows is cut once; its words are counted wherever they lie whole in a piece.
"""

from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Realloc
from libc.stdint cimport int32_t, int64_t, uint16_t, uint32_t, uint64_t, uint8_t
from libc.string cimport memcmp, memset

import numpy as np

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    uint32_t PyUnicode_READ(int kind, void* data, Py_ssize_t at)
    object PyUnicode_FromKindAndData(int kind, const void* data, Py_ssize_t length)

cdef enum:
    BETWEEN = 10  # A line feed
    FIRST_HAN = 0x4E00
    LAST_HAN = 0x9FD5
    SHORTEST_PAIR = 3  # Characters of two words together
    LONGEST_PAIR = 8
    PLANE = 0x10000
    FEWEST_SLOTS = 1 << 8

cdef uint64_t GOLDEN = 0x9E3779B97F4A7C15


cdef struct Array:
    void* all
    int64_t count
    int64_t room


cdef struct String:
    # A stretch of the runs' characters, and how often it was met.
    uint64_t hash
    int64_t at
    int64_t length
    int64_t count


cdef struct Strings:
    Array all
    int32_t* slots  # The number of a string, from 1 on; 0 where none is
    int64_t size


cdef struct Use:
    # What a piece has of a run.
    int64_t run
    int64_t begin
    int64_t end


cdef void* add(Array* array, int64_t count, size_t size) except NULL:
    """Room for some more, of which nothing is written yet."""
    cdef int64_t room
    cdef void* more
    if array.all == NULL or array.count + count > array.room:
        room = (array.count + count) * 3 // 2 + 64
        more = PyMem_Realloc(array.all, room * size)
        if more == NULL:
            raise MemoryError
        array.all, array.room = more, room
    more = <char*> array.all + array.count * size
    array.count += count
    return more


cdef inline uint64_t hash_of(const uint16_t* chars, int64_t length) noexcept nogil:
    cdef uint64_t found = length
    cdef int64_t at
    for at in range(length):
        found = (found ^ chars[at]) * GOLDEN
        found ^= found >> 29
    return found


cdef int enlarge(Strings* strings) except -1:
    """Twice as many slots."""
    cdef int64_t size = max(2 * strings.size, FEWEST_SLOTS), number, slot
    cdef int32_t* slots = <int32_t*> PyMem_Calloc(size, sizeof(int32_t))
    cdef String* all = <String*> strings.all.all
    if slots == NULL:
        raise MemoryError
    for number in range(strings.all.count):
        slot = all[number].hash & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = <int32_t> number + 1
    PyMem_Free(strings.slots)
    strings.slots, strings.size = slots, size
    return 0


cdef int64_t find(Strings* strings, const uint16_t* known, const uint16_t* chars, int64_t length, int64_t at) except -1:
    """The number of a string; a new one is noted as one that stands `at`.

    Args:
        known: the characters that the places of strings are of.
    """
    cdef uint64_t hash = hash_of(chars, length)
    cdef int64_t slot
    cdef String* one
    if 2 * strings.all.count >= strings.size:
        enlarge(strings)
    slot = hash & (strings.size - 1)
    while strings.slots[slot]:
        one = <String*> strings.all.all + strings.slots[slot] - 1
        if one.hash == hash and one.length == length and not memcmp(known + one.at, chars, length * sizeof(uint16_t)):
            return strings.slots[slot] - 1
        slot = (slot + 1) & (strings.size - 1)
    if strings.all.count >= 0x7FFFFFFE:
        raise MemoryError
    one = <String*> add(&strings.all, 1, sizeof(String))
    one.hash, one.at, one.length, one.count = hash, at, length, 0
    strings.slots[slot] = <int32_t> strings.all.count
    return strings.all.count - 1


cdef inline bint is_han(uint32_t char) noexcept nogil:
    return FIRST_HAN <= char <= LAST_HAN


cdef class Reader:
    """See `search.instruments.windows.Reader`. Not for several threads at once."""

    cdef int64_t window  # Less than 0: the sentence
    cdef bint left, right
    cdef uint8_t ends_sentence[PLANE]
    cdef int64_t paragraph_count, char_count, marked
    cdef int64_t run, run_begin, run_end  # The run of the paragraph that was looked at last, and where it stands
    cdef Array text  # uint32
    cdef Array starts  # int64, of each piece in the text
    cdef Array of_piece  # int64, the paragraph of each
    cdef Array chars  # uint16, of runs that differ, a line feed behind each
    cdef Array uses
    cdef Strings runs
    cdef uint8_t* borders  # Of the characters of runs, whether a word begins

    def __cinit__(self, window, left, right, str sentence_ends):
        self.window = -1 if window is None else window
        self.left, self.right = left, right
        memset(self.ends_sentence, 0, PLANE)
        for char in sentence_ends:
            if ord(char) < PLANE:
                self.ends_sentence[<int64_t> ord(char)] = 1

    def __dealloc__(self):
        PyMem_Free(self.text.all)
        PyMem_Free(self.starts.all)
        PyMem_Free(self.of_piece.all)
        PyMem_Free(self.chars.all)
        PyMem_Free(self.uses.all)
        PyMem_Free(self.runs.all.all)
        PyMem_Free(self.runs.slots)
        PyMem_Free(self.borders)

    @property
    def size_bytes(self):
        """What is held."""
        cdef int64_t held = self.text.room * sizeof(uint32_t) + (self.starts.room + self.of_piece.room) * sizeof(int64_t)
        held += self.chars.room * (sizeof(uint16_t) + 1) + self.uses.room * sizeof(Use)
        return held + self.runs.all.room * sizeof(String) + self.runs.size * sizeof(int32_t)

    @property
    def chars_read(self):
        """How many characters the pieces have."""
        return self.char_count

    def add(self, forms, const int64_t[::1] counts, const int64_t[::1] starts, const int64_t[::1] ends):
        """Read the windows of some paragraphs."""
        cdef int64_t number, at, first = 0, count
        cdef str form
        if self.borders != NULL:
            raise ValueError("paragraphs after the words")
        if len(forms) != len(counts) or len(starts) != len(ends):
            raise IndexError("columns of different lengths")
        for number in range(len(counts)):
            form, count = forms[number], counts[number]
            if count < 0 or first + count > len(starts):
                raise IndexError("no such occurrence")
            for at in range(first, first + count):
                if not 0 <= starts[at] <= ends[at] <= len(form) or (at > first and starts[at] < starts[at - 1]):
                    raise IndexError("an occurrence that its text does not have")
            if count:
                self.read(form, &starts[first], &ends[first], count)
            first += count
            self.paragraph_count += 1

    cdef int read(self, str form, const int64_t* starts, const int64_t* ends, int64_t count) except -1:
        cdef int kind = PyUnicode_KIND(form)
        cdef void* data = PyUnicode_DATA(form)
        cdef int64_t length = len(form), at, first, last, begin = -1, end = -1, one, other
        cdef int64_t before, behind
        self.run_begin = self.run_end = -1
        for at in range(count):
            before = ends[at - 1] if at else 0
            behind = starts[at + 1] if at + 1 < count else length
            first, last = self.reach(kind, data, before, behind, starts[at], ends[at])
            one = max(first if self.left else starts[at], before)
            other = max(starts[at], one)
            if begin < 0 or one > end:  # Pieces that touch are one
                self.note(kind, data, length, begin, end)
                begin, end = one, other
            end = max(end, other)
            one = ends[at]
            other = max(one, min(last if self.right else one, behind))
            if one > end:
                self.note(kind, data, length, begin, end)
                begin, end = one, other
            end = max(end, other)
        self.note(kind, data, length, begin, end)
        return 0

    cdef (int64_t, int64_t) reach(
        self, int kind, void* data, int64_t before, int64_t behind, int64_t start, int64_t end
    ) noexcept:
        """How far the window of an occurrence goes, or further than the occurrences beside it are.

        Args:
            before, behind: where the last one ends and the next one begins, or the text.
        """
        cdef int64_t first = start, last = start
        if self.window >= 0:
            return start - self.window, end + self.window
        while first > before and not self.is_end(PyUnicode_READ(kind, data, first - 1)):
            first -= 1
        while last < behind and not self.is_end(PyUnicode_READ(kind, data, last)):
            last += 1
        return first, last + 1

    cdef inline bint is_end(self, uint32_t char) noexcept:
        return char < PLANE and self.ends_sentence[char]

    cdef int note(self, int kind, void* data, int64_t length, int64_t begin, int64_t end) except -1:
        """Keep a piece, and what it has of runs."""
        cdef int64_t at, stop
        cdef uint32_t* text
        cdef Use* made
        if begin < 0 or begin >= end:
            return 0
        if self.starts.count:
            (<uint32_t*> add(&self.text, 1, sizeof(uint32_t)))[0] = BETWEEN
        (<int64_t*> add(&self.starts, 1, sizeof(int64_t)))[0] = self.text.count
        (<int64_t*> add(&self.of_piece, 1, sizeof(int64_t)))[0] = self.paragraph_count
        text = <uint32_t*> add(&self.text, end - begin, sizeof(uint32_t))
        for at in range(begin, end):
            text[at - begin] = PyUnicode_READ(kind, data, at)
        self.char_count += end - begin
        at = begin
        while at < end:
            if not is_han(text[at - begin]):
                at += 1
                continue
            if at >= self.run_end:
                self.find_run(kind, data, length, at)
            stop = min(self.run_end, end)
            if stop - at > 1:  # Else no word of two characters is in it
                made = <Use*> add(&self.uses, 1, sizeof(Use))
                made.run, made.begin, made.end = self.run, at - self.run_begin, stop - self.run_begin
            at = stop
        return 0

    cdef int find_run(self, int kind, void* data, int64_t length, int64_t at) except -1:
        """Take the run that has a place of the text."""
        cdef int64_t begin = at, end = at + 1, known = self.chars.count, runs = self.runs.all.count
        cdef uint16_t* chars
        while begin and is_han(PyUnicode_READ(kind, data, begin - 1)):
            begin -= 1
        while end < length and is_han(PyUnicode_READ(kind, data, end)):
            end += 1
        chars = <uint16_t*> add(&self.chars, end - begin + 1, sizeof(uint16_t))
        for at in range(begin, end):
            chars[at - begin] = <uint16_t> PyUnicode_READ(kind, data, at)
        chars[end - begin] = BETWEEN
        self.run = find(&self.runs, <uint16_t*> self.chars.all, chars, end - begin, known)
        self.run_begin, self.run_end = begin, end
        if self.run < runs:
            self.chars.count = known
        return 0

    def lines(self):
        """The runs that are to be cut, a line each."""
        return PyUnicode_FromKindAndData(2, self.chars.all, self.chars.count)

    def mark(self, words):
        """Note how the next lines were cut."""
        cdef str word
        if self.borders == NULL:
            self.borders = <uint8_t*> PyMem_Calloc(self.chars.count + 1, 1)
            if self.borders == NULL:
                raise MemoryError
        for word in words:
            if not word or self.marked + len(word) > self.chars.count:
                raise ValueError("not the words of the lines")
            self.borders[self.marked] = 1
            self.marked += len(word)

    def words(self):
        """The words of two characters and more that lie whole in a piece, and pairs of neighbours, with how often."""
        cdef Strings found
        cdef int64_t number
        cdef String* one
        cdef const uint16_t* chars = <const uint16_t*> self.chars.all
        cdef dict counted = {}
        if self.marked != self.chars.count:
            raise ValueError("not the words of all lines")
        memset(&found, 0, sizeof(Strings))
        try:
            for number in range(self.uses.count):
                self.count(<Use*> self.uses.all + number, &found)
            for number in range(found.all.count):
                one = <String*> found.all.all + number
                counted[PyUnicode_FromKindAndData(2, chars + one.at, one.length)] = one.count
        finally:
            PyMem_Free(found.all.all)
            PyMem_Free(found.slots)
        return counted

    cdef int count(self, Use* use, Strings* found) except -1:
        cdef int64_t run = (<String*> self.runs.all.all)[use.run].at
        cdef int64_t at = run + use.begin, stop = run + use.end, end, before = -1
        while at < stop and not self.borders[at]:
            at += 1
        while at < stop:
            end = at + 1
            while not self.borders[end]:  # There is one at the line feed at the latest
                end += 1
            if end > stop:
                return 0
            if end - at > 1:
                self.meet(found, at, end)
            if before >= 0 and SHORTEST_PAIR <= end - before <= LONGEST_PAIR:
                self.meet(found, before, end)
            before, at = at, end
        return 0

    cdef int meet(self, Strings* found, int64_t begin, int64_t end) except -1:
        cdef const uint16_t* chars = <const uint16_t*> self.chars.all
        cdef int64_t number = find(found, chars, chars + begin, end - begin, begin)
        (<String*> found.all.all)[number].count += 1
        return 0

    def pieces(self):
        """The text of the pieces, a line each; where each begins in it, and which paragraph it is of."""
        text = PyUnicode_FromKindAndData(4, self.text.all, self.text.count)
        return text, numbers(&self.starts), numbers(&self.of_piece)


cdef object numbers(Array* array):
    made = np.empty(array.count, dtype=np.int64)
    cdef int64_t[::1] into = made
    cdef int64_t at
    for at in range(array.count):
        into[at] = (<int64_t*> array.all)[at]
    return made


cdef struct Needle:
    int64_t at  # Where its characters begin among all needles'
    int64_t length
    int64_t free_from  # Where the last place that was found ends
    int64_t count
    int32_t next  # The next one with the same two first characters, from 1 on; 0 for none


cdef struct Place:
    int64_t at
    int64_t needle


cdef class Places:
    """Where strings stand in a text, from left to right and each apart from itself. Not for several threads at once.

    Args:
        strings: of two characters or more.
    """

    cdef str text
    cdef int64_t needle_count, size
    cdef Needle* needles
    cdef uint32_t* chars
    cdef int32_t* slots  # The first needle with two first characters, from 1 on
    cdef uint8_t begins[PLANE]  # Whether a needle begins with a character, the last 16 bits of it
    cdef Array found

    def __cinit__(self, str text, strings):
        cdef int64_t at = 0, number, of, slot
        cdef str string
        self.text = text
        self.needle_count, self.size = len(strings), FEWEST_SLOTS
        while self.size < 4 * self.needle_count:
            self.size *= 2
        memset(self.begins, 0, PLANE)
        for string in strings:
            at += len(string)
        self.needles = <Needle*> PyMem_Calloc(self.needle_count + 1, sizeof(Needle))
        self.chars = <uint32_t*> PyMem_Calloc(at + 1, sizeof(uint32_t))
        self.slots = <int32_t*> PyMem_Calloc(self.size, sizeof(int32_t))
        if self.needles == NULL or self.chars == NULL or self.slots == NULL:
            raise MemoryError
        at = 0
        for number in range(self.needle_count):
            string = strings[number]
            if len(string) < 2:
                raise ValueError("a string of one character")
            self.needles[number].at, self.needles[number].length = at, len(string)
            for of in range(len(string)):
                self.chars[at + of] = <uint32_t> ord(string[of])
            slot = self.slot_of(self.chars[at], self.chars[at + 1])
            self.needles[number].next = self.slots[slot]
            self.slots[slot] = <int32_t> number + 1
            self.begins[self.chars[at] % PLANE] = 1
            at += len(string)

    def __dealloc__(self):
        PyMem_Free(self.needles)
        PyMem_Free(self.chars)
        PyMem_Free(self.slots)
        PyMem_Free(self.found.all)

    @property
    def size_bytes(self):
        """What is held."""
        return self.found.room * sizeof(Place)

    cdef inline int64_t slot_of(self, uint32_t first, uint32_t second) noexcept:
        """The slot of two first characters, which is empty or has needles that begin with them."""
        cdef int64_t slot = (((<uint64_t> first << 21 | second) * GOLDEN) >> 32) & (self.size - 1), at
        while self.slots[slot]:
            at = self.needles[self.slots[slot] - 1].at
            if self.chars[at] == first and self.chars[at + 1] == second:
                break
            slot = (slot + 1) & (self.size - 1)
        return slot

    def look(self, int64_t begin, int64_t end):
        """Look for strings that begin from `begin` to `end`; stretches follow one another."""
        cdef int kind = PyUnicode_KIND(self.text)
        cdef void* data = PyUnicode_DATA(self.text)
        cdef int64_t length = len(self.text), at, of, number
        cdef Needle* needle
        cdef Place* place
        cdef uint32_t char
        if begin < 0:
            raise IndexError("no such place")
        for at in range(begin, min(end, length - 1)):
            char = PyUnicode_READ(kind, data, at)
            if not self.begins[char % PLANE]:
                continue
            number = self.slots[self.slot_of(char, PyUnicode_READ(kind, data, at + 1))]
            while number:
                needle = self.needles + number - 1
                if needle.free_from <= at and at + needle.length <= length:
                    of = 2
                    while of < needle.length and PyUnicode_READ(kind, data, at + of) == self.chars[needle.at + of]:
                        of += 1
                    if of == needle.length:
                        place = <Place*> add(&self.found, 1, sizeof(Place))
                        place.at, place.needle = at, number - 1
                        needle.free_from = at + needle.length
                        needle.count += 1
                number = needle.next

    def places(self):
        """Of each string its places, int64, ascending."""
        cdef int64_t number, at
        cdef Place* one
        cdef int64_t[::1] into, behind
        into = made = np.empty(self.found.count, dtype=np.int64)
        behind = np.empty(self.needle_count + 1, dtype=np.int64)
        at = 0
        for number in range(self.needle_count):
            behind[number] = at
            at += self.needles[number].count
        for at in range(self.found.count):
            one = <Place*> self.found.all + at
            into[behind[one.needle]] = one.at
            behind[one.needle] += 1
        # By now each is where its own end.
        return [
            made[behind[number] - self.needles[number].count : behind[number]] for number in range(self.needle_count)
        ]
