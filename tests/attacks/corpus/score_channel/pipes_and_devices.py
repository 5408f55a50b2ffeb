"""Puts FIFOs, sockets and devices in the place of the records.

Gains: a grader that waits for a writer for ever, or reads a device.
"""
FLAGGED = True

# %% [error-rate]
import os
import socket
import stat

for name in ("checkpoints.jsonl", "messages.jsonl", "cells.jsonl", "rows-1.npz", "rows-2.npz", "model-1-1.json"):
    path = os.path.join(".out", name)
    if os.path.lexists(path):
        os.remove(path)
    os.mkfifo(path)
for number, (kind, device) in enumerate(((stat.S_IFCHR, os.makedev(1, 5)), (stat.S_IFBLK, os.makedev(8, 0)))):
    try:
        os.mknod(f".out/weights-1-{number}.npz", kind | 0o666, device)
    except OSError:
        continue
try:
    socket.socket(socket.AF_UNIX).bind(".out/probe-1-1.npz")
except OSError:
    pass
