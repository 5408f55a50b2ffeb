"""Files and folders are old or new, never half; one command at a time; a secret that stays."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autograder.errors import AutograderError, StorageError
from autograder.workspace.storage import (
    ROOM,
    disk_trouble,
    exclusive,
    recover_folder,
    replace_folder,
    require_room,
    secret,
    write_atomically,
)

ROOT = Path(__file__).resolve().parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_write_makes_folders_and_leaves_no_partial_file(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.json"
    write_atomically(path, "old")
    write_atomically(path, b"new")
    assert path.read_text() == "new" and names(path.parent) == ["file.json"]


def test_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old" and names(tmp_path) == ["file.json"]


def test_replaced_folder_appears_when_the_block_ends(tmp_path: Path) -> None:
    folder = tmp_path / "student" / "mini"
    with replace_folder(folder) as fresh:
        (fresh / "result.json").write_text("1")
        assert not folder.exists()
    with replace_folder(folder) as fresh:
        (fresh / "result.json").write_text("2")
        assert (folder / "result.json").read_text() == "1"
    assert (folder / "result.json").read_text() == "2"
    assert names(folder.parent) == ["mini"]


def test_error_in_the_block_keeps_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mini"
    folder.mkdir()
    (folder / "result.json").write_text("1")
    with pytest.raises(ZeroDivisionError), replace_folder(folder) as fresh:
        (fresh / "result.json").write_text("half")
        raise ZeroDivisionError
    assert (folder / "result.json").read_text() == "1" and names(tmp_path) == ["mini"]


KILLED = """
import os, pathlib, signal, sys
from autograder.workspace import storage
folder, renames = pathlib.Path(sys.argv[1]), int(sys.argv[2])
rename = pathlib.Path.rename
def dying(self, target):
    global renames
    if renames == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    renames -= 1
    return rename(self, target)
pathlib.Path.rename = dying
with storage.replace_folder(folder) as fresh:
    (fresh / "result.json").write_text("new")
"""


@pytest.mark.parametrize("renames, kept", [(0, "old"), (1, "old")], ids=["before-the-first", "between-the-renames"])
def test_death_while_replacing_is_undone(tmp_path: Path, renames: int, kept: str) -> None:
    folder = tmp_path / "mini"
    folder.mkdir()
    (folder / "result.json").write_text("old")
    died = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(renames)], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    assert names(tmp_path) != ["mini"], "the death must leave something to clean up"
    recover_folder(folder)
    assert names(tmp_path) == ["mini"]
    assert (folder / "result.json").read_text() == kept


def test_recovery_of_a_sound_folder_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "mini"
    folder.mkdir()
    (tmp_path / ".minister.1.x.partial").mkdir()  # another assignment whose name begins alike
    recover_folder(folder)
    recover_folder(tmp_path / "never-graded")
    assert names(tmp_path) == [".minister.1.x.partial", "mini"]


def test_old_folder_next_to_a_new_one_is_removed(tmp_path: Path) -> None:
    """A death after both renames: the new folder counts."""
    folder = tmp_path / "mini"
    for path, text in ((folder, "new"), (tmp_path / ".mini.old", "old")):
        path.mkdir()
        (path / "result.json").write_text(text)
    recover_folder(folder)
    assert (folder / "result.json").read_text() == "new"
    with replace_folder(folder) as fresh:
        (fresh / "result.json").write_text("newer")
    assert names(tmp_path) == ["mini"] and (folder / "result.json").read_text() == "newer"


def test_only_one_command_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "output" / "grade.lock"
    with exclusive(lock, "Grading"):
        with pytest.raises(AutograderError, match=r"Grading needs .*another command is using it") as caught, \
                exclusive(lock, "Grading"):
            raise AssertionError("two at once")
        assert "\n" not in str(caught.value) and f"(Grading, process {os.getpid()})" in str(caught.value)
    with exclusive(lock, "Grading"):
        pass


def test_lock_of_a_dead_process_does_not_hold(tmp_path: Path) -> None:
    lock = tmp_path / "grade.lock"
    code = ("import os, pathlib, signal, sys\nfrom autograder.workspace.storage import exclusive\n"
            "with exclusive(pathlib.Path(sys.argv[1]), 'Grading'):\n    os.kill(os.getpid(), signal.SIGKILL)")
    assert subprocess.run([sys.executable, "-c", code, str(lock)], cwd=ROOT, check=False).returncode == -9
    with exclusive(lock, "Grading"):
        pass


def test_secret_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "sampling-secret"
    made = secret(path)
    assert len(bytes.fromhex(made)) == 32
    assert secret(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret(tmp_path / "another") != made


def test_damaged_secret_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "sampling-secret"
    path.write_text("short")
    assert len(secret(path)) == 64
    assert os.access(path, os.R_OK)


def test_room_is_tried_out_and_given_back(tmp_path: Path) -> None:
    require_room(tmp_path)
    require_room(tmp_path / "yet" / "to" / "be" / "made")
    assert names(tmp_path) == []


def test_a_full_disk_is_reported_in_one_sentence(small_disk: Path) -> None:
    require_room(small_disk)
    (small_disk / "filler").write_bytes(bytes(3 << 20))  # half of ROOM is left
    with pytest.raises(StorageError, match=r"no space left; make room, and run the same command again\.$") as caught:
        require_room(small_disk / "results")
    assert str(small_disk) in str(caught.value) and caught.value.exit_code == 7
    assert names(small_disk) == ["filler"]


def test_room_that_comes_in_time_is_enough(small_disk: Path) -> None:
    """Another submission's files fill the disk for a moment: its writer removes them, nobody stops the batch."""
    filler = small_disk / "filler"
    filler.write_bytes(bytes(3 << 20))
    threading.Timer(0.3, filler.unlink).start()
    require_room(small_disk, patience=60)
    assert names(small_disk) == []


def test_a_read_only_disk_is_reported_at_once(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match="read-only"):
        require_room(small_disk, patience=60)


@pytest.mark.parametrize("number, told", [
    (errno.ENOSPC, "no space"), (errno.EDQUOT, "quota"), (errno.EROFS, "read-only"),
    (errno.EACCES, "not writable for this user"), (errno.EIO, "I/O error"), (errno.ENOENT, None), (errno.EINVAL, None),
])
def test_errors_of_the_disk_are_distinguished_from_others(number: int, told: str | None) -> None:
    trouble = disk_trouble(OSError(number, os.strerror(number), "/results/ada/.result.json.partial"))
    assert (trouble is None) == (told is None)
    if trouble and told:
        assert told in str(trouble) and "The folder /results/ada is needed" in str(trouble)
    assert ROOM >= 1 << 20
