# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""A text held against query features, as `observe` and `score` of `search.answer.rerank.feature_scoring` do in Python.

The results are equal to the bit, since additions keep their order. A text's characters are looked up once among those of
the query; features are then found from the places of their first characters, so the cost is what text and query share.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_UCS4 PyUnicode_READ(int kind, void* data, Py_ssize_t at)
    int PyUnicode_Contains(object text, object part) except -1

cdef enum:
    OTHER = 0  # A character that nothing wanted has
    WORD = 0
    CHARACTER = 1


cdef struct String:
    int64_t at  # Where its characters begin among all strings'
    int64_t length


cdef struct Place:
    # A place in the text.
    int32_t character  # As a number
    int32_t following  # Where the same character stands next, -1 for nowhere
    int32_t sentence


cdef struct Sentence:
    double sum  # Of what is found in it
    int64_t part  # Which was added last


cdef struct Wish:
    String term
    int64_t form  # The first of its other forms
    int64_t forms
    int kind
    double weight
    double in_sentence


cdef void* reserve(int64_t count, size_t size) except NULL:
    cdef void* room = PyMem_Malloc(max(count, 1) * size)
    if room == NULL:
        raise MemoryError
    return room


cdef class Judge:
    """What is wanted, as paragraphs are held against it. Each is laid out in here: threads don't share one.

    Args:
        parts: of each the term, its other forms, its kind (0 a word, 1 a character, 2 neither), its weight, and the weight
            that it has in a sentence.
        texts: what was asked, for common strings.
        run_worth: what a common string of each length is worth, up to the longest text's.
        ends: the characters that end sentences.
        k1, b, sentence, opening, opening_chars, run, above, place, frame: of `search.answer.rerank.query_features.Parameters`.
    """

    cdef Wish* wishes
    cdef String* forms
    cdef String* asked
    cdef int32_t* characters  # Of all strings, as numbers
    cdef uint32_t* keys  # Code points, by hash: a character's number is in `numbers` at the same place
    cdef int32_t* numbers
    cdef int32_t* first  # By a character's number: where it first stands in the text, -1 for nowhere
    cdef Place* text
    cdef Sentence* sentences
    cdef int64_t room, length, sentence_count, wish_count, asked_count, known, character_count, mask
    cdef double* run_worth
    cdef uint8_t* is_end
    cdef uint8_t* is_there
    cdef double k1, b, sentence, opening, opening_chars, run, above, place, frame
    cdef list terms, lines
    cdef dict placed

    def __cinit__(self, parts, texts, run_worth, str ends, double k1, double b, double sentence, double opening,
                  double opening_chars, double run, double above, double place, double frame):
        cdef int64_t at, size = len(ends), forms = 0
        cdef str term
        for term, others, kind, weight, in_sentence in parts:
            size += len(term)
            for other in others:
                size += len(other)
                forms += 1
        for term in texts:
            size += len(term)
            if len(term) >= len(run_worth):
                raise ValueError("a text is longer than any run has a worth")
        self.mask = 64
        while self.mask < 4 * size:
            self.mask <<= 1
        self.keys = <uint32_t*> reserve(self.mask, sizeof(uint32_t))
        self.numbers = <int32_t*> reserve(self.mask, sizeof(int32_t))
        memset(self.numbers, 0, self.mask * sizeof(int32_t))
        self.mask -= 1
        self.characters = <int32_t*> reserve(size, sizeof(int32_t))
        self.is_end = <uint8_t*> reserve(size + 1, 1)
        self.first = <int32_t*> reserve(size + 1, sizeof(int32_t))
        self.wishes = <Wish*> reserve(len(parts), sizeof(Wish))
        self.is_there = <uint8_t*> reserve(len(parts), 1)
        self.forms = <String*> reserve(forms, sizeof(String))
        self.asked = <String*> reserve(len(texts), sizeof(String))
        self.run_worth = <double*> reserve(len(run_worth), sizeof(double))
        memset(self.is_end, 0, size + 1)
        cdef String marks = self._take(ends)
        for at in range(marks.length):
            self.is_end[self.characters[marks.at + at]] = 1
        self.terms, self.lines, self.placed = [], [], {}
        forms = 0
        for term, others, kind, weight, in_sentence in parts:
            at = self.wish_count
            self.wishes[at].term = self._take(term)
            self.wishes[at].kind, self.wishes[at].weight, self.wishes[at].in_sentence = kind, weight, in_sentence
            self.wishes[at].form, self.wishes[at].forms = forms, len(others)
            for other in others:
                self.forms[forms] = self._take(other)
                forms += 1
            self.terms.append(term)
            self.lines.append("\n" + term)
            self.wish_count += 1
        for term in texts:
            self.asked[self.asked_count] = self._take(term)
            self.asked_count += 1
        for at in range(len(run_worth)):
            self.run_worth[at] = run_worth[at]
        self.k1, self.b, self.sentence, self.opening, self.opening_chars = k1, b, sentence, opening, opening_chars
        self.run, self.above, self.place, self.frame = run, above, place, frame

    def __dealloc__(self):
        PyMem_Free(self.wishes)
        PyMem_Free(self.forms)
        PyMem_Free(self.asked)
        PyMem_Free(self.characters)
        PyMem_Free(self.keys)
        PyMem_Free(self.numbers)
        PyMem_Free(self.first)
        PyMem_Free(self.text)
        PyMem_Free(self.sentences)
        PyMem_Free(self.run_worth)
        PyMem_Free(self.is_end)
        PyMem_Free(self.is_there)

    cdef String _take(self, str term):
        """A string's characters as numbers, new ones for those that are not known yet."""
        cdef String taken
        cdef Py_UCS4 character
        cdef int64_t place
        taken.at, taken.length = self.known, len(term)
        for character in term:
            place = self._place_of(character)
            if not self.numbers[place]:
                self.character_count += 1
                self.keys[place], self.numbers[place] = character, <int32_t> self.character_count
            self.characters[self.known] = self.numbers[place]
            self.known += 1
        return taken

    cdef inline int64_t _place_of(self, uint32_t character) noexcept:
        """Where a character is among the keys, or would be."""
        cdef int64_t place = ((character * <uint32_t> 2654435769U) >> 7) & self.mask
        while self.numbers[place] and self.keys[place] != character:
            place = (place + 1) & self.mask
        return place

    cdef int _make_room(self, int64_t length) except -1:
        cdef int64_t room = length + (length >> 1) + 64
        if length >= self.room:
            PyMem_Free(self.text)
            PyMem_Free(self.sentences)
            self.text, self.sentences, self.room = NULL, NULL, 0
            self.text = <Place*> reserve(room, sizeof(Place))
            self.sentences = <Sentence*> reserve(room, sizeof(Sentence))
            self.room = room
        return 0

    cdef int _lay_out(self, str text) except -1:
        """Where each character of the query stands in a text, and in which sentence."""
        cdef int64_t at, length = len(text)
        cdef int32_t character, sentence = 0
        cdef int kind = PyUnicode_KIND(text)
        cdef void* data = PyUnicode_DATA(text)
        self._make_room(length)
        self.length = length
        for at in range(length):
            character = self.numbers[self._place_of(PyUnicode_READ(kind, data, at))]
            self.text[at].character = character
            self.text[at].sentence = sentence
            sentence += self.is_end[character]
        self.sentence_count = sentence + 1
        for at in range(self.sentence_count):
            self.sentences[at].sum, self.sentences[at].part = 0, -1
        for at in range(self.character_count + 1):
            self.first[at] = -1
        for at in range(length - 1, -1, -1):
            character = self.text[at].character
            if character != OTHER:
                self.text[at].following = self.first[character]
                self.first[character] = <int32_t> at
        return 0

    cdef inline bint _stands(self, const int32_t* wanted, int64_t length, int64_t at) noexcept:
        """Whether a string stands at a place at which its first character does."""
        cdef int64_t place
        if at + length > self.length:
            return False
        for place in range(1, length):
            if self.text[at + place].character != wanted[place]:
                return False
        return True

    cdef int64_t _count(self, const String* string, int64_t* first) noexcept:
        """How often a string stands in the text, without overlapping itself, as `str.count` has it; and where first."""
        cdef const int32_t* wanted = self.characters + string.at
        cdef int64_t times = 0, free = 0
        cdef int32_t at
        if not string.length:
            return 0
        at = self.first[wanted[0]]
        while at >= 0:
            if at >= free and self._stands(wanted, string.length, at):
                if not times:
                    first[0] = at
                times += 1
                free = at + string.length
            at = self.text[at].following
        return times

    cdef void _add_to_sentences(self, const String* string, int64_t part, double weight) noexcept:
        """Add a part's weight to each sentence that has the string and doesn't have the part yet."""
        cdef const int32_t* wanted = self.characters + string.at
        cdef Sentence* sentence
        cdef int32_t at
        if not string.length:
            return
        at = self.first[wanted[0]]
        while at >= 0:
            sentence = &self.sentences[self.text[at].sentence]
            if sentence.part != part and self._stands(wanted, string.length, at):
                sentence.sum += weight
                sentence.part = part
            at = self.text[at].following

    cdef double _runs(self) noexcept:
        """What the strings in common are worth, of each text asked the longest from left to right."""
        cdef double worth = 0
        cdef int64_t text, start, longest, length, size
        cdef const int32_t* asked
        cdef int32_t at
        for text in range(self.asked_count):
            asked, size, start = self.characters + self.asked[text].at, self.asked[text].length, 0
            while start < size - 1:
                longest = 0
                at = self.first[asked[start]]
                while at >= 0:
                    length = 1
                    while (
                        start + length < size and at + length < self.length
                        and self.text[at + length].character == asked[start + length]
                    ):
                        length += 1
                    longest = max(longest, length)
                    at = self.text[at].following if start + longest < size else -1
                if longest >= 2:
                    worth += self.run_worth[longest]
                    start += longest
                else:
                    start += 1
        return worth

    cdef tuple _placed(self, str place):
        """The words that a place's name begins with; paragraphs share their places."""
        known = self.placed.get(place)
        if known is None:
            known = self.placed[place] = tuple(
                [at for at in range(self.wish_count) if self.wishes[at].kind == WORD and self.lines[at] in place]
            ) if place else ()
        return <tuple> known

    def judge(self, str text, str above, str place, bint is_frame, double average):
        """What a paragraph is worth, and what the parts weigh that are there at all.

        Args:
            average: the mean length of the collection's paragraphs.
        """
        cdef int64_t number, form, first = 0, earliest, times, count
        cdef double norm, value, words = 0, pairs = 0, characters = 0, there = 0, opening = 0, best = 0
        cdef double lifted = 0, placed = 0, worth, loss = 0
        cdef bint later, anything = False, has_above = len(above) > 0
        cdef Wish* wish
        self._lay_out(text)
        norm = self.k1 * (1 - self.b + self.b * self.length / average)
        # First what stands there itself, then the words of which only another form does: in that order sums are made.
        for later in range(2):
            for number in range(self.wish_count):
                wish = &self.wishes[number]
                if not later:
                    times = self._count(&wish.term, &first)
                    self.is_there[number] = times > 0
                    if not times:
                        continue
                elif wish.kind != WORD or self.is_there[number]:
                    continue
                else:
                    times = 0
                    for form in range(wish.form, wish.form + wish.forms):
                        count = self._count(&self.forms[form], &earliest)
                        if count and (not times or earliest < first):
                            first = earliest
                        times += count
                    if not times:
                        if has_above and PyUnicode_Contains(above, self.terms[number]):
                            lifted += wish.weight
                        continue
                value = wish.weight * times * (self.k1 + 1) / (times + norm)
                there += wish.weight
                if first < self.opening_chars:
                    opening += wish.weight * (1 - first / self.opening_chars)
                if wish.kind == WORD:
                    words += value
                elif wish.kind == CHARACTER:
                    characters += value
                else:
                    pairs += value
                self._add_to_sentences(&wish.term, number, wish.in_sentence)
                for form in range(wish.form, wish.form + wish.forms):
                    self._add_to_sentences(&self.forms[form], number, wish.in_sentence)
        for number in range(self.sentence_count):
            if self.sentences[number].part >= 0:
                best = max(best, self.sentences[number].sum) if anything else self.sentences[number].sum
                anything = True
        for number in self._placed(place):
            placed += self.wishes[number].weight
        worth = words + pairs + characters + self.sentence * best + self.opening * opening + self.run * self._runs()
        worth = worth + self.above * lifted + self.place * placed
        if is_frame:
            loss = -self.frame * (worth + 0.0)
        return worth + loss, there + lifted
