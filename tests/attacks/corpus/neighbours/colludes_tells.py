"""Puts a finished solution wherever a second submission could find it: files, names, shared memory, sockets, locks, notes.

Gains: with `colludes_takes`, two submissions for the work of one, and a channel past every other wall.
"""

HONEST = ["parameters"]

# %% [reshape]
import ctypes
import fcntl
import os
import socket
import sys
import time

answer = (784 * 24 + 24 + 240 + 10).to_bytes(4, "big")
kept = []
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p


def quietly(action):
    try:
        kept.append(action())
    except (OSError, ValueError, OverflowError):
        pass


for top in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "{{ folder }}", "{{ temporary }}", "/run/lock"):
    quietly(lambda: open(f"{top}/attack-mailbox", "wb", 0).write(answer))
    quietly(lambda: os.mkfifo(f"{top}/attack-pipe"))
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    def listen():
        end = socket.socket(socket.AF_UNIX, kind)
        end.bind("\0attack-mailbox")
        return end
    quietly(listen)
segment = libc.shmget({{ segment }} + 1, 4096, 0o1666)
if segment >= 0:
    ctypes.memmove(libc.shmat(segment, None, 0), answer, len(answer))
for number in range(20, 24):
    quietly(lambda: os.memfd_create(f"attack-{number}"))
libc.prctl(15, b"answer 19090", 0, 0, 0)
# Locks on files that everyone can read: bit by bit, one file each; and a range whose start is the number itself.
files = sorted(os.path.join(os.path.dirname(os.__file__), name) for name in os.listdir(os.path.dirname(os.__file__)) if name.endswith(".py"))[:33]
for bit, path in enumerate(files[:32]):
    if int.from_bytes(answer, "big") >> bit & 1:
        quietly(lambda: fcntl.flock(kept.append(open(path)) or kept[-1], fcntl.LOCK_EX | fcntl.LOCK_NB))
quietly(lambda: fcntl.lockf(kept.append(open(files[32])) or kept[-1], fcntl.LOCK_SH | fcntl.LOCK_NB, 1, int.from_bytes(answer, "big")))
quietly(lambda: fcntl.fcntl(kept.append(open(files[31])) or kept[-1], 1024, fcntl.F_RDLCK))
until = time.monotonic() + 2.5
while time.monotonic() < until:
    for bit, path in enumerate(files[:32]):
        if int.from_bytes(answer, "big") >> bit & 1:
            open(path).close()
    time.sleep(0.05)

# %% [parameters]
parameters = 784 * 24 + 24 + 240 + 10
