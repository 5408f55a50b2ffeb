"""A wall clock that jumps, for one command and everything that it starts, and for nobody else on this machine.

A small library takes the place of libc's clock calls (as libfaketime does) and adds an offset that lies in a file
which every process maps: writing the file moves the clock of all of them at once. `LD_PRELOAD` would reach the command
alone, since its helpers get an empty environment; so the library is named in ``/etc/ld.so.preload``, in a mount
namespace of the command's own. Monotonic clocks are left alone: the kernel promises that they do not jump.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SOURCE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long long *offset;

__attribute__((constructor)) static void map_offset(void) {
    int file = open(OFFSET, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) offset = page;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += *offset;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void) zone;
    if (clock_gettime(CLOCK_REALTIME, &precise)) return -1;
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *kept) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (kept) *kept = precise.tv_sec;
    return precise.tv_sec;
}
"""
ENTER = """
set -e
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" /etc
echo "$1/clock.so" > /etc/ld.so.preload
shift
exec "$@"
"""


@dataclass(frozen=True)
class Clock:
    """The clock of the commands that are started with ``command`` before them."""

    folder: Path

    @property
    def command(self) -> tuple[str, ...]:
        """What stands before a command; its process id stays."""
        return ("unshare", "--mount", "sh", "-c", ENTER, "sh", str(self.folder))

    def jump(self, seconds: int) -> None:
        """Set the clock to this many seconds off the true time, in all processes at once."""
        with (self.folder / "offset").open("r+b", buffering=0) as file:
            file.write(struct.pack("q", seconds))


def missing() -> str | None:
    """Return why no clock can jump here, None where it can."""
    if os.geteuid() != 0:
        return "only root can put a library before all others in a mount namespace"
    absent = [name for name in ("cc", "unshare", "mount") if shutil.which(name) is None]
    return f"the program {absent[0]} is missing" if absent else None


@contextmanager
def clock() -> Iterator[Clock]:
    """Build the library; it and its folder are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="clock-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # children have users of their own
        for part in ("upper", "work"):
            (folder / part).mkdir()
        (folder / "offset").write_bytes(bytes(4096))
        (folder / "clock.c").write_text(SOURCE)
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-D_GNU_SOURCE", f'-DOFFSET="{folder}/offset"', "-o",
                        str(folder / "clock.so"), str(folder / "clock.c")], check=True, capture_output=True)
        yield Clock(folder)
