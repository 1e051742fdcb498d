# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Packed occurrences as posting lists: what `search.embedded.writing.segment_writer` does with NumPy."""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t

import numpy as np


def unpack(
    const uint64_t[::1] keys,
    const uint8_t[::1] codes,
    *,
    int term_shift,
    int doc_shift,
    int position_shift,
    uint16_t position_mask,
    uint16_t aligned,
    uint16_t first_of_doc,
    uint32_t straddling_quarters,
    uint32_t aligned_quarters,
):
    """The posting lists of some sorted occurrences; see `search.embedded.writing.segment_writer.unpack`.

    Args:
        codes: of weights by their quarters, at least one.
        aligned, first_of_doc: the bits that positions are marked with.

    Returns:
        Of each term its number, documents and occurrences, int64; of each posting its document, uint32, and code of its
        weight, uint8; of each occurrence its position, uint16.
    """
    cdef int64_t occurrence, count = len(keys), terms = 0, postings = 0, most = len(codes) - 1
    cdef uint64_t key, posting = 0, last = 0
    cdef uint64_t doc_mask = (<uint64_t>1 << (term_shift - doc_shift)) - 1
    cdef uint32_t quarters = 0
    cdef uint16_t position
    if not (0 < position_shift < doc_shift < term_shift < 64) or most < 0:
        raise ValueError("occurrences are packed otherwise")
    numbers_array, df_array, cf_array = (np.empty(count, dtype=np.int64) for _ in range(3))
    docs_array, weights_array = np.empty(count, dtype=np.uint32), np.empty(count, dtype=np.uint8)
    positions_array = np.empty(count, dtype=np.uint16)
    cdef int64_t[::1] numbers = numbers_array, df = df_array, cf = cf_array
    cdef uint32_t[::1] docs = docs_array
    cdef uint8_t[::1] weights = weights_array
    cdef uint16_t[::1] positions = positions_array
    with nogil:
        for occurrence in range(count):
            key = keys[occurrence]
            posting = key >> doc_shift
            position = <uint16_t>(key >> position_shift) & position_mask
            if occurrence == 0 or posting != last:
                if postings:
                    weights[postings - 1] = codes[quarters if quarters < most else most]
                if occurrence == 0 or posting >> (term_shift - doc_shift) != last >> (term_shift - doc_shift):
                    numbers[terms] = <int64_t>(key >> term_shift)
                    df[terms] = cf[terms] = 0
                    terms += 1
                docs[postings] = <uint32_t>(posting & doc_mask)
                postings += 1
                df[terms - 1] += 1
                quarters = 0
                position |= first_of_doc
                last = posting
            if key & 1:
                position |= aligned
                quarters += aligned_quarters
            else:
                quarters += straddling_quarters
            cf[terms - 1] += 1
            positions[occurrence] = position
        if postings:
            weights[postings - 1] = codes[quarters if quarters < most else most]
    per_term = (numbers_array[:terms].copy(), df_array[:terms].copy(), cf_array[:terms].copy())
    return *per_term, docs_array[:postings], weights_array[:postings], positions_array
