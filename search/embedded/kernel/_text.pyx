# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Characters replaced one for one, as `search.language.text.normalize` does it with a pattern, which asks for each character."""

from libc.stdint cimport uint32_t

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_UCS4 PyUnicode_READ(int kind, void* data, Py_ssize_t at)
    void PyUnicode_WRITE(int kind, void* data, Py_ssize_t at, Py_UCS4 character)
    object PyUnicode_New(Py_ssize_t length, Py_UCS4 highest)

cdef enum:
    KNOWN = 1 << 16


cdef class Folding:
    """A table of what characters become.

    Args:
        table: of each of the first 2**16 characters, uint32; no character where it becomes none or several.
    """

    cdef const uint32_t[::1] table

    def __cinit__(self, table):
        if len(table) < KNOWN:
            raise ValueError("the table is too short")
        self.table = table

    def fold(self, str text):
        """A text with what its characters become; None where that isn't one for each, or a character isn't in the table."""
        cdef Py_ssize_t at, length = len(text)
        cdef int kind = PyUnicode_KIND(text), kind_made
        cdef void* data = PyUnicode_DATA(text)
        cdef void* data_made
        cdef uint32_t character, becomes, changed = 0, highest = 0
        for at in range(length):
            character = <uint32_t> PyUnicode_READ(kind, data, at)
            if character >= KNOWN:
                return None
            becomes = self.table[character]
            if becomes > 0x10FFFF:
                return None
            changed |= becomes ^ character
            highest = max(highest, becomes)
        if not changed:
            return text
        made = PyUnicode_New(length, <Py_UCS4> highest)
        kind_made, data_made = PyUnicode_KIND(made), PyUnicode_DATA(made)
        for at in range(length):
            PyUnicode_WRITE(kind_made, data_made, at, <Py_UCS4> self.table[PyUnicode_READ(kind, data, at)])
        return made
