"""Bombs: each limit is reached from inside real walls, the child ends or gets an error, and nothing is left behind."""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest

from autograder.model import CellStatus, Ending

pytestmark = pytest.mark.slow


def statuses(execution: Any) -> list[CellStatus]:
    return [cell.status for cell in execution.cells]


def test_one_allocation_over_the_limit_is_a_memory_error(jail: Any) -> None:
    execution = jail.run("x = bytearray(8 << 30)", "tell('went on')", memory_mib=256)
    assert execution.ending is Ending.COMPLETED
    assert execution.cells[0].error.startswith("MemoryError")
    assert execution.cells[1].status is CellStatus.OK


def test_memory_touched_bit_by_bit_ends_the_notebook(jail: Any) -> None:
    execution = jail.run("pass", """
        import time
        kept = []
        while True:
            kept.append(bytearray(b'x' * (8 << 20)))
            time.sleep(.005)
    """, "pass", memory_mib=128)
    # The resource limit may come first, then it is a MemoryError in that cell; it must be one of the two.
    if execution.ending is Ending.COMPLETED:
        assert execution.cells[1].error.startswith("MemoryError")
    else:
        assert execution.ending is Ending.OUT_OF_MEMORY
        assert execution.detail == "Cell 3 used more than 128 MB of memory; the grader stopped the notebook there."
        assert statuses(execution) == ["ok", "unfinished", "not_run"]


def test_memory_spread_over_processes_ends_the_notebook(jail: Any) -> None:
    execution = jail.run("""
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                x = bytearray(b'x' * (60 << 20))
                time.sleep(60)
                os._exit(0)
        time.sleep(60)
    """, memory_mib=256)
    assert execution.ending is Ending.OUT_OF_MEMORY
    assert execution.peak_memory_mib > 256
    assert execution.seconds < 30


def test_memory_shared_by_forks_is_counted_once(jail: Any) -> None:
    execution = jail.run("""
        import os, time
        x = bytearray(b'x' * (100 << 20))
        pids = []
        for _ in range(6):
            pid = os.fork()
            if pid == 0:
                time.sleep(.7)
                os._exit(0)
            pids.append(pid)
        for pid in pids:
            os.waitpid(pid, 0)
    """, memory_mib=256)
    assert execution.ending is Ending.COMPLETED, execution
    assert 90 < execution.peak_memory_mib <= 256


def test_page_tables_count_as_memory(jail: Any) -> None:
    execution = jail.run("""
        import ctypes, time
        libc = ctypes.CDLL(None)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
        start = libc.mmap(None, 80 << 30, 1, 0x4022, -1, 0)  # may only be read, so it counts as no data
        for address in range(start, start + (80 << 30), 2 << 20):
            ctypes.c_byte.from_address(address).value
        time.sleep(60)
    """, memory_mib=96)
    assert execution.ending is Ending.OUT_OF_MEMORY
    assert execution.peak_memory_mib > 96


def test_data_in_sockets_counts_as_memory(jail: Any) -> None:
    execution = jail.run("""
        import os, socket, time
        os.fork()
        kept = []
        try:
            while True:
                kept += socket.socketpair()
                kept[-1].setblocking(False)
                kept[-1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
                try:
                    while True:
                        kept[-1].send(bytes(1 << 14))
                except BlockingIOError:
                    pass
        except OSError:
            time.sleep(60)
    """, memory_mib=96)
    assert execution.ending is Ending.OUT_OF_MEMORY
    assert execution.peak_memory_mib > 96


def test_buffers_of_sockets_cannot_be_enlarged(jail: Any) -> None:
    before, after = jail.ask("""
        import socket
        one, two = socket.socketpair()
        before = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        tell([before, one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)])
    """)
    assert before == after


