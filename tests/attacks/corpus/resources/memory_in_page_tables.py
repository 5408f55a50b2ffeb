"""Maps huge pieces that may only be read and touches one page in each two megabytes: nothing but page tables grows.

Gains: gigabytes of the kernel's memory that counts neither as resident nor as data of any process.
"""

HONEST = []
FLAGGED = True

# %% [reshape]
import ctypes
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
READ, PRIVATE_ANONYMOUS_NO_RESERVE = 1, 0x4022
for _ in range(1):
    length = 300 << 30
    start = libc.mmap(None, length, READ, PRIVATE_ANONYMOUS_NO_RESERVE, -1, 0)
    if start in (None, 2**64 - 1):
        break
    print(np.ctypeslib.as_array((ctypes.c_ubyte * length).from_address(start))[:: 2 << 20].sum())
time.sleep(30)
