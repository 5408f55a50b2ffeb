"""Stops itself, and has a child that stops every process that it can reach.

Gains: a process that uses no time but never ends: a wait without a clock would wait for ever.
"""

HONEST = []
FLAGGED = True

# %% [reshape]
import os
import signal

if os.fork() == 0:
    while True:
        for target in (os.getppid(), -1, 1, 2):
            try:
                os.kill(target, signal.SIGSTOP)
            except OSError:
                pass
os.kill(os.getpid(), signal.SIGSTOP)
while True:
    os.kill(os.getpid(), signal.SIGTSTP)