@pytest.mark.parametrize("hold", ["file", "map"])
def test_removed_files_still_count(jail: Any, hold: str) -> None:
    if hold == "map" and os.geteuid() != 0 and not jail.namespaces:
        pytest.skip("only root may follow the maps of others: docs/operating/security.md")
    execution = jail.run(f"""
        import mmap, os, time
        kept = []
        try:
            for number in range(8):
                file = open("hidden", "w+b", buffering=0)
                os.unlink("hidden")
                file.write(bytes(10 << 20))
                kept.append(file if {hold!r} == "file" else mmap.mmap(file.fileno(), 4096))
                if {hold!r} == "map":
                    file.close()
        except OSError:
            os._exit(9)
        time.sleep(60)
    """, disk_mib=32)
    assert execution.ending is Ending.DIED
    assert ("SIGKILL" in execution.detail or "wrote more than 32 MB" in execution.detail
            or "exit status 9" in execution.detail)
    if not jail.namespaces:
        assert "wrote more than 32 MB" in execution.detail


def test_files_in_the_scratch_folder_count_as_memory(full_jail: Any) -> None:
    execution = full_jail.run("""
        import time
        open('big', 'wb').write(b'x' * (200 << 20))
        time.sleep(10)
    """, memory_mib=128, disk_mib=512)
    assert execution.ending is Ending.OUT_OF_MEMORY


def test_memory_of_a_modest_cell_is_reported(jail: Any) -> None:
    execution = jail.run("import time; x = b'x' * (50 << 20); time.sleep(.3)")
    assert 45 < execution.peak_memory_mib < 70


def test_fork_bomb_stays_small(jail: Any) -> None:
    execution = jail.run("""
        import os, time
        made = 0
        while made < 500:
            try:
                pid = os.fork()
            except OSError:
                break
            if pid == 0:
                time.sleep(60)
                os._exit(0)
            made += 1
        tell(made)
    """, processes=16)
    assert execution.ending is Ending.COMPLETED
    assert 4 <= int((jail.folder / "answer.json").read_text()) <= 20


def test_fork_bomb_that_never_stops_is_ended(jail: Any) -> None:
    execution = jail.run("""
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
    """, processes=24, cell_seconds=1)
    assert execution.ending is Ending.COMPLETED  # the process itself was interrupted; its forks died with the rest
    assert statuses(execution) == ["interrupted"]


def test_thread_bomb_stays_small(jail: Any) -> None:
    assert 4 <= jail.ask("""
        import threading
        stop = threading.Event()
        made = 0
        try:
            while made < 500:
                threading.Thread(target=stop.wait, daemon=True).start()
                made += 1
        except RuntimeError:
            pass
        stop.set()
        tell(made)
    """, processes=16) <= 20


def test_one_file_cannot_fill_the_disk(jail: Any) -> None:
    assert jail.ask("""
        try:
            with open('big', 'wb', buffering=0) as f:
                while True:
                    if f.write(b'x' * (1 << 20)) == 0:
                        break
        except OSError as error:
            import os
            size = os.path.getsize('big')
            os.unlink('big')
            tell([error.errno, size])
    """, disk_mib=16)[1] <= 16 << 20


def test_many_files_cannot_fill_the_disk(jail: Any) -> None:
    execution = jail.run("""
        import time
        try:
            for i in range(100):
                open(f'big-{i}', 'wb').write(b'x' * (4 << 20))
            time.sleep(20)
        except OSError as error:
            import os
            [os.unlink(f) for f in os.listdir('.') if f.startswith('big')]
            tell(error.errno)
    """, disk_mib=16)
    if jail.namespaces:
        assert execution.ending is Ending.COMPLETED
        assert (jail.folder / "answer.json").read_text() == "28"
    else:
        assert execution.ending is Ending.DIED
        assert "wrote more than 16 MB" in execution.detail


def test_many_small_files_hit_the_inode_limit(jail: Any) -> None:
    execution = jail.run("""
        import os, time
        try:
            for i in range(3000):
                os.close(os.open(f'f{i}', os.O_CREAT | os.O_WRONLY))
            time.sleep(20)
        except OSError as error:
            [os.unlink(f) for f in os.listdir('.') if f.startswith('f')]
            tell(error.errno)
    """, files=500)
    if jail.namespaces:
        assert (jail.folder / "answer.json").read_text() == "28"
    else:
        assert execution.ending is Ending.DIED
        assert "500 files" in execution.detail


