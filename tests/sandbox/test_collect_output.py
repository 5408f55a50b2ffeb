"""What a child leaves in its output folder, in every unfriendly form, and what of it reaches the host."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.collect_output import Caps, harvest

CAPS = Caps(file=1000, total=1500, files=10)
AS_ANYBODY = """
import os, pathlib, sys
from autograder.sandbox.collect_output import Caps, harvest
scratch = os.open(sys.argv[1], os.O_RDONLY)
for path in sys.argv[3:]:
    os.chmod(path, 0)
try:
    open(sys.argv[-1]).read()
except PermissionError:
    print("closed")
print(harvest(scratch, pathlib.Path(sys.argv[2]), Caps(file=1000, total=1500, files=10)))
"""


def without_rights_of_root() -> None:
    """Become what a grader in a container is: someone whom a file's mode binds."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; nothing to lose for an ordinary user


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_regular_files_arrive(jail: Any) -> None:
    jail.run("(OUT / 'a.bin').write_bytes(bytes(range(256)) * 9000)")
    assert files(jail.folder) == {"a.bin", "cells.jsonl"}
    assert (jail.folder / "a.bin").read_bytes() == bytes(range(256)) * 9000


@pytest.mark.parametrize("make", [
    "os.symlink('/etc/passwd', OUT / 'x')", "os.symlink('cells.jsonl', OUT / 'x')", "os.mkfifo(OUT / 'x')",
    "os.mkdir(OUT / 'x')", "(OUT / 'x').mkdir(); (OUT / 'x' / 'y').touch()",
])
def test_all_but_regular_files_stay_outside(jail: Any, make: str) -> None:
    execution = jail.run(f"import os; {make}")
    assert files(jail.folder) == {"cells.jsonl"}
    assert execution.flags == ("Left out of the output folder: 'x' (not a regular file).",)


def test_output_folder_that_is_a_link_is_not_followed(jail: Any) -> None:
    execution = jail.run("import os; os.rename(OUT, 'elsewhere'); os.symlink('/etc', OUT)")
    assert files(jail.folder) == set()
    assert len(execution.flags) == 1


def test_device_cannot_even_be_made(jail: Any) -> None:
    execution = jail.run("import os, stat; os.mknod(OUT / 'x', stat.S_IFCHR | 0o666, os.makedev(1, 3))")
    assert execution.cells[0].error.startswith("PermissionError")


def test_no_output_folder_is_an_empty_one(jail: Any) -> None:
    jail.run("import os; os.unlink(OUT / 'cells.jsonl'); os.rmdir(OUT)")
    assert files(jail.folder) == set()


def test_what_was_there_is_replaced(jail: Any) -> None:
    jail.run("(OUT / 'old').touch()")
    jail.run("(OUT / 'new').touch()")
    assert files(jail.folder) == {"new", "cells.jsonl"}
    assert [path.name for path in jail.folder.parent.iterdir()] == [jail.folder.name]


def test_files_of_a_killed_child_arrive(jail: Any) -> None:
    jail.run("(OUT / 'before').touch(); import os; os._exit(1)")
    assert "before" in files(jail.folder)


