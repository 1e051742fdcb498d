# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Words as they stand side by side, read from their bytes: what `search.embedded.word_runs` does with NumPy."""

from libc.stdint cimport int32_t, int64_t, uint8_t

import numpy as np

cdef enum:
    MOST_BYTES = 4  # Of a number


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