def test_deep_folders_are_ended_or_deleted(jail: Any) -> None:
    jail.run("""
        import os, time
        try:
            for i in range(3000):
                os.mkdir('d' * 100)
                os.chdir('d' * 100)
        except OSError:
            pass
        time.sleep(1)
    """, files=2000)  # what matters is checked by the jail: nothing is left


def test_folders_closed_by_the_student_are_deleted(jail: Any) -> None:
    jail.run("import os; os.makedirs('a/b/c'); os.chmod('a/b', 0); os.chmod('a', 0)")


def test_sparse_file_is_bounded(jail: Any) -> None:
    assert jail.ask("""
        try:
            with open('sparse', 'wb') as f:
                f.truncate(1 << 40)
            tell('made')
        except OSError as error:
            tell(error.errno)
    """) == 27


def test_a_gigabyte_of_output_neither_blocks_nor_fills_memory(jail: Any) -> None:
    execution = jail.run("""
        import os
        block = b'x' * (1 << 20)
        for _ in range(1024):
            written = 0
            while written < len(block):
                written += os.write(1, block[written:])
    """, cell_seconds=60)
    assert execution.ending is Ending.COMPLETED


def test_endless_error_output_ends_with_the_time(jail: Any) -> None:
    execution = jail.run("import os\nwhile True: os.write(2, b'x' * 65536)", cell_seconds=1, notebook_seconds=20)
    assert execution.ending is Ending.COMPLETED
    assert execution.cells[0].status is CellStatus.INTERRUPTED


def test_open_files_are_limited(jail: Any) -> None:
    assert jail.ask("""
        import os
        kept = []
        try:
            while len(kept) < 5000:
                kept.append(os.open('.', os.O_RDONLY))
        except OSError:
            pass
        made = len(kept)
        [os.close(d) for d in kept]
        tell(made)
    """, open_files=64) < 64


def test_limits_cannot_be_raised(jail: Any) -> None:
    assert jail.ask("""
        import resource
        refused = []
        for name in ('NPROC', 'FSIZE', 'NOFILE', 'DATA', 'CORE', 'CPU'):
            which = getattr(resource, 'RLIMIT_' + name)
            soft, hard = resource.getrlimit(which)
            try:
                resource.setrlimit(which, (hard + 1, hard + 1))
            except (OSError, ValueError):
                refused.append(name)
        tell(refused)
    """) == ["NPROC", "FSIZE", "NOFILE", "DATA", "CORE", "CPU"]


@pytest.mark.parametrize("leave", ["os.setpgid(0, 0)", "pass"])
def test_daemon_left_behind_is_ended(jail: Any, leave: str) -> None:
    execution = jail.run(f"""
        import os, signal, time
        if os.fork() == 0:
            {leave}
            if os.fork() == 0:
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                time.sleep(600)
            os._exit(0)
        os.wait()
    """)
    assert execution.ending is Ending.COMPLETED  # and the jail found no process


def test_processes_that_hop_from_fork_to_fork_are_ended(jail: Any) -> None:
    execution = jail.run("""
        import os, time
        if os.fork() == 0:
            os.setpgid(0, 0)
            while True:
                if os.fork():
                    os._exit(0)
        time.sleep(.3)
    """)
    assert execution.ending is Ending.COMPLETED


def test_no_session_of_its_own(jail: Any) -> None:
    """Processors are shared between sessions: with many of its own a notebook would starve the one beside it."""
    assert jail.ask("""
        import os
        pid = os.fork()
        if pid == 0:
            try:
                os.setsid()
            except OSError as error:
                os._exit(error.errno)
            os._exit(0)
        tell(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    """) == errno.EPERM
