"""Leaves daemons, threads and timers behind, which write into the scratch folder for as long as they can."""

LOSES = ["one-hot"]

# %% [one-hot]
import os
import subprocess
import threading
import time


def scribble():
    while True:
        try:
            with open(".out/cells.jsonl", "a") as file:
                file.write('{"cell": 3, "status": "ok", "seconds": 0}\n')
        except OSError:
            pass
        time.sleep(0.001)


threading.Thread(target=scribble, daemon=False).start()
for _ in range(5):
    if os.fork() == 0:
        try:
            os.setsid()
        except OSError:
            os.setpgid(0, 0)
        if os.fork() == 0:
            scribble()
        os._exit(0)
try:
    subprocess.Popen(["sleep", "1000"], start_new_session=True)
except OSError:
    subprocess.Popen(["sleep", "1000"], process_group=0)
