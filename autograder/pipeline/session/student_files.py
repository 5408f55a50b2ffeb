"""What a student's process finds in addition to its notebook: released files, and data without the withheld rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.data import OWN, Prepared
from autograder.errors import ReleaseError
from autograder.model import Mount

DATA = "/data"
RELEASED = "/released"
MAX_FILES = 5_000
MAX_BYTES = 1 << 30
_OURS = (".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True, kw_only=True)
class StudentFiles:
    """Files of one assignment.

    Attributes:
        mounts: what is shown read-only, and where.
        answers: module of ``keras.datasets`` → place of what answers its `load_data()`.
        names: name in the notebook's folder → place of that file or folder.
    """

    mounts: tuple[Mount, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def student_files(folder: Path, assignment: str, prepared: Prepared) -> StudentFiles:
    """Return the files of the release, which are in ``folder``, and of the data set.

    Files of the data set are those in use here, whatever copy was released, since they may be those of a stand-in.

    Raises:
        ReleaseError: there are too many, or they are too large.
    """
    data = _data_files(prepared)
    taken = {*data.names, f"{assignment}.ipynb"}
    released = {path.name: path for path in _entries(folder) if path.name not in taken}
    require_few(assignment, released.values())
    places = {name: f"{RELEASED}/{name}" for name in released}
    mounts = tuple(Mount(source=path, target=places[name]) for name, path in released.items())
    return StudentFiles(mounts=(*data.mounts, *mounts), answers=data.answers, names={**data.names, **places})


def _data_files(prepared: Prepared) -> StudentFiles:
    if prepared.name == OWN:
        return StudentFiles()
    if prepared.answers is not None:
        place = f"{DATA}/{prepared.answers}{prepared.student.suffix}"
        return StudentFiles(mounts=(Mount(source=prepared.student, target=place),), answers={prepared.answers: place})
    names = {path.name: f"{DATA}/{path.name}" for path in _entries(prepared.student)}
    mounts = tuple(Mount(source=prepared.student / name, target=place) for name, place in names.items())
    return StudentFiles(mounts=mounts, names=names)


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder and not hidden; links are ignored."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found
            if not path.is_symlink() and not path.name.startswith(".") and path.name not in _OURS]


def require_few(assignment: str, entries: Iterable[Path]) -> None:
    """Refuse more files than a run can have at once.

    Raises:
        ReleaseError: there are too many, or they are too large.
    """
    files = [path for place in entries for path in ([place] if place.is_file() else place.rglob("*"))
             if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    if len(files) > MAX_FILES or size > MAX_BYTES:
        raise ReleaseError(f"release/{assignment} may have at most {MAX_FILES:,} files of {MAX_BYTES >> 20} MiB next "
                           f"to the notebook, but has {len(files):,} of {size >> 20} MiB; remove some, or declare "
                           "them as a data set.")
