# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Normal forms, and where strings and phrases stand in them: `search.language.text.normalize` and `phrases` in one pass.

What is rare is left to the plain form: characters that become none or several, those beyond the Basic Multilingual
Plane, and strings with ASCII words or numbers in them. None is what says so.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from libc.stdint cimport int32_t, uint8_t, uint16_t
from libc.stdlib cimport qsort
from libc.string cimport memset

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_UCS4 PyUnicode_READ(int kind, void* data, Py_ssize_t at)
    object PyUnicode_FromKindAndData(int kind, const void* data, Py_ssize_t length)

cdef enum:
    PLANE = 0x10000
    IDEOGRAPH = 1  # What a character is, a bit each
    LETTER = 2
    QUOTE = 4
    SEPARATING = 8
    OTHERWISE = 16  # It becomes none or several
    STRING = 0  # How a needle is looked for
    PHRASE = 1
    LONG_PHRASE = 2


cdef struct Place:
    int32_t start
    int32_t end


cdef struct Needle:
    int32_t at  # Where its characters begin among all needles'
    int32_t length
    int kind


cdef struct Places:
    Place* all
    Py_ssize_t count
    Py_ssize_t room


cdef int in_order(const void* one, const void* other) noexcept nogil:
    cdef Place a = (<const Place*> one)[0]
    cdef Place b = (<const Place*> other)[0]
    return a.start - b.start if a.start != b.start else a.end - b.end


cdef int add(Places* places, Py_ssize_t start, Py_ssize_t end) except -1:
    cdef Place* more
    if places.count == places.room:
        more = <Place*> PyMem_Realloc(places.all, 2 * (places.room + 8) * sizeof(Place))
        if more == NULL:
            raise MemoryError
        places.all = more
        places.room = 2 * (places.room + 8)
    places.all[places.count].start = <int32_t> start
    places.all[places.count].end = <int32_t> end
    places.count += 1
    return 0


cdef tuple to_original(Py_ssize_t start, Py_ssize_t end, int32_t* origins):
    if origins == NULL:
        return start, end
    return origins[start], origins[end - 1] + 1


cdef class Folding:
    """The character stages as one table, for the Basic Multilingual Plane.

    Args:
        changed: characters with what they become; all others stay.
        ideographs, letters: ranges of code points, last ones included, between which blanks don't count.
        quotes, separating: the marks that phrases pass over.
    """

    cdef uint16_t results[PLANE]
    cdef uint8_t kinds[PLANE]

    def __cinit__(self, dict changed, list ideographs, list letters, quotes, separating):
        cdef Py_ssize_t at, first, last
        cdef str char, result
        memset(self.kinds, 0, PLANE)
        for at in range(PLANE):
            self.results[at] = <uint16_t> at
        for bit, ranges in ((IDEOGRAPH, ideographs), (LETTER, letters)):
            for first, last in ranges:
                for at in range(first, min(last, PLANE - 1) + 1):
                    self.kinds[at] |= bit
        for bit, marks in ((QUOTE, quotes), (SEPARATING, separating)):
            for char in marks:
                self.kinds[<Py_ssize_t> ord(char)] |= bit
        for char, result in changed.items():
            at = ord(char)
            if at >= PLANE:
                continue
            if len(result) == 1 and ord(result) < PLANE:
                self.results[at] = <uint16_t> ord(result)
            else:
                self.kinds[at] |= OTHERWISE

    cdef Py_ssize_t fold(self, text, uint16_t* form, int32_t* origins) except -2:
        """Write the normal form and return its length, or -1 where the plain form has to do it.

        Args:
            form: room for the text.
            origins: room for where each character comes from, which is written only if blanks go.
        """
        cdef Py_ssize_t length = len(text), at, end, written = 0
        cdef int kind = PyUnicode_KIND(text), before, after
        cdef void* data = PyUnicode_DATA(text)
        cdef Py_UCS4 char
        cdef bint has_blank = False
        for at in range(length):
            char = PyUnicode_READ(kind, data, at)
            if char >= PLANE or self.kinds[char] & OTHERWISE:
                return -1
            form[at] = self.results[char]
            has_blank |= form[at] == c" "
        if not has_blank:
            return length
        at = 0
        while at < length:
            if form[at] != c" ":
                form[written] = form[at]
                origins[written] = <int32_t> at
                written += 1
                at += 1
                continue
            end = at + 1
            while end < length and form[end] == c" ":
                end += 1
            if written and end < length:
                before, after = self.kinds[form[written - 1]], self.kinds[form[end]]
                if not (before & IDEOGRAPH and after & (IDEOGRAPH | LETTER) or before & LETTER and after & IDEOGRAPH):
                    form[written] = c" "
                    origins[written] = <int32_t> at
                    written += 1
            at = end
        return written

    def normalize(self, text):
        """The normal form, and where its characters come from (None: from where they stand); or None."""
        if not isinstance(text, str):
            raise TypeError("a text is wanted")
        cdef Py_ssize_t length = len(text), written
        cdef uint16_t* form = <uint16_t*> PyMem_Malloc((length + 1) * (sizeof(uint16_t) + sizeof(int32_t)))
        if form == NULL:
            raise MemoryError
        # The wider numbers first, so that both lie as they must.
        cdef int32_t* origins = <int32_t*> form
        form = <uint16_t*> (origins + length + 1)
        try:
            written = self.fold(text, form, origins)
            if written < 0:
                return None
            made = PyUnicode_FromKindAndData(2, form, written)
            if written == length:
                return made, None
            return made, tuple([origins[at] for at in range(written)])
        finally:
            PyMem_Free(origins)

    def normalize_text(self, text):
        """The normal form, or None."""
        if not isinstance(text, str):
            raise TypeError("a text is wanted")
        cdef Py_ssize_t length = len(text), written
        cdef int32_t* origins = <int32_t*> PyMem_Malloc((length + 1) * (sizeof(uint16_t) + sizeof(int32_t)))
        if origins == NULL:
            raise MemoryError
        cdef uint16_t* form = <uint16_t*> (origins + length + 1)
        try:
            written = self.fold(text, form, origins)
            return None if written < 0 else PyUnicode_FromKindAndData(2, form, written)
        finally:
            PyMem_Free(origins)


    def marker(self, list needles, pairs):
        """Marks texts; see `Marker`."""
        return Marker(self, needles, pairs)


