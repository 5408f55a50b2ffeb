"""Makes pipes, asks for the largest buffers, fills them, and keeps descriptors of them in flight.

Gains: memory of the kernel beyond the limit; pipes of other programs of the user get smaller.
"""

HONEST = []

# %% [reshape]
import fcntl
import os
import socket

kept, filled = [], 0
one, two = socket.socketpair()
one.setblocking(False)
try:
    while True:
        pipe = os.pipe2(os.O_NONBLOCK)
        kept.append(pipe)
        for size in (1 << 20, 1 << 18, 1 << 16):
            try:
                fcntl.fcntl(pipe[1], 1031, size)  # F_SETPIPE_SZ
                break
            except OSError:
                pass
        try:
            while True:
                filled += os.write(pipe[1], bytes(1 << 16))
        except BlockingIOError:
            pass
        try:
            socket.send_fds(one, [b"x"], pipe)
            os.close(pipe[0])
        except OSError:
            pass
except OSError as error:
    print(len(kept), filled, error)
