"""Makes the student version of an assignment, proves it, and keeps every version that was ever handed out.

    read source → check → fill in facts → generate (nbgrader) → strip → version → look for leaks → prove →
    archive → write
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import Assignment
from autograder.errors import ReleaseError
from autograder.model import CheckSpec, Reference
from autograder.notebook import Family, check_ranges, check_sizes, read_sizes, with_sizes
from autograder.pipeline.release.data_files import is_unknown_data, missing_data_note, released_data
from autograder.pipeline.release.hidden_checks import examine_checks
from autograder.pipeline.release.placeholders import (
    MAXIMUM,
    MINIMUM,
    Facts,
    assignment_facts,
    between_facts,
    bound_facts,
    fill,
    minimum_metrics,
    placeholders,
)
from autograder.pipeline.release.student_copies import find_family, write_student_copies
from autograder.pipeline.release.validate import check_leaks, check_points, check_source, without_rubrics
from autograder.pipeline.session import placement
from autograder.pipeline.session.calibration import (
    explain_mismatch,
    explain_missing_variants,
    fitting_backend,
    installed_versions,
    own_data,
)
from autograder.pipeline.session.source_notebook import read_source, strip
from autograder.workspace.storage import replace_folder, write_atomically

if TYPE_CHECKING:
    from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import locked_packages

SCHEMA = 1
Prove = Callable[[str, Path, Path], None]


@dataclass(frozen=True, kw_only=True)
class ReleaseReport:
    """What was released: the version, its location, warnings for the instructor, and how many students' copies."""

    assignment: str
    version: str
    path: Path
    warnings: tuple[str, ...] = ()
    copies: int = 0


@dataclass(frozen=True, kw_only=True)
class Made:
    """A release before it is written: the filled source, and every file of ``release/<assignment>/``."""

    version: str
    source: dict[str, Any]
    files: dict[str, bytes]
    warnings: tuple[str, ...]


def release_assignment(workspace: Workspace, assignment: str, *, prove: Prove | None) -> ReleaseReport:
    """Generate ``release/<assignment>/`` and archive its notebook; nothing is written unless all checks pass.

    The same source, facts and checks give the same bytes and the same version.

    Args:
        prove: called with the assignment, the solution notebook and the released notebook (files in a temporary
            folder, the latter next to all that is released with it); it raises unless the solution scores full marks
            and the release zero. None: not proved.

    Raises:
        ReleaseError: source, hidden checks and reference are inconsistent, or the solution would leak.
    """
    made = make(workspace, assignment)
    path = workspace.release(assignment)
    warnings = (*made.warnings, *_superseded(workspace, assignment, made))
    if prove is not None:
        _prove(assignment, made, prove)
    write_atomically(workspace.archived_release(assignment, made.version), made.files[path.name])
    with replace_folder(path.parent) as folder:
        for name, data in made.files.items():
            write_atomically(folder / name, data)
    has_variants = workspace.course.assignment(assignment).variants is not None
    if has_variants and not workspace.students():
        warnings = (*warnings, f"Nobody is in the class list yet; run `autograder variants write {assignment}` when "
                               "it is complete.")
    copies = write_student_copies(workspace, assignment) if has_variants and workspace.students() else []
    return ReleaseReport(assignment=assignment, version=made.version, path=path, warnings=warnings, copies=len(copies))


def verify(workspace: Workspace, assignment: str, specs: tuple[CheckSpec, ...] | None = None) -> None:
    """Check that ``release/<assignment>/`` is up to date with the source.

    Args:
        specs: the hidden checks, where they are known already.

    Raises:
        ReleaseError: it is not; the first file that differs is named.
    """
    made = make(workspace, assignment, specs)
    folder = workspace.release(assignment).parent
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name in sorted(made.files.keys() | found.keys()):
        if made.files.get(name) != found.get(name) and not is_unknown_data(workspace, assignment, name):
            raise ReleaseError(f"release/{assignment}/{name} is not what the source generates; "
                               f"run `autograder release {assignment}` and commit the result.")
    archived = workspace.archived_release(assignment, made.version)
    if not archived.is_file():
        raise ReleaseError(f"Release {made.version} of {assignment} is not in the archive ({archived.name} is missing);"
                           f" run `autograder release {assignment}` and commit the result.")


def make(workspace: Workspace, assignment: str, specs: tuple[CheckSpec, ...] | None = None) -> Made:
    """Do all steps of a release that change no file of the course.

    Args:
        specs: the hidden checks, where they are known already.

    Raises:
        ReleaseError: as `release_assignment`.
    """
    from autograder.gradebook import generate

    path = workspace.source(assignment)
    source = read_source(path)
    check_source(source)
    _check_profiles(source, workspace.course.assignment(assignment))
    hidden = workspace.hidden(assignment)
    specs = collect_checks(hidden) if specs is None else specs
    check_points(source, specs)
    examine_checks(hidden, source, specs, workspace.course.assignment(assignment))
    known = facts(workspace, assignment, source, specs)
    fill(source, known.values)
    generated = generate(assignment, without_rubrics(source), path.parent)
    notebook = stamp(strip(generated.notebook), assignment, find_family(workspace, assignment))
    files = {f"{assignment}.ipynb": serialize(notebook), **generated.files}
    check_leaks(source, files, {file.name: file.read_text(encoding="utf-8") for file in sorted(hidden.rglob("*.py"))})
    source["metadata"]["autograder"] = notebook["metadata"]["autograder"]
    return Made(version=notebook["metadata"]["autograder"]["release"], source=source,
                files=files | released_data(workspace, assignment, list(files)),
                warnings=(*known.warnings, *missing_data_note(workspace, assignment)))


