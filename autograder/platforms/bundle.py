"""The parts of a course that grading one assignment needs, without anything about a person, as files or as one zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from autograder.errors import CourseError
from autograder.pipeline.session.course_files import bundled_data, course_data_files
from autograder.workspace.file_names import CACHE, COURSE_FILE
from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import locked_packages
from autograder.workspace.storage import secret

DATA: Final = "data"
"""The folder of data sets in the bundle."""
_ABOUT_PEOPLE: Final = ("students", "extensions", "excused", "lti", "serve", "data")
_SKIPPED: Final = ("__pycache__", "variants", ".ipynb_checkpoints")
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # of every entry: the same course gives the same bytes

Files = dict[str, bytes]


class _Loader(yaml.SafeLoader):
    """Reads dates as the text that they are, which is what `course.yml` has to contain."""

    yaml_implicit_resolvers: Mapping[str, list[tuple[str, Any]]] = {  # type: ignore[assignment]  # typed as a class variable
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def course_files(workspace: Workspace, assignment: str) -> Files:
    """Return path in the bundle → contents: `course.yml` with this assignment only, release, checks, reference, data.

    Raises:
        CourseError: the assignment was not released, each student has a variant of it, or the packages that the course
            requires are not locked.
    """
    if not workspace.release(assignment).is_file():
        raise CourseError(f"Expected a released notebook in release/{assignment}, but there is none; "
                          f"run `autograder release {assignment}` first.")
    if workspace.course.assignment(assignment).variants is not None:
        raise CourseError(f"Each student has a variant of {assignment}, and the secret that they are drawn with stays "
                          "here: grade it here, or remove `variants:` and release it again.")
    data = _data(workspace, assignment)
    files: Files = {COURSE_FILE: _course_file(workspace, assignment, with_data=bool(data)), **data}
    for folder in (workspace.source(assignment).parent, workspace.release(assignment).parent,
                   workspace.reference(assignment).parent, workspace.hidden(assignment)):
        files |= {str(path.relative_to(workspace.root)): path.read_bytes() for path in _below(folder)}
    files |= {str(path.relative_to(workspace.root)): path.read_bytes()
              for path in course_data_files(workspace, assignment)}
    if locked_packages(workspace).pins:
        lock = workspace.requirements_lock
        files[str(lock.relative_to(workspace.root))] = lock.read_bytes()
    secret(workspace.sampling_secret)  # the same rows are sampled everywhere
    files[f"{CACHE}/{workspace.sampling_secret.name}"] = workspace.sampling_secret.read_bytes()
    for kept in workspace.cache.glob(f"continue/{assignment}/**/*"):
        if kept.is_file():
            files[f"{CACHE}/{kept.relative_to(workspace.cache)}"] = kept.read_bytes()
    return files


def write_files(files: Files, folder: Path) -> None:
    """Write a bundle into a new folder that only this user can enter."""
    folder.mkdir(mode=0o700)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def as_zip(files: Mapping[str, bytes], executable: tuple[str, ...] = ()) -> bytes:
    """Return a zip; the same files give the same bytes.

    Args:
        executable: the entries that are programs.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = (0o755 if name in executable else 0o600) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that is a part of the course; links and hidden files are none."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        parts = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not any(
                part in _SKIPPED or part.startswith(".") for part in parts):
            yield path


def _course_file(workspace: Workspace, assignment: str, *, with_data: bool) -> bytes:
    loaded: dict[str, Any] = yaml.load((workspace.root / COURSE_FILE).read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    kept = {key: value for key, value in loaded.items() if key not in _ABOUT_PEOPLE}
    own = loaded["assignments"][assignment]
    kept["assignments"] = {assignment: own}
    for grader in (kept.get("graders") or {}).values():
        # A profile that only other assignments have would be refused as a mistake in this course.
        if grader and grader.get("sizes") not in (own or {}).get("sizes", {}):
            grader.pop("sizes", None)
    if with_data:
        kept[DATA] = DATA
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True).encode()


def _data(workspace: Workspace, assignment: str) -> Files:
    """Return the real data set, nothing where the notebook has its own data or only the stand-in is here."""
    return {f"{DATA}/{name}": path.read_bytes() for name, path in bundled_data(workspace, assignment).items()}
