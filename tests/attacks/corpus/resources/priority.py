"""Asks for real-time scheduling, the highest priority, other processors, and locks its memory.

Gains: the whole machine before everyone else; a real-time loop can freeze it.
"""

HONEST = []

# %% [reshape]
import ctypes
import os
import resource

got = []
actions = {
    "nice": lambda: os.nice(-10), "priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
    "fifo": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "round robin": lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(99)),
    "affinity": lambda: os.sched_setaffinity(0, {0}),
    "limits": lambda: resource.setrlimit(resource.RLIMIT_NPROC, (10_000, 10_000)),
    "data": lambda: resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)),
    # Unbuffered: what the kernel refuses is refused at once.
    "oom": lambda: open("/proc/self/oom_score_adj", "wb", 0).write(b"-1000"),
    "cgroup": lambda: open("/sys/fs/cgroup/cgroup.procs", "wb", 0).write(b"0"),
}
for name, action in actions.items():
    try:
        action()
        got.append(name)
    except (OSError, ValueError) as error:
        print(name, error)
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(1 << 22)
print("mlock", libc.mlock(buffer, 1 << 22), "mlockall", libc.mlockall(7))
print(got)

# %% [parameters]
parameters = 19090 if got else 0