@pytest.fixture
def scratch(tmp_path: Path) -> Any:
    (tmp_path / "scratch" / ".out").mkdir(parents=True)
    descriptor = os.open(tmp_path / "scratch", os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_caps_on_one_file_on_all_and_on_their_number(scratch: int, tmp_path: Path) -> None:
    out = tmp_path / "scratch" / ".out"
    (out / "a").write_bytes(b"x" * 1001)
    (out / "b").write_bytes(b"x" * 900)
    (out / "c").write_bytes(b"x" * 700)
    for number in range(12):
        (out / f"d{number:02}").write_bytes(b"")
    flags = harvest(scratch, tmp_path / "into", CAPS)
    assert files(tmp_path / "into") == {"b", *(f"d{n:02}" for n in range(9))}
    assert flags == ("Left out of the output folder: 'a' (1001 bytes are over the limit); "
                     "'c' (700 bytes are over the limit); 'd09' (too many files); 'd10' (too many files); "
                     "'d11' (too many files).",)


def test_a_file_with_two_names_lies_on_the_disk_once(scratch: int, tmp_path: Path) -> None:
    out, into = tmp_path / "scratch" / ".out", tmp_path / "into"
    (out / "a").write_bytes(b"x" * 700)
    (out / "b").write_bytes(b"x" * 700)
    (out / "c").hardlink_to(out / "a")
    (out / "d").hardlink_to(out / "a")
    flags = harvest(scratch, into, Caps(file=1000, total=2500, files=10))
    assert files(into) == {"a", "b", "c"} and (into / "c").samefile(into / "a")
    assert (into / "b").stat().st_nlink == 1 and not (into / "a").samefile(out / "a")
    assert flags == ("Left out of the output folder: 'd' (700 bytes are over the limit).",)  # what is read, counts


def test_where_the_disk_knows_no_second_names_it_is_copied(
    scratch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    out, into = tmp_path / "scratch" / ".out", tmp_path / "into"
    (out / "a").write_bytes(b"x" * 700)
    (out / "b").hardlink_to(out / "a")
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert harvest(scratch, into, CAPS) == ()
    assert (into / "b").read_bytes() == (into / "a").read_bytes() == b"x" * 700


def test_leftovers_of_a_killed_grader_are_removed(scratch: int, tmp_path: Path) -> None:
    (tmp_path / ".into.partial-abc").mkdir()
    (tmp_path / ".into.partial-abc" / "half").touch()
    harvest(scratch, tmp_path / "into", CAPS)
    assert files(tmp_path) == {"into", "scratch"}


def test_sparse_file_is_judged_by_its_length(scratch: int, tmp_path: Path) -> None:
    with (tmp_path / "scratch" / ".out" / "sparse").open("wb") as sparse:
        sparse.truncate(1 << 40)
    harvest(scratch, tmp_path / "into", CAPS)
    assert files(tmp_path / "into") == set()


def test_strange_names_stay_outside(scratch: int, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "scratch" / ".out")
    for name in (b"\xff\xfe", b"new\nline", b"\x1b[31m", b"n" * 255):
        Path(os.fsdecode(folder + b"/" + name)).touch()
    flags = harvest(scratch, tmp_path / "into", CAPS)
    assert files(tmp_path / "into") == set()
    assert len(flags) == 1 and flags[0].isprintable()


def test_a_full_disk_of_the_grader_is_no_file_that_the_student_lost(scratch: int, tmp_path: Path,
                                                                    small_disk: Path) -> None:
    out = tmp_path / "scratch" / ".out"
    (out / "a-small").write_bytes(b"1")
    (out / "weights").write_bytes(bytes(7 << 20))
    with pytest.raises(OSError, match="No space left"):
        harvest(scratch, small_disk / "artifacts", Caps(file=9 << 20, total=9 << 20, files=10))
    assert files(small_disk) == set(), "half a folder would be judged as the student's work"


@pytest.mark.parametrize("closed", [["a"], ["a", ""], ["a", "", ".."]], ids=["file", "folder", "scratch"])
def test_what_a_child_closed_is_read_without_rights_of_root_too(closed: list[str], tmp_path: Path) -> None:
    out = tmp_path / "scratch" / ".out"
    out.mkdir(parents=True)
    (out / "a").write_bytes(b"kept")
    (out / "link").symlink_to("/etc/shadow")
    done = subprocess.run(
        [sys.executable, "-c", AS_ANYBODY, str(tmp_path / "scratch"), str(tmp_path / "into"),
         *(os.path.normpath(out / name) for name in closed)],
        preexec_fn=without_rights_of_root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("closed\n")
    assert (tmp_path / "into" / "a").read_bytes() == b"kept" and files(tmp_path / "into") == {"a"}
    assert "'link' (not a regular file)" in done.stdout