def facts(
    workspace: Workspace, assignment: str, notebook: dict[str, Any], specs: Sequence[CheckSpec]
) -> Facts:
    """Return the texts of all placeholders, from course.yml, the notebook's points and the reference."""
    wanted = {name for name in placeholders(notebook) if name.startswith((MINIMUM, MAXIMUM))}
    reference, outdated = fitting_reference(workspace, assignment, notebook)
    known = [spec.id for spec in specs if spec.minimum]
    settings = workspace.course.within_graders(workspace.course.assignment(assignment))
    bounds = bound_facts(reference, wanted, minimum_metrics(specs), known, data=settings.data,
                         device="gpu" if settings.grader == "gpu" else "cpu")
    links = {"open_in": workspace.course.links.line(assignment)}
    return Facts(values={**assignment_facts(settings, notebook, locked_packages(workspace)), **links, **bounds.values,
                         **between_facts(placeholders(notebook), bounds.values)},
                 warnings=(*outdated, *bounds.warnings))


def stamp(notebook: dict[str, Any], assignment: str, family: Family | None = None) -> dict[str, Any]:
    """Return the notebook with its version: 12 hex digits of the SHA-256 of everything else in it.

    Args:
        family: which numbers are drawn for each student; None: none.
    """
    identity: dict[str, Any] = {"assignment": assignment, "schema": SCHEMA}
    if family is not None:
        identity["variants"] = family.model_dump(mode="json")
    content = {**notebook, "metadata": {**notebook["metadata"], "autograder": identity}}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    version = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    return {**content, "metadata": {**content["metadata"], "autograder": {**identity, "release": version}}}


def serialize(notebook: dict[str, Any]) -> bytes:
    """Return the bytes of a notebook file, the same for the same content."""
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _check_profiles(source: dict[str, Any], settings: Assignment) -> None:
    """Read the sizes cell even where no profile names its numbers: it may contain only plain numbers."""
    read_sizes(source)
    for name, sizes in settings.sizes.items():
        check_sizes(source, sizes, f"{name} of {settings.id}")
    if settings.variants is not None:
        check_ranges(source, settings.variants.draw, settings.id)


def collect_checks(hidden: Path) -> tuple[CheckSpec, ...]:
    """Return the hidden checks of an assignment.

    Raises:
        ReleaseError: there is no folder of hidden checks.
        CheckError: one of them cannot be read.
    """
    from autograder.checks import collect

    if not hidden.is_dir():
        raise ReleaseError(f"The hidden checks were expected in tests/hidden/{hidden.name}/, but there is no such "
                           "folder; write them first.")
    return collect(hidden)


def _reference(path: Path) -> Reference | None:
    try:
        return Reference.from_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        raise ReleaseError(f"reference/{path.parent.name}/{path.name} does not describe a reference; "
                           f"run `autograder calibrate {path.parent.name}` again.") from None


def fitting_reference(
    workspace: Workspace, assignment: str, source: dict[str, Any]
) -> tuple[Reference | None, tuple[str, ...]]:
    """Return the reference without calibrations for other data, sizes, versions or backends.

    With it comes one sentence on each that was left out, unless it is another backend's.

    No text may state a bound that is not used for grading. The proof checks whether the data itself is the same.
    """
    reference = fitting_backend(_reference(workspace.reference(assignment)))
    if reference is None:
        return None, ()
    settings, reasons, kept = workspace.course.assignment(assignment), [], {}
    for key, found in reference.calibrations.items():
        calibration = found
        profile = placement.profile(workspace, settings, calibration.device)
        sizes = read_sizes(with_sizes(source, settings.sizes.get(profile, {}) if profile else {}))
        own = key.startswith("own/")
        data = f"own:{own_data(source)}" if own else calibration.data
        reason = explain_mismatch(assignment, calibration, data, installed_versions(), sizes)
        if reason is None and settings.variants is not None:
            reason, calibration = explain_missing_variants(assignment, calibration, settings.variants.draw), \
                calibration.of_variants()
        if reason is None:
            kept[key] = calibration
        else:
            reasons.append(reason)
    return reference.model_copy(update={"calibrations": kept}), tuple(reasons)


def _superseded(workspace: Workspace, assignment: str, made: Made) -> tuple[str, ...]:
    """Report that students may already have another version than the one made now."""
    path = workspace.release(assignment)
    try:
        before = json.loads(path.read_bytes())["metadata"]["autograder"]["release"]
    except (FileNotFoundError, ValueError, KeyError):
        return ()
    if before == made.version:
        return ()
    archived = workspace.archived_release(assignment, before).is_file()
    kept = "it stays in the archive, and its submissions are merged with it" if archived else (
        "it is not in the archive, so its submissions cannot be merged exactly")
    return (f"Release {before} is replaced by {made.version}; {kept}.",)


def _prove(assignment: str, made: Made, prove: Prove) -> None:
    with tempfile.TemporaryDirectory(prefix="autograder-proof-") as temporary:
        solution, released = Path(temporary, "solution.ipynb"), Path(temporary, "release", f"{assignment}.ipynb")
        solution.write_bytes(serialize(made.source))
        for name, content in made.files.items():
            path = released.parent / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        prove(assignment, solution, released)
