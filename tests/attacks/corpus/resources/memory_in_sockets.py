"""Makes pairs of sockets in many processes, asks for large buffers and fills them: the data lies in the kernel.

Gains: gigabytes that no process holds.
"""

HONEST = []
FLAGGED = True

# %% [reshape]
import os
import socket
import time

for _ in range(8):
    try:
        if os.fork() == 0:
            break
    except OSError:
        break
kept = []
try:
    while True:
        for end in socket.socketpair():
            kept.append(end)
            end.setblocking(False)
            for which in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                try:
                    end.setsockopt(socket.SOL_SOCKET, which, 1 << 22)
                except OSError:
                    pass
            try:
                while True:
                    end.send(bytes(1 << 15))
            except BlockingIOError:
                pass
except OSError as error:
    print(len(kept), error)
time.sleep(30)
