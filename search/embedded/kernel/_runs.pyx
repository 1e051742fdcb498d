# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Words as they stand side by side, as bytes and back: what `search.embedded.word_runs` does with NumPy."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

import numpy as np

cdef enum:
    MOST_BYTES = 4  # Of a number


def find_runs(
    const uint32_t[::1] terms,
    const uint32_t[::1] numbers,
    const int32_t[::1] texts,
    const int32_t[::1] places,
    const uint8_t[::1] aligned,
    const int32_t[::1] lengths,
    const uint8_t[::1] named,
    int32_t count,
    *,
    uint32_t char_base,
    uint32_t atom_base,
    uint32_t first,
    uint32_t last,
):
    """The runs of the first `count` texts of a batch; see `search.embedded.writing.word_runs.find_runs`.

    Args:
        terms, numbers, texts, places, aligned: of each token, by text and place.
        lengths: of each text, characters.
        named: of each atom whether it is a name, not a number.
        first, last: the characters that may be words.

    Returns:
        The numbers of words from 1 on, 0 behind each run, uint32; how many of them each text has, int64.
    """
    cdef int64_t token, behind, tokens = len(terms), n = 0, begun
    cdef int64_t text = 0
    cdef uint32_t term
    cdef bint is_word, is_name, was_number, is_end
    if not (len(numbers) == len(texts) == len(places) == len(aligned) == tokens):
        raise ValueError("columns of tokens differ in length")
    if count < 0 or count > len(lengths):
        raise ValueError("there are not so many texts")
    for token in range(tokens):
        if texts[token] < 0 or texts[token] >= len(lengths) or (token and texts[token] < texts[token - 1]):
            raise ValueError("texts do not ascend")
        if terms[token] >= atom_base and terms[token] - atom_base >= len(named):
            raise ValueError("no such atom")
    found_array, sizes_array = np.empty(tokens + count, dtype=np.uint32), np.zeros(count, dtype=np.int64)
    cdef uint32_t[::1] found = found_array
    cdef int64_t[::1] sizes = sizes_array
    with nogil:
        token = 0
        for text in range(count):
            begun, was_number = n, False
            while token < tokens and texts[token] == text:
                if not aligned[token]:
                    token += 1
                    continue
                behind = token + 1
                while behind < tokens and texts[behind] == text and not aligned[behind]:
                    behind += 1
                is_end = behind == tokens or texts[behind] != text
                term = terms[token]
                is_name = term >= atom_base and named[term - atom_base]
                is_word = term < char_base or (term < atom_base and first <= term - char_base <= last)
                if not (is_word and was_number and (lengths[text] if is_end else places[behind]) - places[token] == 1):
                    if is_word or is_name:
                        found[n] = numbers[token] + 1
                        n += 1
                    elif n and found[n - 1]:
                        found[n] = 0
                        n += 1
                was_number = term == char_base + c"." or (term >= atom_base and not is_name)
                token = behind
            if n and found[n - 1]:
                found[n] = 0
                n += 1
            sizes[text] = n - begun
    return found_array[:n].copy(), sizes_array


def encode_runs(const uint32_t[::1] numbers, const uint32_t[::1] ranks):
    """The ranks of some numbers as bytes, seven bits in each, the lowest first; and how many bytes each takes, int64.

    Args:
        ranks: of each number its rank, below 2**28.
    """
    cdef int64_t at, count = 0, size = len(numbers), known = len(ranks)
    cdef uint32_t rank
    packed_array, sizes_array = np.empty(MOST_BYTES * size, dtype=np.uint8), np.empty(size, dtype=np.int64)
    cdef uint8_t[::1] packed = packed_array
    cdef int64_t[::1] sizes = sizes_array
    for at in range(size):
        if numbers[at] >= known or ranks[numbers[at]] >> (7 * MOST_BYTES):
            raise ValueError("a number without a rank, or a rank that is too high")
    with nogil:
        for at in range(size):
            rank = ranks[numbers[at]]
            sizes[at] = -count
            while rank >= 128:
                packed[count] = rank & 127 | 128
                rank >>= 7
                count += 1
            packed[count] = rank
            count += 1
            sizes[at] += count
    return packed_array[:count].copy(), sizes_array


def decode_runs(
    const uint8_t[::1] data, const int64_t[::1] sizes, const int32_t[::1] of_rank, int32_t[::1] into
):
    """Write the numbers of the words whose ranks some bytes are.

    Args:
        data: seven bits in a byte, the lowest first; documents one behind the other.
        sizes: how many bytes each document has.
        of_rank: of each rank its number.
        into: room for as many numbers as there are bytes.

    Returns:
        how many numbers each document has, int64; None where the bytes can't be what was written.
    """
    cdef int64_t document, at = 0, end, n = 0, before, ranks = len(of_rank), total = 0
    cdef int64_t rank
    cdef int shift
    cdef bint is_well = True
    for document in range(len(sizes)):
        if sizes[document] < 0:
            raise ValueError("a document of no size")
        total += sizes[document]
    if total != len(data) or len(into) < total:
        raise ValueError("not the bytes of the documents, or no room for their words")
    counts = np.empty(len(sizes), dtype=np.int64)
    cdef int64_t[::1] found = counts
    with nogil:
        for document in range(len(sizes)):
            before, end = n, at + sizes[document]
            while at < end:
                rank = data[at]
                at += 1
                if rank >= 128:
                    rank &= 127
                    shift = 7
                    while at < end and data[at] >= 128 and shift < 7 * (MOST_BYTES - 1):
                        rank |= <int64_t> (data[at] & 127) << shift
                        shift += 7
                        at += 1
                    if at == end or data[at] >= 128:
                        is_well = False
                        break
                    rank |= <int64_t> data[at] << shift
                    at += 1
                if rank >= ranks:
                    is_well = False
                    break
                into[n] = of_rank[rank]
                n += 1
            if not is_well:
                break
            found[document] = n - before
    return counts if is_well else None