cdef class Marker:
    """Marks texts: the places of all needles, merged where they touch, and how many occurrences they are.

    Args:
        needles: strings in normal form, not empty, each with 0; or phrases with 1, or 2 for a long one.
        pairs: the pairs of marks of a text, as places in its normal form.
    """

    cdef Folding folding
    cdef Needle* needles
    cdef uint16_t* characters
    cdef Py_ssize_t count
    cdef object pairs

    def __cinit__(self, Folding folding, list needles, pairs):
        cdef Py_ssize_t at, size = 0, number = 0
        cdef str string
        for string, _ in needles:
            size += len(string)
        self.folding, self.pairs, self.count = folding, pairs, len(needles)
        self.needles = <Needle*> PyMem_Malloc((self.count + 1) * sizeof(Needle))
        self.characters = <uint16_t*> PyMem_Malloc((size + 1) * sizeof(uint16_t))
        if self.needles == NULL or self.characters == NULL:
            raise MemoryError
        size = 0
        for string, kind in needles:
            self.needles[number].at = <int32_t> size
            self.needles[number].length = <int32_t> len(string)
            self.needles[number].kind = kind
            for at in range(len(string)):
                if ord(string[at]) >= PLANE:
                    raise ValueError("a character beyond the first plane")
                self.characters[size + at] = <uint16_t> ord(string[at])
            size += len(string)
            number += 1

    def __dealloc__(self):
        PyMem_Free(self.needles)
        PyMem_Free(self.characters)

    cpdef mark(self, text):
        """The spans in the original and the number of occurrences; None where the plain form has to do it."""
        if not isinstance(text, str):
            raise TypeError("a text is wanted")
        cdef Py_ssize_t length = len(text), written, number
        cdef Places found
        found.all, found.count, found.room = NULL, 0, 0
        cdef int32_t* origins = <int32_t*> PyMem_Malloc((length + 1) * (sizeof(uint16_t) + sizeof(int32_t)))
        if origins == NULL:
            raise MemoryError
        cdef uint16_t* form = <uint16_t*> (origins + length + 1)
        cdef dict partners = None
        try:
            written = self.folding.fold(text, form, origins)
            if written < 0:
                return None
            for number in range(self.count):
                if self.needles[number].kind == STRING:
                    self._find_string(&self.needles[number], form, written, &found)
                else:
                    partners = self._find_phrase(&self.needles[number], form, written, &found, text, partners)
            if self.count > 1:
                qsort(found.all, found.count, sizeof(Place), in_order)
            return self._merge(&found, origins if written < length else NULL)
        finally:
            PyMem_Free(found.all)
            PyMem_Free(origins)

    def mark_all(self, list texts):
        """The same of many texts."""
        return [self.mark(text) for text in texts]

    cdef int _find_string(self, Needle* needle, uint16_t* form, Py_ssize_t length, Places* found) except -1:
        cdef uint16_t* string = self.characters + needle.at
        cdef Py_ssize_t start, at
        for start in range(length - needle.length + 1):
            if form[start] != string[0]:
                continue
            at = 1
            while at < needle.length and form[start + at] == string[at]:
                at += 1
            if at == needle.length:
                add(found, start, start + at)
        return 0

    cdef dict _find_phrase(self, Needle* needle, uint16_t* form, Py_ssize_t length, Places* found, text,
                           dict partners):
        """Add the places of a phrase; gives the partners of marks, where they were asked for."""
        cdef uint16_t* string = self.characters + needle.at
        cdef uint8_t* kinds = self.folding.kinds
        cdef bint is_long = needle.kind == LONG_PHRASE
        cdef int passed = QUOTE | SEPARATING if is_long else QUOTE
        cdef Py_ssize_t start, at, end
        for start in range(length - needle.length + 1):
            if form[start] != string[0]:
                continue
            at, end = 1, start + 1
            while at < needle.length:
                while end < length and form[end] != string[at] and (form[end] == c" " or kinds[form[end]] & passed):
                    end += 1
                if end == length or form[end] != string[at]:
                    break
                at += 1
                end += 1
            if at < needle.length:
                continue
            if end - start > needle.length:
                if not is_long and partners is None:
                    partners = {}
                    for one, other in self.pairs(text):
                        partners[one] = other
                        partners[other] = one
                if not self._passes(string, form, length, start, end, partners, is_long):
                    continue
            add(found, start, end)
        return partners

    cdef bint _passes(self, uint16_t* string, uint16_t* form, Py_ssize_t length, Py_ssize_t start, Py_ssize_t end,
                      dict partners, bint is_long) except -1:
        """Whether in each gap of an occurrence is a mark, and each with its partner within or beside, unless it is long."""
        cdef uint8_t* kinds = self.folding.kinds
        cdef Py_ssize_t first = start, last = end, at, piece = 0
        cdef bint is_gap = False, has_mark = False
        while first and (form[first - 1] == c" " or kinds[form[first - 1]] & QUOTE):
            first -= 1
        while last < length and (form[last] == c" " or kinds[form[last]] & QUOTE):
            last += 1
        for at in range(start, end):
            if form[at] == string[piece]:
                if is_gap and not has_mark:
                    return False
                is_gap = has_mark = False
                piece += 1
                continue
            is_gap = True
            if form[at] == c" ":
                continue
            has_mark = True
            if not is_long:
                partner = partners.get(at)
                if partner is None or not first <= <Py_ssize_t> partner < last:
                    return False
        return True

    cdef tuple _merge(self, Places* found, int32_t* origins):
        """The spans with touching ones put together, in the original, and how many occurrences there are."""
        cdef list spans = []
        cdef Py_ssize_t at, start = -1, end = -1, chosen_end = -1, different = 0, chosen = 0
        cdef bint is_apart = True
        cdef Place place
        for at in range(found.count):
            place = found.all[at]
            if at and place.start == found.all[at - 1].start and place.end == found.all[at - 1].end:
                continue
            different += 1
            if start >= 0 and place.start <= end:
                is_apart = is_apart and place.start == end
                end = max(end, place.end)
                continue
            if start >= 0:
                spans.append(to_original(start, end, origins))
            start, end = place.start, place.end
        if start >= 0:
            spans.append(to_original(start, end, origins))
        if is_apart:
            return tuple(spans), different
        for at in range(found.count):
            place = found.all[at]
            # The last of those that begin together is the longest.
            if at + 1 < found.count and found.all[at + 1].start == place.start:
                continue
            if place.start >= chosen_end:
                chosen += 1
                chosen_end = place.end
        return tuple(spans), chosen
