"""Memory that is free is given back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

#: Blocks below the size that the C library asks of the system by itself, and a last one that keeps the heap from
#: shrinking: without ``give_back`` they stay with the process.
SCRIPT = """
import ctypes, os, sys
from bresim.common.memory import give_back

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

def megabytes():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

blocks = [libc.malloc(60_000) for _ in range(2000)]
for block in blocks:
    ctypes.memset(block, 1, 60_000)
for block in blocks[:-1]:
    libc.free(block)
held = megabytes()
give_back()
print(held - megabytes())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc keeps it")
def test_free_memory_between_blocks_in_use_goes_back() -> None:
    printed = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
    assert float(printed) > 100  # of 120 MB
