# cython: language_level=3
"""Keeps a process alive that reads a mapped file which somebody has cut short.

To touch a page of a mapping that its file no longer reaches is a SIGBUS, which ends the process. Here the page is
replaced by one of zeros, reading goes on, and the mapping is marked: who reads asks `is_cut` before it believes what
it read. A fault anywhere else goes to the handler that was there before. (The X server does the same with memory
that its clients share.)
"""

cdef extern from *:
    """
    #if defined(__unix__) || defined(__APPLE__)
    #include <signal.h>
    #include <stdint.h>
    #include <string.h>
    #include <sys/mman.h>
    #include <unistd.h>
    #define XS_MOST 8192
    static struct { volatile uintptr_t begin, end; volatile int cut; } xs_mapped[XS_MOST];
    static volatile int xs_slots, xs_cuts;
    static long xs_page;
    static struct sigaction xs_before;

    static void xs_on_fault(int number, siginfo_t *info, void *context) {
        uintptr_t at = (uintptr_t) info->si_addr;
        int slot;
        for (slot = 0; slot < xs_slots && info->si_code > 0; slot++) {
            if (at < xs_mapped[slot].begin || at >= xs_mapped[slot].end) continue;
            at -= at % xs_page;
            if (mmap((void *) at, xs_page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
                break;
            xs_mapped[slot].cut = 1;
            xs_cuts++;
            return;
        }
        if (xs_before.sa_flags & SA_SIGINFO) xs_before.sa_sigaction(number, info, context);
        else if (xs_before.sa_handler != SIG_DFL && xs_before.sa_handler != SIG_IGN) xs_before.sa_handler(number);
        else { signal(number, SIG_DFL); raise(number); }
    }

    static int xs_install(void) {
        struct sigaction action;
        xs_page = sysconf(_SC_PAGESIZE);
        memset(&action, 0, sizeof action);
        action.sa_sigaction = xs_on_fault;
        action.sa_flags = SA_SIGINFO | SA_NODEFER;
        sigemptyset(&action.sa_mask);
        return sigaction(SIGBUS, &action, &xs_before);
    }

    static int xs_watch(uintptr_t begin, uintptr_t size) {
        int slot;
        for (slot = 0; slot < XS_MOST; slot++) {
            if (xs_mapped[slot].begin) continue;
            xs_mapped[slot].cut = 0;
            xs_mapped[slot].end = begin + size;
            xs_mapped[slot].begin = begin;
            if (slot >= xs_slots) xs_slots = slot + 1;
            return slot;
        }
        return -1;
    }

    static void xs_release(int slot) { xs_mapped[slot].begin = 0; xs_mapped[slot].end = 0; }
    static int xs_is_cut(int slot) { return xs_mapped[slot].cut; }
    #else
    #include <stdint.h>
    static volatile int xs_cuts;
    static int xs_install(void) { return -1; }
    static int xs_watch(uintptr_t begin, uintptr_t size) { return -1; }
    static void xs_release(int slot) {}
    static int xs_is_cut(int slot) { return 0; }
    #endif
    """
    ctypedef unsigned long uintptr_t
    int xs_cuts
    int xs_install()
    int xs_watch(uintptr_t begin, uintptr_t size)
    void xs_release(int slot)
    bint xs_is_cut(int slot)

cdef bint _installed = False


def watch(const unsigned char[::1] mapped not None):
    """Survive that a mapping's file is cut short; gives the number to ask by, or -1 where that can't be had here."""
    global _installed
    if not _installed:
        if xs_install():
            return -1
        _installed = True
    return xs_watch(<uintptr_t> &mapped[0], len(mapped))


def release(int number):
    """Forget a mapping, before its memory is given back."""
    if number >= 0:
        xs_release(number)


def is_cut(int number):
    """Whether something of the mapping was read that its file no longer has."""
    return number >= 0 and xs_is_cut(number)


def cuts():
    """How many pages were replaced so far, of any mapping: as long as it stays, nothing has happened."""
    return xs_cuts
