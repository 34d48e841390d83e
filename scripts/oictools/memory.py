"""What a process that runs tests does about its memory."""

import ctypes
import gc
import re
from contextlib import suppress
from pathlib import Path

LARGE_PAGE = 2 << 20
#: of madvise(2), since Linux 6.1: gather these pages into large ones, now
MADV_COLLAPSE = 25
#: a mapping of no file that may be written: what Python has allocated
ALLOCATED = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(\[heap\])?$", re.MULTILINE
)


def keep_for_good():
    """Have all that is loaded left alone by the collection of garbage.

    With the models of Odoo it would look through a million objects time and again, and
    write to the memory that forks share.
    """
    gc.collect()
    gc.freeze()
    _use_large_pages()


def _use_large_pages():
    """Keep what is loaded in large pages: Python jumps about in it all the time.

    Where the kernel has none, all stays as it is.
    """
    libc = ctypes.CDLL(None)
    with suppress(OSError, AttributeError):
        for start, end, _heap in ALLOCATED.findall(Path("/proc/self/maps").read_text()):
            first = -(-int(start, 16) // LARGE_PAGE) * LARGE_PAGE
            size = (int(end, 16) - first) // LARGE_PAGE * LARGE_PAGE
            if size > 0:
                libc.madvise(
                    ctypes.c_void_p(first), ctypes.c_size_t(size), MADV_COLLAPSE
                )
