"""Access to nbgrader's database: open it, wait while it is locked, and translate its errors.

The database has one table of ours, ``autograder_memory``, next to nbgrader's own: which submission and which
answer a grade was recorded for, and which grade is held for a person. It is in the database, not in a
separate file, so that copies of the database include it. nbgrader ignores tables that it does not know.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from autograder.errors import GradebookError
from autograder.imports import SLOW, without

PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.25
_LOCK_SECONDS = 2.0
NBGRADER_LOG = "tornado.application"
"""Where `nbgrader.api` logs every database error before it raises it."""
T = TypeVar("T")

_MEMORY_TABLE = """CREATE TABLE IF NOT EXISTS autograder_memory (
    notebook_id VARCHAR(32) NOT NULL, cell VARCHAR(128) NOT NULL, answer VARCHAR(64), held FLOAT,
    PRIMARY KEY (notebook_id, cell))"""


def database_url(path: Path, wait: float) -> str:
    """Return SQLAlchemy's URL of a database file; SQLite itself waits ``wait`` seconds for a lock."""
    from sqlalchemy import URL

    return URL.create("sqlite", database=str(path.resolve()), query={"timeout": str(wait)}).render_as_string()


@contextlib.contextmanager
def programs_on_path() -> Iterator[None]:
    """Let nbgrader find ``alembic``, which it runs for every new database, although no environment is active."""
    before = os.environ.get("PATH")
    own = str(Path(sys.executable).parent)
    os.environ["PATH"] = own if before is None else own + os.pathsep + before
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


def import_nbgrader() -> None:
    """Import nbgrader without what makes that slow; it takes a second, so a thread may do it in advance."""
    with without(*SLOW):
        importlib.import_module("nbgrader.api")


@contextlib.contextmanager
def open_gradebook(path: Path, course_id: str, patience: float = PATIENCE_SECONDS) -> Iterator[Any]:
    """Yield an ``nbgrader.api.Gradebook``; a new database is made where there is none.

    Raises:
        GradebookError: the file is not a gradebook, or another program keeps it locked.
    """
    import_nbgrader()
    from nbgrader.api import Gradebook

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GradebookError(f"The gradebook's folder {path.parent} cannot be made ({error.strerror}); "
                             "fix that and run the same command again.") from error

    def connect() -> Any:
        if not path.exists():
            _make(path)
        with programs_on_path():
            book = Gradebook(database_url(path, min(patience, _LOCK_SECONDS)), course_id)
        remember_table(book)
        return book

    book = patiently(connect, path, patience=patience)
    try:
        yield book
    finally:
        book.close()


def _make(path: Path) -> None:
    """Create an empty database completely or not at all. nbgrader would take two seconds to find its version."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import create_engine

    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        made = Path(folder) / path.name
        engine = create_engine(database_url(made, _LOCK_SECONDS))
        with engine.begin() as connection:
            Base.metadata.create_all(connection)
            MigrationContext.configure(connection).stamp(ScriptDirectory(ALEMBIC_DIR), "head")
        engine.dispose()
        # Unlike a rename, this does not replace one that another command has made meanwhile. Where a file system has no
        # links, nbgrader makes its own.
        with contextlib.suppress(OSError):
            path.hardlink_to(made)


def remember_table(book: Any) -> None:
    """Create our own table if it does not exist."""
    from sqlalchemy import text

    book.db.execute(text(_MEMORY_TABLE))
    book.db.commit()


def patiently(
    action: Callable[[], T], path: Path, *, undo: Callable[[], object] = lambda: None,
    patience: float = PATIENCE_SECONDS,
) -> T:
    """Repeat ``action`` while the database is locked, e.g. by a formgrader that saves.

    ``undo`` is called after every failed attempt. nbgrader turns some database errors into ``ValueError``s.

    Raises:
        GradebookError: still locked after ``patience`` seconds, or any other problem with the database.
    """
    from sqlalchemy.exc import SQLAlchemyError

    deadline = time.monotonic() + patience
    while True:
        try:
            with _without_tracebacks():
                return action()
        except (SQLAlchemyError, ValueError) as error:
            undo()
            if "database is locked" not in str(error):
                raise GradebookError(
                    f"The gradebook {path.name} refused an operation: {_first_line(error)}; {_remedy(str(error))}."
                ) from error
            if time.monotonic() >= deadline:
                raise GradebookError(
                    f"The gradebook {path.name} stayed locked for {patience:g} seconds by another program; "
                    "close formgrader or the other grading run and run the same command again."
                ) from error
            time.sleep(min(_PAUSE_SECONDS, patience))
        except FileNotFoundError as error:
            raise GradebookError(
                f"nbgrader needs the program {error.filename or 'alembic'} to make a new gradebook, but it is not "
                "installed next to Python; install nbgrader's requirements again."
            ) from error


@contextlib.contextmanager
def _without_tracebacks() -> Iterator[None]:
    """Keep nbgrader from also logging a traceback of an error that it raises: the user gets one sentence."""
    log = logging.getLogger(NBGRADER_LOG)
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _remedy(said: str) -> str:
    """Return what to do about an error of SQLite's."""
    if "is full" in said:
        return "make room on its disk and run the same command again"
    if any(trouble in said for trouble in ("readonly", "disk I/O error", "unable to open")):
        return "make its folder writable and run the same command again"
    return "`nbgrader db upgrade` repairs a database of an older nbgrader"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
