"""Sends itself and its parents signals and timers without end, and answers each with another.

Gains: a watcher that is busy with signals looks at no clock.
"""

HONEST = []

# %% [reshape]
import os
import signal
import time

count = 0


def again(number, frame):
    global count
    count += 1


for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGCHLD, signal.SIGIO):
    signal.signal(number, again)
signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
until = time.monotonic() + 2
while time.monotonic() < until:
    for target in (os.getpid(), os.getppid()):
        for number in (signal.SIGUSR1, signal.SIGCHLD, signal.SIGINT if target != os.getpid() else signal.SIGUSR1):
            try:
                os.kill(target, number)
            except OSError:
                pass
    if count % 100 == 0 and os.fork() == 0:
        os._exit(0)
signal.setitimer(signal.ITIMER_REAL, 0)
