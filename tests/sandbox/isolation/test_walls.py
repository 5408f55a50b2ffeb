"""One escape attempt per test, from inside real walls: files, sockets, processes, mounts, environment, descriptors."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.model import JobCell, Mount, NotebookJob
from autograder.sandbox import PoolOptions, WarmPool
from autograder.sandbox.isolation import readable_paths

pytestmark = pytest.mark.slow

TRY = """
import ctypes, errno, json, os, socket
def attempt(action):
    try:
        return repr(action())
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
libc = ctypes.CDLL(None, use_errno=True)
def syscall(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")
    return "succeeded"
"""
REFUSED = {"EACCES", "EPERM", "ENOENT", "ESRCH", "ENOSYS", "EAFNOSUPPORT"}
X86 = os.uname().machine == "x86_64"


def test_hidden_checks_and_course_files_cannot_be_read(jail: Any) -> None:
    course = Path(autograder.__file__).parent.parent
    paths = [str(path) for path in (course / "pyproject.toml", course / "tests", course / "reference", Path(__file__),
                                    Path("/etc/shadow"), Path("/root"), Path("/home"))]
    # In a checkout below /tmp, which children have one of their own of, the empty folders on the way to a mount can be
    # seen. They hold nothing but the next name of the way.
    way = {str([part]) for folder in jail.pool._readable for part in Path(folder).parts}
    assert set(jail.ask(TRY, f"""
        tell([attempt(lambda: a(p)) for p in {paths} for a in (os.listdir, lambda p: open(p).read())])
    """)) <= {*REFUSED, *way, "ENOTDIR", "EISDIR"}


def test_world_readable_file_of_the_host_cannot_be_read(jail: Any, open_folder: Path) -> None:
    secret = open_folder / "labels.txt"
    secret.write_text("7 2 1 0")
    secret.chmod(0o666)
    found = jail.ask(TRY, f"tell([attempt(lambda: open({str(secret)!r}, m).read()) for m in ('r', 'r+', 'w')])")
    assert set(found) <= REFUSED
    assert secret.read_text() == "7 2 1 0"


def test_files_of_others_cannot_be_changed_even_when_their_rights_allow_it(jail: Any, open_folder: Path) -> None:
    target = open_folder / "target"
    target.write_text("as it was")
    target.chmod(0o666)
    open_folder.chmod(0o777)
    before = target.stat()
    found = jail.ask(TRY, f"""
        p = {str(target)!r}
        attempt(lambda: os.chmod(p, 0))  # without namespaces, this one says that it did it
        attempt(lambda: os.utime(p, (0, 0)))
        attempt(lambda: os.setxattr(p, 'user.x', b'y'))
        tell([attempt(lambda: os.unlink(p)), attempt(lambda: os.truncate(p, 0)),
              attempt(lambda: os.rename(p, p + 'x')), attempt(lambda: os.symlink('x', p + 'y'))])
    """)
    assert set(found) <= REFUSED
    assert os.listxattr(target) == []
    assert (target.stat().st_mode, target.stat().st_mtime, target.read_text()) == (
        before.st_mode, before.st_mtime, "as it was")


def test_system_files_and_the_interpreter_cannot_be_written(jail: Any) -> None:
    found = jail.ask(TRY, """
        import numpy, sys
        tell([attempt(lambda: open(p, 'a')) for p in (numpy.__file__, os.__file__, sys.prefix + '/x', '/usr/x', '/x')])
    """)
    assert set(found) <= {*REFUSED, "EROFS"}


def test_scratch_of_a_sibling_cannot_be_seen(pool: Any, light: Any, tmp_path: Path, open_folder: Path) -> None:
    with WarmPool(PoolOptions(isolation=pool.isolation, workers=2, programs=light, scratch=open_folder)) as two:
        def job(source: str) -> NotebookJob:
            return NotebookJob(cells=(JobCell(index=0, source=source),), seed=1, sampling_key="00")

        inside = threading.Event()
        first = threading.Thread(target=two.run_notebook, args=(
            job("import time; open('secret', 'w').write('mine'); time.sleep(1.5)"), tmp_path / "first"),
            kwargs={"on_cell": lambda _: inside.set()})
        first.start()
        inside.wait(20)
        two.run_notebook(job(f"""
import os, time
time.sleep(.3)
found = []
for top in ({str(open_folder)!r}, os.path.dirname(SCRATCH), '/proc'):
    for folder, folders, files in os.walk(top):
        if os.getpid() == 1 or folder.startswith(SCRATCH):
            continue
        found += [f for f in files if f == 'secret']
tell(found)
"""), tmp_path / "second")
        first.join()
    assert (tmp_path / "second" / "answer.json").read_text() == "[]"


@pytest.mark.parametrize("family, kind", [
    ("AF_INET", "SOCK_STREAM"), ("AF_INET", "SOCK_DGRAM"), ("AF_INET6", "SOCK_STREAM"), ("AF_UNIX", "SOCK_STREAM"),
    ("AF_UNIX", "SOCK_DGRAM"), ("AF_VSOCK", "SOCK_STREAM"), ("AF_NETLINK", "SOCK_RAW"), ("AF_PACKET", "SOCK_RAW"),
])
def test_no_socket_of_any_family(jail: Any, family: str, kind: str) -> None:
    assert jail.ask(TRY, f"tell(attempt(lambda: socket.socket(socket.{family}, socket.{kind})))") == "EACCES"


def test_event_loops_still_work(jail: Any) -> None:
    assert jail.ask("""
        import asyncio
        async def main():
            await asyncio.sleep(0)
            return await asyncio.to_thread(lambda: 41) + 1
        tell(asyncio.run(main()))
    """) == 42


def test_datagram_pair_that_could_be_pointed_at_the_hosts_sockets(jail: Any) -> None:
    assert jail.ask(TRY, "tell(attempt(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)))") == "EPERM"


@pytest.fixture
def bystander(pool: Any) -> Any:
    """A process of the same user outside of the walls."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process.pid
    assert process.poll() is None, "it was ended from inside the walls"
    process.kill()
    process.wait()


def test_other_processes_cannot_be_signalled(jail: Any, bystander: int) -> None:
    zygote = jail.pool._zygote.pid if jail.pool._zygote else 1
    found = jail.ask(TRY, f"""
        import signal
        tell([attempt(lambda: os.kill(p, s)) for p in ({bystander}, {os.getpid()}, {zygote})
              for s in (0, signal.SIGKILL)])
    """)
    assert set(found) <= REFUSED


def test_own_watcher_cannot_be_ended(jail: Any) -> None:
    jail.ask(TRY, "import signal; attempt(lambda: os.kill(os.getppid(), signal.SIGKILL)); tell('still here')")


def test_other_processes_cannot_be_traced_or_read(jail: Any, bystander: int) -> None:
    if not X86:
        pytest.skip("the numbers below are those of x86-64")
    found = jail.ask(TRY, f"""
        buffer = ctypes.create_string_buffer(64)
        vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
        tell([attempt(lambda: syscall(n, *a)) for p in ({bystander}, os.getppid()) for n, a in (
            (101, (16, p, 0, 0)), (310, (p, vector, 1, vector, 1, 0)), (311, (p, vector, 1, vector, 1, 0)),
            (438, (0, 0, 0)), (312, (p, p, 0, 0, 0)))])
    """)
    assert set(found) <= REFUSED


def test_proc_shows_nothing_of_other_processes(jail: Any, bystander: int) -> None:
    found = jail.ask(TRY, f"""
        tell([attempt(lambda: open(f'/proc/{{p}}/{{f}}', 'rb').read())
              for p in ({bystander}, {os.getpid()}, os.getppid()) for f in ('environ', 'mem', 'maps')]
             + [attempt(lambda: os.listdir('/proc/{os.getpid()}/fd'))])
    """)
    assert set(found) <= {*REFUSED, "EIO"}


@pytest.mark.parametrize("number, arguments", [
    (272, "0x10000000"), (272, "0x20000"), (308, "3, 0"), (165, "b'none', b'/tmp', b'tmpfs', 0, 0"),
    (166, "b'/tmp', 2"), (155, "b'.', b'.'"), (161, "b'.'"), (428, "-100, b'/', 1"),
    (430, "b'tmpfs', 0"), (442, "-100, b'/', 0, 0, 32"),
    (319, "b'x', 0"), (29, "0, 4096, 0o1600"), (68, "0, 0o1600"), (425, "8, 0"), (323, "0"), (321, "0, 0, 0"),
    (250, "0, 0"), (298, "0, 0, 0, 0, 0"), (101, "0, 0, 0, 0"), (304, "0, 0, 0"), (56, "0x10000011, 0, 0, 0, 0"),
    (302, "1, 7, 0, 0"), (317, "0, 0, 0"), (157, "4, 0, 0, 0, 0"),
], ids=str)
def test_system_calls_with_no_place_in_a_notebook(jail: Any, number: int, arguments: str) -> None:
    if not X86:
        pytest.skip("the numbers are those of x86-64; test_seccomp.py proves the arm64 filter")
    assert jail.ask(TRY, f"tell(attempt(lambda: syscall({number}, {arguments})))") == "EPERM"


def test_hidden_shared_memory_is_refused(jail: Any) -> None:
    assert jail.ask(TRY, "import mmap; tell(attempt(lambda: mmap.mmap(-1, 1 << 20)))") == "ENOMEM"


def test_locks_and_watches_on_files_that_all_may_read_tell_nothing(jail: Any) -> None:
    """Two submissions open the same system files: what one does there must not be seen by the other."""
    with Path(os.__file__).open() as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        fcntl.lockf(mine, fcntl.LOCK_SH, 1, 77)
        found = jail.ask(TRY, """
            import fcntl, os, struct
            file = open(os.__file__)
            question = struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0)
            def locked():
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            tell([attempt(locked), *(attempt(lambda: fcntl.fcntl(file, ask, question)) for ask in (5, 36)),
                  attempt(lambda: fcntl.fcntl(file, 1024, fcntl.F_RDLCK)), attempt(lambda: fcntl.fcntl(file, 1026, 1)),
                  libc.inotify_init1(0), libc.inotify_init()])
        """)
    assert found == ["None", "EINVAL", "EINVAL", "EPERM", "EPERM", -1, -1]


def test_user_id_gives_no_rights(jail: Any) -> None:
    found = jail.ask("""
        import os
        status = open('/proc/self/status').read()
        fields = dict(line.split(':', 1) for line in status.splitlines())
        tell([os.getuid(), int(fields['CapEff'], 16), int(fields['CapBnd'], 16), int(fields['NoNewPrivs']),
              int(fields['Seccomp'])])
    """)
    assert found[0] != 0
    # Looking through closed folders is the one capability that restricted walls may need (docs: security).
    assert found[1] in ((0,) if jail.namespaces else (0, 4))
    if os.geteuid() == 0 or jail.namespaces:
        assert found[2] == found[1]
    assert found[3:] == [1, 2]


def test_environment_holds_nothing_of_the_graders(
    pool: Any, light: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOGRADER_DATA", "/somewhere/secret")
    monkeypatch.setenv("API_TOKEN", "secret")
    with WarmPool(PoolOptions(isolation=pool.isolation, programs=light)) as fresh:
        job = NotebookJob(cells=(JobCell(index=0, source=(
            "import os; tell([open('/proc/self/environ').read(), str(dict(os.environ)), "
            "open('/proc/self/cmdline').read()])")),), seed=1, sampling_key="00")
        fresh.run_notebook(job, tmp_path / "out")
    text = (tmp_path / "out" / "answer.json").read_text()
    assert "PATH=" in text
    assert "secret" not in text and "AUTOGRADER_DATA" not in text and "API_TOKEN" not in text


def test_only_the_known_descriptors_are_open(jail: Any) -> None:
    with Path(__file__).open() as kept:
        os.set_inheritable(kept.fileno(), True)
        found = jail.ask("""
            import os
            tell({fd: os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd')
                  if os.path.lexists(f'/proc/self/fd/{fd}')})
        """)
    own = {fd: goal for fd, goal in found.items() if not goal.startswith(("/proc", "/work", "/student", "/tmp"))}
    assert sorted(own) == ["0", "1", "2", "4"]
    assert own["0"] == "/dev/null" and own["4"].startswith("socket:")


def test_job_is_not_left_in_a_file(jail: Any) -> None:
    found = jail.ask("import os; tell(sorted(os.listdir('.')))")
    assert set(found) <= {".out", ".tmp", ".shm"}


def test_memory_of_the_warm_process_holds_nothing_of_earlier_jobs_nor_of_the_supervisor(jail: Any) -> None:
    """A fork inherits all that the warm process ever held, freed pieces included: it must never see a job."""
    key, text, own = "ab54a98ceb1f0ad2", "told = 'd0c5ba5e77'", "the words of this job"
    supervisors = "".join(["noted ", "outside"])  # in this process's memory, and in no job
    jail.pool.run_notebook(NotebookJob(cells=(JobCell(index=0, source=text),), seed=1, sampling_key=key), jail.folder)
    # With one letter in brackets the search itself leaves no copy of what it looks for.
    patterns = [f"{word[:6]}[{word[6]}]{word[7:]}".encode() for word in (key, text, supervisors, own)]
    found = jail.ask(f"""
        import re
        patterns, found = {patterns!r}, set()  # {own}
        with open("/proc/self/mem", "rb", 0) as memory, open("/proc/self/maps") as maps:
            for line in maps.read().splitlines():
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                if line.split()[1].startswith("rw"):
                    try:
                        memory.seek(start)
                        piece = memory.read(end - start)
                    except (OSError, OverflowError):
                        continue
                    found |= {{number for number, pattern in enumerate(patterns) if re.search(pattern, piece)}}
        tell(sorted(found))
    """)
    assert found == [3], "only the job's own words may lie in its memory"


def test_nothing_tells_where_mounted_files_come_from(jail: Any, tmp_path: Path) -> None:
    course = tmp_path / "secret-course"
    (course / "folder").mkdir(parents=True)
    (course / "folder" / "deep").write_text("deep")
    (course / "data.bin").write_bytes(b"images")
    mounts = (Mount(source=course / "data.bin", target="/data/data.bin"),
              Mount(source=course / "folder", target="/data/folder"))
    job = NotebookJob(cells=(JobCell(index=0, source="""
import os, sys
found = [repr(JOB), repr(os.environ), repr(sys.argv), repr(sys.path)]
for name in ('mountinfo', 'mounts', 'mountstats', 'maps', 'environ', 'cmdline'):
    try:
        found.append(open(f'/proc/self/{name}').read())
    except OSError:
        pass
for place in JOB['mounts']:
    found += [os.path.realpath(place['target']), str(os.path.exists(place['target']))]
tell(found)
"""),), seed=1, sampling_key="00", mounts=mounts)
    jail.pool.run_notebook(job, jail.folder)
    found = json.loads((jail.folder / "answer.json").read_text())
    assert "secret-course" not in json.dumps(found)
    assert found.count("True") == 2
    jail.nothing_left()


def test_mounted_files_and_folders_can_be_read_but_not_written(jail: Any, tmp_path: Path) -> None:
    data = tmp_path / "data.bin"
    data.write_bytes(b"images")
    data.chmod(0o600)
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "file").write_text("deep")
    mounts = (Mount(source=data, target="/data/data.bin"), Mount(source=folder, target="/data/folder"))
    job = NotebookJob(cells=(JobCell(index=0, source=TRY + """
places = JOB['inject']['task']
tell([open(places['file']).read(), open(places['folder'] + '/inner/file').read(),
      attempt(lambda: open(places['file'], 'w')), attempt(lambda: open(places['folder'] + '/new', 'w'))])
"""),), seed=1, sampling_key="00", mounts=mounts,
        inject={"task": {"file": "/data/data.bin", "folder": "/data/folder"}})
    jail.pool.run_notebook(job, jail.folder)
    found = json.loads((jail.folder / "answer.json").read_text())
    assert found[:2] == ["images", "deep"]
    assert set(found[2:]) <= {"EACCES", "EPERM", "EROFS"}
    assert data.read_bytes() == b"images"
    jail.nothing_left()


def test_namespaces_show_a_root_without_the_host(full_jail: Any) -> None:
    found = full_jail.ask("""
        import os
        tell([os.path.exists(p) for p in ('/home', '/root/.ssh', '/etc/passwd', '/var', '/opt', '/sys', '/boot')]
             + [os.path.exists('/dev/' + n) for n in ('zero', 'mem', 'kmsg', 'vda', 'tty', 'pts')]
             + [len([n for n in os.listdir('/proc') if n.isdigit()])])
    """)
    assert found[:-1] == [False] * 13
    assert found[-1] == 2


def test_the_search_path_of_children_holds_only_what_they_see() -> None:
    hidden = "/nowhere/private/bin"
    assert readable_paths.search_path(f"/usr/bin:{hidden}::/usr/local/bin") == "/usr/bin:/usr/local/bin"
