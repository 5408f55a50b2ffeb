"""The student version of a source notebook, made by nbgrader's own converter in a separate folder."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import ReleaseError
from autograder.gradebook.nbgrader_config import configure_release


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What nbgrader made: the notebook as nbformat 4 JSON, and the files next to it by their relative path."""

    notebook: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)


def generate(assignment: str, notebook: dict[str, Any], folder: Path) -> Generated:
    """Let nbgrader clear solutions, hidden tests, mark schemes and outputs, lock cells and compute checksums.

    Args:
        notebook: the source, nbformat 4 JSON, as students should see it, but with solutions.
        folder: the assignment's folder; its other files are released with the notebook. It is only read.

    Raises:
        ReleaseError: nbgrader refuses the source; the sentence says why.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-release-") as temporary:
        root = Path(temporary).resolve()
        source = root / "source" / assignment
        shutil.copytree(folder, source, ignore=shutil.ignore_patterns("*.ipynb", ".*", "__pycache__"))
        (source / f"{assignment}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        _convert(root, assignment)
        released = root / "release" / assignment
        files = {str(path.relative_to(released)): path.read_bytes()
                 for path in sorted(released.rglob("*")) if path.is_file()}
        made = files.pop(f"{assignment}.ipynb")
        return Generated(notebook=json.loads(made), files=files)


def _convert(root: Path, assignment: str) -> None:
    from nbgrader.converters.base import NbGraderException
    from nbgrader.converters.generate_assignment import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    configure_release(config)
    # nbgrader's --no-db: `register` writes the gradebook later, from the final release.
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    folders = CourseDirectory(root=str(root), assignment_id=assignment)
    converter = GenerateAssignment(coursedir=folders, config=config)
    said = _Listener()
    converter.log = said.logger()
    try:
        converter.start()
    except (NbGraderException, RuntimeError, ValueError) as error:
        raise ReleaseError(
            f"nbgrader cannot release {assignment}: {said.reason or error}; "
            f"correct assignments/{assignment}/{assignment}.ipynb."
        ) from error


class _Listener(logging.Handler):
    """nbgrader gives the reason of a failure only in its log, as the last line of a traceback."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.reason: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        lines = record.getMessage().strip().splitlines()
        if lines and lines[0].startswith("Traceback"):
            self.reason = lines[-1].split(": ", 1)[-1].rstrip(".")

    def logger(self) -> logging.Logger:
        """Return a logger without other handlers."""
        logger = logging.Logger("nbgrader")
        logger.addHandler(self)
        return logger
